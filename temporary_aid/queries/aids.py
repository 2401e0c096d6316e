"""Reads of aids, cut to what the person may see; and what a family was granted before, in the whole county."""

from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from eligibility.rules.choices import AidCause
from households.models import Member
from organizations.models import Staff
from organizations.permissions import Permission
from temporary_aid.models import HardshipReport, TemporaryAid
from temporary_aid.queries.terms import AidTerms
from temporary_aid.rules.amounts import NOTHING
from temporary_aid.rules.frequency import Frequency, PastAid, frequency
from temporary_aid.rules.states import GRANTED_STATES, AidRoute, AidState


def visible_to(staff: Staff) -> QuerySet[TemporaryAid]:
    """Aids of the areas that the person works for; the start of every read of aids."""
    return TemporaryAid.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AID))


def reports_visible_to(staff: Staff) -> QuerySet[HardshipReport]:
    """Reports (急难报告) of the areas that the person works for."""
    return HardshipReport.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AID))


def frequency_of(aid: TemporaryAid, *, terms: AidTerms, on: date) -> Frequency:
    """How often the family or person was helped within the year, in whichever township (频次); one or two queries.

    Aid that the family must pay back whole (已追回) does not count; a follow-up counts with what it follows.
    """
    past = [
        PastAid(row.number, AidCause(row.cause), _granted_on(row), row.area.township_code)
        for row in granted_before(aid)
    ]
    return frequency(past, cause=AidCause(aid.cause), terms=terms.frequency, on=on)


def _granted_on(aid: TemporaryAid) -> date:
    """The day that counts: of a 小额先行 the payment, for its papers are approved days later and in another year."""
    instant = aid.first_paid_at if aid.route == AidRoute.PETTY_ADVANCE else aid.decided_at
    assert instant is not None  # noqa: S101 -- held by aid_granted_whole
    return timezone.localdate(instant)


def granted_before(aid: TemporaryAid) -> QuerySet[TemporaryAid]:
    """Aids granted to the same family or person but this one; of follow-ups only what they follow."""
    same = Q(pk__in=())
    if aid.household_id is not None:
        same |= Q(household=aid.household_id)
    if numbers := _numbers_of(aid):
        same |= Q(recipient_id_index__in=numbers)
    granted = [state.value for state in GRANTED_STATES - {AidState.RECOUPED}]
    found = TemporaryAid.objects.filter(same, state__in=granted, follow_up_of=None).exclude(pk=aid.pk)
    if aid.follow_up_of_id is not None:
        found = found.exclude(pk=aid.follow_up_of_id)
    return found.select_related("area").order_by("decided_at")


def followed_amount(aid: TemporaryAid) -> Decimal:
    """What was granted within the same time (同一次): the aid that it follows and the other follow-ups; yuan."""
    root = aid.follow_up_of_id
    if root is None:
        return NOTHING
    granted = [state.value for state in GRANTED_STATES - {AidState.RECOUPED}]
    chain = TemporaryAid.objects.filter(Q(pk=root) | Q(follow_up_of=root), state__in=granted).exclude(pk=aid.pk)
    return chain.aggregate(total=Sum("amount"))["total"] or NOTHING


def hold_people_of(aid: TemporaryAid) -> None:
    """Until the transaction ends nobody else decides on aid of the same family or person, in whichever township.

    Without it two townships that decide in the same moment would each find that nothing was granted yet.
    """
    keys = {f"aid-person-{number}" for number in _numbers_of(aid)}
    if aid.household_id is not None:
        keys.add(f"aid-family-{aid.household_id}")
    with connection.cursor() as cursor:
        for key in sorted(keys):  # in one order, so that no two wait for each other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _numbers_of(aid: TemporaryAid) -> set[str]:
    """Blind indexes of the recipient's ID number and of everybody's in the family."""
    numbers = {aid.recipient_id_index}
    if aid.household_id is not None:
        people = Member.objects.filter(household=aid.household_id, left_on=None)
        numbers |= set(people.values_list("person__id_number_index", flat=True))
    return numbers - {""}
