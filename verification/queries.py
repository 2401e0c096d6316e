"""Reads of means checks, cut to what the person may see."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from households.models import Member
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from verification.models import MeansCheck, MeansCheckState
from verification.permissions import Permission


def visible_to(staff: Staff) -> QuerySet[MeansCheck]:
    """Means checks of families whose cases the person may see, or that the person answers."""
    areas = staff.area_ids(Permission.VIEW_CASE) | staff.area_ids(Permission.ANSWER_MEANS_CHECK)
    return MeansCheck.objects.filter(household__area_id__in=areas, household__archived_on=None)


def answerable_by(staff: Staff) -> QuerySet[MeansCheck]:
    """Open requests that the person may answer, most urgent first."""
    return (
        MeansCheck.objects.filter(
            Q(state="requested"), household__area_id__in=staff.area_ids(Permission.ANSWER_MEANS_CHECK)
        )
        .select_related("household__area__parent", "requested_by")
        .order_by("due_on", "pk")
    )


SORTS = {
    "head": ("head_pinyin", "pk"),
    "due": ("due_on", "pk"),
    "area": ("household__area__code", "pk"),
    "requested": ("requested_on", "pk"),
}


def listed(staff: Staff, *, state: str, township: str = "", result: str = "", sort: str = "") -> QuerySet[MeansCheck]:
    """Checks in a state with family and head; unless sorted open ones by urgency, the others newest first.

    :param sort: a key of :data:`SORTS`, with ``-`` before it for the other way round.
    """
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    checks = (
        visible_to(staff)
        .filter(state=state)
        .select_related("household__area__parent", "requested_by", "answered_by")
        .annotate(
            head_name=Subquery(head.values("person__name")[:1]), head_pinyin=Subquery(head.values("person__pinyin")[:1])
        )
    )
    if township:
        checks = checks.filter(household__area__parent__code=township)
    if result:
        checks = checks.filter(result=result)
    usual = ("due_on", "pk") if state == MeansCheckState.REQUESTED else ("-requested_on", "-pk")
    order = SORTS.get(sort.removeprefix("-"))
    if order is None:
        return checks.order_by(*usual)
    return checks.order_by(*(f"-{field}" if sort.startswith("-") else field for field in order))


def townships_of_checks(staff: Staff) -> QuerySet[Area]:
    """Townships whose means checks the person may see."""
    areas = staff.area_ids(Permission.VIEW_CASE) | staff.area_ids(Permission.ANSWER_MEANS_CHECK)
    return Area.objects.filter(pk__in=Area.objects.filter(pk__in=areas, level=AreaLevel.VILLAGE).values("parent"))
