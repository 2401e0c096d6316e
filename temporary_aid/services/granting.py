"""核定金额: the one place where an amount is judged and its stages are made, whatever way the aid is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from eligibility.rules.choices import AidCause, AidGrade
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import AidStage, CollectiveDecision, StageState, TemporaryAid
from temporary_aid.queries import AidTerms, followed_amount, frequency_of, hold_people_of
from temporary_aid.rules.amounts import Suggestion, suggest
from temporary_aid.rules.frequency import Frequency
from temporary_aid.rules.plans import PlannedStage, fault_of, has_money, leaders, total
from temporary_aid.rules.states import AidRoute, DecidedBy
from temporary_aid.services.base import NeedsCollectiveDecision, NotAllowed


@dataclass(frozen=True)
class Reasons:
    """Why an amount is what it is, as whoever proposes or decides writes it.

    :param below: 低于下限的理由.
    :param difference: 与建议金额不同的理由; of somebody without papers also how it was found out that a namesake
        who was helped is another. Not asked where a collective decision resolved the amount.
    """

    below: str = ""
    difference: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the check of an amount found."""

    suggestion: Suggestion
    frequency: Frequency
    decision: CollectiveDecision | None
    is_beyond: bool
    """Beyond the frequency: never what gives nothing of value (转介), which is no time itself (handbook 10.2, 10.3)."""
    followed: Decimal
    """What the same time came to already (跟进救助), yuan."""


def suggestion_of(aid: TemporaryAid, *, terms: AidTerms) -> Suggestion:
    """What the county's table proposes for the aid's cause and grade.

    :raises NotAllowed: the grade is not chosen yet.
    """
    if not aid.grade:
        raise NotAllowed("请选择困难程度。", field="grade")
    return suggest(
        terms.guideline(aid.hardship, aid.cause),
        cause=AidCause(aid.cause),
        grade=AidGrade(aid.grade),
        self_paid_amount=aid.self_paid_amount,
    )


def standing_decision(aid: TemporaryAid) -> CollectiveDecision | None:
    """The collective decision (一事一议) that stands, if any."""
    return aid.collective_decisions.filter(voided_at=None).first()


def judge(
    aid: TemporaryAid, stages: Sequence[PlannedStage], *, reasons: Reasons, terms: AidTerms, at: datetime
) -> Judgement:
    """Whether a locked aid may be granted with these stages; nothing is written (handbook 10.2–10.4).

    :raises NeedsCollectiveDecision: above the maximum or beyond the frequency without a resolution that covers it.
    :raises NotAllowed: no stage, money below the minimum or other than proposed without a reason, or
        nothing is written of aid that may be the same person's.
    """
    if not stages:
        raise NotAllowed("请至少列出一期救助。", field="plan")
    for stage in stages:
        if stage.amount < 0 or (stage.form == "money" and stage.amount <= 0):
            raise NotAllowed("发放资金的一期，金额须大于0。", field="plan")
    if fault := fault_of(stages):
        raise NotAllowed(fault, field="plan")
    amount, guideline = total(stages), terms.guideline(aid.hardship, aid.cause)
    hold_people_of(aid)
    counted = frequency_of(aid, terms=terms, on=timezone.localdate(at))
    found = Judgement(
        suggestion_of(aid, terms=terms),
        counted,
        standing_decision(aid),
        is_beyond=counted.is_beyond and amount > 0,
        followed=followed_amount(aid),
    )
    beyond = []
    if amount + found.followed > guideline.maximum:
        before = f"连同此前同一次的{in_figures(found.followed)}元" if found.followed else ""
        beyond.append(f"救助金额{in_figures(amount)}元{before}超过上限{in_figures(guideline.maximum)}元")
    if found.is_beyond:
        beyond.append(found.frequency.in_words.rstrip("。"))
    _check_resolved(found.decision, amount, "；".join(beyond))
    _check_alike(found, reasons)
    if not has_money(stages):
        return found
    if amount + found.followed < guideline.minimum and not reasons.below.strip():
        raise NotAllowed(
            f"救助金额{in_figures(amount)}元低于下限{in_figures(guideline.minimum)}元，请写明理由。",
            field="below_reason",
        )
    if (
        found.decision is None
        and amount != found.suggestion.amount
        and not (reasons.difference.strip() or reasons.below.strip())
    ):
        raise NotAllowed(
            f"救助金额与建议的{in_figures(found.suggestion.amount)}元不同，请写明理由。", field="difference_reason"
        )
    return found


def _check_alike(found: Judgement, reasons: Reasons) -> None:
    """
    :raises NotAllowed: somebody may have been helped without papers within the year, and nothing is written of it.
    """
    if not found.frequency.alike or found.decision is not None or reasons.difference.strip():
        return
    raise NotAllowed(
        "按身份证号不能确认是否同一人：一年内同村同名或同性别同出生日期的已获救助"
        f"（{'、'.join(found.frequency.alike)}），其中一方没有登记身份证号。"
        "请核实是否同一人，把核实结果写在“与建议金额不同的理由”中。",
        field="difference_reason",
    )


def _check_resolved(decision: CollectiveDecision | None, amount: object, beyond: str) -> None:
    """
    :raises NeedsCollectiveDecision: it takes a resolution and there is none, or it resolved otherwise.
    """
    if decision is None:
        if beyond:
            raise NeedsCollectiveDecision(f"{beyond}，须先提请一事一议。", field="amount")
        return
    if not decision.is_agreed:
        raise NeedsCollectiveDecision(f"{decision.minutes_number}没有同意救助。", field="amount")
    if amount > decision.resolved_amount:  # type: ignore[operator]
        raise NeedsCollectiveDecision(
            f"救助金额超过{decision.minutes_number}决议的{in_figures(decision.resolved_amount)}元。", field="amount"
        )


def keep_grant(
    aid: TemporaryAid,
    stages: Sequence[PlannedStage],
    *,
    found: Judgement,
    reasons: Reasons,
    terms: AidTerms,
    route: AidRoute,
    level: DecidedBy,
    by: Staff,
    at: datetime,
) -> None:
    """Write on a locked aid what was decided, without saving it; the caller makes the transition and the stages."""
    guideline = terms.guideline(aid.hardship, aid.cause)
    aid.route, aid.decided_level = route, level
    aid.base_amount, aid.minimum_amount, aid.maximum_amount = guideline.base, guideline.minimum, guideline.maximum
    aid.followed_amount = found.followed
    aid.suggested_amount, aid.suggestion = found.suggestion.amount, list(found.suggestion.lines)
    aid.amount, aid.has_money = total(stages), has_money(stages)
    aid.below_reason, aid.difference_reason = reasons.below.strip(), reasons.difference.strip()
    aid.counted_before, aid.is_beyond_frequency = found.frequency.as_dict(), found.is_beyond
    aid.collective_decision = found.decision
    aid.decided_by, aid.decided_at = by, at


def make_stages(aid: TemporaryAid, stages: Sequence[PlannedStage], *, after: int = 0) -> list[AidStage]:
    """The stages of an aid, once it is granted; the first without a condition, and what is given together with it
    (同时发放), needs no visit and waits to be paid.

    :param after: serial of the last stage that is there already.
    """
    made = []
    for serial, (stage, leads) in enumerate(zip(stages, leaders(stages), strict=True), start=after + 1):
        leader = stages[leads]
        is_first = leads + after == 0 and not leader.condition
        made.append(
            AidStage(
                aid=aid,
                serial=serial,
                given_with=leads + after + 1 if stage is not leader else None,
                form=stage.form,
                amount=stage.amount,
                service=stage.service,
                provider=stage.provider,
                items=[item.as_dict() for item in stage.items],
                planned_on=leader.planned_on,
                condition=leader.condition,
                state=StageState.READY if is_first else StageState.PLANNED,
            )
        )
    return AidStage.objects.bulk_create(made)
