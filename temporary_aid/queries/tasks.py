"""What temporary aid and the reserve ask of a person (待办): one queryset a kind, only kinds of their posts.

Each carries ``due_on``, the day until which it is to be done, or nothing; reports get it from :func:`dated_reports`.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from applications.models import RelativeDeclaration
from eligibility.queries import MissingParameters
from organizations.models import Staff
from temporary_aid.models import (
    HardshipReport,
    Reconciliation,
    Replenishment,
    ReplenishmentState,
    ReserveFund,
    StageState,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, decidable
from temporary_aid.queries.advances import (
    asked_advances,
    open_recoupments,
    supplements_owed,
    supplements_to_check,
)
from temporary_aid.queries.aids import followed_sum, visible_to
from temporary_aid.queries.meetings import aids_for_meeting
from temporary_aid.queries.overdue import townships_overdue
from temporary_aid.queries.owed import papers_owed
from temporary_aid.queries.reconciling import with_months_to_prepare
from temporary_aid.queries.reports import callbacks_owed, reports_to_take, with_clock
from temporary_aid.queries.stages import stages_to_pay, stages_to_visit
from temporary_aid.queries.terms import TermsByArea, terms_by_area
from temporary_aid.rules.states import AidState

Sources = dict[str, QuerySet[Any]]
_P = Permission
_NO_DAY = Cast(Value(None), DateField())
_CLOCK = TruncDate("help_due_at")
_PLANNED_SUM = "(SELECT coalesce(sum((s->>'amount')::numeric), 0) FROM jsonb_array_elements(plan) s)"


def aid_tasks(staff: Staff, *, on: date) -> Sources:
    """Kinds that are looked up; none costs a query before it is asked."""
    sources: Sources = {}
    if staff.may(_P.HANDLE_AID):
        sources |= {
            "aid_report": reports_to_take(staff),
            "aid_open": _mine(staff, AidState.OPENED).annotate(due_on=_CLOCK),
            "aid_advance": asked_advances(staff).annotate(due_on=_CLOCK),
            "aid_supplement": supplements_owed(staff).annotate(due_on=F("supplement_due_on")),
            "aid_papers": papers_owed(staff),
            "aid_post": _to_post(staff),
            "aid_recoup": open_recoupments(staff).annotate(due_on=_NO_DAY),
            "aid_close": _to_close(staff),
        }
    if staff.may(_P.HANDLE_AID, _P.ENTRUSTED_AID):
        sources["aid_visit"] = stages_to_visit(staff, on=on)
    if staff.may(_P.REPORT_HARDSHIP):
        sources["aid_callback"] = callbacks_owed(staff).annotate(due_on=_NO_DAY)
    if staff.may(_P.PAY_AID):
        sources["aid_pay"] = stages_to_pay(staff, on=on)
    return sources | _reserve_tasks(staff, on=on)


def reckoned_aid_tasks(staff: Staff, *, on: date) -> dict[str, Callable[[], QuerySet[Any]]]:
    """Kinds that hang on the county's figures, each with its own queries."""
    sources: dict[str, Callable[[], QuerySet[Any]]] = {}
    if staff.may(_P.APPROVE_AID_TOWNSHIP, _P.APPROVE_AID_COUNTY):
        sources["aid_approve"] = partial(aids_to_approve, staff, on=on)
        sources["aid_check"] = partial(_papers_to_check, staff, on=on)
    if staff.may(_P.RECORD_COLLECTIVE_DECISION):
        sources["aid_meeting"] = partial(aids_awaiting_meeting, staff, on=on)
    return sources


def dated_reports(reports: QuerySet[HardshipReport], *, on: date) -> QuerySet[HardshipReport]:
    """Reports with the day on which the clock of urgent ones ends (``due_on``), by the hours in force on a day."""
    try:
        return with_clock(reports, at=_midnight(on)).annotate(due_on=TruncDate("due_at"))
    except MissingParameters:
        return reports.annotate(due_on=_NO_DAY)


def aids_to_approve(staff: Staff, *, on: date) -> QuerySet[TemporaryAid]:
    """Proposed aids that wait for the person: within the township's limit for it, above for the county.

    Where nobody of the township is left to approve what is its own, the county does. Not those that the person, or
    whom they stand for (代理), had a hand in, nor those of a family whose registered near relative they are.
    """
    terms = _terms(on)
    proposed = _not_related(staff, visible_to(staff).filter(state=AidState.PROPOSED))
    proposed = proposed.annotate(planned=RawSQL(_PLANNED_SUM, []), due_on=_CLOCK)  # noqa: S611 -- no value in the text
    rows = proposed.select_related("area").annotate(followed=followed_sum())
    aids: dict[TemporaryAid, bool] = {
        aid: terms is not None and terms.of(aid.area.code).is_townships(aid.planned + aid.followed) for aid in rows
    }
    return proposed.filter(pk__in=decidable(staff, aids))


def _papers_to_check(staff: Staff, *, on: date) -> QuerySet[Any]:
    return supplements_to_check(staff, on=on).annotate(due_on=F("aid__advance_slip__supplement_due_on"))


def aids_awaiting_meeting(staff: Staff, *, on: date) -> QuerySet[TemporaryAid]:
    """Aids that wait for the meeting's resolution: asked for, or undecided and beyond the frequency."""
    return aids_for_meeting(staff, terms=_terms(on), on=on).annotate(due_on=_CLOCK)


def _terms(on: date) -> TermsByArea | None:
    """The county's figures; None while it has not set them: nobody's list may stand still for that."""
    try:
        return terms_by_area(on=on)
    except MissingParameters:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _mine(staff: Staff, state: AidState) -> QuerySet[TemporaryAid]:
    """Aids in a state where the person handles aid."""
    rows = visible_to(staff).filter(state=state, area_id__in=staff.area_ids(_P.HANDLE_AID))
    return _not_related(staff, rows)


def _not_related(staff: Staff, aids: QuerySet[TemporaryAid]) -> QuerySet[TemporaryAid]:
    """Not of families whose registered near relative the person is (F57 §11)."""
    related = RelativeDeclaration.objects.filter(
        Q(relative_staff=staff) | Q(relative_name=staff.name), intake__household=OuterRef("household")
    )
    return aids.filter(~Exists(related))


def _to_post(staff: Staff) -> QuerySet[TemporaryAid]:
    """Aids whose 事后公示 is owed, in whichever state they are by now."""
    mine = visible_to(staff).filter(area_id__in=staff.area_ids(_P.HANDLE_AID))
    return mine.filter(posted_on=None, publicity_due_on__isnull=False).annotate(due_on=F("publicity_due_on"))


def _to_close(staff: Staff) -> QuerySet[TemporaryAid]:
    """Approved aids of which every stage is paid or cancelled: how they end is to be judged."""
    rows = _mine(staff, AidState.APPROVED)
    left = rows.model.objects.filter(
        pk=OuterRef("pk"), stages__state__in=[StageState.PLANNED.value, StageState.READY.value]
    )
    return rows.filter(~Exists(left)).annotate(due_on=_NO_DAY)


def _reserve_tasks(staff: Staff, *, on: date) -> Sources:
    sources: Sources = {}
    if staff.may(_P.APPROVE_REPLENISHMENT):
        asked = _requests(staff, ReplenishmentState.ASKED, _P.APPROVE_REPLENISHMENT)
        sources["reserve_answer"] = asked.exclude(asked_by=staff)
    if staff.may(_P.ALLOCATE_RESERVE):
        sources["reserve_pay"] = _requests(staff, ReplenishmentState.APPROVED, _P.ALLOCATE_RESERVE)
    if staff.may(_P.ALLOCATE_RESERVE):
        sources["aid_overdue"] = townships_overdue(staff, on=on)
    if staff.may(_P.KEEP_RESERVE):
        funds = ReserveFund.objects.filter(area_id__in=staff.area_ids(_P.KEEP_RESERVE))
        sources["reserve_prepare"] = with_months_to_prepare(funds, on=on).annotate(due_on=_NO_DAY)
    if staff.may(_P.SIGN_RECONCILIATION):
        sheets = Reconciliation.objects.filter(fund__area_id__in=staff.area_ids(_P.SIGN_RECONCILIATION), signed_on=None)
        sources["reserve_sign"] = sheets.exclude(prepared_by=staff).annotate(due_on=_NO_DAY)
    return sources


def _requests(staff: Staff, state: ReplenishmentState, permission: Permission) -> QuerySet[Replenishment]:
    areas = staff.area_ids(permission)
    return Replenishment.objects.filter(state=state, fund__area_id__in=areas).annotate(due_on=_NO_DAY)
