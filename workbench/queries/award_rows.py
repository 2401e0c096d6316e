"""Decisions on awards that somebody waits for, as a page of tasks shows them: whom, what, where one click leads."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from benefits.models import Award, AwardSuspension, PhaseOut
from households.models import Member
from workbench.queries.care_rows import CareTask
from workbench.rules.task_kinds import TaskKind


def award_tasks(rows: Iterable[tuple[TaskKind, int]]) -> Mapping[tuple[TaskKind, int], CareTask]:
    """The lines of a page that are such decisions, few queries whatever their number."""
    wanted = list(rows)
    found: dict[tuple[TaskKind, int], tuple[Award, str, str]] = {}
    if keys := [ref for kind, ref in wanted if kind == TaskKind.RESTORE]:
        for falling in PhaseOut.objects.select_related("award").filter(pk__in=keys):
            url = reverse("dynamic_review:restore", args=[falling.pk])
            found[TaskKind.RESTORE, falling.pk] = (falling.award, "渐退期内收入减少，决定是否恢复", url)
    if keys := [ref for kind, ref in wanted if kind == TaskKind.SUSPENDED]:
        for row in AwardSuspension.objects.select_related("award").filter(pk__in=keys):
            url = reverse("benefits:award", args=[row.award_id])
            found[TaskKind.SUSPENDED, row.pk] = (row.award, "暂缓发放未处理，恢复或者停发", url)
    if not found:
        return {}
    families = {award.household_id for award, _, _ in found.values()}
    heads = Member.objects.filter(household__in=families, relation="head").order_by("pk")
    names = dict(heads.values_list("household_id", "person__name"))
    return {
        key: CareTask(
            act=act,
            person=names.get(award.household_id, ""),
            matter=award.number,
            household_id=award.household_id,
            url=url,
        )
        for key, (award, act, url) in found.items()
    }
