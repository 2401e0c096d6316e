"""What awards show on a family's page."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from benefits.queries import annotate_current, visible_to
from households.models import Household
from households.signals import FamilyPanel, family_page_opened
from organizations.models import Staff
from organizations.permissions import Permission


@receiver(family_page_opened, dispatch_uid="benefits.awards_of_family")
def awards_of_family(sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any) -> FamilyPanel | None:
    """The family's awards (待遇), for who may see awards."""
    if not staff.may(Permission.VIEW_AWARD):
        return None
    awards = annotate_current(visible_to(staff).filter(household=household), month=on)
    return FamilyPanel(20, "awards", "待遇", "households/_awards.html", {"awards": awards})
