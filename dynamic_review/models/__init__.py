"""Due dates of reviews and what triggers one, uplifts (提标) and drafts of policy (政策测算)."""

from dynamic_review.models.due import Outcome, ReviewDue, ReviewExtension
from dynamic_review.models.making_good import UpliftMakingGood
from dynamic_review.models.triggers import Answer, JobOffer, ReviewTrigger
from dynamic_review.models.uplifts import (
    APPROVALS,
    DIFFERENCE,
    Uplift,
    UpliftApproval,
    UpliftLine,
    UpliftParameter,
    UpliftResult,
    UpliftRun,
    UpliftState,
    UpliftStep,
)
from dynamic_review.models.what_if import WhatIf, WhatIfLine, WhatIfRun

__all__ = [
    "APPROVALS",
    "DIFFERENCE",
    "Answer",
    "JobOffer",
    "Outcome",
    "ReviewDue",
    "ReviewExtension",
    "ReviewTrigger",
    "Uplift",
    "UpliftApproval",
    "UpliftLine",
    "UpliftMakingGood",
    "UpliftParameter",
    "UpliftResult",
    "UpliftRun",
    "UpliftState",
    "UpliftStep",
    "WhatIf",
    "WhatIfLine",
    "WhatIfRun",
]
