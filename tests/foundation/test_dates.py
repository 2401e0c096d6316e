"""Days as people read them."""

from datetime import date

import pytest

from foundation.dates import chinese_date, chinese_month, short_chinese_date


@pytest.mark.parametrize(
    ("on", "day", "month", "short"),
    [
        (date(1968, 3, 2), "1968年3月2日", "1968年3月", "3月2日"),
        (date(2026, 11, 23), "2026年11月23日", "2026年11月", "11月23日"),
        (None, "", "", ""),
    ],
)
def test_months_and_days_have_no_leading_nought(on: date | None, day: str, month: str, short: str) -> None:
    assert (chinese_date(on), chinese_month(on), short_chinese_date(on)) == (day, month, short)
