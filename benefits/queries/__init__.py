"""Reads of awards, what they are owed and were paid, and recognitions; cut to what the person may see."""

from benefits.queries.awards import (
    CoveredElsewhere,
    annotate_current,
    area_in,
    checks_visible_to,
    covered_elsewhere,
    covering_award,
    current_awards_of,
    last_payable_month,
    open_checks,
    open_coverage,
    present_people,
    running_awards,
    unpaid_after_death,
    visible_to,
)
from benefits.queries.back_payments import Lacking, lacking_since
from benefits.queries.entitlements import owed, owed_of
from benefits.queries.history import AwardStory, story_of
from benefits.queries.phase_outs import (
    PHASE_OUT_STANDINGS,
    list_phase_outs,
    papers_due,
    phase_outs_given,
    phase_outs_visible_to,
)
from benefits.queries.recognitions import (
    STANDINGS,
    list_recognitions,
    recognised,
    recognised_elsewhere,
    recognition_to_come,
    recognitions_to_renew,
    recognitions_visible_to,
    standing_against,
)

__all__ = [
    "PHASE_OUT_STANDINGS",
    "STANDINGS",
    "AwardStory",
    "CoveredElsewhere",
    "Lacking",
    "annotate_current",
    "area_in",
    "checks_visible_to",
    "covered_elsewhere",
    "covering_award",
    "current_awards_of",
    "lacking_since",
    "last_payable_month",
    "list_phase_outs",
    "list_recognitions",
    "open_checks",
    "open_coverage",
    "owed",
    "owed_of",
    "papers_due",
    "phase_outs_given",
    "phase_outs_visible_to",
    "present_people",
    "recognised",
    "recognised_elsewhere",
    "recognition_to_come",
    "recognitions_to_renew",
    "recognitions_visible_to",
    "running_awards",
    "standing_against",
    "story_of",
    "unpaid_after_death",
    "visible_to",
]
