"""Rolls that are still to be made: named from the day after the cut-off until a roll pays the month."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from benefits import services
from benefits.models import Award
from benefits.queries.missing_rolls import counties_lacking_rolls, missing_rolls
from benefits.rules.months import months_after
from tests.benefits.paying import (
    LINXI,
    Desk,
)

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = (months_after(date(2026, 11, 1), n) for n in range(5))
D = Decimal
DAY = date(2026, 11, 26)


def test_what_is_still_to_be_made_is_listed_from_the_day_after_the_cut_off(
    money: Desk, award: Award, django_assert_max_num_queries: Any
) -> None:
    def missing(on: date) -> list[tuple[date, str, str]]:
        rows = missing_rolls(money.officer, on=on)
        assert counties_lacking_rolls(money.officer, on=on).count() == bool(rows)
        return [(row.month, row.scheme.value, township.code) for row in rows for township in row.townships]

    assert missing(date(2026, 11, 25)) == []
    with django_assert_max_num_queries(8):
        assert missing(date(2026, 11, 26)) == [(DECEMBER, "dibao", LINXI)]
    assert missing(date(2026, 12, 24)) == [(DECEMBER, "dibao", LINXI)]
    money.pay(DECEMBER)
    assert missing(date(2026, 12, 24)) == []
    assert missing(date(2026, 12, 26)) == [(JANUARY, "dibao", LINXI)]
    services.end_award(
        award, last_month=DECEMBER, reason="停发", decided_by=money.approver, decided_on=date(2026, 12, 20)
    )
    assert missing(date(2026, 12, 26)) == []


def test_a_missed_month_is_named_after_the_next_cut_off_too_also_for_who_was_stopped_since(
    money: Desk, award: Award
) -> None:
    services.end_award(
        award, last_month=DECEMBER, reason="停发", decided_by=money.approver, decided_on=date(2026, 12, 20)
    )
    for on in (date(2026, 12, 26), date(2026, 12, 31)):
        assert [(row.month, len(row.townships)) for row in missing_rolls(money.officer, on=on)] == [(DECEMBER, 1)]
        (task,) = counties_lacking_rolls(money.officer, on=on)
        assert task.due_on == date(2026, 12, 10)


def test_a_month_missed_after_a_roll_stays_named_until_a_later_roll_pays_it_back(money: Desk, award: Award) -> None:
    money.pay(DECEMBER)
    assert [row.month for row in missing_rolls(money.officer, on=date(2027, 2, 26))] == [
        JANUARY,
        date(2027, 2, 1),
        date(2027, 3, 1),
    ]
    money.pay(date(2027, 2, 1))
    assert [row.month for row in missing_rolls(money.officer, on=date(2027, 2, 26))] == [date(2027, 3, 1)]
