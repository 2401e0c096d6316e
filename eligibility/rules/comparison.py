"""Two results of the same facts set side by side (复算比对): what a rule that changed since has changed. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eligibility.rules.findings import HOUSEHOLD
from eligibility.rules.titles import RULE_TITLES

Json = Any

_LABELS = {
    "counted": "共同生活的家庭成员",
    "tekun_members": "特困人员",
    "remaining": "低保计算人员",
    "yearly_income": "家庭年收入",
    "rigid_deduction": "刚性支出核减",
    "employment_deduction": "就业成本核减",
    "per_capita_monthly": "月人均收入",
    "property_ok": "财产合规",
    "outcome": "结论",
    "reason": "不适用的原因",
    "basis": "纳入方式",
    "persons": "保障对象",
    "category": "类别",
    "review_months": "核查周期（月）",
    "monthly_amount": "月保障金",
    "change": "与现发金额比较",
    "phase_out_months": "渐退月数",
    "single_person_candidates": "可按单人户的人员",
    "self_care": "自理能力",
    "min": "下限",
    "max": "上限",
    "verdict": "结论",
}
_PARTS = {"household": "家庭", "dibao": "低保", "marginal": "低保边缘", "temporary_aid": "临时救助"}
_WORDS = {
    "eligible": "符合",
    "not_eligible": "不符合",
    "not_applicable": "不适用",
    "unknown": "待查明",
    "continue": "继续",
    "phase_out": "渐退",
    "stop": "停发",
    "household": "整户",
    "single_person": "单人户",
    "all_tekun": "全部为特困人员",
    "nobody_counted": "无共同生活成员",
    "raise": "增发",
    "cut": "减发",
    "none": "不变",
    "self_reliant": "全自理",
    "semi_disabled": "半护理",
    "disabled": "全护理",
    "within": "在标准以内",
    "below_guideline": "低于标准",
    "needs_collective_decision": "须一事一议",
}
_OF_FINDING = ("clause", "value", "comparison", "threshold", "passed")
_FINDING_LABELS = {"clause": "条款", "value": "值", "comparison": "比较", "threshold": "界限", "passed": "通过"}


@dataclass(frozen=True)
class Deviation:
    """One thing that the second result has otherwise; ``subject`` is a member reference or empty."""

    subject: str
    what: str
    before: str
    after: str


def compare_results(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Deviation]:
    """What differs between two results for the same facts, the answers first, then comparison by comparison.

    A sentence worded otherwise with the same figures is no difference.
    """
    return [*_answers(before, after), *_findings(before.get("findings", ()), after.get("findings", ()))]


def _answers(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Deviation]:
    for part, title in _PARTS.items():
        yield from _fields("", title, before.get(part) or {}, after.get(part) or {})
    old = {row["member"]: row for row in before.get("tekun", ())}
    new = {row["member"]: row for row in after.get("tekun", ())}
    for member in [*old, *(member for member in new if member not in old)]:
        yield from _fields(member, "特困", old.get(member, {}), new.get(member, {}))


def _fields(subject: str, title: str, before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Deviation]:
    for key in [*before, *(key for key in after if key not in before)]:
        if key != "member" and before.get(key) != after.get(key):
            yield Deviation(
                subject, f"{title}：{_LABELS.get(key, key)}", _shown(before.get(key)), _shown(after.get(key))
            )


def _findings(before: Sequence[Mapping[str, Json]], after: Sequence[Mapping[str, Json]]) -> Iterator[Deviation]:
    old, new = _by_place(before), _by_place(after)
    for place in [*old, *(place for place in new if place not in old)]:
        rule, subject, _ = place
        title = RULE_TITLES.get(rule, rule)
        shown = subject if subject != HOUSEHOLD else ""
        if place not in new:
            yield Deviation(shown, title, old[place]["text"], "没有这一项比较")
        elif place not in old:
            yield Deviation(shown, title, "没有这一项比较", new[place]["text"])
        else:
            for key in _OF_FINDING:
                one, other = old[place][key], new[place][key]
                if one != other:
                    yield Deviation(shown, f"{title}（{_FINDING_LABELS[key]}）", _shown(one), _shown(other))


def _by_place(findings: Sequence[Mapping[str, Json]]) -> dict[tuple[str, str, int], Mapping[str, Json]]:
    """Findings by rule, subject and how often that pair came before."""
    seen: Counter[tuple[str, str]] = Counter()
    placed = {}
    for finding in findings:
        pair = (finding["rule"], finding["subject"])
        placed[(*pair, seen[pair])] = finding
        seen[pair] += 1
    return placed


def _shown(value: Json) -> str:
    match value:
        case None | [] | "":
            return "无"
        case True:
            return "是"
        case False:
            return "否"
        case list():
            return "、".join(_shown(item) for item in value)
        case str():
            return _WORDS.get(value, value)
        case _:
            return str(value)
