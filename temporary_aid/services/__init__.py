"""Every act of temporary aid (临时救助): who calls what is read off the names."""

from temporary_aid.services.base import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.granting import Reasons

__all__ = ["NeedsCollectiveDecision", "NotAllowed", "Reasons"]
