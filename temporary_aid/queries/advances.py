"""Reads of 小额先行救助: what the papers wait for, what may come back, and what the page of an aid shows of it."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from organizations.models import Area
from organizations.queries import township_of
from temporary_aid.models import (
    AidEventKind,
    AidRecoupment,
    EntryKind,
    PettyAdvance,
    ReserveEntry,
    StageForm,
    StageState,
    TemporaryAid,
)
from temporary_aid.queries.terms import AidTerms
from temporary_aid.rules.states import AidState, DecidedBy

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


def level_for(amount: Decimal, *, terms: AidTerms) -> DecidedBy:
    """Who approves urgent aid of so much: the township up to and with its limit, the county above (handbook 10.4)."""
    return DecidedBy.TOWNSHIP if amount <= terms.township_limit else DecidedBy.COUNTY


def paid_amount(aid: TemporaryAid) -> Decimal:
    """Money and goods that reached the family, yuan; a service cannot come back."""
    paid = aid.stages.filter(state=StageState.PAID).exclude(form=StageForm.SERVICE)
    return paid.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def repaid_amount(recoupment: AidRecoupment) -> Decimal:
    """What has come back, yuan."""
    return recoupment.repayments.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def reserve_room(aid: TemporaryAid) -> Decimal:
    """What came from the reserve for the aid and has not gone back there, yuan."""
    sums = dict(
        ReserveEntry.objects.filter(aid=aid, kind__in=[EntryKind.ADVANCE, EntryKind.REFUND])
        .order_by()
        .values_list("kind")
        .annotate(sum=Sum("amount"))
    )
    return sums.get(EntryKind.ADVANCE, NOTHING) - sums.get(EntryKind.REFUND, NOTHING)
