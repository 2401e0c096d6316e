"""What supervision shows on a family's page."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from households.models import Household
from households.queries import current_members
from households.signals import FamilyPanel, family_page_opened
from organizations.models import Staff
from organizations.permissions import Permission, can_act


@receiver(family_page_opened, dispatch_uid="supervision.uses_of_family")
def uses_of_family(sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any) -> FamilyPanel | None:
    """The way to the record of who used whose data; nothing for whoever may not read it."""
    if not can_act(staff, Permission.VIEW_DATA_USES, area=household.area):
        return None
    people = current_members(household)
    return FamilyPanel(90, "uses", "个人信息处理记录", "supervision/_of_family.html", {"people": people})
