"""最低生活保障边缘家庭认定; 民发〔2021〕57号第八条第二款."""

from applications.rules.matters.base import Beside, Facts, Further, Matter, Result
from applications.rules.matters.recognition import compared, suggest
from applications.rules.refusal import sentence

_DECIDING = ("marginal.", "property.", "dibao.somebody_remains")


def _further(result: Result, _facts: Facts, beside: Beside) -> Further:
    is_eligible = result["marginal"]["outcome"] == "eligible"
    return {
        "beside": beside,
        "recognition": {
            "is_eligible": is_eligible,
            "persons": list(result["household"]["remaining"]) if is_eligible else [],
            "valid_months": beside["valid_months"],
            "enrolled": list(beside["enrolled"]),
        },
        "findings": [],
    }


def _failed_tests(result: Result, _facts: Facts) -> list[str]:
    """Each test that was not passed with by how much; the single tests of property in place of their sum."""
    if result["recognition"]["is_eligible"]:
        return []
    failed = [
        row
        for row in result["findings"]
        if not row["passed"] and row["rule"].startswith(_DECIDING) and row["rule"] != "marginal.property"
    ]
    return list(dict.fromkeys(sentence(row) for row in failed))


MARGINAL = Matter(
    scheme="marginal",
    kind="application",
    title="最低生活保障边缘家庭认定",
    status="最低生活保障边缘家庭",
    suggest=suggest,
    failed_tests=_failed_tests,
    compared=compared,
    deciding=("property.", "marginal.", "means.adjusted", "means.per_capita"),
    printed=("property.", "marginal."),
    amount_title="",
    further=_further,
    is_announced=False,
)
