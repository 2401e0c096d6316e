"""Rule 10: the guideline for temporary aid (绩办〔2021〕27号 item 10)."""

from typing import Any

import pytest

from tests.eligibility.families import assessed, member


def guideline(kind: str, proposed: str, **parameters: Any) -> dict[str, str]:
    hardship = {"type": kind, "proposed_amount": proposed}
    return assessed(member(), hardship=hardship, parameters=parameters)["temporary_aid"]


@pytest.mark.parametrize(
    ("kind", "proposed", "verdict"),
    [
        ("urgent", "1399.99", "below_guideline"),
        ("urgent", "1400.00", "within"),
        ("urgent", "2800.00", "within"),
        ("urgent", "2800.01", "needs_collective_decision"),
        ("expenditure", "1399.99", "below_guideline"),
        ("expenditure", "1400", "within"),
        ("expenditure", "7000.00", "within"),
        ("expenditure", "7000.01", "needs_collective_decision"),
    ],
)
def test_both_ends_are_within(kind: str, proposed: str, verdict: str) -> None:
    top = "2800.00" if kind == "urgent" else "7000.00"
    assert guideline(kind, proposed) == {"min": "1400.00", "max": top, "verdict": verdict}


def test_the_ends_are_rounded_half_up_before_they_are_compared() -> None:
    # 1.5 × 0.33 = 0.495 → 0.50; 2.5 × 0.33 = 0.825 → 0.83
    parameters = {"temporary_aid_base_monthly": "0.33", "urgent_multiplier": {"min": "1.5", "max": "2.5"}}
    assert guideline("urgent", "0.49", **parameters)["verdict"] == "below_guideline"
    assert guideline("urgent", "0.50", **parameters) == {"min": "0.50", "max": "0.83", "verdict": "within"}
    assert guideline("urgent", "0.83", **parameters)["verdict"] == "within"
    assert guideline("urgent", "0.84", **parameters)["verdict"] == "needs_collective_decision"


def test_the_base_does_not_follow_the_dibao_standard() -> None:
    assert guideline("urgent", "1400", dibao_monthly_standard="900.00")["min"] == "1400.00"


def test_without_a_hardship_there_is_no_answer() -> None:
    assert assessed(member())["temporary_aid"] is None


@pytest.mark.parametrize(
    ("proposed", "most", "maximum", "verdict"),
    [
        ("4200.00", "6", "4200.00", "within"),
        ("4200.01", "6", "4200.00", "needs_collective_decision"),
        ("7000.00", "12", "7000.00", "within"),
    ],
)
def test_a_cause_may_have_a_lower_top_of_its_own(proposed: str, most: str, maximum: str, verdict: str) -> None:
    hardship = {"type": "expenditure", "proposed_amount": proposed, "cause_most": most}
    found = assessed(member(), hardship=hardship)["temporary_aid"]
    assert found == {"min": "1400.00", "max": maximum, "verdict": verdict}
