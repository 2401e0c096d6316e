"""Aids that are still to be posted (事后公示) in a village or a township."""

from django.db.models import QuerySet

from organizations.models import Area, Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.aids import visible_to
from temporary_aid.rules.states import AidState

_POSTED = (AidState.APPROVED, AidState.CLOSED)


def aids_to_post(staff: Staff, area: Area) -> QuerySet[TemporaryAid]:
    """Approved urgent aid of an area whose publicity is owed, where the person handles it, in order of the decision.

    What is asked back (追回) is told to nobody as given.
    """
    mine = visible_to(staff).filter(area_id__in=staff.area_ids(Permission.HANDLE_AID))
    due = mine.filter(publicity_due_on__isnull=False, posted_on=None, state__in=[state.value for state in _POSTED])
    return (
        due.filter(area__code__startswith=area.code).select_related("area").order_by("area__code", "decided_at", "pk")
    )
