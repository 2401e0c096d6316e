"""Reads of temporary aid (临时救助): who calls what is read off the names."""

from temporary_aid.queries.aids import (
    followed_amount,
    frequency_of,
    granted_before,
    hold_people_of,
    level_for,
    people_of,
    reports_visible_to,
    visible_to,
)
from temporary_aid.queries.papers import (
    WITH_NUMBER_IN_FULL,
    PaperRow,
    papers_of,
    papers_visible_to,
)
from temporary_aid.queries.reconciling import (
    reconciliations_visible_to,
)
from temporary_aid.queries.reserve import (
    funds_visible_to,
)
from temporary_aid.queries.terms import (
    AidTerms,
    aid_terms,
)

__all__ = [
    "WITH_NUMBER_IN_FULL",
    "AidTerms",
    "PaperRow",
    "aid_terms",
    "followed_amount",
    "frequency_of",
    "funds_visible_to",
    "granted_before",
    "hold_people_of",
    "level_for",
    "papers_of",
    "papers_visible_to",
    "people_of",
    "reconciliations_visible_to",
    "reports_visible_to",
    "visible_to",
]
