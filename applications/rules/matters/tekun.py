"""特困人员救助供养, application: person by person; 民发〔2021〕43号."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from applications.rules.matters.base import Facts, Matter, Result
from applications.rules.refusal import measured
from applications.rules.suggestion import SuggestedPerson, Suggestion, member_id

_HOME_BASED = "home_based"
_SUMS = ("tekun.self_care", "tekun.amount")
_NO_LABOUR = frozenset(
    {"tekun.elderly", "tekun.minor", "tekun.since_minor", "tekun.since_minor_at_school", "tekun.disabled"}
)
_OUTSIDER = "位法定义务人"


def suggest(result: Result, facts: Facts) -> Suggestion:
    """Everybody of the family who meets the three conditions together, each with what they would be paid (F43 §4)."""
    modes = {member["id"]: member.get("support_mode", _HOME_BASED) for member in facts["members"]}
    basic = Decimal(result["parameters"]["tekun_basic_monthly_amount"])
    persons = tuple(
        SuggestedPerson(
            member_id(row["member"]),
            monthly_amount=Decimal(row["monthly_amount"]),
            care_monthly_amount=Decimal(row["monthly_amount"]) - basic,
            care_level=row["self_care"],
            support_mode=modes[row["member"]],
        )
        for row in result["tekun"]
        if row["outcome"] == "eligible"
    )
    amounts = [person.monthly_amount for person in persons if person.monthly_amount is not None]
    return Suggestion(
        is_eligible=bool(persons),
        basis="person" if persons else "",
        category="",
        monthly_amount=sum(amounts, Decimal(0)) if persons else None,
        persons=persons,
        is_unsettled=any(row["outcome"] == "unknown" for row in result["tekun"]),
    )


def failed_tests(result: Result, facts: Facts) -> list[str]:
    """Of everybody without labour capacity who does not qualify, the condition that is wanting, with its clause."""
    return failed_tests_for(result, facts, "")


def failed_tests_for(result: Result, _facts: Facts, applicant: str) -> list[str]:
    """Of the applicant too, whatever their age. What is not found out yet is no ground (F43 §§4, 8).

    :param applicant: reference (m12) of who applies.
    """
    return [
        f"{text}（依据：{clause}）。"
        for row in result["tekun"]
        if row["outcome"] == "not_eligible" and (row["member"] == applicant or not _may_work(result, row["member"]))
        for text, clause in (_deciding(result, row["member"]),)
    ]


def deciding_sentence(result: Result, member: str) -> str:
    """What settles one person's answer, as the proposal's form says it beside the suggestion."""
    return f"{_deciding(result, member)[0]}。"


def facts_of_person(result: Result, member: str) -> list[str]:
    """The three conditions of one person, as far as they were tested, in the order tested."""
    return [row["text"].rstrip("。") for row in _findings(result, member, "tekun.")]


def considered(result: Result, applicant: str) -> list[str]:
    """References of whom a decision speaks: everybody without labour capacity, and the applicant."""
    return [
        row["member"] for row in result["tekun"] if row["member"] == applicant or not _may_work(result, row["member"])
    ]


def _findings(result: Result, member: str, prefix: str) -> list[Mapping[str, Any]]:
    return [
        row
        for row in result["findings"]
        if row["subject"] == member and row["rule"].startswith(prefix) and row["rule"] not in _SUMS
    ]


def _may_work(result: Result, member: str) -> bool:
    return not any(row["passed"] for row in _findings(result, member, "tekun.") if row["rule"] in _NO_LABOUR)


def _deciding(result: Result, member: str) -> tuple[str, str]:
    """The sentence that settles a person's answer, with its figures, and its clause."""
    rows = _findings(result, member, "tekun.")
    if _may_work(result, member):
        return _able_to_work(rows)
    last = rows[-1]
    text = last["text"].rstrip("。")
    if last["passed"]:
        return text, last["clause"]
    match last["rule"]:
        case "tekun.income":
            return _over(text, last), last["clause"]
        case "tekun.property":
            figures = [
                measured(row) for row in result["findings"] if row["rule"].startswith("property.") and not row["passed"]
            ]
            return "：".join(filter(None, [text, "；".join(figures)])), last["clause"]
        case "tekun.nobody_able_outside":
            return "：".join(filter(None, [text, _able_outsider(result, member)])), last["clause"]
    return text, last["clause"]


def _able_to_work(rows: list[Mapping[str, Any]]) -> tuple[str, str]:
    """周岁 and disability of somebody who is neither old, nor a child, nor disabled enough (F43 §5)."""
    by_rule = {row["rule"]: row for row in rows}
    elderly = by_rule["tekun.elderly"]
    who = elderly["text"].partition(f"{elderly['value']}周岁")[0]
    disabled = by_rule.get("tekun.disabled")
    if disabled is None:
        why = "没有登记残疾，不是60周岁以上的老年人、未满16周岁的未成年人或者规定等级的残疾人"
    else:
        why = disabled["text"].removeprefix(who).rstrip("。") + "，也不是60周岁以上的老年人或者未满16周岁的未成年人"
    return f"{who}{elderly['value']}周岁，{why}，不属于无劳动能力", "民发〔2021〕43号第五条"


def _over(text: str, row: Mapping[str, Any]) -> str:
    over = Decimal(row["value"]) - Decimal(row["threshold"])
    return f"{text}，超出{over:,.2f}元" if over > 0 else f"{text}，等于标准，须低于标准"


def _able_outsider(result: Result, member: str) -> str:
    """Why the supporter outside is able: the circumstances of incapacity that do not apply (F43 §8)."""
    rows = [row for row in _findings(result, member, "obligor.") if row["rule"] != "obligor.under_age"]
    labels = [row["text"].partition(_OUTSIDER)[0] + _OUTSIDER for row in rows if _OUTSIDER in row["text"]]
    if not labels:
        return ""
    # The test ends with the first supporter who is able.
    own = [row["text"].rstrip("。") for row in rows if row["text"].startswith(labels[-1]) and not row["passed"]]
    return "，".join([own[0], *(text.removeprefix(labels[-1]) for text in own[1:])]) if own else ""


def _compared(result: Result) -> Mapping[str, Any]:
    return {
        "tekun": [[row["member"], row["outcome"], row["self_care"], row["monthly_amount"]] for row in result["tekun"]]
    }


TEKUN = Matter(
    scheme="tekun",
    kind="application",
    title="特困人员救助供养",
    suggest=suggest,
    failed_tests=failed_tests,
    failed_tests_for=failed_tests_for,
    compared=_compared,
    deciding=("tekun.",),
    printed=("property.", "tekun.", "obligor."),
    amount_title="月供养金",
    publicised_anew=True,
    per_person=True,
)
