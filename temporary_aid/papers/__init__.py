"""Content records of the papers of temporary aid; whether a person may see them is the caller's duty."""

from temporary_aid.papers.forms import collective_minutes, petty_advance_slip, supplement_statement, temp_aid_form
from temporary_aid.papers.notices import temp_aid_notice, temp_aid_refusal
from temporary_aid.papers.parts import is_of_county, with_identity
from temporary_aid.papers.publicity import aid_publicity_sheet
from temporary_aid.papers.reserve import reserve_ledger, reserve_reconciliation

__all__ = [
    "aid_publicity_sheet",
    "collective_minutes",
    "is_of_county",
    "petty_advance_slip",
    "reserve_ledger",
    "reserve_reconciliation",
    "supplement_statement",
    "temp_aid_form",
    "temp_aid_notice",
    "temp_aid_refusal",
    "with_identity",
]
