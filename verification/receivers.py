"""What means checks show on a family's page."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from households.models import Household
from households.signals import FamilyPanel, family_page_opened
from organizations.models import Staff
from verification.permissions import Permission
from verification.queries import visible_to


@receiver(family_page_opened, dispatch_uid="verification.checks_of_family")
def checks_of_family(sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any) -> FamilyPanel | None:
    """The family's means checks (信息核对), for who may see them."""
    if not staff.may(Permission.VIEW_CASE, Permission.ANSWER_MEANS_CHECK):
        return None
    checks = visible_to(staff).filter(household=household)
    return FamilyPanel(10, "means-checks", "信息核对", "verification/_of_family.html", {"checks": checks})
