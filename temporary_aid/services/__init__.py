"""Every act of temporary aid (临时救助): who calls what is read off the names."""

from temporary_aid.services.base import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.files import add_file
from temporary_aid.services.granting import Reasons
from temporary_aid.services.opening import (
    AidData,
    HardshipData,
    Recipient,
    identify_recipient,
    link_household,
    mend_aid,
    open_aid,
    withdraw_aid,
)

__all__ = [
    "AidData",
    "HardshipData",
    "NeedsCollectiveDecision",
    "NotAllowed",
    "Reasons",
    "Recipient",
    "add_file",
    "identify_recipient",
    "link_household",
    "mend_aid",
    "open_aid",
    "withdraw_aid",
]
