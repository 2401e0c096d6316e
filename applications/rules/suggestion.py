"""What the assessment suggests for a case, and what changed between two assessments. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

MEMBER_PREFIX = "m"
_MONEY = re.compile(r"\d+\.\d\d")


@dataclass(frozen=True)
class SuggestedPerson:
    """Whom an award would cover: of 低保 with the top-up (增发), of 特困 with what is paid; yuan a month."""

    member_id: int
    topup_monthly_amount: Decimal = Decimal("0.00")
    topup_class: str = ""
    monthly_amount: Decimal | None = None
    care_monthly_amount: Decimal = Decimal("0.00")
    care_level: str = ""
    support_mode: str = ""


@dataclass(frozen=True)
class Suggestion:
    """建议: what the rules come to for a matter; staff sign the final values (handbook 0.5)."""

    is_eligible: bool
    basis: str
    category: str
    monthly_amount: Decimal | None
    persons: tuple[SuggestedPerson, ...]
    valid_months: int | None = None
    is_unsettled: bool = False
    """Somebody's answer hangs on what is not found out yet, so that refusing them rests on nothing (F43 §8)."""
    review_result: str = ""
    """Of a review: what it comes to."""
    phase_out_months: int | None = None
    """Of a phase-out (渐退), where the rules say how many."""

    def without(self, members: Collection[int]) -> "Suggestion":
        """What is left where some people have it already; of a suggestion person by person."""
        if not {person.member_id for person in self.persons} & set(members):
            return self
        persons = tuple(person for person in self.persons if person.member_id not in members)
        amounts = [person.monthly_amount for person in persons if person.monthly_amount is not None]
        return replace(
            self,
            is_eligible=bool(persons),
            basis=self.basis if persons else "",
            monthly_amount=sum(amounts, Decimal(0)) if persons else None,
            persons=persons,
        )

    def without_sum_of(self, members: Collection[int]) -> "Suggestion":
        """What is left of a family's suggestion where some have another award: whom to cover, but no sum.

        The sum was worked out with them, and only the rules may work one out without them.
        """
        left = self.without(members)
        return (
            self if left is self else replace(left, monthly_amount=None, category=self.category if left.persons else "")
        )


def suggest(result: Mapping[str, Any]) -> Suggestion:
    """The suggestion for 低保 in an assessment's result, after the contract's output."""
    dibao = result["dibao"]
    is_eligible = dibao["outcome"] in ("eligible", "continue")
    if not is_eligible:
        return Suggestion(is_eligible=False, basis="", category="", monthly_amount=None, persons=())
    return Suggestion(
        is_eligible=True,
        basis=dibao["basis"],
        category=dibao["category"],
        monthly_amount=Decimal(dibao["monthly_amount"]),
        persons=persons_of(result),
    )


def persons_of(result: Mapping[str, Any]) -> tuple[SuggestedPerson, ...]:
    """Whom an assessment's 低保 covers, with their top-ups."""
    dibao = result["dibao"]
    topups = dict(_topups(result["findings"])) if dibao["basis"] == "household" else {}
    return tuple(SuggestedPerson(member_id(key), *topups.get(key, (Decimal("0.00"), ""))) for key in dibao["persons"])


def member_id(key: str) -> int:
    """Primary key behind a member id of the assessment (``m12`` → 12)."""
    return int(key.removeprefix(MEMBER_PREFIX))


def _topups(findings: list[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[Decimal, str]]]:
    severe = {row["subject"] for row in findings if row["rule"] == "amount.topup_a" and row["passed"]}
    for row in findings:
        if row["rule"] == "amount.topup":
            yield row["subject"], (Decimal(row["value"]), "A" if row["subject"] in severe else "B")


class Difference(NamedTuple):
    """One fact or outcome that is not what it was; ``subject`` is a member id or empty for the family."""

    subject: str
    label: str
    before: str
    after: str


_LABELS = {
    "residence": "城乡",
    "income_stable": "短期收入变化不大",
    "birth_date": "出生日期",
    "relation": "与户主关系",
    "sex": "性别",
    "lives_together": "共同居住",
    "shares_support": "共同生活",
    "cannot_live_alone": "不能独立生活",
    "applies_alone": "单独申请",
    "not_counted": "不计入情形",
    "disability": "残疾",
    "serious_illness": "重病",
    "labour_capacity": "劳动能力",
    "schooling": "就学",
    "self_care": "自理能力",
    "support_mode": "供养方式",
    "tekun_since_minor": "未成年时认定特困",
    "spouse_id": "配偶",
    "parent_ids": "父母",
    "incomes": "收入",
    "supporters": "法定义务人",
    "expenses": "刚性支出",
    "property": "财产",
    "outcome": "结论",
    "tekun": "特困认定（人员、结论、自理能力、月供养金）",
    "basis": "纳入方式",
    "category": "类别",
    "monthly_amount": "月保障金",
    "persons": "保障对象",
    "is_eligible": "结论",
    "valid_months": "有效期（月）",
    "event": "事项",
    "award_basis": "现待遇纳入方式",
    "current_persons": "现待遇保障对象",
    "current_monthly_amount": "现月保障金",
    "review_result": "复核结果",
    "person": "复核对象",
    "hardship": "救助类型和金额",
    "aid_min": "救助标准下限",
    "aid_max": "救助标准上限",
    "aid_verdict": "救助金额与标准",
}


_FOLLOWING = ("tekun_since_minor",)
"""Facts that follow from another decision of the same intake; what they change shows in the outcome."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between the facts of two assessments; the day itself does not count."""
    rows = _compare("", _without(before, "on", "members"), _without(after, "on", "members"))
    old = {member["id"]: member for member in before["members"]}
    new = {member["id"]: member for member in after["members"]}
    for key in old.keys() | new.keys():
        if key not in new:
            rows.append(Difference(key, "家庭成员", "在", "已不在"))
        elif key not in old:
            rows.append(Difference(key, "家庭成员", "不在", "新加入"))
        else:
            rows.extend(_compare(key, _without(old[key], "id", *_FOLLOWING), _without(new[key], "id", *_FOLLOWING)))
    return sorted(rows)


def outcome_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two outcomes: by the day alone (a birthday, a new standard) or by facts.

    :param before: what a matter compares of a result, from the older one.
    """
    return _compare("", before, after)


def _without(values: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def _compare(subject: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(subject, _LABELS.get(key, key), _shown(before.get(key)), _shown(after.get(key)))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _shown(value: Any) -> str:
    match value:
        case None | [] | "":
            return "无"
        case dict() if not value:  # the pattern {} would match every mapping
            return "无"
        case True:
            return "是"
        case False:
            return "否"
        case list():
            return "、".join(_shown(item) for item in value)
        case dict():
            return " ".join(_shown(item) for item in value.values())
        case str() if _MONEY.fullmatch(value):
            return f"{Decimal(value):,}"
        case _:
            return str(value)
