"""Every act of temporary aid (临时救助): who calls what is read off the names."""

from temporary_aid.services.asking import ask_meeting, withdraw_request
from temporary_aid.services.base import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.deciding import (
    ProposalData,
    approve_aid,
    decide_in_village,
    keep_plan,
    propose_aid,
    refuse_aid,
    send_back,
)
from temporary_aid.services.entrusting import EntrustmentData, end_entrustment, entrust_village
from temporary_aid.services.expenditure import aid_of, check_proposal, end_with_case, grant_by_case, open_expenditure
from temporary_aid.services.files import add_file
from temporary_aid.services.granting import Reasons
from temporary_aid.services.identifying import (
    check_may_correct_number,
    correct_number,
    identify_recipient,
    link_household,
)
from temporary_aid.services.issuing import check_can_issue, check_may_void, issue_paper, reissue_paper, void_papers
from temporary_aid.services.means import note_means_answer, request_by_itself, request_means
from temporary_aid.services.meetings import MeetingData, Participant, record_decision, void_decision
from temporary_aid.services.opening import (
    AidData,
    HardshipData,
    Recipient,
    mend_aid,
    open_aid,
    withdraw_aid,
)
from temporary_aid.services.publicity import post_aid, recompute_provisional_publicity
from temporary_aid.services.relieving import recompute_provisional
from temporary_aid.services.replenishing import ask_for_low_ones

__all__ = [
    "AidData",
    "EntrustmentData",
    "HardshipData",
    "MeetingData",
    "NeedsCollectiveDecision",
    "NotAllowed",
    "Participant",
    "ProposalData",
    "Reasons",
    "Recipient",
    "add_file",
    "aid_of",
    "approve_aid",
    "ask_for_low_ones",
    "ask_meeting",
    "check_can_issue",
    "check_may_correct_number",
    "check_may_void",
    "check_proposal",
    "correct_number",
    "decide_in_village",
    "end_entrustment",
    "end_with_case",
    "entrust_village",
    "grant_by_case",
    "identify_recipient",
    "issue_paper",
    "keep_plan",
    "link_household",
    "mend_aid",
    "note_means_answer",
    "open_aid",
    "open_expenditure",
    "post_aid",
    "propose_aid",
    "recompute_provisional",
    "recompute_provisional_publicity",
    "record_decision",
    "refuse_aid",
    "reissue_paper",
    "request_by_itself",
    "request_means",
    "send_back",
    "void_decision",
    "void_papers",
    "withdraw_aid",
    "withdraw_request",
]
