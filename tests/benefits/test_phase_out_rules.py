"""渐退 as rules: who may have it, how many months, which months, what is paid; every figure by hand."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits.rules.phase_out import (
    Bar,
    Rise,
    Share,
    Terms,
    amounts,
    is_marginal,
    is_possible,
    is_reminded,
    list_from,
    months_of,
    refusals,
    remind_on,
    scaled,
    suggest,
    unpaid_from,
)
from eligibility.rules import AmountRounding
from eligibility.rules.further_parameters import PhaseOutPayMode

S = Decimal("670.00")
FEN = Decimal("0.01")
YUAN, UP, TO_FEN = AmountRounding.HALF_UP_TO_YUAN, AmountRounding.UP_TO_YUAN, AmountRounding.HALF_UP_TO_FEN
KEEP, TAPER = PhaseOutPayMode.KEEP, PhaseOutPayMode.TAPER


def terms(**more: object) -> Terms:
    given_ = {
        "standard": S,
        "multiplier": Decimal(2),
        "lower_inclusive": True,
        "min_months": 1,
        "max_months": 6,
        "requires_employment": False,
        "per_coverage": 1,
    }
    return Terms(**given_ | more)  # type: ignore[arg-type]


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("per_capita", "lower_inclusive", "possible"),
    [
        (S - FEN, True, False),
        (S, True, True),
        (S, False, False),
        (Fraction(S) + Fraction(1, 1000), False, True),
        (S + FEN, True, True),
        (Decimal("1339.99"), True, True),
        (Fraction(1340) - Fraction(1, 1000), True, True),
        (Decimal("1340.00"), True, False),
        (Decimal("2000.00"), True, False),
    ],
)
def test_from_the_standard_to_below_its_double(per_capita: Decimal, lower_inclusive: bool, possible: bool) -> None:
    assert is_possible(per_capita, terms(lower_inclusive=lower_inclusive)) is possible


@pytest.mark.parametrize(("bar", "words"), [(Bar.PROPERTY, "财产"), (Bar.DEATH, "死亡"), (Bar.FRAUD, "骗取")])
def test_property_death_and_fraud_bar_it(bar: Bar, words: str) -> None:
    (why,) = refusals(Decimal("800.00"), terms(), bars=[bar])
    assert words in why


def test_where_the_county_asks_for_work_only_who_went_to_work_has_it() -> None:
    asked = terms(requires_employment=True)
    assert not is_possible(Decimal("800.00"), asked)
    assert is_possible(Decimal("800.00"), asked, rise=Rise.EMPLOYMENT)


@pytest.mark.parametrize(
    ("per_coverage", "given_before", "possible"),
    [(1, 0, True), (1, 1, False), (2, 1, True), (2, 2, False), (0, 0, False)],
)
def test_so_often_in_one_period_of_coverage(per_coverage: int, given_before: int, possible: bool) -> None:
    assert is_possible(Decimal("800.00"), terms(per_coverage=per_coverage), given=given_before) is possible


def test_each_reason_is_a_sentence_of_its_own() -> None:
    found = refusals(Decimal("1340.00"), terms(), bars=[Bar.PROPERTY], given=1)
    assert found == (
        "家庭财产超过规定限额，不适用渐退。",
        "人均月收入达到低保标准的2倍（1340.00元），按程序停发，不给渐退期。",
        "同一在保期最多给1次渐退期，这个家庭已经给过1次。",
    )


# --- how many months ----------------------------------------------------------------------------------------------

# Six bands of 670 ÷ 6 = 111.66… yuan from 670 to 1340: they begin at 670, 781.67, 893.33, 1005, 1116.67, 1228.33.
BANDS = [
    ("670.00", 6),
    ("781.66", 6),
    ("781.67", 5),
    ("893.33", 5),
    ("893.34", 4),
    ("1004.99", 4),
    ("1005.00", 3),
    ("1116.66", 3),
    ("1116.67", 2),
    ("1228.33", 2),
    ("1228.34", 1),
    ("1339.99", 1),
]


@pytest.mark.parametrize(("per_capita", "months"), BANDS)
def test_the_nearer_to_the_double_the_fewer_months(per_capita: str, months: int) -> None:
    assert suggest(Decimal(per_capita), terms())[0] == months


@pytest.mark.parametrize(
    ("per_capita", "months"), [("670.00", 6), ("781.66", 6), ("781.67", 6), ("1005.00", 4), ("1339.99", 2)]
)
def test_who_went_to_work_gets_a_month_more_within_the_bounds(per_capita: str, months: int) -> None:
    assert suggest(Decimal(per_capita), terms(), rise=Rise.EMPLOYMENT)[0] == months


@pytest.mark.parametrize(
    ("least", "most", "per_capita", "months"),
    [(3, 3, "700.00", 3), (3, 3, "1300.00", 3), (2, 4, "893.33", 4), (2, 4, "893.34", 3), (2, 4, "1116.67", 2)],
)
def test_the_bounds_are_parameters(least: int, most: int, per_capita: str, months: int) -> None:
    assert suggest(Decimal(per_capita), terms(min_months=least, max_months=most))[0] == months


def test_the_reason_can_be_followed() -> None:
    # 1000 ÷ 670 = 1.4925…; 330 ÷ 111.66… = 2.95…, so the third band: 6 − 2 = 4, and one more for work.
    assert suggest(Decimal("1000.00"), terms(), rise=Rise.EMPLOYMENT) == (
        5,
        "人均月收入1000.00元，是低保标准670.00元的1.49倍；从1倍到2倍分6档，在第3档，收入越高月数越少；"
        "因就业增加收入的多给1个月，建议5个月（本地做法）。",
    )


@given(
    st.decimals(Decimal("670.00"), Decimal("1339.99"), places=2),
    st.decimals(Decimal("670.00"), Decimal("1339.99"), places=2),
    st.integers(1, 6),
    st.integers(0, 5),
    st.sampled_from(Rise),
)
def test_more_income_never_means_more_months_and_the_bounds_hold(
    one: Decimal, other: Decimal, least: int, more: int, rise: Rise
) -> None:
    asked = terms(min_months=least, max_months=least + more)
    low, high = sorted((one, other))
    few, many = suggest(high, asked, rise=rise)[0], suggest(low, asked, rise=rise)[0]
    assert least <= few <= many <= least + more


# --- which months -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided_on", "months", "first", "last", "unpaid"),
    [
        (date(2027, 3, 15), 3, date(2027, 4, 1), date(2027, 6, 1), date(2027, 7, 1)),
        (date(2027, 3, 1), 3, date(2027, 4, 1), date(2027, 6, 1), date(2027, 7, 1)),
        (date(2027, 3, 31), 3, date(2027, 4, 1), date(2027, 6, 1), date(2027, 7, 1)),
        (date(2028, 2, 29), 1, date(2028, 3, 1), date(2028, 3, 1), date(2028, 4, 1)),
        (date(2028, 1, 31), 1, date(2028, 2, 1), date(2028, 2, 1), date(2028, 3, 1)),
        (date(2026, 12, 31), 6, date(2027, 1, 1), date(2027, 6, 1), date(2027, 7, 1)),
        (date(2026, 11, 30), 6, date(2026, 12, 1), date(2027, 5, 1), date(2027, 6, 1)),
        (date(2026, 6, 30), 6, date(2026, 7, 1), date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_from_the_month_after_the_decision(
    decided_on: date, months: int, first: date, last: date, unpaid: date
) -> None:
    found = months_of(decided_on, months)
    assert (len(found), found[0], found[-1], unpaid_from(found[-1])) == (months, first, last, unpaid)


@given(st.dates(date(2020, 1, 1), date(2099, 1, 1)), st.integers(1, 6))
def test_the_months_follow_each_other_without_a_gap(decided_on: date, months: int) -> None:
    found = months_of(decided_on, months)
    assert found[0] > decided_on
    assert all(unpaid_from(before) == after for before, after in pairwise(found))


def test_the_family_is_reminded_a_month_before_it_is_not_paid_and_with_one_month_at_once() -> None:
    assert remind_on(date(2027, 6, 1)) == date(2027, 6, 1)
    assert remind_on(date(2026, 12, 1)) == date(2026, 12, 1)
    assert is_reminded(date(2027, 4, 1), date(2027, 6, 1))
    assert not is_reminded(date(2027, 4, 1), date(2027, 4, 1))


@pytest.mark.parametrize(
    ("last_month", "days", "listed"),
    [
        (date(2027, 6, 1), 30, date(2027, 6, 1)),
        (date(2027, 5, 1), 30, date(2027, 5, 2)),
        (date(2028, 2, 1), 30, date(2028, 1, 31)),
        (date(2027, 2, 1), 30, date(2027, 1, 30)),
        (date(2026, 12, 1), 30, date(2026, 12, 2)),
        (date(2026, 12, 1), 0, date(2027, 1, 1)),
    ],
)
def test_the_county_sees_it_on_its_list_so_many_days_before(last_month: date, days: int, listed: date) -> None:
    assert list_from(last_month, days=days) == listed
    assert unpaid_from(last_month) - listed == timedelta(days)


@pytest.mark.parametrize(
    ("per_capita", "hinted"), [("669.99", False), ("670.00", True), ("1004.99", True), ("1005.00", False)]
)
def test_below_one_and_a_half_of_the_standard_the_family_is_told_of_the_marginal_status(
    per_capita: str, hinted: bool
) -> None:
    assert is_marginal(Decimal(per_capita), standard=S, multiplier=Decimal("1.5")) is hinted


# --- what is paid -------------------------------------------------------------------------------------------------


def test_kept_whole_every_month_is_the_same() -> None:
    assert amounts(Decimal("521.00"), 3, mode=KEEP, rounding=YUAN) == (Decimal("521.00"),) * 3


@pytest.mark.parametrize(
    ("amount", "months", "rounding", "paid"),
    [
        ("521.00", 1, YUAN, ["521.00"]),
        ("600.00", 6, YUAN, ["600.00", "500.00", "400.00", "300.00", "200.00", "100.00"]),
        # 521 × 2/3 = 347.33…, 521 ÷ 3 = 173.66…
        ("521.00", 3, YUAN, ["521.00", "347.00", "174.00"]),
        ("521.00", 3, UP, ["521.00", "348.00", "174.00"]),
        ("521.00", 3, TO_FEN, ["521.00", "347.33", "173.67"]),
        # 1.50 × 5/6 = 1.25 → 1; 0.75, 0.5, 0.25 would be 1, 1 and 0: never under one yuan.
        ("1.50", 6, YUAN, ["1.50", "1.00", "1.00", "1.00", "1.00", "1.00"]),
        ("0.50", 2, YUAN, ["0.50", "0.50"]),
    ],
)
def test_tapered_it_falls_in_equal_steps_to_the_last_month(
    amount: str, months: int, rounding: AmountRounding, paid: list[str]
) -> None:
    assert amounts(Decimal(amount), months, mode=TAPER, rounding=rounding) == tuple(Decimal(item) for item in paid)


@given(st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2), st.integers(1, 6), st.sampled_from(AmountRounding))
def test_tapered_it_never_rises_and_never_stops_early(amount: Decimal, months: int, rounding: AmountRounding) -> None:
    found = amounts(amount, months, mode=TAPER, rounding=rounding)
    assert len(found) == months
    assert found[0] == amount
    assert min(found) > 0
    assert all(after <= before for before, after in pairwise(found))


def test_the_parts_of_a_smaller_sum_keep_their_proportion_and_add_up() -> None:
    # 521 = 208.50 + 104 and 208.50; of 174 each takes 174/521: 69.6334…, 34.7332…, 69.6334…; cut they are 173.99,
    # the fen left over goes to what lost most: the first.
    before = [Share(Decimal("208.50"), Decimal("104.00")), Share(Decimal("208.50"), Decimal("0.00"))]
    assert scaled(before, Decimal("174.00")) == (
        Share(Decimal("69.64"), Decimal("34.73")),
        Share(Decimal("69.63"), Decimal("0.00")),
    )


@given(
    st.lists(
        st.builds(
            Share,
            st.decimals(Decimal(0), Decimal("999.99"), places=2),
            st.decimals(Decimal(0), Decimal("299.00"), places=2),
        ),
        min_size=1,
        max_size=8,
    ),
    st.decimals(Decimal("0.01"), Decimal("5000.00"), places=2),
)
def test_the_parts_always_add_up_and_nobody_without_a_top_up_gets_one(shares: list[Share], amount: Decimal) -> None:
    if not sum(share.base + share.topup for share in shares):
        return
    found = scaled(shares, amount)
    assert sum(share.base + share.topup for share in found) == amount
    assert all(after.topup == 0 for before, after in zip(shares, found, strict=True) if not before.topup)
