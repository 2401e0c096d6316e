"""Who plans reviews, extends them, and decides what follows from them; every act on an area goes by these."""

from organizations.permissions import Permission, can_act, check_can_act

__all__ = ["Permission", "can_act", "check_can_act"]
