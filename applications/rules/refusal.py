"""不予确认的理由: which test failed and by how much, and what else the family may claim. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_DECIDING = ("dibao.somebody_remains", "dibao.below_standard", "property.")


def failed_tests(result: Mapping[str, Any]) -> list[str]:
    """Sentences of the tests that the family did not pass, each with its clause and, for money, by how much."""
    failed = [row for row in result["findings"] if not row["passed"] and row["rule"].startswith(_DECIDING)]
    return [_sentence(row) for row in failed]


def _sentence(row: Mapping[str, Any]) -> str:
    text = row["text"].rstrip("。")
    excess = _excess(row)
    return f"{text}{excess}（依据：{row['clause']}）。"


def _excess(row: Mapping[str, Any]) -> str:
    value, threshold = row["value"], row["threshold"]
    if not (_is_money(value) and _is_money(threshold)) or row["comparison"] not in ("<", "<="):
        return ""
    over = Decimal(value) - Decimal(threshold)
    if over < 0:
        return ""
    return f"，超出{over:,.2f}元" if over > 0 else "，等于标准，不低于标准"


def _is_money(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def other_doors(result: Mapping[str, Any]) -> list[str]:
    """What else the family may claim, from the same assessment (方案 task 17; F2020 §23)."""
    doors = []
    if result["marginal"]["outcome"] == "eligible":
        doors.append("最低生活保障边缘家庭认定（可据以申请专项救助）")
    outcomes = {row["outcome"] for row in result["tekun"]}
    if "eligible" in outcomes:
        doors.append("特困人员救助供养")
    elif "unknown" in outcomes:
        doors.append("特困人员救助供养（须先查明法定义务人）")
    doors.append("遭遇突发困难的，可以申请临时救助")
    return doors
