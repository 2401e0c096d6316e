"""刚性支出困难家庭认定; 《刚性支出困难家庭认定办法》, from 2025-01-01."""

from decimal import Decimal

from applications.rules.matters.base import Beside, Facts, Further, Matter, Result
from applications.rules.matters.recognition import compared, suggest
from applications.rules.refusal import sentence
from eligibility.rules import RigidTerms, assess_rigid_expense, read_household, read_rigid_terms


def _further(result: Result, facts: Facts, beside: Beside) -> Further:
    terms = read_rigid_terms(beside["parameters"])
    assert isinstance(terms, RigidTerms)  # noqa: S101 -- whoever asks reads the county's figures first
    found = assess_rigid_expense(
        read_household(dict(facts)).facts,
        counted=result["household"]["counted"],
        property_ok=result["household"]["property_ok"],
        disposable_income_yearly=Decimal(result["parameters"]["per_capita_disposable_income_yearly"]),
        terms=terms,
        enrolled=beside["enrolled"],
    )
    return {
        "beside": beside,
        "recognition": {
            "is_eligible": found.is_eligible,
            "persons": list(found.persons),
            "valid_months": beside["valid_months"],
            "enrolled": list(beside["enrolled"]),
        },
        "findings": [row._asdict() for row in found.findings],
    }


def _failed_tests(result: Result, _facts: Facts) -> list[str]:
    """Each test that was not passed with its figures; the single tests of property in place of their sum."""
    failed = [
        row
        for row in result["findings"]
        if not row["passed"]
        and row["rule"].startswith(("property.", "rigid_expense."))
        and row["rule"] != "rigid_expense.property"
    ]
    return list(dict.fromkeys(sentence(row) for row in failed))


RIGID_EXPENSE_HOUSEHOLD = Matter(
    scheme="rigid_expense_household",
    kind="application",
    title="刚性支出困难家庭认定",
    status="刚性支出困难家庭",
    suggest=suggest,
    failed_tests=_failed_tests,
    compared=compared,
    deciding=("property.", "rigid_expense."),
    printed=("property.", "rigid_expense."),
    amount_title="",
    further=_further,
    is_announced=False,
)
