"""金额: what the county's table proposes, and the guideline that it is kept within; every sum worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from temporary_aid.rules.amounts import Guideline, suggest

_TABLE = {
    "fire": {"light": "2", "moderate": "3", "severe": "4"},
    "traffic": {"light": "1.99", "moderate": "2.5", "severe": "4.01"},
    "medical": {"light": "2", "moderate": "5", "severe": "10"},
    "education": {"light": "2", "moderate": "4", "severe": "10.01"},
}
TABLE = {cause: {grade: Decimal(times) for grade, times in row.items()} for cause, row in _TABLE.items()}


def guideline(kind: HardshipType = HardshipType.URGENT, base: str = "780.00", most: str = "") -> Guideline:
    least, usual = Decimal(2), Decimal(4 if kind is HardshipType.URGENT else 10)
    return Guideline(kind, Decimal(base), least, Decimal(most) if most else usual, TABLE)


@pytest.mark.parametrize(
    ("base", "minimum", "maximum"),
    [
        # 780 × 2 and × 4.
        ("780.00", "1560.00", "3120.00"),
        # 720 × 2 and × 4.
        ("720.00", "1440.00", "2880.00"),
        # 833.335 is no amount; 833.33 × 2 = 1666.66, × 4 = 3333.32.
        ("833.33", "1666.66", "3333.32"),
    ],
)
def test_the_guideline_of_urgent_aid_is_two_to_four_times_the_base(base: str, minimum: str, maximum: str) -> None:
    found = guideline(base=base)
    assert (found.minimum, found.maximum) == (Decimal(minimum), Decimal(maximum))


def test_the_guideline_of_spending_ends_at_ten_times_the_base() -> None:
    # 720 × 10 = 7200, the ceiling that 上庄镇 published for 2023.
    assert guideline(HardshipType.EXPENDITURE, "720.00").maximum == Decimal("7200.00")


@pytest.mark.parametrize(
    ("multiple", "limit"), [("4", "3120.00"), ("0", "0.00"), ("2.005", "1563.90"), ("0.333", "259.74")]
)
def test_a_limit_is_a_multiple_of_the_base_to_the_fen(multiple: str, limit: str) -> None:
    # 780 × 2.005 = 1563.90; 780 × 0.333 = 259.74.
    assert guideline().limit(Decimal(multiple)) == Decimal(limit)


@pytest.mark.parametrize(
    ("cause", "grade", "amount", "is_kept"),
    [
        # Both bounds are included: 2 × 780 = 1560 and 4 × 780 = 3120 stand as the table says.
        ("fire", "light", "1560.00", False),
        ("fire", "moderate", "2340.00", False),
        ("fire", "severe", "3120.00", False),
        # 1.99 × 780 = 1552.20 is raised to 1560, 4.01 × 780 = 3127.80 cut to 3120.
        ("traffic", "light", "1560.00", True),
        ("traffic", "moderate", "1950.00", False),
        ("traffic", "severe", "3120.00", True),
    ],
)
def test_urgent_aid_is_proposed_by_cause_and_grade(cause: str, grade: str, amount: str, is_kept: bool) -> None:
    found = suggest(guideline(), cause=AidCause(cause), grade=AidGrade(grade))
    assert found.amount == Decimal(amount)
    assert any("按上下限取" in line for line in found.lines) is is_kept


@pytest.mark.parametrize(
    ("cause", "grade", "paid", "amount"),
    [
        # 5 × 780 = 3900: the family paid more, just as much, a fen less.
        ("medical", "moderate", "20000.00", "3900.00"),
        ("medical", "moderate", "3900.00", "3900.00"),
        ("medical", "moderate", "3899.99", "3899.99"),
        # Never less than 2 × 780 = 1560.
        ("medical", "moderate", "1560.00", "1560.00"),
        ("medical", "moderate", "1559.99", "1560.00"),
        ("medical", "moderate", "0.00", "1560.00"),
        ("medical", "severe", "100000.00", "7800.00"),
        # 10.01 × 780 = 7807.80 is cut to 10 × 780.
        ("education", "severe", "100000.00", "7800.00"),
        ("medical", "light", None, "1560.00"),
    ],
)
def test_spending_is_proposed_up_to_what_the_family_paid(cause: str, grade: str, paid: str | None, amount: str) -> None:
    found = suggest(
        guideline(HardshipType.EXPENDITURE),
        cause=AidCause(cause),
        grade=AidGrade(grade),
        self_paid_amount=Decimal(paid) if paid is not None else None,
    )
    assert found.amount == Decimal(amount)


def test_what_an_urgent_family_paid_itself_cuts_nothing() -> None:
    found = suggest(guideline(), cause=AidCause.FIRE, grade=AidGrade.SEVERE, self_paid_amount=Decimal("10.00"))
    assert found.amount == Decimal("3120.00")


def test_the_reasoning_names_base_multiple_local_practice_and_clause() -> None:
    lines = suggest(guideline(), cause=AidCause.FIRE, grade=AidGrade.MODERATE).lines
    assert lines[0] == (
        "基数780.00元（当地城市低保月标准，本地做法）×3倍（火灾、较重，县临时救助金额表）＝2,340.00元。"
    )
    assert "2—4倍" in lines[1]
    assert "1,560.00—3,120.00元" in lines[1]


@pytest.mark.parametrize(
    ("most", "maximum", "words"),
    [
        # 6 × 780 = 4680; a county's top above the type's own changes nothing, nor does none.
        ("6", "4680.00", "支出型单次户均2—10倍，教育支出最高6倍（县定，本地做法），即1,560.00—4,680.00元"),
        ("9.99", "7792.20", "教育支出最高9.99倍"),
        ("10", "7800.00", "支出型单次户均2—10倍，即1,560.00—7,800.00元"),
        ("12", "7800.00", "支出型单次户均2—10倍，即1,560.00—7,800.00元"),
        (None, "7800.00", "支出型单次户均2—10倍，即1,560.00—7,800.00元"),
    ],
)
def test_a_cause_with_a_top_of_its_own_is_kept_below_it(most: str | None, maximum: str, words: str) -> None:
    own = replace(guideline(HardshipType.EXPENDITURE), cause_most=Decimal(most) if most else None)
    found = suggest(own, cause=AidCause.EDUCATION, grade=AidGrade.SEVERE)
    # The table's 10.01 times are always more.
    assert own.maximum == found.amount == Decimal(maximum)
    assert words in found.lines[1]


@given(
    base=st.decimals("100", "3000", places=2),
    cause=st.sampled_from(["fire", "traffic", "medical", "education"]),
    grade=st.sampled_from(list(AidGrade)),
    paid=st.none() | st.decimals("0", "200000", places=2),
)
def test_a_proposal_always_lies_within_the_guideline_to_the_fen(
    base: Decimal, cause: str, grade: AidGrade, paid: Decimal | None
) -> None:
    of = AidCause(cause)
    terms = guideline(of.hardship, f"{base:.2f}")
    found = suggest(terms, cause=of, grade=grade, self_paid_amount=paid)
    assert terms.minimum <= found.amount <= terms.maximum
    assert found.amount == found.amount.quantize(Decimal("0.01"))
