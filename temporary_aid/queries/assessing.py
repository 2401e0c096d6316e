"""测算: what is proposed for an aid, how an amount stands to it, how often the family was helped, who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from eligibility.rules.choices import AidCause, AidGrade
from foundation.dates import chinese_date
from foundation.money import in_figures
from temporary_aid.models import CollectiveDecision, TemporaryAid
from temporary_aid.queries.aids import followed_amount, frequency_of
from temporary_aid.queries.terms import AidTerms, aid_terms
from temporary_aid.rules.amounts import Guideline, Suggestion, suggest
from temporary_aid.rules.frequency import alike_in_words
from temporary_aid.rules.plans import PlannedStage, has_money, total

Table = Mapping[str, Mapping[str, Suggestion]]
"""What the county's table proposes by cause and grade; of one aid the cause is empty."""


@dataclass(frozen=True)
class Assessment:
    """What form and page say of an amount.

    :param suggestion: None while cause or grade is not chosen.
    :param frequency: one sentence; empty where nobody is known by family or number.
    :param notes: tone and sentence each: what the amount takes, and who decides on it.
    """

    suggestion: Suggestion | None
    minimum: Decimal
    maximum: Decimal
    amount: Decimal | None
    frequency: str
    is_beyond: bool
    notes: tuple[tuple[str, str], ...]


def assess(
    aid: TemporaryAid,
    *,
    at: datetime,
    stages: list[PlannedStage] | None = None,
    decision: CollectiveDecision | None = None,
) -> Assessment:
    """Assess an aid before it is decided, registered or just typed; two or three queries.

    :param stages: what is meant to be given.
    :param decision: the collective decision (一事一议) that stands.
    :raises MissingParameters: a figure has no value in force.
    """
    on = timezone.localdate(at)
    terms = aid_terms(aid.area, on=on)
    guideline = terms.guideline(aid.hardship, aid.cause)
    proposed = None
    if aid.grade in set(AidGrade) and aid.cause in set(AidCause):
        proposed = suggest(
            guideline,
            cause=AidCause(aid.cause),
            grade=AidGrade(aid.grade),
            self_paid_amount=aid.self_paid_amount,
        )
    words, is_beyond = _frequency(aid, terms, on=on)
    amount = total(stages) if stages else None
    notes: list[tuple[str, str]] = []
    if stages:
        notes = _notes(terms, aid, stages, proposed, is_beyond=is_beyond, decision=decision)
    return Assessment(proposed, guideline.minimum, guideline.maximum, amount, words, is_beyond, tuple(notes))


def suggested(found: Suggestion | None, guideline: Guideline) -> Assessment:
    """What a form says of the county's table alone, before an amount is typed or anybody is known."""
    return Assessment(found, guideline.minimum, guideline.maximum, None, "", False, ())


def as_told(table: Table) -> dict[str, dict[str, dict[str, Any]]]:
    """Suggestions by cause and grade as a page carries them along, for a phone to show without asking again."""
    return {
        cause: {
            grade: {"amount": in_figures(found.amount), "lines": list(found.lines)} for grade, found in grades.items()
        }
        for cause, grades in table.items()
    }


def decided_assessment(aid: TemporaryAid) -> Assessment | None:
    """What was found when an aid was decided, as it is kept."""
    if aid.minimum_amount is None or aid.maximum_amount is None:
        return None
    proposed = Suggestion(aid.suggested_amount or Decimal(0), tuple(aid.suggestion)) if aid.suggestion else None
    return Assessment(
        proposed,
        aid.minimum_amount,
        aid.maximum_amount,
        aid.amount,
        frequency_kept(aid.counted_before),
        aid.is_beyond_frequency,
        (),
    )


def frequency_kept(kept: dict[str, Any]) -> str:
    """The sentence of what the check of the frequency found at the decision; empty where none was made."""
    if not kept:
        return ""
    since = date.fromisoformat(kept["since"])
    numbers = f"（{'、'.join(kept['numbers'])}）" if kept["numbers"] else ""
    return (
        f"{chinese_date(since)}以来已获临时救助{kept['all']}次{numbers}，其中同一事由{kept['same_cause']}次；"
        f"同一事由一年内{kept['same_cause_limit']}次、不同事由共{kept['times_limit']}次"
        f"{alike_in_words(kept.get('alike', ()))}。"
    )


def _frequency(aid: TemporaryAid, terms: AidTerms, *, on: date) -> tuple[str, bool]:
    found = frequency_of(aid, terms=terms, on=on)
    if aid.household_id is None and not aid.recipient_id_number.reveal():
        alike = alike_in_words(found.alike)
        return f"没有身份证号，暂不能核对一年内的次数{alike}；补登身份以后再核对。", False
    return found.in_words, found.is_beyond


def _notes(
    terms: AidTerms,
    aid: TemporaryAid,
    stages: list[PlannedStage],
    proposed: Suggestion | None,
    *,
    is_beyond: bool,
    decision: CollectiveDecision | None,
) -> list[tuple[str, str]]:
    guideline, amount, followed = terms.guideline(aid.hardship, aid.cause), total(stages), followed_amount(aid)
    notes = []
    if followed:
        notes.append(("", f"跟进救助，连同此前同一次的{in_figures(followed)}元合计计算。"))
    if decision is not None:
        is_covered = decision.is_agreed and amount <= decision.resolved_amount
        resolved = in_figures(decision.resolved_amount)
        notes.append(("good" if is_covered else "late", f"一事一议（{decision.minutes_number}）决议{resolved}元。"))
    elif amount + followed > guideline.maximum:
        notes.append(("late", f"超过上限{in_figures(guideline.maximum)}元，须先提请一事一议。"))
    elif is_beyond and amount > 0:
        notes.append(("late", "一年内的次数已满，须先提请一事一议。"))
    elif is_beyond:
        notes.append(("", "只转介、没有实际给付的不计次数，不用一事一议。"))
    if has_money(stages):
        if amount + followed < guideline.minimum:
            notes.append(("due", f"低于下限{in_figures(guideline.minimum)}元，须写明理由。"))
        elif proposed is not None and amount != proposed.amount and decision is None:
            notes.append(("due", f"与建议的{in_figures(proposed.amount)}元不同，须写明理由。"))
    limit = f"乡镇审批限额{in_figures(terms.township_limit)}元（本地做法）"
    notes.append(("", f"{limit}，由{'乡镇' if terms.is_townships(amount + followed) else '县民政局'}审批。"))
    return notes
