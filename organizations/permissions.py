"""Permissions are granted on areas; this module is the one that asks them."""

from foundation.errors import NotPermitted
from organizations.models import Area, Staff
from organizations.rules.roles import ROLE_LEVELS, ROLE_PERMISSIONS, Permission, Role

__all__ = ["ROLE_LEVELS", "ROLE_PERMISSIONS", "Permission", "Role", "can_act", "check_can_act"]


def can_act(staff: Staff, permission: Permission, *, area: Area) -> bool:
    """Whether the person may do the act in the area."""
    return area.pk in staff.area_ids(permission)


def check_can_act(staff: Staff, permission: Permission, *, area: Area) -> None:
    """
    :raises NotPermitted: the person may not do the act in the area.
    """
    if not can_act(staff, permission, area=area):
        raise NotPermitted(f"您没有在{area.name}“{permission.label}”的权限。")
