"""临时救助（支出型）, application: the family is helped once; 民发〔2018〕23号 二（一）（二）, handbook 10.1."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applications.rules.matters.base import Beside, Facts, Further, Matter, Result, Words
from applications.rules.refusal import sentence
from applications.rules.suggestion import Suggestion
from eligibility.rules import assess_expenditure_aid, read_household

_OF_FAMILY = ("temporary_aid.somebody_counted", "temporary_aid.income")
"""Of 临时救助 the conditions of who is helped; least and most of the amount (救助标准) are guidelines of how much."""


def _further(result: Result, facts: Facts, beside: Beside) -> Further:
    found = assess_expenditure_aid(
        read_household(dict(facts)).facts,
        household=result["household"],
        disposable_income_yearly=Decimal(result["parameters"]["per_capita_disposable_income_yearly"]),
        enrolled=beside["enrolled"],
    )
    return {
        "beside": beside,
        "aid": {
            "is_eligible": found.is_eligible,
            "persons": list(found.persons),
            "enrolled": list(beside["enrolled"]),
        },
        "findings": [row._asdict() for row in found.findings],
    }


def _suggest(result: Result, _facts: Facts) -> Suggestion:
    """Whether the family may be helped; how much goes by the cause (事由), which the assessment does not know."""
    is_eligible = result["aid"]["is_eligible"]
    basis = "aid" if is_eligible else ""
    return Suggestion(is_eligible=is_eligible, basis=basis, category="", monthly_amount=None, persons=())


def _failed_tests(result: Result, _facts: Facts) -> list[str]:
    """Each condition that was not met, by how much; the single tests of property in place of their sum."""
    if result["aid"]["is_eligible"]:
        return []
    failed = [
        row for row in result["findings"] if not row["passed"] and row["rule"].startswith(("property.", *_OF_FAMILY))
    ]
    return list(dict.fromkeys(sentence(row) for row in failed))


def _compared(result: Result) -> Mapping[str, Any]:
    """The answer, and how the proposed amount stands to the guideline."""
    found = result["temporary_aid"] or {}
    return {
        "is_eligible": result["aid"]["is_eligible"],
        "aid_min": found.get("min"),
        "aid_max": found.get("max"),
        "aid_verdict": found.get("verdict"),
    }


TEMPORARY_AID = Matter(
    scheme="temporary_aid",
    kind="application",
    title="临时救助（支出型）",
    suggest=_suggest,
    failed_tests=_failed_tests,
    compared=_compared,
    deciding=("property.", "temporary_aid.", "means.adjusted", "means.per_capita"),
    printed=("property.", "temporary_aid."),
    amount_title="一次性救助金额",
    further=_further,
    is_announced=False,
    is_paid_once=True,
    words=Words("拟救助", "拟不予救助", "同意救助", "不予救助"),
)
