"""Reads of aids, cut to what the person may see; and what a family was granted before, in the whole county."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from eligibility.rules.choices import AidCause
from households.models import Member
from organizations.models import Staff
from organizations.permissions import Permission
from temporary_aid.models import HardshipReport, TemporaryAid
from temporary_aid.queries.terms import AidTerms
from temporary_aid.rules.frequency import Frequency, PastAid, frequency
from temporary_aid.rules.states import GRANTED_STATES, AidState


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
        PastAid(row.number, AidCause(row.cause), timezone.localdate(row.decided_at), row.area.township_code)  # type: ignore[call-arg]
        for row in granted_before(aid)
    ]
    return frequency(past, cause=AidCause(aid.cause), terms=terms.frequency, on=on)  # type: ignore[call-arg]


def granted_before(aid: TemporaryAid) -> QuerySet[TemporaryAid]:
    """Aids granted to the same family or person but this one; of follow-ups only what they follow."""
    same = Q(pk__in=())
    numbers = {aid.recipient_id_index} - {""}
    if aid.household_id is not None:
        same |= Q(household=aid.household_id)
        people = Member.objects.filter(household=aid.household_id, left_on=None)
        numbers |= set(people.values_list("person__id_number_index", flat=True)) - {""}
    if numbers:
        same |= Q(recipient_id_index__in=numbers)
    granted = [state.value for state in GRANTED_STATES - {AidState.RECOUPED}]
    found = TemporaryAid.objects.filter(same, state__in=granted, follow_up_of=None).exclude(pk=aid.pk)
    if aid.follow_up_of_id is not None:
        found = found.exclude(pk=aid.follow_up_of_id)
    return found.select_related("area").order_by("decided_at")
