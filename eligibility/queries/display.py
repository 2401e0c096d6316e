"""Assessments as pages and papers show them: names in place of member references, answers in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from eligibility.rules.titles import RULE_TITLES
from foundation.money import in_figures

if TYPE_CHECKING:
    from households.models import Household, Member


@dataclass(frozen=True)
class FindingRow:
    """A finding as the table shows it: names in place of member references, figures as people write them."""

    rule: str
    title: str
    clause: str
    subject: str
    value: str
    comparison: str
    threshold: str
    passed: bool
    text: str


def findings_for_display(
    result: Mapping[str, Any], household: "Household", *, members: Iterable["Member"] = ()
) -> list[FindingRow]:
    """The findings of an assessment's result with names put in for the member references (m12).

    :param members: members with their persons that are read already.
    """
    names = member_names(result, household, members=members)
    return [_finding_row(finding, names) for finding in result.get("findings", ())]


def member_names(
    result: Mapping[str, Any], household: "Household", *, members: Iterable["Member"] = ()
) -> dict[str, str]:
    """Names by reference of everybody whom a result's findings are about or name; in one query who is not known yet."""
    mentioned = {finding["subject"] for finding in result.get("findings", ())} | set(result["household"]["counted"])
    for finding in result.get("findings", ()):
        mentioned.update(_REFERENCE.findall(finding["text"]))
    known = {member.reference: member.person.name for member in members}
    keys = [int(reference[1:]) for reference in mentioned - known.keys() if _MEMBER.fullmatch(reference)]
    if keys:
        others = household.members.filter(pk__in=keys).select_related("person")
        known |= {member.reference: member.person.name for member in others}
    return known


_MEMBER = re.compile(r"m\d+")
_REFERENCE = re.compile(r"成员“(m\d+)”")
_FIGURE = re.compile(r"-?\d+\.\d\d")
_SIGNS = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "=": "＝"}
_WORDS = {True: "是", False: "否"}


def _finding_row(finding: Mapping[str, Any], names: Mapping[str, str]) -> FindingRow:
    value, threshold = _shown(finding["value"]), _shown(finding["threshold"])
    return FindingRow(
        rule=finding["rule"],
        title=RULE_TITLES.get(finding["rule"], finding["rule"]),
        clause=finding["clause"],
        subject=names.get(finding["subject"], "本户"),
        value=value,
        comparison=_SIGNS.get(finding["comparison"], "") if value and threshold else "",
        threshold=threshold,
        passed=finding["passed"],
        text=_REFERENCE.sub(lambda match: names.get(match[1], match[0]), finding["text"]),
    )


def _shown(value: Any) -> str:
    """A figure as people write it; words of the contract are left to the sentence."""
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and _FIGURE.fullmatch(value):
        sign, plain = ("-", value[1:]) if value.startswith("-") else ("", value)
        whole, _, rest = plain.partition(".")
        return f"{sign}{int(whole):,}.{rest}"
    return ""


# --- The answers in words (试算) ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerLine:
    """One sentence of the reckoning, and the clause it rests on."""

    text: str
    clause: str


@dataclass(frozen=True)
class SchemeAnswer:
    """One scheme's answer: its outcome by colour and word, the amount, and the sentences that led to it."""

    scheme: str
    outcome: str
    tone: str
    headline: str = ""
    note: str = ""
    lines: tuple[AnswerLine, ...] = ()


@dataclass(frozen=True)
class AssessmentCard:
    """The aside beside an intake or case: every scheme's answer on a day."""

    on: date
    answers: tuple[SchemeAnswer, ...]


_DIBAO_WORDS: dict[str, dict[str | None, tuple[str, str]]] = {
    "eligible": {"household": ("整户符合", "good"), "single_person": ("单人户符合", "good")},
    "continue": {"household": ("整户继续保障", "good"), "single_person": ("单人户继续保障", "good")},
    "phase_out": {"household": ("可给渐退期", "due")},
    "not_eligible": {None: ("不符合", "")},
    "stop": {None: ("应予停发", "late")},
    "not_applicable": {None: ("不适用", "")},
}
_CHANGES = {"raise": "应增发", "cut": "应减发", "none": "金额不变"}
_REVIEWS = {12: "每年核查", 6: "半年核查"}
_TEKUN_WORDS = {"eligible": ("符合", "good"), "unknown": ("待查明义务人", "due"), "not_eligible": ("不符合", "")}
_AID_WORDS = {
    "within": ("在标准以内", "good"),
    "below_guideline": ("低于标准", "due"),
    "needs_collective_decision": ("须一事一议", "late"),
}
_DIBAO_LINES = frozenset(
    "means.rigid_deduction means.employment_cost means.per_capita dibao.below_standard dibao.phase_out_limit "
    "dibao.covered_persons_remain dibao.change amount.difference amount.single_person amount.topup amount.total".split()
)
_DIBAO_LINES_WHEN_FAILED = frozenset({"dibao.somebody_remains", "dibao.property"})


def assessment_card(result: Mapping[str, Any], household: "Household") -> AssessmentCard:
    """Every scheme's answer in words (试算), from an assessment's result."""
    names = member_names(result, household)
    rows = [_finding_row(finding, names) for finding in result["findings"]]
    answers = [_dibao_answer(result, rows, names), _marginal_answer(result, rows)]
    if result["tekun"]:
        answers.append(_tekun_answer(result, rows, names))
    if result["temporary_aid"]:
        answers.append(_aid_answer(result["temporary_aid"], rows))
    return AssessmentCard(on=date.fromisoformat(result["on"]), answers=tuple(answers))


def _dibao_answer(result: Mapping[str, Any], rows: Sequence[FindingRow], names: Mapping[str, str]) -> SchemeAnswer:
    dibao = result["dibao"]
    outcome, tone = _DIBAO_WORDS[dibao["outcome"]][dibao["basis"]]
    amount = dibao["monthly_amount"]
    return SchemeAnswer(
        scheme="最低生活保障",
        outcome=outcome,
        tone=tone,
        headline=f"每月{in_figures(Decimal(amount))}元" if amount else "",
        note="・".join(_dibao_notes(dibao, names)),
        lines=_lines(row for row in rows if _explains_dibao(row)),
    )


def _dibao_notes(dibao: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    notes = []
    if dibao["change"]:
        notes.append(_CHANGES[dibao["change"]])
    if dibao["category"]:
        notes.append(f"建议{dibao['category']}类・{_REVIEWS[dibao['review_months']]}")
    if dibao["phase_out_months"]:
        least, most = dibao["phase_out_months"]
        notes.append(f"{least}—{most}个月")
    if dibao["basis"] == "single_person":
        notes.append("、".join(names.get(person, person) for person in dibao["persons"]))
    if dibao["single_person_candidates"]:
        candidates = "、".join(names.get(person, person) for person in dibao["single_person_candidates"])
        notes.append(f"可另按单人户：{candidates}")
    return notes


def _explains_dibao(row: FindingRow) -> bool:
    failed = not row.passed and (row.rule in _DIBAO_LINES_WHEN_FAILED or row.rule.startswith("property."))
    return row.rule in _DIBAO_LINES or failed or (row.rule == "property.financial_assets" and row.passed)


def _marginal_answer(result: Mapping[str, Any], rows: Sequence[FindingRow]) -> SchemeAnswer:
    eligible = result["marginal"]["outcome"] == "eligible"
    last = [row for row in rows if row.rule.startswith("marginal.")][-1:]
    outcome, tone = ("符合", "good") if eligible else ("不符合", "")
    return SchemeAnswer("低保边缘家庭", outcome, tone, lines=_lines(last))


def _tekun_answer(result: Mapping[str, Any], rows: Sequence[FindingRow], names: Mapping[str, str]) -> SchemeAnswer:
    """One answer for the family; each person with the comparison that decided."""
    outcomes = [person["outcome"] for person in result["tekun"]]
    best = next(outcome for outcome in ("eligible", "unknown", "not_eligible") if outcome in outcomes)
    outcome, tone = _TEKUN_WORDS[best]
    amounts = [
        f"{names.get(person['member'], person['member'])}每月{in_figures(Decimal(person['monthly_amount']))}元"
        for person in result["tekun"]
        if person["monthly_amount"]
    ]
    deciding = [_deciding_tekun_row(result, rows, person["member"]) for person in result["tekun"]]
    lines = _lines(row for row in deciding if row is not None)
    return SchemeAnswer("特困人员救助供养", outcome, tone, note="；".join(amounts), lines=lines)


_TEKUN_SUMS = frozenset({"tekun.self_care", "tekun.amount"})


def _deciding_tekun_row(result: Mapping[str, Any], rows: Sequence[FindingRow], reference: str) -> FindingRow | None:
    decided = [
        row
        for finding, row in zip(result["findings"], rows, strict=True)
        if finding["subject"] == reference and row.rule.startswith("tekun.") and row.rule not in _TEKUN_SUMS
    ]
    return decided[-1] if decided else None


def _aid_answer(aid: Mapping[str, Any], rows: Sequence[FindingRow]) -> SchemeAnswer:
    outcome, tone = _AID_WORDS[aid["verdict"]]
    headline = f"{in_figures(Decimal(aid['min']))}—{in_figures(Decimal(aid['max']))}元"
    lines = _lines(row for row in rows if row.rule.startswith("temporary_aid."))
    return SchemeAnswer("临时救助", outcome, tone, headline, lines=lines)


def _lines(rows: Any) -> tuple[AnswerLine, ...]:
    return tuple(AnswerLine(row.text, row.clause) for row in rows)
