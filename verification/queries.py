"""Reads of means checks, cut to what the person may see."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from households.models import Member
from organizations.models import Staff
from verification.models import MeansCheck, MeansCheckState
from verification.permissions import Permission


def visible_to(staff: Staff) -> QuerySet[MeansCheck]:
    """Means checks of families whose cases the person may see, or that the person answers."""
    areas = staff.area_ids(Permission.VIEW_CASE) | staff.area_ids(Permission.ANSWER_MEANS_CHECK)
    return MeansCheck.objects.filter(household__area_id__in=areas)


def answerable_by(staff: Staff) -> QuerySet[MeansCheck]:
    """Open requests that the person may answer, most urgent first."""
    return (
        MeansCheck.objects.filter(
            Q(state="requested"), household__area_id__in=staff.area_ids(Permission.ANSWER_MEANS_CHECK)
        )
        .select_related("household__area__parent", "requested_by")
        .order_by("due_on", "pk")
    )


def listed(staff: Staff, *, state: str) -> QuerySet[MeansCheck]:
    """Checks in a state with family and head; open ones by urgency, the others newest first."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    checks = (
        visible_to(staff)
        .filter(state=state)
        .select_related("household__area__parent", "requested_by", "answered_by")
        .annotate(head_name=Subquery(head.values("person__name")[:1]))
    )
    order = ("due_on", "pk") if state == MeansCheckState.REQUESTED else ("-requested_on", "-pk")
    return checks.order_by(*order)
