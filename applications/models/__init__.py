from applications.models.batches import BATCH_LIMIT, Batch, BatchAct, BatchRow, Outcome
from applications.models.cases import Case, CaseCounter, CaseDocument, CaseEvent, CaseMeansCheck
from applications.models.decisions import Announcement, Decision, Proposal, ProposalPerson
from applications.models.draws import CheckDraw, DrawnCase
from applications.models.intakes import Intake, IntakePaper, RelativeDeclaration, SupplementItem, SupplementNotice
from applications.models.investigation import Appraisal, HomeVisit, HomeVisitor, VisitAttachment
from applications.models.publicity import Complaint, Objection, Publicity, PublicityPhoto
from applications.models.reviews import Review
from applications.models.self_care import SelfCareAssessment, SelfCareAssessor
from applications.models.support_choices import ChildSupport, SupportChoice
from applications.models.terminations import Termination
from applications.models.terms import DeadlineExtension, OverdueReason, StepItem, StepPaper, StepTerm

__all__ = [
    "BATCH_LIMIT",
    "Announcement",
    "Appraisal",
    "Batch",
    "BatchAct",
    "BatchRow",
    "Case",
    "CaseCounter",
    "CaseDocument",
    "CaseEvent",
    "CaseMeansCheck",
    "CheckDraw",
    "ChildSupport",
    "Complaint",
    "DeadlineExtension",
    "Decision",
    "DrawnCase",
    "HomeVisit",
    "HomeVisitor",
    "Intake",
    "IntakePaper",
    "Objection",
    "Outcome",
    "OverdueReason",
    "Proposal",
    "ProposalPerson",
    "Publicity",
    "PublicityPhoto",
    "RelativeDeclaration",
    "Review",
    "SelfCareAssessment",
    "SelfCareAssessor",
    "StepItem",
    "StepPaper",
    "StepTerm",
    "SupplementItem",
    "SupplementNotice",
    "SupportChoice",
    "Termination",
    "VisitAttachment",
]
