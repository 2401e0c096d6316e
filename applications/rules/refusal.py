"""不予确认的理由: which test failed, by how much and after which clause. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from eligibility.rules import is_severe, read_household

_DECIDING = ("dibao.somebody_remains", "dibao.below_standard", "property.")
_GRANTED = ("eligible", "continue")
_COUNTED = {
    "property.vehicles": ("有机动车", "辆"),
    "property.houses": ("有房屋", "套"),
    "property.businesses": ("有经营实体", "个"),
}
"""Tests that count things: what, and its measure word."""
_MARGINAL_LIMIT = "marginal.below_limit"
_LIMITS = frozenset({_MARGINAL_LIMIT, "rigid_expense.income", "temporary_aid.income"})
_NOT_ASKED = "single_person.applies_alone"


def failed_tests(result: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """Sentences of the tests that the family did not pass, each with by how much and its clause.

    Empty where the assessment comes to 低保: a refusal then rests on something else.

    :param result: an assessment's result, after the contract's output.
    :param facts: what it rests on, after the contract's input.
    """
    if result["dibao"]["outcome"] in _GRANTED:
        return []
    findings = [row for row in result["findings"] if not row["passed"]]
    deciding = [sentence(row) for row in findings if row["rule"].startswith(_DECIDING)]
    alone = [f"参照单人户：{sentence(row)}" for row in _single_person_tests(findings, facts)]
    return list(dict.fromkeys([*deciding, *alone]))


def _single_person_tests(findings: list[Mapping[str, Any]], facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Failed tests of who might have been covered alone: 重度残疾人, 重病患者 (F57 §8), who applies alone (F2022)."""
    if not any(row["rule"] == "dibao.below_standard" for row in findings):
        return
    weak = _weak_members(facts)
    apart = weak | {member["id"] for member in facts["members"] if member.get("applies_alone")}
    for row in findings:
        is_own = row["subject"] in apart and row["rule"].startswith("single_person.") and row["rule"] != _NOT_ASKED
        if is_own or (weak and row["rule"] == _MARGINAL_LIMIT):
            yield row


def _weak_members(facts: Mapping[str, Any]) -> set[str]:
    members = read_household(dict(facts)).facts.members
    return {member.id for member in members if is_severe(member.disability) or member.serious_illness}


def sentence(row: Mapping[str, Any]) -> str:
    """A failed test with by how much it failed and its clause."""
    return f"{measured(row)}（依据：{row['clause']}）。"


def measured(row: Mapping[str, Any]) -> str:
    """The finding with by how much it failed."""
    value, threshold = row["value"], row["threshold"]
    if row["rule"] in _COUNTED:
        what, measure = _COUNTED[row["rule"]]
        return f"{what}{value}{measure}，限{threshold}{measure}，超出{value - threshold}{measure}"
    text: str = row["text"].rstrip("。")
    if row["comparison"] not in ("<", "<=") or not (_is_money(value) and _is_money(threshold)):
        return text
    over = Decimal(value) - Decimal(threshold)
    if over > 0:
        return f"{text}，超出{over:,.2f}元"
    equal = "等于上限，须低于上限" if row["rule"] in _LIMITS else "等于标准，低保须低于标准"
    return f"{text}，{equal}"


def _is_money(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()
