"""What waits for a person (我的待办): one query a kind, joined, ordered by urgency and paged by the database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Case as Conditional
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Least

from applications.models import Case, CaseDocument
from applications.permissions import Permission
from applications.queries import deliveries_due, duties, notices_to_deliver, tellings_due
from applications.rules.process import OPEN_STATES
from benefits.models import Recognition
from benefits.queries import open_checks, recognitions_to_renew
from benefits.queries.missing_rolls import counties_lacking_rolls
from benefits.queries.overpaid_awards import awards_to_recoup
from benefits.queries.phase_outs import counties_with_phase_outs_ending
from benefits.queries.recoupments import recoupments_to_approve
from benefits.queries.returns import omissions_to_settle
from benefits.queries.roll_tasks import accounts_to_mend, rolls_of_bank, rolls_to_reissue, rolls_to_sign
from benefits.queries.suspensions import phase_outs_to_restore, suspended_too_long
from care.queries import decisions_due, open_points, reassessments_due, visits_to_make
from documents.models import Document
from dynamic_review.queries.dues import reviews_to_open
from dynamic_review.queries.making_good import making_good_to_approve
from dynamic_review.queries.uplifts import uplifts_to_approve
from foundation.pages import DUE_SOON_WORKING_DAYS
from foundation.rates import OUT_OF_REACH
from households.queries import transfers_to
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.rules.working_days import WorkingCalendar
from temporary_aid.queries.tasks import aid_tasks, dated_reports, reckoned_aid_tasks
from verification.queries import answerable_by
from workbench.rules.task_kinds import DUE_ON, UNDATED
from workbench.rules.task_kinds import TaskKind as TaskKind

_COUNTED_AGAIN_AFTER = 60
"""Seconds."""


def task_sources(staff: Staff, *, on: date) -> dict[TaskKind, QuerySet[Any]]:
    """One queryset a kind of what lies on the person's list, by the owner of each state; only kinds of their posts."""
    reckoned = {kind: ask() for kind, ask in _reckoned_sources(staff, on=on).items()}
    sources = _looked_up_sources(staff, on=on) | reckoned
    return {kind: sources[kind] for kind in TaskKind if kind in sources}


def _looked_up_sources(staff: Staff, *, on: date) -> dict[TaskKind, QuerySet[Any]]:
    sources: dict[TaskKind, QuerySet[Any]] = {TaskKind(duty): rows for duty, rows in duties(staff, on=on).items()}
    if TaskKind.DELIVER in sources:
        sources[TaskKind.DELIVER] = notices_to_deliver(staff)
    if staff.may(Permission.ANSWER_MEANS_CHECK):
        sources[TaskKind.MEANS_CHECK] = answerable_by(staff)
    if staff.may(Permission.REGISTER_HOUSEHOLD):
        sources[TaskKind.TRANSFER] = transfers_to(staff)
    if staff.may(Permission.PROPOSE):
        sources[TaskKind.CHECK_AWARD] = open_checks(staff)
    if staff.may(Permission.OPEN_INTAKE):
        sources[TaskKind.RENEW] = _to_renew(staff, on=on)
    sources |= _care_sources(staff, on=on)
    if staff.may(Permission.MANAGE_REVIEWS):
        sources[TaskKind.REVIEW] = reviews_to_open(staff, on=on)
    if staff.may(Permission.MANAGE_PHASE_OUT):
        sources[TaskKind.RESTORE] = phase_outs_to_restore(staff, on=on)
    sources |= _roll_sources(staff, on=on) | _money_sources(staff)
    return sources | {TaskKind(kind): rows for kind, rows in aid_tasks(staff, on=on).items()}


def _reckoned_sources(staff: Staff, *, on: date) -> dict[TaskKind, Callable[[], QuerySet[Any]]]:
    """Kinds that have queries of their own, so that they cannot be counted together with the others."""
    by_figures = {TaskKind(kind): ask for kind, ask in reckoned_aid_tasks(staff, on=on).items()}
    return _long_reckoned(staff, on=on) | by_figures


def _long_reckoned(staff: Staff, *, on: date) -> dict[TaskKind, Callable[[], QuerySet[Any]]]:
    """Kinds that are reckoned over many months: asked after every act they would hold it up."""
    sources: dict[TaskKind, Callable[[], QuerySet[Any]]] = {}
    if staff.may(Permission.CONFIRM, Permission.CONFIRM_DELEGATED):
        sources[TaskKind.SUSPENDED] = partial(suspended_too_long, staff, on=on)
    if staff.may(Permission.MANAGE_RECOUPMENT):
        sources[TaskKind.RECOUP] = partial(awards_to_recoup, staff)
    if staff.may(Permission.MANAGE_PHASE_OUT):
        sources[TaskKind.PHASE_OUTS_ENDING] = partial(counties_with_phase_outs_ending, staff, on=on)
    return sources


def _to_renew(staff: Staff, *, on: date) -> QuerySet[Recognition]:
    """Recognitions that end within 30 days and of whose family no new application is under way."""
    applied = Case.objects.filter(
        household=OuterRef("household"), scheme=OuterRef("scheme"), state__in=[state.value for state in OPEN_STATES]
    )
    return recognitions_to_renew(staff, on=on).filter(~Exists(applied))


def _care_sources(staff: Staff, *, on: date) -> dict[TaskKind, QuerySet[Any]]:
    """What care after approval asks of the person (照料服务)."""
    sources: dict[TaskKind, QuerySet[Any]] = {}
    if staff.may(Permission.RECORD_CARE_VISIT):
        sources[TaskKind.CARE_VISIT] = visits_to_make(staff, on=on)
    if staff.may(Permission.MANAGE_CARE):
        sources[TaskKind.CARE_POINT] = open_points(staff)
    if staff.may(Permission.MANAGE_CARE, Permission.COUNTY_VISIT):
        sources[TaskKind.REASSESS] = reassessments_due(staff)
    if staff.may(Permission.CONFIRM):
        sources[TaskKind.DECIDE_CARE] = decisions_due(staff)
    return sources


def _roll_sources(staff: Staff, *, on: date) -> dict[TaskKind, QuerySet[Any]]:
    """What the monthly payment asks of the person (待遇发放)."""
    sources: dict[TaskKind, QuerySet[Any]] = {}
    if staff.may(Permission.PREPARE_ROLL):
        sources[TaskKind.MAKE_ROLLS] = counties_lacking_rolls(staff, on=on)
        sources[TaskKind.REISSUE_PAYMENTS] = rolls_to_reissue(staff)
    if staff.may(Permission.CHECK_ROLL_TOWNSHIP, Permission.CHECK_ROLL_COUNTY, Permission.CHECK_ROLL_FINANCE):
        sources[TaskKind.CHECK_ROLL] = rolls_to_sign(staff)
    if staff.may(Permission.CHECK_ROLL_COUNTY):
        sources[TaskKind.OMITTED] = omissions_to_settle(staff)
    if staff.may(Permission.RECORD_PAYMENT):
        sources[TaskKind.SEND_ROLL] = rolls_of_bank(staff, state="frozen")
        sources[TaskKind.ANSWER_ROLL] = rolls_of_bank(staff, state="sent")
    if staff.may(Permission.REGISTER_HOUSEHOLD) and staff.may(Permission.VIEW_ROLL):
        sources[TaskKind.MEND_ACCOUNT] = accounts_to_mend(staff)
    return sources


def _money_sources(staff: Staff) -> dict[TaskKind, QuerySet[Any]]:
    """What awards ask of the person beside the monthly payment."""
    sources: dict[TaskKind, QuerySet[Any]] = {}
    if staff.may(Permission.CONFIRM):
        sources[TaskKind.APPROVE_RECOUPMENT] = recoupments_to_approve(staff)
    if staff.may(Permission.APPROVE_UPLIFT):
        sources[TaskKind.APPROVE_UPLIFT] = uplifts_to_approve(staff)
        sources[TaskKind.APPROVE_MAKING_GOOD] = making_good_to_approve(staff)
    return sources


def tasks_by_urgency(
    staff: Staff, *, calendar: WorkingCalendar, on: date, kind: str = ""
) -> QuerySet[Any] | list[tuple[str, int, date | None]]:
    """Kind, primary key and due day of everything on the person's list, what is due first at the head.

    :param kind: one of :class:`TaskKind` to see only those.
    """
    sources = task_sources(staff, on=on)
    wanted = [(key, rows) for key, rows in sources.items() if kind in ("", key.value)]
    if not wanted:
        return []
    joined = _joined(
        [_with_due(key, rows, calendar=calendar, on=on).values_list("task", "ref", "due") for key, rows in wanted]
    )
    return cast("QuerySet[Any]", joined.order_by(F("due").asc(nulls_last=True), "task", "ref"))


def _with_due(kind: TaskKind, rows: QuerySet[Any], *, calendar: WorkingCalendar, on: date) -> QuerySet[Any]:
    due: Any = Least("state_due_on", "due_on")
    if kind == TaskKind.AID_REPORT:
        rows, due = dated_reports(rows, on=on), F("due_on")
    elif kind in DUE_ON:
        due = F("due_on")
    elif kind == TaskKind.RENEW:
        due = F("valid__endswith") - timedelta(days=1)
    elif kind == TaskKind.DELIVER:
        due = _counted(deliveries_due(rows, calendar=calendar))
    elif kind == TaskKind.TELL:
        due = _counted(tellings_due(rows, calendar=calendar))
    elif kind in UNDATED:
        due = Cast(Value(None), DateField())
    dated: QuerySet[Any] = rows.order_by().annotate(task=Value(kind.value), ref=F("pk"), due=Cast(due, DateField()))
    return dated


def _counted(dues: Mapping[date, list[int]]) -> Conditional:
    """The last day of every row that has one; working days are counted outside the database."""
    return Conditional(
        *[When(pk__in=keys, then=Cast(Value(due), DateField())) for due, keys in dues.items()],
        default=None,
        output_field=DateField(),
    )


@dataclass(frozen=True)
class Totals:
    """How many tasks lie on the list, how many of them late, how many due soon."""

    total: int
    late: int
    soon: int


@dataclass(frozen=True)
class KindTotal(Totals):
    """The tasks of one kind."""

    kind: TaskKind


def totals_of(kinds: Iterable[KindTotal]) -> Totals:
    """All kinds together."""
    rows = list(kinds)
    return Totals(sum(row.total for row in rows), sum(row.late for row in rows), sum(row.soon for row in rows))


def tasks_by_kind(staff: Staff, *, calendar: WorkingCalendar, on: date) -> list[KindTotal]:
    """The kinds on the person's list with their numbers, in one query beside the terms; kinds without any left out."""
    sources = task_sources(staff, on=on)
    if not sources:
        return []
    soon = calendar.add(on, DUE_SOON_WORKING_DAYS).on
    counted = [
        _with_due(kind, rows, calendar=calendar, on=on)
        .values("task")
        .annotate(
            total=Count("pk"),
            late=Count("pk", filter=Q(due__lt=on)),
            soon=Count("pk", filter=Q(due__gte=on, due__lte=soon)),
        )
        .values_list("task", "total", "late", "soon")
        for kind, rows in sources.items()
    ]
    totals = {
        TaskKind(task): KindTotal(total=total, late=late, soon=soon, kind=TaskKind(task))
        for task, total, late, soon in _joined(counted)
    }
    return [totals[kind] for kind in TaskKind if kind in totals and totals[kind].total]


def task_counts(staff: Staff, *, on: date) -> Mapping[str, int]:
    """How many tasks lie under each navigation entry, and ``all`` together.

    Kinds that are reckoned over many months are counted anew once a minute, whatever was done meanwhile.
    """
    totals = {
        kind: _recent_count(f"tasks:{kind.value}:{staff.pk}:{on}", ask)
        for kind, ask in _long_reckoned(staff, on=on).items()
    }
    totals |= {TaskKind(kind): ask().count() for kind, ask in reckoned_aid_tasks(staff, on=on).items()}
    counted = [
        rows.order_by()
        .annotate(task=Value(kind.value))
        .values("task")
        .annotate(total=Count("pk"))
        .values_list("task", "total")
        for kind, rows in _looked_up_sources(staff, on=on).items()
    ]
    return _by_entry(totals | {TaskKind(task): total for task, total in _joined(counted)})


def counts_of(kinds: Iterable[KindTotal]) -> Mapping[str, int]:
    """What :func:`task_counts` tells, of kinds that are counted already."""
    return _by_entry({row.kind: row.total for row in kinds})


def _by_entry(totals: Mapping[TaskKind, int]) -> Mapping[str, int]:
    counts: dict[str, int] = {"all": sum(totals.values())}
    for kind, total in totals.items():
        counts[kind.entry] = counts.get(kind.entry, 0) + total
    return counts


def _recent_count(key: str, ask: Callable[[], QuerySet[Any]]) -> int:
    try:
        return cast("int", cache.get_or_set(key, lambda: ask().count(), _COUNTED_AGAIN_AFTER))
    except OUT_OF_REACH:
        return ask().count()


def _joined(branches: list[QuerySet[Any]]) -> Any:
    """One query of many kinds; nothing where the person has none."""
    if not branches:
        return []
    first, *others = branches
    return first.union(*others, all=True) if others else first


def documents_of_tasks(refs: Iterable[int]) -> dict[int, tuple[Document, int | None]]:
    """The documents with the primary key of the case that each was issued in; None for those of no case."""
    keys = list(refs)
    if not keys:
        return {}
    cases = dict(CaseDocument.objects.filter(document_id__in=keys).values_list("document_id", "case_id"))
    documents = Document.objects.filter(pk__in=keys).select_related("issuing_area", "area__parent")
    return {document.pk: (document, cases.get(document.pk)) for document in documents}


def covers_townships(staff: Staff) -> bool:
    """Whether the person's cases, checks, awards or aids lie in more than one township, so that rows name theirs."""
    seen = frozenset[int]().union(
        *(
            staff.area_ids(permission)
            for permission in (
                Permission.VIEW_CASE,
                Permission.VIEW_AWARD,
                Permission.VIEW_AID,
                Permission.ANSWER_MEANS_CHECK,
            )
        )
    )
    return Area.objects.filter(pk__in=seen, level=AreaLevel.COUNTY).exists() if seen else False
