"""Days that reviews are reckoned by."""

from datetime import date


def school_year_end(on: date) -> date:
    """The last end of a school year (学年, 1 September to 31 August) that has come by a day."""
    end = date(on.year, 8, 31)
    return end if end <= on else date(on.year - 1, 8, 31)
