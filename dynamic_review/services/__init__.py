"""Every change of due dates and reviews (动态管理)."""

from dynamic_review.services.extending import ExtensionData, extend_reviews, revoke_extension
from dynamic_review.services.opening import close_reviewed, keep_plans, start_review
from dynamic_review.services.planning import close_dues, close_ended, plan_reviews, plan_township
from dynamic_review.services.triggering import (
    NotAllowed,
    OfferData,
    note_by_hand,
    note_triggers,
    record_offer,
    settle_trigger,
    take_over,
)

__all__ = [
    "ExtensionData",
    "NotAllowed",
    "OfferData",
    "close_dues",
    "close_ended",
    "close_reviewed",
    "extend_reviews",
    "keep_plans",
    "note_by_hand",
    "note_triggers",
    "plan_reviews",
    "plan_township",
    "record_offer",
    "revoke_extension",
    "settle_trigger",
    "start_review",
    "take_over",
]
from dynamic_review.services.phase_outs import NotAllIssued, follow_phase_outs, issue_paper

__all__ = ["NotAllIssued", "follow_phase_outs", "issue_paper"]
"""What is done about awards that are reviewed, phased out and uplifted."""

from dynamic_review.services.uplift_roster import MOST_ROWS, uplift_roster
from dynamic_review.services.uplifts import (
    UpliftRefused,
    approve_uplift,
    enter_uplift,
    start_applying,
    start_preview,
    start_rolling_back,
    why_not_rolled_back,
    withdraw_uplift,
)
from dynamic_review.services.what_if import DraftRefused, copy_draft, discard_draft, save_draft, start_run

__all__ = [
    "MOST_ROWS",
    "DraftRefused",
    "UpliftRefused",
    "approve_uplift",
    "copy_draft",
    "discard_draft",
    "enter_uplift",
    "save_draft",
    "start_applying",
    "start_preview",
    "start_rolling_back",
    "start_run",
    "uplift_roster",
    "why_not_rolled_back",
    "withdraw_uplift",
]
