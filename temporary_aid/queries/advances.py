"""Reads of 小额先行救助: what the papers wait for, what may come back, and what the page of an aid shows of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, DateField, F, Q, QuerySet, Sum, When

from organizations.models import Area, Staff
from organizations.queries import township_of
from temporary_aid.models import (
    AidEventKind,
    AidRecoupment,
    AidRecoupmentState,
    EntryKind,
    PettyAdvance,
    ReserveEntry,
    ReserveFund,
    StageForm,
    StageState,
    Supplement,
    SupplementResult,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, decidable
from temporary_aid.queries.aids import followed_sum, visible_to
from temporary_aid.queries.stages import month_bounds
from temporary_aid.queries.stock import GOODS_VALUE, goods_returned
from temporary_aid.queries.terms import terms_by_area
from temporary_aid.rules.states import AidState

NOTHING = Decimal("0.00")


def is_released(aid: TemporaryAid) -> bool:
    """Whether the county let this aid be paid first although papers are overdue (县级放行)."""
    return aid.events.filter(kind=AidEventKind.ADVANCE_RELEASED).exists()


def overdue_supplements(area: Area, *, on: date) -> QuerySet[PettyAdvance]:
    """Advances of the area's township whose papers are overdue (逾期未补): the due day itself is in time."""
    township = township_of(area)
    return PettyAdvance.objects.filter(
        aid__area__code__startswith=township.code, aid__state=AidState.ADVANCED, supplement_due_on__lt=on
    )


def paid_amount(aid: TemporaryAid) -> Decimal:
    """Money and goods that reached the family and did not come back into the stock (退库), yuan.

    A service cannot come back.
    """
    paid = aid.stages.filter(state=StageState.PAID).exclude(form=StageForm.SERVICE)
    back = goods_returned().filter(stage__aid=aid, repayment=None)
    worth: Decimal | None = back.aggregate(sum=Sum(GOODS_VALUE))["sum"]
    return (paid.aggregate(sum=Sum("amount"))["sum"] or NOTHING) - (worth or NOTHING)


def repaid_amount(recoupment: AidRecoupment) -> Decimal:
    """What has come back, yuan."""
    return recoupment.repayments.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def left_to_recoup(recoupment: AidRecoupment) -> Decimal:
    """What has still to come back, yuan."""
    return recoupment.due_amount - recoupment.waived_amount - repaid_amount(recoupment)


def reserve_room(aid: TemporaryAid) -> Decimal:
    """What came from the reserve for the aid and has not gone back there, yuan."""
    sums: dict[str, Decimal] = dict(
        ReserveEntry.objects.filter(aid=aid, kind__in=[EntryKind.ADVANCE, EntryKind.REFUND])
        .order_by()
        .values_list("kind")
        .annotate(sum=Sum("amount"))
    )
    return sums.get(EntryKind.ADVANCE, NOTHING) - sums.get(EntryKind.REFUND, NOTHING)


def advances_visible_to(staff: Staff) -> QuerySet[PettyAdvance]:
    """先行单 of aids that the person may see."""
    return PettyAdvance.objects.filter(aid__area_id__in=staff.area_ids(Permission.VIEW_AID))


@dataclass(frozen=True)
class AdvanceFilter:
    """What the list of advances is cut to.

    :param standing: a key of :data:`STANDINGS`.
    :param month: first day of the month in which it was paid.
    """

    standing: str = ""
    township: str = ""
    village: str = ""
    month: date | None = None
    late: str = ""
    text: str = ""


def listed(staff: Staff, *, on: date, wanted: AdvanceFilter = AdvanceFilter()) -> QuerySet[PettyAdvance]:
    """小额先行救助台账: those whose papers are still to come first, by their due day."""
    rows = advances_visible_to(staff).select_related("aid__area__parent", "paid_by")
    if wanted.standing:
        rows = rows.filter(STANDINGS[wanted.standing][1](on))
    if wanted.village:
        rows = rows.filter(aid__area__code=wanted.village)
    if wanted.township:
        rows = rows.filter(aid__area__code__startswith=wanted.township)
    if wanted.month:
        begin, end = month_bounds(wanted.month)
        rows = rows.filter(paid_at__gte=begin, paid_at__lt=end)
    if wanted.late:
        rows = rows.filter(is_late=wanted.late == "yes")
    if wanted.text:
        rows = rows.filter(
            Q(number__iexact=wanted.text)
            | Q(aid__number__iexact=wanted.text)
            | Q(aid__recipient_name__icontains=wanted.text)
        )
    to_come = Case(When(aid__state=AidState.ADVANCED, then=F("supplement_due_on")), output_field=DateField())
    return rows.order_by(to_come.asc(nulls_last=True), "-paid_at", "-pk")


STANDINGS: dict[str, tuple[str, Callable[[date], Q]]] = {
    "to_come": ("待补手续", lambda on: Q(aid__state=AidState.ADVANCED)),
    "overdue": ("逾期未补", lambda on: Q(aid__state=AidState.ADVANCED, supplement_due_on__lt=on)),
    "to_check": ("补充说明待审核", lambda on: Q(aid__state=AidState.SUPPLEMENTED)),
    "approved": ("已批准", lambda on: Q(aid__state__in=[AidState.APPROVED, AidState.CLOSED])),
    "recouped": ("追回", lambda on: Q(aid__state__in=[AidState.RECOUPING, AidState.RECOUPED])),
}
"""How the papers of an advance stand."""


def asked_advances(staff: Staff) -> QuerySet[TemporaryAid]:
    """Aids for which a village asks an advance, where the person pays (待先行救助)."""
    return visible_to(staff).filter(state=AidState.ADVANCE_ASKED, area_id__in=_payable(staff))


def _payable(staff: Staff) -> frozenset[int]:
    return frozenset(staff.area_ids(Permission.PAY_AID)) & frozenset(staff.area_ids(Permission.HANDLE_AID))


def supplements_owed(staff: Staff) -> QuerySet[PettyAdvance]:
    """先行单 whose papers the person has to bring (待补手续), the earliest due first."""
    mine = staff.area_ids(Permission.HANDLE_AID)
    rows = advances_visible_to(staff).filter(aid__state=AidState.ADVANCED, aid__area_id__in=mine)
    return rows.select_related("aid__area__parent").order_by("supplement_due_on", "pk")


def supplements_to_check(staff: Staff, *, on: date) -> QuerySet[Supplement]:
    """补充说明 that wait for the person: within the township's limit for it, above for the county.

    Where nobody of the township is left to check what is its own, the county does. Not those that the person, or whom
    they stand for (代理), had a hand in. By the figures of the day in its area.
    """
    waiting = supplements_visible_to(staff).filter(result=SupplementResult.WAITING)
    rows = list(waiting.select_related("aid__area", "aid__advance_slip").annotate(followed=followed_sum("aid__")))
    terms = terms_by_area(on=on) if rows else None
    aids = {
        row.aid: terms is not None
        and terms.of(row.aid.area.code).is_townships(row.aid.advance_slip.amount + row.followed)
        for row in rows
    }
    also = {row.aid_id: (row.submitted_by_id, row.aid.advance_slip.paid_by_id) for row in rows}
    return Supplement.objects.filter(result=SupplementResult.WAITING, aid__in=decidable(staff, aids, also=also))


def supplements_visible_to(staff: Staff) -> QuerySet[Supplement]:
    """补充说明 of aids that the person may see."""
    return Supplement.objects.filter(aid__in=visible_to(staff))


def open_recoupments(staff: Staff) -> QuerySet[AidRecoupment]:
    """追回 under way, where the person records what comes back."""
    mine = staff.area_ids(Permission.HANDLE_AID)
    rows = AidRecoupment.objects.filter(state=AidRecoupmentState.OPEN, aid__in=visible_to(staff))
    return rows.filter(aid__area_id__in=mine)


def balance_of(area: Area) -> Decimal | None:
    """What the reserve of the area's township holds, yuan; None where there is no fund."""
    return ReserveFund.objects.filter(area=township_of(area)).values_list("balance", flat=True).first()
