"""Reads of 急难报告: the list, what is owed of a report, and which other report may be the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When
from django.utils import timezone

from organizations.models import Staff
from temporary_aid.models import HardshipReport, ReportSource, ReportState
from temporary_aid.permissions import Permission
from temporary_aid.queries.aids import reports_visible_to
from temporary_aid.queries.detail import clock_mark, running_mark
from temporary_aid.queries.terms import terms_by_area
from temporary_aid.rules.clock import Clock
from temporary_aid.rules.states import CLOCK_RUNS

SAME_WITHIN_DAYS = 7
"""Reports of the same name in the same village within so many days may be the same need (本系统的提示，不作认定)."""
CALLBACK_OWED = "callback"
"""Beside the states: hotline tickets whose caller was not rung back (待回访)."""
SORTS = {"reported": ("reported_at", "pk"), "area": ("area__code", "pk"), "person": ("person_name", "pk")}
_RUNS = [state.value for state in CLOCK_RUNS]


@dataclass(frozen=True)
class ReportFilter:
    """What the list of reports is cut to.

    :param state: a report's state, or :data:`CALLBACK_OWED`.
    :param late: ``yes`` for those whose help came or stays out past the clock hours.
    :param text: part of a name, a report's number or a ticket.
    """

    state: str = ""
    source: str = ""
    township: str = ""
    village: str = ""
    late: str = ""
    text: str = ""


def owes_callback() -> Q:
    """Settled tickets of the hotline whose caller was not told yet."""
    return Q(source=ReportSource.HOTLINE, called_back_at=None) & ~Q(state=ReportState.OPEN)


def with_clock(reports: QuerySet[HardshipReport], *, at: datetime) -> QuerySet[HardshipReport]:
    """Add until when help is due (``due_at``) of urgent reports: the aid's own, before it by the hours of its area."""
    areas = terms_by_area(on=timezone.localdate(at)).areas
    waits = Q(state=ReportState.OPEN, is_urgent=True)
    nearest_first = sorted(areas, key=len, reverse=True)
    expected = [
        When(waits, area__code__startswith=code, then=F("reported_at") + timedelta(hours=areas[code].hours))
        for code in nearest_first
    ]
    due_at = Case(*expected, default=F("aid__help_due_at"), output_field=DateTimeField())
    return reports.annotate(due_at=due_at)


def listed(
    staff: Staff, *, at: datetime, wanted: ReportFilter = ReportFilter(), sort: str = ""
) -> QuerySet[HardshipReport]:
    """急难报告 with village, aid and clock; open ones first, the oldest of them at the top.

    :param sort: a key of :data:`SORTS`, with ``-`` before it for the other way round.
    """
    rows = with_clock(reports_visible_to(staff), at=at).select_related("area__parent", "aid")
    if wanted.state == CALLBACK_OWED:
        rows = rows.filter(owes_callback())
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.village:
        rows = rows.filter(area__code=wanted.village)
    if wanted.township:
        rows = rows.filter(area__code__startswith=wanted.township)
    if wanted.late == "yes":
        rows = rows.filter(_late(at))
    if wanted.text:
        rows = rows.filter(
            Q(person_name__icontains=wanted.text)
            | Q(number__iexact=wanted.text)
            | Q(hotline_ticket__iexact=wanted.text)
            | Q(reporter_name__icontains=wanted.text)
        )
    order = SORTS.get(sort.removeprefix("-"))
    if order is None:
        is_open = Case(When(state=ReportState.OPEN, then=F("reported_at")), output_field=DateTimeField())
        return rows.order_by(is_open.asc(nulls_last=True), "-reported_at", "-pk")
    column, key = order
    return rows.order_by(f"-{column}", f"-{key}") if sort.startswith("-") else rows.order_by(column, key)


def _late(at: datetime) -> Q:
    """Nothing arrived until the due instant, which is itself in time."""
    waiting = Q(state=ReportState.OPEN) | Q(aid__first_paid_at=None, aid__state__in=_RUNS)
    return (waiting & Q(due_at__lt=at)) | Q(aid__first_paid_at__gt=F("due_at"))


def mark_of(report: HardshipReport, *, at: datetime) -> tuple[str, str] | None:
    """How the clock of a report of :func:`with_clock` stands, as words and tone; once it is an aid, the aid's own."""
    due: datetime | None = report.due_at  # type: ignore[attr-defined]
    if report.state == ReportState.OPEN:
        return running_mark(Clock(due, at)) if due is not None else None
    aid = getattr(report, "aid", None)
    return clock_mark(aid, at=at) if aid is not None else None


def may_be_the_same(report: HardshipReport, *, staff: Staff) -> QuerySet[HardshipReport]:
    """Other reports that may tell of the same need: the same ID number, or name and village within seven days."""
    week = timedelta(days=SAME_WITHIN_DAYS)
    near = Q(
        person_name=report.person_name,
        area=report.area_id,
        reported_at__range=(report.reported_at - week, report.reported_at + week),
    )
    same = near | Q(person_id_index=report.person_id_index) if report.person_id_index else near
    others = reports_visible_to(staff).exclude(pk=report.pk)
    return (
        others.filter(same, state__in=[ReportState.OPEN, ReportState.TAKEN])
        .select_related("area__parent", "aid")
        .order_by("reported_at", "pk")
    )


def reports_to_take(staff: Staff) -> QuerySet[HardshipReport]:
    """Open reports where the person handles aid (待处置的急难报告)."""
    mine = staff.area_ids(Permission.HANDLE_AID)
    return reports_visible_to(staff).filter(state=ReportState.OPEN, area_id__in=mine)


def callbacks_owed(staff: Staff) -> QuerySet[HardshipReport]:
    """Hotline tickets that the person has to ring back (待回访)."""
    mine = staff.area_ids(Permission.REPORT_HARDSHIP)
    return reports_visible_to(staff).filter(owes_callback(), area_id__in=mine)
