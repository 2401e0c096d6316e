"""What is done about awards that are reviewed, phased out and uplifted (动态管理)."""

from dynamic_review.services.deaths import tell_of_deaths
from dynamic_review.services.extending import ExtensionData, extend_reviews, revoke_extension
from dynamic_review.services.laying import lay_by_later_standards
from dynamic_review.services.making_good import (
    NO_LONGER,
    approve_making_good,
    enter_making_good,
    may_be_made_good,
    reckon_making_good,
)
from dynamic_review.services.opening import close_reviewed, keep_plans, start_review
from dynamic_review.services.phase_outs import NotAllIssued, follow_phase_outs, issue_paper, tell_of_revocation
from dynamic_review.services.planning import close_dues, close_ended, plan_reviews, plan_township
from dynamic_review.services.restoring import restore_family
from dynamic_review.services.triggering import (
    NotAllowed,
    OfferData,
    note_by_hand,
    note_triggers,
    record_offer,
    settle_trigger,
    take_over,
)
from dynamic_review.services.uplift_notices import start_issuing_notices
from dynamic_review.services.uplift_roster import MOST_ROWS, uplift_roster
from dynamic_review.services.uplifts import (
    UpliftRefused,
    approve_uplift,
    check_nothing_is_rolled_back,
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
    "NO_LONGER",
    "DraftRefused",
    "ExtensionData",
    "NotAllIssued",
    "NotAllowed",
    "OfferData",
    "UpliftRefused",
    "approve_making_good",
    "approve_uplift",
    "check_nothing_is_rolled_back",
    "close_dues",
    "close_ended",
    "close_reviewed",
    "copy_draft",
    "discard_draft",
    "enter_making_good",
    "enter_uplift",
    "extend_reviews",
    "follow_phase_outs",
    "issue_paper",
    "keep_plans",
    "lay_by_later_standards",
    "may_be_made_good",
    "note_by_hand",
    "note_triggers",
    "plan_reviews",
    "plan_township",
    "reckon_making_good",
    "record_offer",
    "restore_family",
    "revoke_extension",
    "save_draft",
    "settle_trigger",
    "start_applying",
    "start_issuing_notices",
    "start_preview",
    "start_review",
    "start_rolling_back",
    "start_run",
    "take_over",
    "tell_of_deaths",
    "tell_of_revocation",
    "uplift_roster",
    "why_not_rolled_back",
    "withdraw_uplift",
]
