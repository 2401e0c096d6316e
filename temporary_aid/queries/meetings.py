"""一事一议: what is asked of the county's meeting, and what takes its resolution before anybody asks."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from organizations.models import Staff
from temporary_aid.models import CollectiveDecision, CollectiveRequest, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.aids import frequencies_of, visible_to
from temporary_aid.queries.terms import TermsByArea
from temporary_aid.rules.plans import read_plan, total
from temporary_aid.rules.states import BEFORE_DECISION, BEFORE_GRANT, AidState

MEETINGS = {"asked": "已提请待议", "resolved": "已登记决议"}
"""How an aid stands to the meeting, as the list is cut by it."""
_UNDECIDED = BEFORE_DECISION | {AidState.IN_CASE}


def request_of(aid: TemporaryAid) -> CollectiveRequest | None:
    """What was asked of the meeting and not withdrawn, answered or not."""
    return aid.collective_requests.filter(withdrawn_at=None).select_related("asked_by").first()


def standing_to_meeting(meeting: str) -> Q:
    """Of aids those that stand so to the meeting; of what is asked only what is still to be answered and granted.

    :param meeting: a key of :data:`MEETINGS`, or empty for all.
    """
    if not meeting:
        return Q()
    resolved = Q(Exists(CollectiveDecision.objects.filter(aid=OuterRef("pk"), voided_at=None)))
    if meeting == "resolved":
        return resolved
    asked = Exists(CollectiveRequest.objects.filter(aid=OuterRef("pk"), withdrawn_at=None))
    return Q(asked) & ~resolved & Q(state__in=[state.value for state in BEFORE_GRANT])


def aids_for_meeting(staff: Staff, *, terms: TermsByArea | None, on: date) -> QuerySet[TemporaryAid]:
    """Aids that wait for a resolution where the person records it: asked for, or beyond the frequency as it is judged.

    What is above the maximum only shows when somebody asks for it.

    :param terms: None while the county has not set its figures: then what is asked alone.
    """
    mine = visible_to(staff).filter(area_id__in=staff.area_ids(Permission.RECORD_COLLECTIVE_DECISION))
    waits = standing_to_meeting("asked")
    if terms is None:
        return mine.filter(waits)
    undecided = mine.filter(~standing_to_meeting("resolved"), state__in=[state.value for state in _UNDECIDED])
    aids = [aid for aid in undecided.select_related("area") if not _gives_nothing(aid)]
    counted = zip(aids, frequencies_of(aids, terms=terms, on=on), strict=True)
    return mine.filter(waits | Q(pk__in=[aid.pk for aid, found in counted if found.is_beyond]))


def _gives_nothing(aid: TemporaryAid) -> bool:
    """Whether what is planned is a mere referral (转介), which is no time and takes no resolution."""
    return bool(aid.plan) and total(read_plan(aid.plan)) == 0
