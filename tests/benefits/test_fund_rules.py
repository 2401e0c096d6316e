"""资金计划: shares to the fen, the largest remainder first; execution and what the year comes to."""

from decimal import Decimal

import pytest

from benefits.rules.funding import Execution, excess, split_by_plan


@pytest.mark.parametrize(
    ("amount", "plan", "shares"),
    [
        # 100.00 × 1/3 = 33.333…: one fen is left, the first of equal remainders takes it.
        ("100.00", {"a": "1", "b": "1", "c": "1"}, {"a": "33.34", "b": "33.33", "c": "33.33"}),
        # 0.05 × 6/10, 3/10, 1/10 = 0.030, 0.015, 0.005: the two halves compete for one fen.
        ("0.05", {"a": "6", "b": "3", "c": "1"}, {"a": "0.03", "b": "0.02"}),
        # 1000.01 × 0.7 = 700.007, × 0.3 = 300.003: the fen goes to .7 of one.
        ("1000.01", {"a": "70", "b": "30"}, {"a": "700.01", "b": "300.00"}),
        ("515.00", {"a": "0", "b": "9"}, {"b": "515.00"}),
        ("515.00", {"a": "0"}, {}),
        ("515.00", {}, {}),
    ],
)
def test_a_sum_is_split_as_the_plan_stands(amount: str, plan: dict[str, str], shares: dict[str, str]) -> None:
    given = split_by_plan(Decimal(amount), {source: Decimal(value) for source, value in plan.items()})
    assert given == {source: Decimal(value) for source, value in shares.items()}


def test_the_shares_always_make_the_sum() -> None:
    plan = {
        "central": Decimal("7310000"),
        "province": Decimal("2190000"),
        "city": Decimal("333333"),
        "county": Decimal("1000001"),
    }
    for fen in range(1, 2000, 37):
        assert sum(split_by_plan(Decimal(fen) / 100, plan).values()) == Decimal(fen) / 100


def months(*amounts: str) -> list[Decimal]:
    return [Decimal(value) for value in amounts] + [Decimal("0.00")] * (12 - len(amounts))


def test_the_forecast_goes_on_at_the_average_so_far() -> None:
    year = Execution(Decimal("1200.00"), months("100.00", "0.00", "140.00"))
    # 240 in three months: 80 a month, 960 a year.
    assert (year.paid, year.remaining, year.forecast) == (Decimal("240.00"), Decimal("960.00"), Decimal("960.00"))
    assert year.percent == Decimal("20.0")
    assert not year.will_exceed


def test_a_year_that_runs_over_says_so_before_it_does() -> None:
    year = Execution(Decimal("1000.00"), months("90.00"))
    assert year.will_exceed and not year.is_exceeded
    over = Execution(Decimal("1000.00"), months("600.00", "400.01"))
    assert over.is_exceeded and over.remaining == Decimal("-0.01")


def test_a_year_without_plan_or_payment_has_no_percent_and_no_forecast() -> None:
    empty = Execution(Decimal("0.00"), months())
    assert (empty.percent, empty.forecast, empty.is_exceeded) == (None, Decimal("0.00"), False)


def test_the_excess_of_one_more_roll() -> None:
    assert excess(planned=Decimal("1000"), paid=Decimal("900"), amount=Decimal("100")) == 0
    assert excess(planned=Decimal("1000"), paid=Decimal("900"), amount=Decimal("100.01")) == Decimal("0.01")
