"""特困人员救助供养, termination: one person's support ends for a cause, or goes on; 民发〔2021〕43号 §§24–27."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from applications.rules.matters.base import Matter, Result, Words
from applications.rules.process import CaseState
from applications.rules.suggestion import Suggestion
from applications.rules.terminations import CAUSES, Cause

_CONTINUES = Suggestion(is_eligible=False, basis="", category="", monthly_amount=None, persons=())
_ENDS = replace(_CONTINUES, is_eligible=True, basis="termination")
_STILL = "成员“{0}”仍同时具备特困人员认定的三项条件（依据：民发〔2021〕43号第四条）。"


def outcome_of_person(result: Result, person: str) -> str:
    """What an assessment says of one member; empty where the member no longer counts in the family."""
    return next((row["outcome"] for row in result["tekun"] if row["member"] == person), "")


def _suggest(result: Result, person: str, cause: str) -> Suggestion:
    """End it: for a cause that is a fact of its own, or where the assessment denies a condition.

    Who is not assessed, or whose supporters are not known, is not denied anything: nobody's support ends on what is
    not found out.
    """
    if not CAUSES[Cause(cause)].is_assessed or outcome_of_person(result, person) == "not_eligible":
        return _ENDS
    return _CONTINUES


def _failed_tests(result: Result, person: str) -> list[str]:
    """Why support does not end: the conditions are still met; empty where it rests on something else."""
    return [_STILL.format(person)] if outcome_of_person(result, person) == "eligible" else []


def _compared(result: Result, person: str) -> Mapping[str, Any]:
    return {"outcome": outcome_of_person(result, person)}


def _about(person: str, cause: Callable[[], str]) -> Matter:
    return replace(
        TEKUN_TERMINATION,
        suggest=lambda result, facts: _suggest(result, person, cause()),
        failed_tests=lambda result, facts: _failed_tests(result, person),
        compared=lambda result: _compared(result, person),
        person=person,
        about=None,
    )


def _nobody(*_args: Any) -> Any:
    raise TypeError("a termination is one person's: ask the case for its matter")


TEKUN_TERMINATION = Matter(
    scheme="tekun",
    kind="termination",
    title="特困人员救助供养",
    suggest=_nobody,
    failed_tests=_nobody,
    compared=_nobody,
    deciding=("tekun.",),
    printed=("property.", "tekun.", "obligor."),
    is_announced=False,
    publicised_anew=True,
    words=Words("拟终止供养", "拟继续供养", "决定终止", "继续供养"),
    ends_award=True,
    of_award=True,
    next_acts={
        CaseState.ACCEPTED: "启动调查核实",
        CaseState.INVESTIGATING: "核实并提出意见",
        CaseState.PROPOSED: "公示或报审核确认",
        CaseState.CONFIRMING: "决定是否终止供养",
    },
    about=_about,
)
