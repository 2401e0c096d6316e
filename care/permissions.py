"""Who visits, who arranges care, who assesses and who decides."""

from organizations.permissions import Permission, can_act, check_can_act

__all__ = ["Permission", "can_act", "check_can_act"]
