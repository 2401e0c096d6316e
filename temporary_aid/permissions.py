"""Who reports, handles, decides and pays temporary aid, and who keeps the reserve."""

from organizations.permissions import Permission, can_act, check_can_act

__all__ = ["Permission", "can_act", "check_can_act"]
