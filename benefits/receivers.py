"""What families tell the awards, and what awards show on a family's page."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from benefits import services
from benefits.queries import annotate_current, checks_visible_to, recognitions_visible_to, visible_to
from benefits.queries.rolls import payments_of
from benefits.rules.recognitions import soon
from households.models import Household, Person
from households.signals import (
    Cancelled,
    Change,
    FamilyPanel,
    Mended,
    Move,
    death_cancelled,
    death_mended,
    families_merging,
    family_moved,
    family_page_opened,
    members_changed,
    person_merged,
)
from organizations.models import Staff
from organizations.permissions import Permission

SHOWN_PAYMENTS = 24
"""Payments (发放记录) on a family's page: two years."""


@receiver(family_page_opened, dispatch_uid="benefits.awards_of_family")
def awards_of_family(sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any) -> FamilyPanel | None:
    """The family's awards (待遇), for who may see awards."""
    if not staff.may(Permission.VIEW_AWARD):
        return None
    awards = annotate_current(visible_to(staff).filter(household=household), month=on).prefetch_related(
        "persons__person"
    )
    checks = list(checks_visible_to(staff).filter(award__household=household))
    mine = staff.area_ids(Permission.PROPOSE)
    for check in checks:
        check.is_mine = check.award.area_id in mine  # type: ignore[attr-defined]
    context = {
        "awards": awards,
        "award_checks": checks,
        "recognitions": recognitions_visible_to(staff).filter(household=household).prefetch_related("persons__person"),
        "today": on,
        "ending_soon": soon(on),
        "payments": payments_of(household, staff)[:SHOWN_PAYMENTS] if staff.may(Permission.VIEW_ROLL) else None,
    }
    return FamilyPanel(20, "awards", "待遇", "households/_awards.html", context)


@receiver(families_merging, dispatch_uid="benefits.refuse_merging_a_family_with_an_award")
def _families_merging(sender: Any, *, household: Household, on: date, **kwargs: Any) -> None:
    services.check_mergeable(household)
    services.check_not_recognised(household, on=on)


@receiver(family_moved, dispatch_uid="benefits.follow_the_family")
def _family_moved(sender: Any, *, move: Move, **kwargs: Any) -> None:
    services.follow_family(move)
    services.move_recognitions(move)


@receiver(members_changed, dispatch_uid="benefits.have_awards_looked_into")
def _members_changed(sender: Any, *, change: Change, **kwargs: Any) -> None:
    services.note_change(change)
    services.uncover_who_left(change)


@receiver(death_mended, dispatch_uid="benefits.mend_what_rests_on_a_death")
def _death_mended(sender: Any, *, mended: Mended, **kwargs: Any) -> None:
    services.mend_deaths(mended)


@receiver(death_cancelled, dispatch_uid="benefits.bring_back_what_a_death_took")
def _death_cancelled(sender: Any, *, cancelled: Cancelled, **kwargs: Any) -> None:
    services.cancel_deaths(cancelled)


@receiver(person_merged, dispatch_uid="benefits.cover_the_person_who_stays")
def _person_merged(sender: Any, *, former: Person, known: Person, **kwargs: Any) -> None:
    services.take_over(former, known=known)
    services.take_over_recognitions(former, known=known)
