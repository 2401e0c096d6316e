"""Every act on an intake or a case: one function an action, in one transaction, with its permission check."""

from applications.services.acceptance import MissingPaper, NotAcceptable, accept, ask_supplement, receive_supplement
from applications.services.batches import (
    DeliveryOrder,
    OpenedBefore,
    SheetOrder,
    announce_batch,
    deliver_batch,
    leave_out,
    open_batch,
    publicise_batch,
)
from applications.services.confirming import FactsChanged, approve, refuse, resume, send_back, send_up_stranded
from applications.services.deadlines import recompute_provisional
from applications.services.draws import NothingToDraw, draw_checks
from applications.services.ending import (
    TERMINATION_CAUSES,
    applicant_died,
    may_take_back,
    take_back,
    terminate,
    withdraw,
)
from applications.services.intake import add_paper, change_draft, declare_relative, open_case, open_intake, submit
from applications.services.investigation import (
    VisitNotValid,
    VisitReport,
    ask_means_check,
    call_appraisal,
    extend_deadline,
    record_appraisal,
    record_recheck,
    record_visit,
    start_investigation,
    tell_family,
)
from applications.services.issuing import deliver
from applications.services.outcomes import NotProposable, ProposalData, ProposedPerson
from applications.services.proposing import (
    contest,
    draft_proposal,
    return_draft,
    send_to_confirm,
    sign_proposal,
    tell_not_eligible,
)
from applications.services.publicity import (
    add_publicity_photo,
    close_publicity,
    photograph_sheet,
    raise_objection,
    receive_complaint,
    reinvestigate,
    resolve_objection,
)
from applications.services.reissuing import reissuable_by, reissue
from applications.services.reviews import approve_review, call_off_review, open_review
from applications.services.self_care import (
    SelfCareNotValid,
    SelfCareReport,
    assess_self_care,
    reassess_self_care,
)
from applications.services.sheets import announce, announce_together, publicise, publicise_together
from applications.services.steps import NotNow, NotOpenable, OverdueReasonMissing, Recused, renew_pages
from applications.services.support_choices import choose_support
from applications.services.terminations import TerminationData, call_off, open_termination
from applications.services.terms import NotATerm, change_term

__all__ = [
    "TERMINATION_CAUSES",
    "DeliveryOrder",
    "FactsChanged",
    "MissingPaper",
    "NotATerm",
    "NotAcceptable",
    "NotNow",
    "NotOpenable",
    "NotProposable",
    "NothingToDraw",
    "OpenedBefore",
    "OverdueReasonMissing",
    "ProposalData",
    "ProposedPerson",
    "Recused",
    "SelfCareNotValid",
    "SelfCareReport",
    "SheetOrder",
    "TerminationData",
    "VisitNotValid",
    "VisitReport",
    "accept",
    "add_paper",
    "add_publicity_photo",
    "announce",
    "announce_batch",
    "announce_together",
    "applicant_died",
    "approve",
    "approve_review",
    "ask_means_check",
    "ask_supplement",
    "assess_self_care",
    "call_appraisal",
    "call_off",
    "call_off_review",
    "change_draft",
    "change_term",
    "choose_support",
    "close_publicity",
    "contest",
    "declare_relative",
    "deliver",
    "deliver_batch",
    "draft_proposal",
    "draw_checks",
    "extend_deadline",
    "leave_out",
    "may_take_back",
    "open_batch",
    "open_case",
    "open_intake",
    "open_review",
    "open_termination",
    "photograph_sheet",
    "publicise",
    "publicise_batch",
    "publicise_together",
    "raise_objection",
    "reassess_self_care",
    "receive_complaint",
    "receive_supplement",
    "recompute_provisional",
    "record_appraisal",
    "record_recheck",
    "record_visit",
    "refuse",
    "reinvestigate",
    "reissuable_by",
    "reissue",
    "renew_pages",
    "resolve_objection",
    "resume",
    "return_draft",
    "send_back",
    "send_to_confirm",
    "send_up_stranded",
    "sign_proposal",
    "start_investigation",
    "submit",
    "take_back",
    "tell_family",
    "tell_not_eligible",
    "terminate",
    "withdraw",
]
