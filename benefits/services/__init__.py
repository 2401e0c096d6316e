"""Every change of an award."""

from benefits.rules.months import first_month
from benefits.services.changing import NotChangeable, change_care
from benefits.services.ending import AlreadyEnded, end_award
from benefits.services.families import check_mergeable, follow_family, note_change, settle_check, take_over
from benefits.services.granting import AlreadyCovered, Care, CoveredPerson, grant_award
from benefits.services.recognising import (
    NotRecognisable,
    check_not_recognised,
    end_recognition,
    move_recognitions,
    recognise,
    supersede,
    take_over_recognitions,
    uncover_who_left,
)

__all__ = [
    "AlreadyCovered",
    "AlreadyEnded",
    "Care",
    "CoveredPerson",
    "NotChangeable",
    "NotRecognisable",
    "change_care",
    "check_mergeable",
    "check_not_recognised",
    "end_award",
    "end_recognition",
    "first_month",
    "follow_family",
    "grant_award",
    "move_recognitions",
    "note_change",
    "recognise",
    "settle_check",
    "supersede",
    "take_over",
    "take_over_recognitions",
    "uncover_who_left",
]
