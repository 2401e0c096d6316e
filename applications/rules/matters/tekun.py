"""特困人员救助供养, application: person by person; 民发〔2021〕43号."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from applications.rules.matters.base import Facts, Matter, Result
from applications.rules.suggestion import SuggestedPerson, Suggestion, member_id

_HOME_BASED = "home_based"
_SUMS = ("tekun.self_care", "tekun.amount")


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
    )


def failed_tests(result: Result, _facts: Facts) -> list[str]:
    """Of everybody who does not meet the conditions, the one that is wanting, with its clause."""
    return [text for row in result["tekun"] if row["outcome"] != "eligible" for text in _wanting(result, row["member"])]


def _wanting(result: Result, member: str) -> Iterator[str]:
    rows = [
        row
        for row in result["findings"]
        if row["subject"] == member and row["rule"].startswith("tekun.") and row["rule"] not in _SUMS
    ]
    if rows and not rows[-1]["passed"]:
        yield f"{rows[-1]['text'].rstrip('。')}（依据：{rows[-1]['clause']}）。"


def _compared(result: Result) -> Mapping[str, Any]:
    return {
        "tekun": {row["member"]: (row["outcome"], row["self_care"], row["monthly_amount"]) for row in result["tekun"]}
    }


TEKUN = Matter(
    scheme="tekun",
    kind="application",
    title="特困人员救助供养",
    suggest=suggest,
    failed_tests=failed_tests,
    compared=_compared,
    deciding=("tekun.",),
    printed=("property.", "tekun.", "obligor."),
    amount_title="月供养金",
    publicised_anew=True,
)
