"""Every act of temporary aid (临时救助): who calls what is read off the names."""

from temporary_aid.services.base import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.files import add_file
from temporary_aid.services.granting import Reasons
from temporary_aid.services.issuing import check_can_issue, check_may_void, issue_paper, reissue_paper, void_papers
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
    "check_can_issue",
    "check_may_void",
    "identify_recipient",
    "issue_paper",
    "link_household",
    "mend_aid",
    "open_aid",
    "reissue_paper",
    "void_papers",
    "withdraw_aid",
]
