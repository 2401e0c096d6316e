"""Tasks of temporary aid and of the townships' reserves (临时救助、备用金), as a page of tasks shows them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from foundation.money import in_figures
from foundation.pages import Lamp
from organizations.models import Area
from temporary_aid.models import (
    AidRecoupment,
    AidStage,
    HardshipReport,
    OwedPapers,
    PettyAdvance,
    Reconciliation,
    Replenishment,
    ReserveFund,
    Supplement,
    TemporaryAid,
)
from temporary_aid.queries.detail import SOON_HOURS
from temporary_aid.rules.clock import Clock
from workbench.queries.links import url_or_nothing
from workbench.rules.task_kinds import AID_KINDS, TaskKind

Ref = tuple[TaskKind, int]


@dataclass(frozen=True)
class AidTask:
    """One line: whom, where, what to do.

    :param due_at: until when the clock of urgent aid runs, which is shown by the hour.
    :param provisional: whether the due day was counted without the year's holidays.
    """

    act: str
    whom: str
    area: Area
    matter: str
    url: str
    persons: int = 0
    due_at: datetime | None = None
    provisional: bool = False

    def clock(self, *, at: datetime) -> Lamp | None:
        """The clock of urgent aid as a lamp; None where days count."""
        if self.due_at is None:
            return None
        clock = Clock(self.due_at, at)
        is_soon = (self.due_at - at).total_seconds() <= SOON_HOURS * 3600
        tone = "late" if clock.is_late else "due" if is_soon else "good"
        return Lamp(tone, clock.in_words, timezone.localdate(self.due_at))


def aid_tasks(rows: Iterable[Ref]) -> Mapping[Ref, AidTask]:
    """The lines of a page that are of these kinds, one query a table whatever its length."""
    wanted: dict[TaskKind, list[int]] = {}
    for kind, ref in rows:
        if kind in AID_KINDS:
            wanted.setdefault(kind, []).append(ref)
    found: dict[Ref, AidTask] = {}
    for source, kinds in _TABLES:
        refs = [ref for kind in kinds for ref in wanted.get(kind, ())]
        if refs:
            there = source().in_bulk(refs)
            found |= {(kind, ref): _LINES[kind](kind, there[ref]) for kind in kinds for ref in wanted.get(kind, ())}
    return found


_OF_AID = "aid__area__parent"
_BY_THE_HOUR = (TaskKind.AID_ADVANCE, TaskKind.AID_OPEN, TaskKind.AID_MEETING, TaskKind.AID_APPROVE)
"""Kinds of aids to which nothing came yet: of urgent ones the clock runs."""
_AIDS = (*_BY_THE_HOUR, TaskKind.AID_POST, TaskKind.AID_CLOSE)
_TABLES: tuple[tuple[Callable[[], QuerySet[Any]], tuple[TaskKind, ...]], ...] = (
    (
        lambda: HardshipReport.objects.select_related("area__parent"),
        (TaskKind.AID_REPORT, TaskKind.AID_CALLBACK),
    ),
    (lambda: TemporaryAid.objects.select_related("area__parent"), _AIDS),
    (lambda: PettyAdvance.objects.select_related(_OF_AID), (TaskKind.AID_SUPPLEMENT,)),
    (lambda: OwedPapers.objects.select_related(_OF_AID), (TaskKind.AID_PAPERS,)),
    (lambda: Area.objects.select_related("parent"), (TaskKind.AID_OVERDUE,)),
    (lambda: Supplement.objects.select_related(_OF_AID), (TaskKind.AID_CHECK,)),
    (lambda: AidStage.objects.select_related(_OF_AID), (TaskKind.AID_VISIT, TaskKind.AID_PAY)),
    (lambda: AidRecoupment.objects.select_related(_OF_AID), (TaskKind.AID_RECOUP,)),
    (
        lambda: Replenishment.objects.select_related("fund__area__parent"),
        (TaskKind.RESERVE_ANSWER, TaskKind.RESERVE_PAY),
    ),
    (lambda: ReserveFund.objects.select_related("area__parent"), (TaskKind.RESERVE_PREPARE,)),
    (lambda: Reconciliation.objects.select_related("fund__area__parent"), (TaskKind.RESERVE_SIGN,)),
)
_ACTS = {
    TaskKind.AID_ADVANCE: "先行救助",
    TaskKind.AID_OPEN: "提出救助意见",
    TaskKind.AID_MEETING: "登记一事一议",
    TaskKind.AID_APPROVE: "审批",
    TaskKind.AID_POST: "事后公示",
    TaskKind.AID_CLOSE: "判定办结",
    TaskKind.AID_VISIT: "走访",
    TaskKind.AID_PAY: "发放",
}


def _report(kind: TaskKind, row: HardshipReport) -> AidTask:
    act = "处置急难报告" if kind == TaskKind.AID_REPORT else "回访12345来电人"
    url = reverse("temporary_aid:report", args=[row.pk])
    return AidTask(act, row.person_name, row.area, row.number, url)


def _aid_url(aid: TemporaryAid, anchor: str = "") -> str:
    return reverse("temporary_aid:detail", args=[aid.pk]) + (f"#{anchor}" if anchor else "")


def _aid(kind: TaskKind, row: TemporaryAid) -> AidTask:
    matter = f"{row.number} {row.get_cause_display()}"
    is_expenditure = kind == TaskKind.AID_OPEN and row.help_due_at is None
    act = "转入办件" if is_expenditure else _ACTS[kind]
    due_at = row.help_due_at if kind in _BY_THE_HOUR and row.first_paid_at is None else None
    return AidTask(
        act=act,
        whom=row.recipient_name,
        area=row.area,
        matter=matter,
        url=_aid_url(row),
        persons=row.people_count,
        due_at=due_at,
        provisional=kind == TaskKind.AID_POST and row.publicity_due_is_provisional,
    )


def _slip(kind: TaskKind, row: PettyAdvance) -> AidTask:
    aid = row.aid
    return AidTask(
        act="补充说明和签字盖章",
        whom=aid.recipient_name,
        area=aid.area,
        matter=f"{aid.number} 先行{in_figures(row.amount)}元",
        url=_aid_url(aid),
        persons=aid.people_count,
        provisional=row.supplement_due_is_provisional,
    )


def _owed(kind: TaskKind, row: OwedPapers) -> AidTask:
    aid = row.aid
    return AidTask(
        act="后补手续",
        whom=aid.recipient_name,
        area=aid.area,
        matter=f"{aid.number} {aid.get_cause_display()}",
        url=_aid_url(aid, "owed"),
        persons=aid.people_count,
        provisional=row.due_is_provisional,
    )


def _township(kind: TaskKind, row: Area) -> AidTask:
    return AidTask("督办补手续", row.name, row, "救助手续逾期未补", reverse("temporary_aid:reserve"))


def _of_aid(kind: TaskKind, row: Supplement | AidRecoupment) -> AidTask:
    aid, act = row.aid, "审核补充说明" if kind == TaskKind.AID_CHECK else "登记退回的款项"
    return AidTask(act, aid.recipient_name, aid.area, aid.number, _aid_url(aid), aid.people_count)


def _stage(kind: TaskKind, row: AidStage) -> AidTask:
    aid, is_visit = row.aid, kind == TaskKind.AID_VISIT
    address = reverse(f"temporary_aid:{'visit_stage' if is_visit else 'pay_stage'}", args=[row.pk])
    is_clock = not is_visit and row.leads == 1 and aid.first_paid_at is None
    return AidTask(
        act=f"第{row.serial}期{_ACTS[kind]}",
        whom=aid.recipient_name,
        area=aid.area,
        matter=f"{aid.number} {in_figures(row.amount)}元",
        url=address,
        persons=aid.people_count,
        due_at=aid.help_due_at if is_clock else None,
    )


def _request(kind: TaskKind, row: Replenishment) -> AidTask:
    is_answer = kind == TaskKind.RESERVE_ANSWER
    act, name = ("审批补拨", "answer_replenishment") if is_answer else ("拨付补拨", "pay_replenishment")
    amount = row.asked_amount if is_answer else row.approved_amount or row.asked_amount
    url = url_or_nothing(f"temporary_aid:{name}", row.pk)
    return AidTask(act, row.fund.area.name, row.fund.area, f"{row.number} {in_figures(amount)}元", url)


def _fund(kind: TaskKind, row: ReserveFund) -> AidTask:
    url = url_or_nothing("temporary_aid:reserve_months", row.pk)
    return AidTask("编制对账表", row.area.name, row.area, "备用金", url)


def _sheet(kind: TaskKind, row: Reconciliation) -> AidTask:
    month = row.month
    url = url_or_nothing("temporary_aid:reserve_month", row.fund_id, month.year, month.month)
    return AidTask("签认对账表", row.fund.area.name, row.fund.area, f"{month.year}年{month.month}月", url)


_LINES: Mapping[TaskKind, Callable[[TaskKind, Any], AidTask]] = {
    **dict.fromkeys((TaskKind.AID_REPORT, TaskKind.AID_CALLBACK), _report),
    **dict.fromkeys(_AIDS, _aid),
    TaskKind.AID_SUPPLEMENT: _slip,
    TaskKind.AID_PAPERS: _owed,
    TaskKind.AID_OVERDUE: _township,
    **dict.fromkeys((TaskKind.AID_CHECK, TaskKind.AID_RECOUP), _of_aid),
    **dict.fromkeys((TaskKind.AID_VISIT, TaskKind.AID_PAY), _stage),
    **dict.fromkeys((TaskKind.RESERVE_ANSWER, TaskKind.RESERVE_PAY), _request),
    TaskKind.RESERVE_PREPARE: _fund,
    TaskKind.RESERVE_SIGN: _sheet,
}
