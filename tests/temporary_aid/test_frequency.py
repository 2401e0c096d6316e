"""频次: same cause once, twice in all, by the calendar year or the twelve months before; both sides of each bound."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.rules.choices import AidCause, AidYear
from temporary_aid.rules.frequency import FrequencyTerms, PastAid, frequency, year_begins

_serial = count(1)


def past(cause: str, on: date) -> PastAid:
    return PastAid(f"LS2026-{next(_serial):04d}", AidCause(cause), on, "341824101")


def terms(year: AidYear = AidYear.CALENDAR, *, same: int = 1, times: int = 2) -> FrequencyTerms:
    return FrequencyTerms(year, same, times)


TODAY = date(2026, 9, 12)
MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("before", "is_beyond"),
    [
        ([], False),
        (["traffic"], False),
        (["fire"], True),
        (["traffic", "medical"], True),
        (["traffic", "fire"], True),
        (["traffic", "medical", "accident"], True),
    ],
)
def test_the_same_cause_once_and_different_causes_twice(before: list[str], is_beyond: bool) -> None:
    found = frequency([past(cause, MARCH) for cause in before], cause=AidCause.FIRE, terms=terms(), on=TODAY)
    assert found.is_beyond is is_beyond
    assert found.all == len(before)
    assert found.same_cause == before.count("fire")


def test_a_county_that_allows_more_is_followed() -> None:
    rows = [past("fire", MARCH), past("traffic", MARCH)]
    assert not frequency(rows, cause=AidCause.FIRE, terms=terms(same=2, times=3), on=TODAY).is_beyond
    assert frequency(rows, cause=AidCause.FIRE, terms=terms(same=1, times=3), on=TODAY).is_beyond
    assert frequency(rows, cause=AidCause.FIRE, terms=terms(same=2, times=2), on=TODAY).is_beyond


@pytest.mark.parametrize(
    ("decided_on", "by_calendar", "by_rolling"),
    [
        # Calendar: from 1 January 2026. Twelve months before 12 September 2026 begin on 13 September 2025.
        (date(2025, 9, 12), 0, 0),
        (date(2025, 9, 13), 0, 1),
        (date(2025, 12, 31), 0, 1),
        (date(2026, 1, 1), 1, 1),
        (date(2026, 9, 12), 1, 1),
        (date(2026, 9, 13), 0, 0),
    ],
)
def test_a_year_is_the_calendar_year_or_the_twelve_months_before(
    decided_on: date, by_calendar: int, by_rolling: int
) -> None:
    rows = [past("fire", decided_on)]
    assert frequency(rows, cause=AidCause.FIRE, terms=terms(), on=TODAY).all == by_calendar
    assert frequency(rows, cause=AidCause.FIRE, terms=terms(AidYear.ROLLING), on=TODAY).all == by_rolling


@pytest.mark.parametrize(
    ("year", "on", "begins"),
    [
        (AidYear.CALENDAR, date(2026, 12, 31), date(2026, 1, 1)),
        (AidYear.CALENDAR, date(2027, 1, 1), date(2027, 1, 1)),
        (AidYear.ROLLING, date(2026, 9, 12), date(2025, 9, 13)),
        (AidYear.ROLLING, date(2028, 2, 29), date(2027, 3, 1)),
        (AidYear.ROLLING, date(2029, 2, 28), date(2028, 2, 29)),
        (AidYear.ROLLING, date(2027, 1, 1), date(2026, 1, 2)),
    ],
)
def test_the_first_day_that_counts(year: AidYear, on: date, begins: date) -> None:
    assert year_begins(terms(year), on=on) == begins


def test_the_sentence_says_what_was_found_what_is_allowed_and_what_to_do() -> None:
    rows = [past("fire", MARCH)]
    said = frequency(rows, cause=AidCause.FIRE, terms=terms(), on=TODAY).in_words
    assert said.startswith("2026年1月1日以来已获临时救助1次，其中同一事由1次；同一事由一年内1次、不同事由共2次（")
    assert said.endswith("再次救助须一事一议。")
    assert frequency([], cause=AidCause.FIRE, terms=terms(), on=TODAY).in_words.endswith("本次在次数以内。")


def test_what_is_kept_names_the_aids_that_counted() -> None:
    counted, before = past("fire", MARCH), past("traffic", date(2025, 12, 31))
    kept = frequency([before, counted], cause=AidCause.FIRE, terms=terms(), on=TODAY).as_dict()
    assert kept == {
        "same_cause": 1,
        "all": 1,
        "since": "2026-01-01",
        "same_cause_limit": 1,
        "times_limit": 2,
        "numbers": [counted.number],
    }


@given(
    days=st.lists(st.integers(0, 800), max_size=6),
    causes=st.lists(st.sampled_from(list(AidCause)), min_size=6, max_size=6),
    year=st.sampled_from(list(AidYear)),
)
def test_no_order_of_the_past_changes_the_count_and_one_more_never_lowers_it(
    days: list[int], causes: list[AidCause], year: AidYear
) -> None:
    rows = [past(causes[at].value, TODAY - timedelta(days=ago)) for at, ago in enumerate(days)]
    found = frequency(rows, cause=AidCause.FIRE, terms=terms(year), on=TODAY)
    turned = frequency(reversed(rows), cause=AidCause.FIRE, terms=terms(year), on=TODAY)
    more = frequency([*rows, past("fire", TODAY)], cause=AidCause.FIRE, terms=terms(year), on=TODAY)
    assert (found.all, found.same_cause) == (turned.all, turned.same_cause)
    assert (more.all, more.same_cause) == (found.all + 1, found.same_cause + 1)
    assert more.is_beyond
