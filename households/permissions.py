"""Who may see and change a family; everything starts from the areas in which a person may act."""

from django.db.models import QuerySet

from households.models import Household
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act


def can_see(staff: Staff, household: Household) -> bool:
    """Whether the family lies where the person may look."""
    return household.area_id in staff.area_ids(Permission.VIEW_HOUSEHOLD)


def check_can_change(staff: Staff, household: Household) -> None:
    """
    :raises NotPermitted: the person may not register families in the family's area.
    """
    check_can_act(staff, Permission.REGISTER_HOUSEHOLD, area=household.area)


def households_visible_to(staff: Staff) -> QuerySet[Household]:
    """Families that the person may see."""
    return Household.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_HOUSEHOLD))
