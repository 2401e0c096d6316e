"""Extensions of reviews (核查延期), cut to the townships that the person sees."""

from django.db.models import Count, Q, QuerySet

from dynamic_review.models import ReviewExtension
from dynamic_review.permissions import Permission
from organizations.models import Staff


def extensions_visible_to(staff: Staff) -> QuerySet[ReviewExtension]:
    """Extensions that touch a township of the person's, the newest first, with how many open due dates rest on each."""
    seen = staff.area_ids(Permission.VIEW_REVIEW)
    rows = ReviewExtension.objects.filter(Q(areas__in=seen) | Q(areas__children__in=seen)).distinct()
    counted = Count("dues", filter=Q(dues__closed_on=None), distinct=True)
    return (
        rows.select_related("decided_by", "revoked_by")
        .prefetch_related("areas")
        .annotate(total=counted)
        .order_by("-pk")
    )
