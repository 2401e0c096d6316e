"""最低生活保障, application; 民发〔2021〕57号."""

from collections.abc import Mapping
from typing import Any

from applications.rules.matters.base import Facts, Matter, Result
from applications.rules.refusal import failed_tests
from applications.rules.suggestion import Suggestion, suggest


def _suggest(result: Result, _facts: Facts) -> Suggestion:
    return suggest(result)


def _compared(result: Result) -> Mapping[str, Any]:
    dibao = result["dibao"]
    return {key: dibao[key] for key in ("outcome", "basis", "category", "monthly_amount", "persons")}


DIBAO = Matter(
    scheme="dibao",
    kind="application",
    title="最低生活保障",
    suggest=_suggest,
    failed_tests=failed_tests,
    compared=_compared,
    deciding=(
        "property.",
        "dibao.",
        "single_person.",
        "means.adjusted",
        "means.per_capita",
        "amount.difference",
        "amount.single",
        "amount.total",
    ),
    granted=frozenset({"amount.topup"}),
    printed=("property.", "dibao.", "single_person.", "amount.difference", "amount.total", "amount.single"),
)
