"""A page of tasks as people read it: what, which family, until when, and where one click leads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from applications.models import Case
from applications.queries.listing import annotate_list, next_act
from benefits.models import AwardCheck, Recognition
from documents.models import Document, DocumentKind
from documents.queries import addressee_of
from foundation.pages import Lamp, deadline_lamp
from households.models import Household, Transfer
from households.queries import annotate_head
from organizations.models import Area
from organizations.rules.working_days import WorkingCalendar
from verification.models import MeansCheck
from workbench.queries.aid_rows import AidTask, aid_tasks
from workbench.queries.award_rows import award_tasks
from workbench.queries.care_rows import CARE_KINDS, CareTask, care_tasks
from workbench.queries.links import url_or_nothing
from workbench.queries.money_rows import money_tasks
from workbench.queries.review_rows import review_tasks
from workbench.queries.roll_rows import RollTask, roll_tasks
from workbench.queries.tasks import documents_of_tasks
from workbench.rules.task_kinds import AID_KINDS, AWARD_KINDS, MONEY_KINDS, ROLL_KINDS, TaskKind

_OF_NO_CASE = (
    TaskKind.MEANS_CHECK,
    TaskKind.DELIVER,
    TaskKind.TRANSFER,
    TaskKind.CHECK_AWARD,
    TaskKind.RENEW,
    *CARE_KINDS,
    TaskKind.REVIEW,
    *AWARD_KINDS,
    *ROLL_KINDS,
    *MONEY_KINDS,
    *AID_KINDS,
)
_ACTS = {
    TaskKind.TELL: "告知核对不一致，记录申请人说明",
    TaskKind.VISIT: "配合入户调查",
    TaskKind.COUNTY_VISIT: "县民政局入户",
    TaskKind.DRAW: "随机抽查",
    TaskKind.CHECK_DRAWN: "抽查核实（县级入户）",
    TaskKind.ANNOUNCE: "在村内公布",
    TaskKind.REISSUE: "重新制发作废的文书",
}
_ANCHORS = {
    TaskKind.TELL: "means-check",
    TaskKind.ACCEPT: "papers",
    TaskKind.VISIT: "visit",
    TaskKind.COUNTY_VISIT: "visit",
    TaskKind.CHECK_DRAWN: "visit",
    TaskKind.PUBLICISE: "publicity",
    TaskKind.ANNOUNCE: "decision",
    TaskKind.REISSUE: "documents",
    TaskKind.DELIVER: "documents",
}
"""Section of the case page on which the step is done; the others are done by its primary action at the head."""


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    kind: TaskKind
    act: str
    family: str
    persons: int
    area: Area
    matter: str
    url: str
    due_on: date | None
    lamp: Lamp | None

    @property
    def is_late(self) -> bool:
        return self.lamp is not None and self.lamp.tone == "late"


@dataclass(frozen=True)
class _Page:
    """The rows behind a page of tasks, few queries whatever its length."""

    cases: Mapping[int, Case]
    checks: Mapping[int, MeansCheck]
    families: Mapping[int, Household]
    documents: Mapping[int, tuple[Document, int | None]]
    transfers: Mapping[int, Transfer]
    award_checks: Mapping[int, AwardCheck]
    recognitions: Mapping[int, Recognition]
    care: Mapping[tuple[TaskKind, int], CareTask]
    rolls: Mapping[tuple[TaskKind, int], RollTask]
    aids: Mapping[tuple[TaskKind, int], AidTask]
    at: datetime | None


def as_tasks(
    rows: Iterable[tuple[str, int, date | None]], *, calendar: WorkingCalendar, on: date, at: datetime | None = None
) -> list[Task]:
    """The lines of a page, each with its lamp as of a day.

    :param at: the instant as of which clock hours (急难型) are told; without it they are told by the day.
    """
    rows = list(rows)
    page = _load([(TaskKind(kind), ref) for kind, ref, _ in rows], on=on, at=at)
    return [_task(TaskKind(kind), ref, due, page=page, calendar=calendar, on=on) for kind, ref, due in rows]


def _load(rows: list[tuple[TaskKind, int]], *, on: date, at: datetime | None) -> _Page:
    documents = documents_of_tasks(ref for kind, ref in rows if kind == TaskKind.DELIVER)
    wanted = {ref for kind, ref in rows if kind not in _OF_NO_CASE}
    wanted |= {case for _, case in documents.values() if case is not None}
    asked = [ref for kind, ref in rows if kind == TaskKind.MEANS_CHECK]
    checks = MeansCheck.objects.in_bulk(asked)
    award_checks = AwardCheck.objects.select_related("award").in_bulk(_refs(rows, TaskKind.CHECK_AWARD))
    transfers = Transfer.objects.select_related("from_area__parent", "to_area__parent")
    incoming = transfers.in_bulk(_refs(rows, TaskKind.TRANSFER))
    named = {check.household_id for check in checks.values()} | {row.household_id for row in incoming.values()}
    named |= {check.award.household_id for check in award_checks.values()}
    recognitions = Recognition.objects.in_bulk(_refs(rows, TaskKind.RENEW))
    named |= {row.household_id for row in recognitions.values()}
    care = {**care_tasks(rows), **review_tasks(rows), **award_tasks(rows)}
    named |= {task.household_id for task in care.values()}
    families = Household.objects.filter(pk__in=named)
    return _Page(
        cases=annotate_list(Case.objects.all()).in_bulk(wanted),
        checks=checks,
        families=annotate_head(families.select_related("area__parent")).in_bulk(),
        documents=documents,
        transfers=incoming,
        award_checks=award_checks,
        recognitions=recognitions,
        care=care,
        rolls={**roll_tasks(rows, on=on), **money_tasks(rows)},
        aids=aid_tasks(rows),
        at=at,
    )


def _refs(rows: list[tuple[TaskKind, int]], wanted: TaskKind) -> list[int]:
    return [ref for kind, ref in rows if kind == wanted]


def _task(kind: TaskKind, ref: int, due: date | None, *, page: _Page, calendar: WorkingCalendar, on: date) -> Task:
    if kind == TaskKind.MEANS_CHECK:
        return _check_task(page.checks[ref], page, due=due, calendar=calendar, on=on)
    if kind == TaskKind.TRANSFER:
        return _transfer_task(page.transfers[ref], page)
    if kind == TaskKind.CHECK_AWARD:
        return _award_task(page.award_checks[ref], page, due=due, calendar=calendar, on=on)
    if kind == TaskKind.RENEW:
        return _renewal_task(page.recognitions[ref], page, due=due, calendar=calendar, on=on)
    if (kind, ref) in page.care:
        return _care_task(kind, ref, page, due=due, calendar=calendar, on=on)
    if (kind, ref) in page.rolls:
        return _roll_task(kind, page.rolls[kind, ref], due=due, calendar=calendar, on=on)
    if (kind, ref) in page.aids:
        return _aid_task(kind, page.aids[kind, ref], due=due, at=page.at, calendar=calendar, on=on)
    document, case_id = page.documents[ref] if kind == TaskKind.DELIVER else (None, ref)
    if case_id is None and document is not None:
        return _notice_task(document, due=due, calendar=calendar, on=on)
    case: Case = page.cases[case_id or ref]
    provisional = case.due_is_provisional
    if document is not None:
        act = f"送达{DocumentKind(document.kind).label}"
        provisional = False
    else:
        act = _ACTS.get(kind) or next_act(case)
    return Task(
        kind=kind,
        act=act,
        family=case.head_name or "",  # type: ignore[attr-defined]
        persons=case.member_count or 0,  # type: ignore[attr-defined]
        area=case.area,
        matter=document.number if document else str(case),
        url=_case_url(kind, case),
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=provisional),
    )


def _notice_task(document: Document, *, due: date | None, calendar: WorkingCalendar, on: date) -> Task:
    """A notice of no case (提标、渐退到期): whom it goes to says the paper itself."""
    return Task(
        kind=TaskKind.DELIVER,
        act=f"送达{DocumentKind(document.kind).label}",
        family=addressee_of(document),
        persons=0,
        area=document.area,
        matter=document.number,
        url=reverse("documents:preview", args=[document.pk]),
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=False),
    )


def _case_url(kind: TaskKind, case: Case) -> str:
    if kind == TaskKind.REGISTER:
        return reverse("one_window:intake", args=[case.household_id])
    if kind == TaskKind.DRAW:
        return reverse("applications:draws")
    anchor = _ANCHORS.get(kind, "")
    return url_or_nothing("applications:detail", case.pk) + (f"#{anchor}" if anchor else "")


def _check_task(check: MeansCheck, page: _Page, *, due: date | None, calendar: WorkingCalendar, on: date) -> Task:
    family = page.families[check.household_id]
    return Task(
        kind=TaskKind.MEANS_CHECK,
        act="回填核对结果",
        family=family.head_name or "",  # type: ignore[attr-defined]
        persons=family.member_count or 0,  # type: ignore[attr-defined]
        area=family.area,
        matter=f"信息核对 {check.batch_number}",
        url=url_or_nothing("verification:detail", check.pk) or url_or_nothing("verification:list"),
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=check.due_is_provisional),
    )


def _transfer_task(transfer: Transfer, page: _Page) -> Task:
    """Before it is accepted a family is told by its number only."""
    family = page.families[transfer.household_id]
    return Task(
        kind=TaskKind.TRANSFER,
        act="接收迁入家庭",
        family=family.number,
        persons=family.member_count or 0,  # type: ignore[attr-defined]
        area=transfer.to_area,
        matter=f"{transfer.from_area.parent}转出",
        url=reverse("households:transfers"),
        due_on=None,
        lamp=None,
    )


def _award_task(check: AwardCheck, page: _Page, *, due: date | None, calendar: WorkingCalendar, on: date) -> Task:
    family = page.families[check.award.household_id]
    return Task(
        kind=TaskKind.CHECK_AWARD,
        act=f"核查待遇（{check.get_cause_display()}）",
        family=family.head_name or family.number,  # type: ignore[attr-defined]
        persons=family.member_count or 0,  # type: ignore[attr-defined]
        area=family.area,
        matter=check.award.number,
        url=reverse("benefits:check", args=[check.pk]),
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=False),
    )


def _renewal_task(
    recognition: Recognition, page: _Page, *, due: date | None, calendar: WorkingCalendar, on: date
) -> Task:
    family = page.families[recognition.household_id]
    return Task(
        kind=TaskKind.RENEW,
        act=f"提醒续期（{recognition.get_scheme_display()}认定到期）",
        family=family.head_name or family.number,  # type: ignore[attr-defined]
        persons=family.member_count or 0,  # type: ignore[attr-defined]
        area=family.area,
        matter=recognition.number,
        url=reverse("one_window:intake", args=[family.pk]),
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=False),
    )


def _care_task(kind: TaskKind, ref: int, page: _Page, *, due: date | None, calendar: WorkingCalendar, on: date) -> Task:
    task = page.care[kind, ref]
    family = page.families[task.household_id]
    return Task(
        kind=kind,
        act=task.act,
        family=task.person,
        persons=family.member_count or 0,  # type: ignore[attr-defined]
        area=family.area,
        matter=task.matter,
        url=task.url,
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=task.due_is_provisional),
    )


def _roll_task(kind: TaskKind, task: RollTask, *, due: date | None, calendar: WorkingCalendar, on: date) -> Task:
    return Task(
        kind=kind,
        act=task.act,
        family=task.whom,
        persons=task.persons,
        area=task.area,
        matter=task.matter,
        url=task.url,
        due_on=due,
        lamp=_lamp(due, calendar=calendar, on=on, provisional=False),
    )


def _aid_task(
    kind: TaskKind, task: AidTask, *, due: date | None, at: datetime | None, calendar: WorkingCalendar, on: date
) -> Task:
    clock = task.clock(at=at) if at is not None else None
    return Task(
        kind=kind,
        act=task.act,
        family=task.whom,
        persons=task.persons,
        area=task.area,
        matter=task.matter,
        url=task.url,
        due_on=due,
        lamp=clock or _lamp(due, calendar=calendar, on=on, provisional=task.provisional),
    )


def _lamp(due: date | None, *, calendar: WorkingCalendar, on: date, provisional: bool) -> Lamp | None:
    if due is None:
        return None
    return deadline_lamp(due, working_days_left=calendar.between(on, due), on=on, provisional=provisional)
