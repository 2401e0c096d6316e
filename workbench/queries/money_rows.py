"""Tasks of overpayment, uplifts and phase-outs that end, as a page of tasks shows them."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from benefits.models import Award, Recoupment
from dynamic_review.models import Uplift, UpliftMakingGood
from households.models import Member
from organizations.models import Area
from organizations.queries import county
from workbench.queries.roll_rows import RollTask
from workbench.rules.task_kinds import MONEY_KINDS, TaskKind


def money_tasks(rows: Iterable[tuple[TaskKind, int]]) -> Mapping[tuple[TaskKind, int], RollTask]:
    """The lines of a page that are of these kinds, few queries whatever its length."""
    wanted: dict[TaskKind, list[int]] = {}
    for kind, ref in rows:
        if kind in MONEY_KINDS:
            wanted.setdefault(kind, []).append(ref)
    if not wanted:
        return {}
    awards = Award.objects.select_related("area__parent").in_bulk(wanted.get(TaskKind.RECOUP, []))
    orders = Recoupment.objects.select_related("award__area__parent").in_bulk(
        wanted.get(TaskKind.APPROVE_RECOUPMENT, [])
    )
    made_good = UpliftMakingGood.objects.select_related("line__award", "line__area__parent").in_bulk(
        wanted.get(TaskKind.APPROVE_MAKING_GOOD, [])
    )
    of_others = [*(order.award for order in orders.values()), *(row.line.award for row in made_good.values())]
    names = _heads([*awards.values(), *of_others])
    found = {(TaskKind.RECOUP, pk): _to_recoup(row, names) for pk, row in awards.items()}
    found |= {(TaskKind.APPROVE_RECOUPMENT, pk): _to_approve(row, names) for pk, row in orders.items()}
    found |= {(TaskKind.APPROVE_MAKING_GOOD, pk): _made_good(row, names) for pk, row in made_good.items()}
    if keys := wanted.get(TaskKind.APPROVE_UPLIFT):
        area = county()
        found |= {(TaskKind.APPROVE_UPLIFT, pk): _uplift(row, area) for pk, row in Uplift.objects.in_bulk(keys).items()}
    if keys := wanted.get(TaskKind.PHASE_OUTS_ENDING):
        url = reverse("benefits:phase_outs") + "?standing=soon"
        for pk, area in Area.objects.in_bulk(keys).items():
            line = RollTask("核对即将到期的渐退", "各乡镇", 0, area, "渐退名单", url)
            found[TaskKind.PHASE_OUTS_ENDING, pk] = line
    return found


def _heads(awards: Iterable[Award]) -> Mapping[int, str]:
    families = {award.household_id for award in awards}
    heads = Member.objects.filter(household__in=families, relation="head").order_by("pk")
    return dict(heads.values_list("household_id", "person__name"))


def _to_recoup(award: Award, names: Mapping[int, str]) -> RollTask:
    url = reverse("benefits:propose_recoupment", args=[award.pk])
    return RollTask("核对多发，录入追回", names.get(award.household_id, ""), 0, award.area, award.number, url)


def _to_approve(order: Recoupment, names: Mapping[int, str]) -> RollTask:
    url = reverse("benefits:recoupment", args=[order.pk])
    return RollTask("审批追回", names.get(order.award.household_id, ""), 0, order.award.area, order.number, url)


def _made_good(row: UpliftMakingGood, names: Mapping[int, str]) -> RollTask:
    line, url = row.line, reverse("dynamic_review:make_good", args=[row.line_id])
    return RollTask("审批提标补差", names.get(line.household_id, ""), 0, line.area, line.award.number, url)


def _uplift(uplift: Uplift, area: Area) -> RollTask:
    url = reverse("dynamic_review:uplift", args=[uplift.pk])
    return RollTask("审批提标", "全县", 0, area, str(uplift), url)
