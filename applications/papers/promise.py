"""承诺办理时限: what the law promises a family, stage by stage, where it sets no term for the whole procedure."""

from dataclasses import dataclass
from datetime import date, timedelta

from applications.models import Case
from applications.models.terms import PUBLICITY_DAYS, PUBLICITY_START, TO_PROPOSAL, TermUnit
from applications.papers.bodies import confirming_body
from applications.queries import due_after, term, term_days
from applications.rules.process import CaseState


@dataclass(frozen=True)
class Promise:
    """The stages in words with their clauses, and the day on which they end when each takes all its days.

    :param is_provisional: a year's holidays are not announced yet.
    """

    stages: tuple[str, ...]
    on: date
    is_provisional: bool


def promise_of(case: Case, *, accepted_on: date) -> Promise | None:
    """受理至初审, 公示, 审核确认, one after the other; None where the scheme has no such terms (F43 §§13, 15, 16).

    An objection is not foreseen in it: the new opinion and the new publicity come on top (F43 §15).
    """
    proposed = due_after(case, TO_PROPOSAL, start=accepted_on)
    if proposed is None:
        return None
    publicity = timedelta(
        days=term_days(case, PUBLICITY_START, on=accepted_on) + term_days(case, PUBLICITY_DAYS, on=accepted_on) - 1
    )
    confirmed = due_after(case, CaseState.CONFIRMING, start=proposed.on + publicity)
    if confirmed is None:
        return None
    said = (
        (TO_PROPOSAL, "自受理之日起{days}内完成调查核实、提出初审意见"),
        (PUBLICITY_DAYS, "初审意见在村（社区）公示{days}"),
        (CaseState.CONFIRMING, f"{confirming_body(case)}收到上报材料后，{{days}}内提出确认意见"),
    )
    stages = tuple(_in_words(case, step, words, on=accepted_on) for step, words in said)
    return Promise(stages, confirmed.on, proposed.provisional or confirmed.provisional)


def _in_words(case: Case, step: str, words: str, *, on: date) -> str:
    found = term(case, step, on=on)
    assert found is not None  # noqa: S101 -- the days were worked out from it
    unit = "天" if found.unit == TermUnit.CALENDAR_DAYS else f"个{found.get_unit_display()}"
    clause = "" if found.is_local_practice else f"（{found.source}）"
    return words.format(days=f"{found.days}{unit}") + clause
