"""Who may see and change a family; everything starts from the areas in which a person may act."""

from django.db.models import QuerySet

from foundation.errors import NotPermitted
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act


def can_see(staff: Staff, household: Household) -> bool:
    """Whether the family lies where the person may look."""
    return household.archived_on is None and household.area_id in staff.area_ids(Permission.VIEW_HOUSEHOLD)


def is_in_own_archive(staff: Staff, household: Household) -> bool:
    """Whether the family lies in the archive (归档库), and its area is one where the person may look."""
    return household.archived_on is not None and household.area_id in staff.area_ids(Permission.VIEW_HOUSEHOLD)


def check_can_change(staff: Staff, household: Household) -> None:
    """
    :raises NotPermitted: the person may not register families in the family's area.
    """
    check_can_act(staff, Permission.REGISTER_HOUSEHOLD, area=household.area)


ATTACHING = (
    Permission.REGISTER_HOUSEHOLD,
    Permission.OPEN_INTAKE,
    Permission.INVESTIGATE,
    Permission.ANSWER_MEANS_CHECK,
    Permission.PUBLICISE,
    Permission.SIGN_PROPOSAL,
    Permission.COUNTY_VISIT,
    Permission.CONFIRM,
)
"""Acts in the course of which papers and photos come in; who only reads adds none."""


def can_attach(staff: Staff, household: Household) -> bool:
    """Whether the person may add and void attachments of the family."""
    return any(can_act(staff, permission, area=household.area) for permission in ATTACHING)


def check_can_attach(staff: Staff, household: Household) -> None:
    """
    :raises NotPermitted: the person may not add or void attachments of the family.
    """
    if not can_attach(staff, household):
        raise NotPermitted("您没有为这个家庭上传或作废附件的权限。")


def can_change(staff: Staff, household: Household) -> bool:
    """Whether the person may register families in the family's area."""
    return can_act(staff, Permission.REGISTER_HOUSEHOLD, area=household.area)


def households_visible_to(staff: Staff) -> QuerySet[Household]:
    """Families at hand that the person may see; who lies in the archive is read there alone (归档库)."""
    return Household.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_HOUSEHOLD), archived_on=None)
