"""The working calendar is asked for before deadlines run into a year that is not entered."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from organizations.checks import check_working_calendar
from organizations.services import load_calendar_year


@pytest.mark.parametrize(
    ("today", "missing"), [("2025-12-31", []), ("2026-11-23", ["2027"]), ("2027-02-01", ["2027", "2028"])]
)
def test_years_within_twelve_months_without_holidays_are_warned_of(
    county: None, today: str, missing: list[str]
) -> None:
    with time_machine.travel(f"{today}T12:00:00+08:00", tick=False):
        warnings = check_working_calendar(None, databases=["default"])
    assert [message.msg[7:11] for message in warnings] == missing
    assert {message.id for message in warnings} <= {"organizations.W001"}


def test_entering_the_year_ends_the_warning(county: None) -> None:
    with time_machine.travel("2026-11-23T12:00:00+08:00", tick=False):
        load_calendar_year(2027, days=[(date(2027, 1, 1), False, "元旦")], source="国办发明电〔2026〕1号")
        assert timezone.localdate() == date(2026, 11, 23)
        assert check_working_calendar(None, databases=["default"]) == []


def test_it_asks_no_database_unless_told_to() -> None:
    assert check_working_calendar(None) == []
