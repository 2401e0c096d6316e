"""What rooms below tell of awards, people and review cases, and what reviews show on a family's page."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from applications.models import Case
from applications.signals import review_decided
from benefits.models import AwardEnd
from benefits.signals import award_ended
from dynamic_review import services
from dynamic_review.permissions import Permission
from dynamic_review.queries.family import reviews_of_family
from households.models import Household, Person
from households.signals import FamilyPanel, family_page_opened, person_merged
from organizations.models import Staff


@receiver(family_page_opened, dispatch_uid="dynamic_review.reviews_of_family")
def _reviews_of_family(
    sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any
) -> FamilyPanel | None:
    """When each award of the family is reviewed, and what was; nothing where it has none."""
    if not staff.may(Permission.VIEW_REVIEW):
        return None
    reviews = reviews_of_family(household, staff, on=on)
    if not reviews:
        return None
    return FamilyPanel(22, "reviews", "复核", "dynamic_review/_of_family.html", {"reviews": reviews})


@receiver(review_decided, dispatch_uid="dynamic_review.close_what_was_due")
def _review_decided(sender: Any, *, case: Case, on: date, **kwargs: Any) -> None:
    services.close_reviewed(case, on=on)


@receiver(award_ended, dispatch_uid="dynamic_review.close_what_an_ended_award_leaves_due")
def _award_ended(sender: Any, *, end: AwardEnd, **kwargs: Any) -> None:
    services.close_ended(end.award, on=end.decided_on)


@receiver(person_merged, dispatch_uid="dynamic_review.take_over_triggers_and_offers")
def _person_merged(sender: Any, *, former: Person, known: Person, **kwargs: Any) -> None:
    services.take_over(former, known=known)
