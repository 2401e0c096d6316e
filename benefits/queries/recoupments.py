"""Reads of recoupments (追回): the list, and what of one has come back."""

from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from benefits.models import Award, Recoupment, RecoupmentReturn, RollItem
from households.models import Member
from organizations.models import Staff
from organizations.permissions import Permission

_NOTHING = Decimal("0.00")


def recoupments_visible_to(staff: Staff) -> QuerySet[Recoupment]:
    """Recoupments of awards whose rolls the person sees."""
    return Recoupment.objects.filter(award__area_id__in=staff.area_ids(Permission.VIEW_ROLL)).select_related(
        "award__area__parent", "award__household", "entered_by", "approved_by"
    )


def list_recoupments(staff: Staff, *, state: str = "", township: str = "") -> QuerySet[Recoupment]:
    """追回单 for the list, the latest first, with the head's name and what was taken or given back."""
    rows = recoupments_visible_to(staff)
    if state:
        rows = rows.filter(state=state)
    if township:
        rows = rows.filter(award__area__parent__code=township)
    taken = RollItem.objects.filter(recoupment=OuterRef("pk"), line__roll__frozen_at__isnull=False)
    given = RecoupmentReturn.objects.filter(recoupment=OuterRef("pk"))
    head = Member.objects.filter(household=OuterRef("award__household"), relation="head").order_by(
        F("left_on").desc(nulls_first=True), "-pk"
    )
    return rows.annotate(
        head_name=Subquery(head.values("person__name")[:1]),
        taken_amount=Coalesce(_sum(taken), _NOTHING),
        given_amount=Coalesce(_sum(given), _NOTHING),
    ).order_by("-pk")


def _sum(rows: QuerySet[RollItem] | QuerySet[RecoupmentReturn]) -> Subquery:
    return Subquery(rows.order_by().values("recoupment").annotate(sum=Sum("amount")).values("sum"))


def recoupable_awards(staff: Staff) -> QuerySet[Award]:
    """Awards that the person may enter a recoupment of."""
    return Award.objects.filter(area_id__in=staff.area_ids(Permission.MANAGE_RECOUPMENT)).select_related(
        "area__parent", "household"
    )


def recoupments_to_approve(staff: Staff) -> QuerySet[Recoupment]:
    """追回单 that wait for the person's approval, who did not enter them."""
    areas = staff.area_ids(Permission.CONFIRM)
    return Recoupment.objects.filter(state="proposed", award__area_id__in=areas).exclude(entered_by=staff)
