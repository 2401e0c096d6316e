from documents.services.archive import ArchiveDamaged, archive_missing, archived_pdf, record_of
from documents.services.delivery import NotDeliverable, record_delivery
from documents.services.dossier import DossierPart, DossierSheet, SheetTable, dossier_pdf, sheet_part
from documents.services.issuing import (
    NotIssuable,
    NotVoidable,
    Paper,
    check_may_void,
    issue_document,
    issue_documents,
    move_documents,
    void_document,
    void_documents,
)
from documents.services.joining import joined_pdf
from documents.services.prefixes import NotAPrefix, change_number_prefix, load_number_prefixes
from documents.services.printing_job import NotPrintable, start_printing
from documents.services.rendering import SIGNATURE_KINDS, preview_pdf

__all__ = [
    "SIGNATURE_KINDS",
    "ArchiveDamaged",
    "DossierPart",
    "DossierSheet",
    "NotAPrefix",
    "NotDeliverable",
    "NotIssuable",
    "NotPrintable",
    "NotVoidable",
    "Paper",
    "SheetTable",
    "archive_missing",
    "archived_pdf",
    "change_number_prefix",
    "check_may_void",
    "dossier_pdf",
    "issue_document",
    "issue_documents",
    "joined_pdf",
    "load_number_prefixes",
    "move_documents",
    "preview_pdf",
    "record_delivery",
    "record_of",
    "sheet_part",
    "start_printing",
    "void_document",
    "void_documents",
]
