"""Every change of an award."""

from benefits.rules.months import first_month
from benefits.services.ending import AlreadyEnded, end_award
from benefits.services.families import check_mergeable, follow_family, note_change, settle_check, take_over
from benefits.services.granting import AlreadyCovered, Care, CoveredPerson, grant_award

__all__ = [
    "AlreadyCovered",
    "AlreadyEnded",
    "Care",
    "CoveredPerson",
    "check_mergeable",
    "end_award",
    "first_month",
    "follow_family",
    "grant_award",
    "note_change",
    "settle_check",
    "take_over",
]
