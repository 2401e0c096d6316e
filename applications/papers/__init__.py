"""Content records of the papers (文书内容) of intakes and cases; whether a person may see them is the caller's duty."""

from applications.papers.approvals import approval_papers
from applications.papers.dossier import dossier
from applications.papers.forms import approval_form, visit_form
from applications.papers.notices import (
    acceptance_notice,
    announcement_sheet,
    approval_notice,
    publicity_sheet,
    refusal_notice,
    supplement_notice,
    termination_notice,
)
from applications.papers.outcome import failed_sentences
from applications.papers.signature import (
    PaperNotNeeded,
    agent_letter,
    application_form,
    authorization_letter,
    commitment_letter,
    paper_for_signature,
    relative_record,
)

__all__ = [
    "PaperNotNeeded",
    "acceptance_notice",
    "agent_letter",
    "announcement_sheet",
    "application_form",
    "approval_form",
    "approval_notice",
    "approval_papers",
    "authorization_letter",
    "commitment_letter",
    "dossier",
    "failed_sentences",
    "paper_for_signature",
    "publicity_sheet",
    "refusal_notice",
    "relative_record",
    "supplement_notice",
    "termination_notice",
    "visit_form",
]
