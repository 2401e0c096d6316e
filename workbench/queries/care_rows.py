"""Tasks of care after approval (照料服务), as a page of tasks shows them: whom, what, where one click leads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from benefits.models import Award, AwardPerson
from care.models import CareDecision, CarePoint, SelfCareReport
from workbench.rules.task_kinds import TaskKind

CARE_KINDS = (TaskKind.CARE_VISIT, TaskKind.CARE_POINT, TaskKind.REASSESS, TaskKind.DECIDE_CARE)
_ACTS = {
    TaskKind.CARE_VISIT: "走访照料",
    TaskKind.CARE_POINT: "办结走访发现的问题",
    TaskKind.REASSESS: "复核评估自理能力",
    TaskKind.DECIDE_CARE: "决定照料护理档次调整",
}


@dataclass(frozen=True)
class CareTask:
    """One line: the person supported, and the page on which the step is done."""

    act: str
    person: str
    matter: str
    household_id: int
    url: str
    due_is_provisional: bool = False


def care_tasks(rows: Iterable[tuple[TaskKind, int]]) -> Mapping[tuple[TaskKind, int], CareTask]:
    """The lines of a page that are of care, few queries whatever its length; notices to deliver are of no case."""
    rows = list(rows)
    wanted = [(kind, ref) for kind, ref in rows if kind in CARE_KINDS]
    notices = _notices(_refs(rows, TaskKind.DELIVER))
    if not wanted:
        return notices
    points = CarePoint.objects.select_related("visit").in_bulk(_refs(wanted, TaskKind.CARE_POINT))
    reports = SelfCareReport.objects.in_bulk(_refs(wanted, TaskKind.REASSESS, TaskKind.DECIDE_CARE))

    def award_of(kind: TaskKind, ref: int) -> int:
        if kind == TaskKind.CARE_VISIT:
            return ref
        return points[ref].visit.award_id if kind == TaskKind.CARE_POINT else reports[ref].award_id

    keys = {award_of(kind, ref) for kind, ref in wanted}
    awards = Award.objects.in_bulk(keys)
    names = dict(AwardPerson.objects.filter(award__in=keys).order_by("pk").values_list("award_id", "person__name"))
    found = {
        (kind, ref): _task(kind, ref, awards[award_of(kind, ref)], names, reports.get(ref)) for kind, ref in wanted
    }
    return found | notices


def _notices(refs: list[int]) -> dict[tuple[TaskKind, int], CareTask]:
    """照料护理档次调整告知书 that nobody was handed yet."""
    if not refs:
        return {}
    decisions = CareDecision.objects.filter(notice__in=refs).select_related(
        "notice", "assessment__report__award", "assessment__record__member__person"
    )
    return {
        (TaskKind.DELIVER, decision.notice.pk): CareTask(
            act=f"送达{decision.notice.get_kind_display()}",
            person=decision.assessment.record.member.person.name,
            matter=decision.notice.number,
            household_id=decision.assessment.report.award.household_id,
            url=reverse("documents:preview", args=[decision.notice.pk]),
        )
        for decision in decisions.defer("notice__record")
        if decision.notice is not None
    }


def _task(kind: TaskKind, ref: int, award: Award, names: Mapping[int, str], report: SelfCareReport | None) -> CareTask:
    page, key = {
        TaskKind.CARE_VISIT: ("care:record_visit", award.pk),
        TaskKind.CARE_POINT: ("care:settle_point", ref),
        TaskKind.REASSESS: ("care:assess", ref),
        TaskKind.DECIDE_CARE: ("care:decide", ref),
    }[kind]
    of_report = kind in (TaskKind.REASSESS, TaskKind.DECIDE_CARE) and report is not None
    return CareTask(
        act=_ACTS[kind],
        person=names[award.pk],
        matter=award.number,
        household_id=award.household_id,
        url=reverse(page, args=[key]),
        due_is_provisional=bool(of_report and report and report.due_is_provisional),
    )


def _refs(rows: list[tuple[TaskKind, int]], *wanted: TaskKind) -> list[int]:
    return [ref for kind, ref in rows if kind in wanted]
