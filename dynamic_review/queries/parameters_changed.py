"""What a draft changes, in words: each figure beside the one in force on the draft's day."""

from dataclasses import dataclass

from dynamic_review.models import WhatIf, WhatIfRun
from dynamic_review.queries.what_if import figures_of_day
from eligibility.queries import described_value, parameter_title
from eligibility.rules.choices import Residence


@dataclass(frozen=True)
class ChangedFigure:
    """One figure of a draft: for whom, what it was, what it would be."""

    title: str
    residence: str
    before: str
    after: str


def changed_figures(draft: WhatIf | WhatIfRun) -> list[ChangedFigure]:
    """The figures that a draft, or a run of it, departs from those in force with.

    :raises MissingParameters: some parameter has no value in force on its day.
    """
    today = figures_of_day(draft.on if isinstance(draft, WhatIf) else draft.base_on)
    return [
        ChangedFigure(
            parameter_title(key),
            Residence(residence).label,
            described_value(key, today[residence][key]),
            described_value(key, value),
        )
        for residence, values in draft.changes.items()
        for key, value in values.items()
    ]
