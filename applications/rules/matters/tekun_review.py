"""特困人员救助供养, review: one person's support goes on, with which care, or is to end; 民发〔2021〕43号 §§23–24."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from applications.rules.matters.base import Beside, Facts, Further, Matter, Result
from applications.rules.matters.dibao_review import REVIEW_ACTS, REVIEW_WORDS
from applications.rules.reviews import ReviewResult, result_of_amount
from applications.rules.suggestion import SuggestedPerson, Suggestion, member_id
from applications.rules.terminations import Cause

_NO_LABOUR = frozenset(
    {"tekun.elderly", "tekun.minor", "tekun.since_minor", "tekun.since_minor_at_school", "tekun.disabled"}
)
_MEANS = ("tekun.income", "tekun.property")


def cause_of(result: Result, person: str) -> Cause | None:
    """Which of the six causes (F43 §24) an assessment shows of somebody; None where it denies no condition."""
    row = next((row for row in result["tekun"] if row["member"] == person), None)
    if row is None or row["outcome"] != "not_eligible":
        return None
    own = [row for row in result["findings"] if row["subject"] == person and row["rule"].startswith("tekun.")]
    if not any(row["passed"] for row in own if row["rule"] in _NO_LABOUR):
        return Cause.LABOUR_CAPACITY
    if any(not row["passed"] for row in own if row["rule"] in _MEANS):
        return Cause.MEANS
    return Cause.SUPPORTER


def further(result: Result, facts: Facts, beside: Beside, person: str) -> Further:
    """What the review of one person's support comes to.

    :param beside: ``award`` in force, with what sets its care.
    """
    row = next((row for row in result["tekun"] if row["member"] == person), None)
    award = beside["award"]
    values = {key: award[key] for key in ("monthly_amount", "care_monthly_amount", "care_level", "support_mode")}
    if row is None or row["outcome"] == "unknown":
        # Nobody's support is lessened or ends on what is not found out.
        return _kept(beside, {"result": ReviewResult.CONTINUE.value, "person": person, **values})
    if row["outcome"] == "not_eligible":
        nothing = {"monthly_amount": None, "care_monthly_amount": "0.00", "care_level": "", "support_mode": ""}
        return _kept(beside, {"result": ReviewResult.STOP.value, "person": person, **nothing})
    amount, basic = Decimal(row["monthly_amount"]), Decimal(result["parameters"]["tekun_basic_monthly_amount"])
    mode = next(member.get("support_mode", "home_based") for member in facts["members"] if member["id"] == person)
    answer = result_of_amount(amount, Decimal(award["monthly_amount"]))
    now = {
        "monthly_amount": f"{amount:.2f}",
        "care_monthly_amount": f"{amount - basic:.2f}",
        "care_level": row["self_care"],
        "support_mode": mode,
    }
    return _kept(beside, {"result": answer.value, "person": person, **now})


def _kept(beside: Beside, answer: Mapping[str, Any]) -> Further:
    award = beside["award"]
    current = {"current_monthly_amount": award["monthly_amount"], "current_care_level": award["care_level"]}
    return {"beside": beside, "review": {**answer, **current}, "findings": []}


def suggest(result: Result, _facts: Facts) -> Suggestion:
    """The review's answer as a suggestion."""
    found = result["review"]
    if found["monthly_amount"] is None:
        return Suggestion(True, "", "", None, (), review_result=found["result"])
    person = SuggestedPerson(
        member_id(found["person"]),
        monthly_amount=Decimal(found["monthly_amount"]),
        care_monthly_amount=Decimal(found["care_monthly_amount"]),
        care_level=found["care_level"],
        support_mode=found["support_mode"],
    )
    return Suggestion(True, "person", "", person.monthly_amount, (person,), review_result=found["result"])


def _compared(result: Result) -> Mapping[str, Any]:
    found = result["review"]
    return {
        "review_result": found["result"],
        **{key: found[key] for key in ("monthly_amount", "care_level", "support_mode")},
    }


def _about(person: str, _cause: Callable[[], str]) -> Matter:
    return replace(
        TEKUN_REVIEW,
        further=lambda result, facts, beside: further(result, facts, beside, person),
        person=person,
        about=None,
    )


def _nobody(*_args: Any) -> Any:
    raise TypeError("a review of 特困 is one person's: ask the case for its matter")


def _no_tests(_result: Result, _facts: Facts) -> list[str]:
    return []


TEKUN_REVIEW = Matter(
    scheme="tekun",
    kind="review",
    title="特困人员救助供养",
    suggest=suggest,
    failed_tests=_no_tests,
    compared=_compared,
    deciding=("tekun.",),
    printed=("property.", "tekun.", "obligor."),
    amount_title="月供养金",
    further=_nobody,
    is_announced=False,
    is_publicised=False,
    of_award=True,
    words=REVIEW_WORDS,
    next_acts=REVIEW_ACTS,
    about=_about,
)
