"""When a recognised family is reminded of its last day."""

from datetime import date, timedelta

ENDING_SOON_DAYS = 30
"""From so many days before its last day on a family is on the township's list and may apply to be recognised on.

Local practice: the law sets the validity only, as it does for 渐退, whose end is listed 30 days before."""


def soon(on: date) -> date:
    """The last of the days that count as soon."""
    return on + timedelta(days=ENDING_SOON_DAYS)
