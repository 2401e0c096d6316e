"""Content records of the papers (文书内容) of intakes and cases; whether a person may see them is the caller's duty."""

from collections.abc import Callable

from applications.models import Case
from applications.papers.approvals import approval_papers, refusal_papers
from applications.papers.dossier import dossier
from applications.papers.forms import appraisal_record, approval_form, selfcare_form, visit_form
from applications.papers.notices import (
    acceptance_notice,
    announcement_sheet,
    approval_notice,
    publicity_sheet,
    refusal_notice,
    supplement_notice,
    termination_notice,
)
from applications.papers.outcome import failed_sentences, named
from applications.papers.signature import (
    PaperNotNeeded,
    agent_letter,
    application_form,
    authorization_letter,
    commitment_letter,
    paper_for_signature,
    relative_record,
)
from applications.papers.terminations import doors_after_end
from documents.models import DocumentKind
from documents.records import Record

BLANK_FORMS: dict[str, Callable[[Case], Record]] = {
    DocumentKind.VISIT_FORM: visit_form,
    DocumentKind.APPRAISAL_RECORD: appraisal_record,
}
"""Forms that are printed blank, to be filled in and signed on the spot, before they are recorded."""

__all__ = [
    "BLANK_FORMS",
    "PaperNotNeeded",
    "acceptance_notice",
    "agent_letter",
    "announcement_sheet",
    "application_form",
    "appraisal_record",
    "approval_form",
    "approval_notice",
    "approval_papers",
    "authorization_letter",
    "commitment_letter",
    "doors_after_end",
    "dossier",
    "failed_sentences",
    "named",
    "paper_for_signature",
    "publicity_sheet",
    "refusal_notice",
    "refusal_papers",
    "relative_record",
    "selfcare_form",
    "supplement_notice",
    "termination_notice",
    "visit_form",
]
