"""终止救助供养的情形: six causes, what each is looked into by, and after which clause; F43 §24. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_F43_24 = "《特困人员认定办法》（民发〔2021〕43号）第二十四条"


class Cause(StrEnum):
    """终止情形."""

    DIED = "died"
    LABOUR_CAPACITY = "labour_capacity"
    IMPRISONED = "imprisoned"
    MEANS = "means"
    SUPPORTER = "supporter"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True)
class CauseRule:
    """One cause.

    :param label: as the law names it.
    :param day: what its day is called.
    :param evidence: what proves it.
    :param is_assessed: whether the three conditions say themselves if it is so; the others are facts of their own.
    :param asks_means_check: whether incomes and property are checked with the departments.
    """

    label: str
    clause: str
    day: str
    evidence: str
    is_assessed: bool = False
    asks_means_check: bool = False


def _clause(item: str) -> str:
    return f"{_F43_24}第（{item}）项"


CAUSES: dict[Cause, CauseRule] = {
    Cause.DIED: CauseRule(
        "死亡或者被宣告死亡、被宣告失踪", _clause("一"), "死亡或者宣告之日", "死亡证明、户口注销证明或者人民法院判决书"
    ),
    Cause.LABOUR_CAPACITY: CauseRule(
        "具备或者恢复劳动能力", _clause("二"), "具备或者恢复之日", "残疾证变更、劳动能力鉴定等", is_assessed=True
    ),
    Cause.IMPRISONED: CauseRule(
        "依法被判处刑罚，且在监狱服刑", _clause("三"), "入监之日", "人民法院判决书、入监通知书"
    ),
    Cause.MEANS: CauseRule(
        "收入和财产状况不再符合规定",
        _clause("四"),
        "查实之日",
        "收入、财产凭据",
        is_assessed=True,
        asks_means_check=True,
    ),
    Cause.SUPPORTER: CauseRule(
        "法定义务人具有履行义务能力，或者新增有履行义务能力的法定义务人",
        _clause("五"),
        "具有或者新增之日",
        "法定义务人的收入、身份和关系证明",
        is_assessed=True,
    ),
    Cause.VOLUNTARY: CauseRule("自愿申请退出救助供养", _clause("六"), "申请之日", "本人（监护人）签字的退出申请"),
}
"""Every cause with its rule; the order is the law's."""


def of_person(result: Mapping[str, Any], person: str) -> dict[str, Any]:
    """An assessment's result without what it tests of the other members of the family as 特困.

    :param person: the member's reference (m12).
    """
    own = [row for row in result["findings"] if row["subject"] == person or not row["rule"].startswith("tekun.")]
    return {**result, "findings": own}


CLAUSE_OF_PROCEDURE = "第二十五条、第二十六条"
"""Verifying, publicity and decision, of the same measures as the causes."""
