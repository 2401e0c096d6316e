"""Due dates of reviews, what triggers one, extensions, and offers of work."""

from dynamic_review.models.due import Outcome, ReviewDue, ReviewExtension
from dynamic_review.models.triggers import Answer, JobOffer, ReviewTrigger

__all__ = ["Answer", "JobOffer", "Outcome", "ReviewDue", "ReviewExtension", "ReviewTrigger"]
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
    "Uplift",
    "UpliftApproval",
    "UpliftLine",
    "UpliftParameter",
    "UpliftResult",
    "UpliftRun",
    "UpliftState",
    "UpliftStep",
    "WhatIf",
    "WhatIfLine",
    "WhatIfRun",
]
