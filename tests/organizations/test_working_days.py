from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.queries import missing_calendar_years, working_calendar
from organizations.rules.working_days import Deadline, WorkingCalendar


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Monday: Tuesday is day one.
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        # Friday: the weekend does not count.
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        # Spring festival 2026 runs 15–23 February; Saturday the 14th is worked.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        # National day 2026 runs 1–7 October; Sunday 20 September and Saturday 10 October are worked.
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
    ],
)
def test_terms_follow_the_official_holidays(county: None, start: date, days: int, due: date) -> None:
    assert working_calendar().add(start, days) == Deadline(on=due)


@pytest.mark.django_db
def test_a_term_running_into_a_year_not_entered_is_provisional(county: None) -> None:
    # Working days after 23 Nov 2026: 24, 25, 26, 27, 30 November are 5, December 2026 has 23 from Tuesday the 1st
    # to Thursday the 31st, so the 30th falls on the second weekday of 2027: Friday the 1st is 29, Monday the 4th 30.
    assert working_calendar().add(date(2026, 11, 23), 30) == Deadline(on=date(2027, 1, 4), provisional=True)


@pytest.mark.django_db
def test_a_missing_year_within_twelve_months_is_named(county: None) -> None:
    assert missing_calendar_years(on=date(2026, 11, 23)) == [2027]
    assert missing_calendar_years(on=date(2025, 6, 1)) == []


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_the_days_between_start_and_due_day_are_the_term(start: date, days: int) -> None:
    calendar = WorkingCalendar(exceptions={start + timedelta(days=3): False, start + timedelta(days=9): True}, years=())
    assert calendar.between(start, calendar.add(start, days).on) == days


def test_a_deadline_is_late_only_the_day_after() -> None:
    due = Deadline(on=date(2026, 11, 23))
    assert (due.days_late(date(2026, 11, 23)), due.days_late(date(2026, 11, 24))) == (0, 1)
