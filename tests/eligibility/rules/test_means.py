"""Rule 3: household means (F57 §13)."""

from typing import Any

import pytest

from tests.eligibility.families import assessed, child, member, pension, spouse, wage

COUNTED = ["wage", "business", "property", "pension", "support", "other_transfer"]
NOT_COUNTED = [
    "preferential_pension",
    "family_planning_award",
    "scholarship",
    "bravery_award",
    "social_assistance",
    "basic_resident_pension",
    "old_age_allowance",
    "disability_subsidy",
]


def household(*members: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return assessed(*members, **keys)["household"]


def spent(kind: str, yearly: str, **keys: str) -> dict[str, str]:
    return {"kind": kind, "yearly": yearly, **keys}


@pytest.mark.parametrize("kind", COUNTED)
def test_kinds_that_count(kind: str) -> None:
    assert household(member(incomes=[{"kind": kind, "yearly": "1234.5"}]))["yearly_income"] == "1234.50"


@pytest.mark.parametrize("kind", NOT_COUNTED)
def test_kinds_that_are_recorded_only(kind: str) -> None:
    assert household(member(incomes=[{"kind": kind, "yearly": "1234.50"}]))["yearly_income"] == "0.00"


def test_a_family_as_a_clerk_reckons_it() -> None:
    # 18000 wages − 6000 medical = 12000; ÷ 12 ÷ 3 = 333.333… shown as 333.33
    result = household(
        member(disability={"kind": "physical", "level": 2}),
        spouse(incomes=wage("18000")),
        child(),
        expenses=[spent("medical", "6000")],
    )
    assert result["yearly_income"] == "18000.00"
    assert result["rigid_deduction"] == "6000.00"
    assert result["employment_deduction"] == "0.00"
    assert result["per_capita_monthly"] == "333.33"


@pytest.mark.parametrize("kind", ["medical", "disability", "education"])
def test_rigid_spending_is_deducted_at_its_rate(kind: str) -> None:
    parameters = {"rigid_expense_rate": "0.8"}
    result = household(member(incomes=wage("9000")), expenses=[spent(kind, "1000")], parameters=parameters)
    assert (result["rigid_deduction"], result["employment_deduction"]) == ("800.00", "0.00")


@pytest.mark.parametrize(
    ("yearly", "rate", "deduction"),
    [
        ("0.01", "0.5", "0.01"),  # 0.005 rounds half up to the fen
        ("0.03", "0.5", "0.02"),
        ("0.01", "0.49", "0.00"),
        ("33.33", "0.333", "11.10"),  # 11.09889
    ],
)
def test_the_rigid_deduction_is_rounded_half_up_to_the_fen(yearly: str, rate: str, deduction: str) -> None:
    result = household(
        member(incomes=wage("100")), expenses=[spent("medical", yearly)], parameters={"rigid_expense_rate": rate}
    )
    assert result["rigid_deduction"] == deduction


def test_rigid_kinds_are_summed_before_they_are_rounded() -> None:
    # 0.5 × (0.01 + 0.01 + 0.01) = 0.015 → 0.02; one by one it would be 0.03
    expenses = [spent(kind, "0.01") for kind in ("medical", "disability", "education")]
    result = household(member(incomes=wage("1")), expenses=expenses, parameters={"rigid_expense_rate": "0.5"})
    assert result["rigid_deduction"] == "0.02"


@pytest.mark.parametrize(
    ("spent_on_work", "wages", "deduction"),
    [
        ("1999.99", "10000", "1999.99"),
        ("2000.00", "10000", "2000.00"),
        ("2000.01", "10000", "2000.00"),
        ("500", "0", "0.00"),
        ("500", "0.01", "0.00"),  # 0.002
        ("500", "0.13", "0.03"),  # 0.026
    ],
)
def test_the_employment_deduction_is_the_smaller_of_spending_and_its_share_of_wages(
    spent_on_work: str, wages: str, deduction: str
) -> None:
    result = household(member(incomes=wage(wages)), expenses=[spent("employment", spent_on_work)])
    assert result["employment_deduction"] == deduction


def test_the_employment_deduction_is_rounded_half_up() -> None:
    # 0.5 × 0.01 = 0.005 → 0.01
    result = household(
        member(incomes=wage("0.01")),
        expenses=[spent("employment", "9")],
        parameters={"employment_cost_rate": "0.5"},
    )
    assert result["employment_deduction"] == "0.01"


def test_only_wages_carry_employment_costs() -> None:
    incomes = [{"kind": "business", "yearly": "10000"}, {"kind": "pension", "yearly": "10000"}]
    result = household(member(incomes=incomes), expenses=[spent("employment", "500")])
    assert result["employment_deduction"] == "0.00"


def test_deductions_beyond_the_income_leave_zero() -> None:
    result = household(member(incomes=wage("100")), expenses=[spent("medical", "5000")])
    assert (result["rigid_deduction"], result["per_capita_monthly"]) == ("5000.00", "0.00")


def test_income_and_spending_of_who_does_not_remain_are_left_out() -> None:
    elder = member("p", "parent", "1940-01-01", supporters=[], incomes=pension("8000"))
    # The head is severely disabled and poor, so not able to support: the parent is tekun, the head remains.
    head = member(disability={"kind": "hearing", "level": 1}, incomes=wage("12000"))
    away = spouse(not_counted="declared_missing", incomes=wage("50000"))
    expenses = [
        spent("medical", "1000", member="p"),
        spent("medical", "300", member="b"),
        spent("medical", "200", member="a"),
        spent("medical", "20"),
    ]
    result = household(head, elder, away, expenses=expenses)
    assert result["tekun_members"] == ["p"]
    assert result["remaining"] == ["a"]
    assert (result["yearly_income"], result["rigid_deduction"]) == ("12000.00", "220.00")
    assert result["per_capita_monthly"] == "981.66"  # 11780 ÷ 12 = 981.666…


@pytest.mark.parametrize(
    ("yearly", "shown"),
    [("8399.99", "699.99"), ("8400.00", "700.00"), ("8400.11", "700.00"), ("8400.12", "700.01"), ("0.11", "0.00")],
)
def test_shown_per_capita_income_is_cut_not_rounded(yearly: str, shown: str) -> None:
    assert household(member(incomes=wage(yearly)))["per_capita_monthly"] == shown
