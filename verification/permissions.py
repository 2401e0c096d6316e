"""Who asks for a means check, who answers it."""

from organizations.permissions import Permission, can_act, check_can_act

__all__ = ["Permission", "can_act", "check_can_act"]
