"""Reviews up for confirmation that propose no change (维持), in the order in which they are due."""

from django.db.models import F, QuerySet

from applications.models import Case
from applications.models.cases import CaseKind
from applications.queries import visible_to
from applications.rules.process import CaseState
from applications.rules.reviews import ReviewResult
from benefits.models import AwardState
from organizations.models import Staff
from organizations.permissions import Permission


def unchanged_to_confirm(staff: Staff) -> QuerySet[Case]:
    """Where the person confirms: reviews whose signed proposal is to go on as it is; each is looked at by itself."""
    county, township = staff.area_ids(Permission.CONFIRM), staff.area_ids(Permission.CONFIRM_DELEGATED)
    waiting = (
        visible_to(staff)
        .filter(
            kind=CaseKind.REVIEW,
            state=CaseState.CONFIRMING.value,
            proposals__replaced_on=None,
            proposals__review_result=ReviewResult.CONTINUE.value,
        )
        .exclude(award__state=AwardState.SUSPENDED)
    )  # what becomes of the suspension is said on the case's own page
    mine = waiting.filter(authority="county", area_id__in=county) | waiting.filter(
        authority="township", area_id__in=township
    )
    return mine.order_by(F("due_on").asc(nulls_last=True), "pk")
