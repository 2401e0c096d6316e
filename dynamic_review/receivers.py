"""What rooms below tell of awards, people and review cases, and what reviews show on a family's page."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from applications.models import Case
from applications.signals import review_decided
from benefits.models import Award, AwardEnd, AwardVersion, MonthlyRoll, PhaseOut
from benefits.services import LaterMonth
from benefits.signals import (
    award_ended,
    award_page_opened,
    laid_before_a_standard,
    phase_out_revoked,
    phase_outs_listed,
    roll_freezing,
)
from dynamic_review import services
from dynamic_review.permissions import Permission
from dynamic_review.queries.family import reviews_of_family
from dynamic_review.queries.restoring import phase_out_running
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


@receiver(laid_before_a_standard, dispatch_uid="dynamic_review.lay_by_later_standards")
def _laid_before_a_standard(sender: Any, *, version: AwardVersion, later: Sequence[LaterMonth], **kwargs: Any) -> None:
    services.lay_by_later_standards(version, later=later)


@receiver(phase_out_revoked, dispatch_uid="dynamic_review.tell_that_a_phase_out_is_revoked")
def _phase_out_revoked(sender: Any, *, phase_out: PhaseOut, **kwargs: Any) -> None:
    services.tell_of_revocation(phase_out)


@receiver(roll_freezing, dispatch_uid="dynamic_review.hold_up_freezing_while_an_uplift_is_rolled_back")
def _roll_freezing(sender: Any, *, roll: MonthlyRoll, **kwargs: Any) -> None:
    services.check_nothing_is_rolled_back(roll)


@receiver(person_merged, dispatch_uid="dynamic_review.take_over_triggers_and_offers")
def _person_merged(sender: Any, *, former: Person, known: Person, **kwargs: Any) -> None:
    services.take_over(former, known=known)


@receiver(phase_outs_listed, dispatch_uid="dynamic_review.lead_to_bringing_families_back")
def _phase_outs_listed(sender: Any, *, rows: Sequence[PhaseOut], staff: Staff, **kwargs: Any) -> dict[int, str]:
    mine = staff.area_ids(Permission.MANAGE_PHASE_OUT)
    return {row.pk: reverse("dynamic_review:restore", args=[row.pk]) for row in rows if row.award.area_id in mine}


@receiver(award_page_opened, dispatch_uid="dynamic_review.offer_to_bring_a_family_back")
def _award_page_opened(sender: Any, *, award: Award, staff: Staff, on: date, **kwargs: Any) -> list[tuple[str, str]]:
    """恢复低保 of a family in phase-out, for who decides it."""
    running = phase_out_running(award, on=on)
    if running is None or award.area_id not in staff.area_ids(Permission.MANAGE_PHASE_OUT):
        return []
    return [("恢复低保", reverse("dynamic_review:restore", args=[running.pk]))]
