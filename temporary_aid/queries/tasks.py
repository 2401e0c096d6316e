"""What temporary aid and the reserve ask of a person (待办): one queryset a kind, only kinds of their posts.

Each carries ``due_on``, the day until which it is to be done, or nothing; reports get it from :func:`dated_reports`.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone

from applications.models import RelativeDeclaration
from eligibility.queries import MissingParameters
from organizations.models import Staff
from organizations.queries import county
from temporary_aid.models import (
    CollectiveDecision,
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
from temporary_aid.queries.aids import followed_sum, kept_aids, visible_to
from temporary_aid.queries.reports import callbacks_owed, reports_to_take, with_clock
from temporary_aid.queries.stages import stages_to_pay, stages_to_visit
from temporary_aid.queries.terms import AidTerms, aid_terms
from temporary_aid.rules.frequency import year_begins
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
    if _terms(on) is None:
        return reports.annotate(due_on=_NO_DAY)
    return with_clock(reports, at=_midnight(on)).annotate(due_on=TruncDate("due_at"))


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
        aid: terms is not None and terms.is_townships(aid.planned + aid.followed) for aid in rows
    }
    return proposed.filter(pk__in=decidable(staff, aids))


def _papers_to_check(staff: Staff, *, on: date) -> QuerySet[Any]:
    return supplements_to_check(staff, on=on).annotate(due_on=F("aid__advance_slip__supplement_due_on"))


def aids_awaiting_meeting(staff: Staff, *, on: date) -> QuerySet[TemporaryAid]:
    """Undecided aids whose family was helped within the year as often as the county allows, without a resolution.

    What is above the maximum only shows when an amount is proposed; it is told beside the amount then.
    """
    found = _terms(on)
    if found is None:
        return TemporaryAid.objects.none().annotate(due_on=_CLOCK)
    terms = found.frequency
    since = _midnight(year_begins(terms, on=on))
    granted = TemporaryAid.objects.filter(
        Q(household=OuterRef("household"))
        | Q(recipient_id_index=OuterRef("recipient_id_index")) & ~Q(recipient_id_index=""),
        follow_up_of=None,
        decided_at__gte=since,
    )
    before = kept_aids(granted.exclude(pk=OuterRef("pk")))
    undecided = [AidState.OPENED.value, AidState.ADVANCE_ASKED.value, AidState.IN_CASE.value]
    standing = CollectiveDecision.objects.filter(aid=OuterRef("pk"), voided_at=None)
    waiting = visible_to(staff).filter(
        ~Exists(standing),
        state__in=undecided,
        follow_up_of=None,
        area_id__in=staff.area_ids(_P.RECORD_COLLECTIVE_DECISION),
    )
    counted = waiting.annotate(
        times=_count(before), same_cause=_count(before.filter(cause=OuterRef("cause"))), due_on=_CLOCK
    )
    return counted.filter(Q(times__gte=terms.times) | Q(same_cause__gte=terms.same_cause))


def _terms(on: date) -> AidTerms | None:
    """The county's figures; None while it has not set them: nobody's list may stand still for that."""
    try:
        return aid_terms(county(), on=on)
    except MissingParameters:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _count(rows: QuerySet[Any]) -> Coalesce:
    total = rows.order_by().annotate(one=Value(1)).values("one").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total), 0)


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
    if staff.may(_P.KEEP_RESERVE):
        this = on.replace(day=1)
        last = (this - timedelta(days=1)).replace(day=1)
        prepared = Reconciliation.objects.filter(fund=OuterRef("pk"), month=last)
        funds = ReserveFund.objects.filter(area_id__in=staff.area_ids(_P.KEEP_RESERVE), opened_on__lt=this)
        sources["reserve_prepare"] = funds.filter(~Exists(prepared)).annotate(due_on=_NO_DAY)
    if staff.may(_P.SIGN_RECONCILIATION):
        sheets = Reconciliation.objects.filter(fund__area_id__in=staff.area_ids(_P.SIGN_RECONCILIATION), signed_on=None)
        sources["reserve_sign"] = sheets.exclude(prepared_by=staff).annotate(due_on=_NO_DAY)
    return sources


def _requests(staff: Staff, state: ReplenishmentState, permission: Permission) -> QuerySet[Replenishment]:
    areas = staff.area_ids(permission)
    return Replenishment.objects.filter(state=state, fund__area_id__in=areas).annotate(due_on=_NO_DAY)
