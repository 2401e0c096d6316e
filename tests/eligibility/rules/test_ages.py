from datetime import date

import pytest

from eligibility.rules import age_on


@pytest.mark.parametrize(
    ("birth_date", "on", "age"),
    [
        ("1966-11-23", "2026-11-23", 60),
        ("1966-11-24", "2026-11-23", 59),
        ("2010-11-23", "2026-11-22", 15),
        ("2026-11-23", "2026-11-23", 0),
        # 29 February turns on 1 March in common years, on the day itself in leap years.
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("1964-02-29", "2024-02-28", 59),
        ("1964-02-29", "2024-02-29", 60),
        ("2008-12-31", "2026-12-30", 17),
        ("2008-12-31", "2027-01-01", 18),
    ],
)
def test_age_is_in_completed_years_and_turns_on_the_birthday(birth_date: str, on: str, age: int) -> None:
    assert age_on(date.fromisoformat(birth_date), on=date.fromisoformat(on)) == age
