"""Reads of care, cut to what the person may see."""

from care.queries.people import (
    SORTS,
    VISIT_SOON_DAYS,
    annotate_care,
    current_version,
    listed,
    person_of,
    visible_to,
    visits_to_make,
)
from care.queries.records import (
    agreement_in_force,
    agreements_visible_to,
    assessors,
    changes,
    decisions_due,
    homes,
    latest_assessment,
    open_admission,
    open_points,
    points_visible_to,
    reassessments_due,
    reports_visible_to,
    visits_visible_to,
)
from care.queries.terms import reassessment_due, visit_terms

__all__ = [
    "SORTS",
    "VISIT_SOON_DAYS",
    "agreement_in_force",
    "agreements_visible_to",
    "annotate_care",
    "assessors",
    "changes",
    "current_version",
    "decisions_due",
    "homes",
    "latest_assessment",
    "listed",
    "open_admission",
    "open_points",
    "person_of",
    "points_visible_to",
    "reassessment_due",
    "reassessments_due",
    "reports_visible_to",
    "visible_to",
    "visit_terms",
    "visits_to_make",
    "visits_visible_to",
]
