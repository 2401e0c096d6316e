"""收入核算年度: which years an application may be reckoned on. Pure."""

from datetime import date

YEARS_BACK = 2
"""How far back a clerk may reach for the twelve months before the application; a bound on typing, not a policy."""


def accounting_years(*, on: date) -> list[int]:
    """Years that an application filed on a day may be reckoned on, the newest first; never one to come."""
    return list(range(on.year, on.year - YEARS_BACK - 1, -1))
