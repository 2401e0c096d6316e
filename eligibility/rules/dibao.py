"""最低生活保障: an application, or the review of an award in force; F57 §8, §23, §31–33, F649 §9."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from eligibility.rules import clauses
from eligibility.rules.amounts import fen, yuan
from eligibility.rules.category import REVIEW_MONTHS, Category, suggest_category, suggest_single_person_category
from eligibility.rules.choices import AwardBasis
from eligibility.rules.dibao_amount import household_amount, single_persons_amount
from eligibility.rules.facts import AwardInForce
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.means import Means
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person
from eligibility.rules.single_person import single_person_candidates

SOMEBODY_REMAINS = Rule(
    name="dibao.somebody_remains",
    clause=f"{clauses.F57_7}；{clauses.F43_4}",
    comparison=">=",
    yes="计入{0}人，其中特困人员{1}人，其余{value}人按低保认定。",
    no="计入{0}人，其中特困人员{1}人，没有其余的人，不适用低保。",
)
PROPERTY = Rule(
    name="dibao.property",
    clause=clauses.F57_14,
    comparison="=",
    yes="家庭财产状况符合规定。",
    no="家庭财产状况不符合规定，不符合低保条件。",
)
BELOW_STANDARD = Rule(
    name="dibao.below_standard",
    clause=clauses.F649_9,
    comparison="<",
    shown=Shown.MONEY,
    yes="月人均{2:yuan}元，低于低保标准{0:yuan}元；全年可计收入{value:yuan}元，低于{0:yuan}元×12月×{1}人＝{threshold:yuan}元，"
    "符合整户低保收入条件。",
    no="月人均{2:yuan}元，不低于低保标准{0:yuan}元；全年可计收入{value:yuan}元，不低于{0:yuan}元×12月×{1}人＝{threshold:yuan}元，"
    "不符合整户低保收入条件。",
)
PHASE_OUT_FROM_STANDARD = Rule(
    name="dibao.phase_out_from_standard",
    clause=clauses.F57_33,
    comparison=">=",
    shown=Shown.MONEY,
    yes="全年可计收入{value:yuan}元，不低于{0:yuan}元×12月×{1}人＝{threshold:yuan}元（等于标准的也给渐退期）。",
)
PHASE_OUT_ABOVE_STANDARD = Rule(
    name="dibao.phase_out_above_standard",
    clause=clauses.F57_33,
    comparison=">",
    shown=Shown.MONEY,
    yes="全年可计收入{value:yuan}元，超过{0:yuan}元×12月×{1}人＝{threshold:yuan}元。",
    no="全年可计收入{value:yuan}元，没有超过{0:yuan}元×12月×{1}人＝{threshold:yuan}元，不给渐退期。",
)
PHASE_OUT_LIMIT = Rule(
    name="dibao.phase_out_limit",
    clause=clauses.F57_33,
    comparison="<",
    shown=Shown.MONEY,
    yes="全年可计收入{value:yuan}元，低于{0:yuan}元×{2:rate}倍×12月×{1}人＝{threshold:yuan}元，可给{3}—{4}个月渐退期。",
    no="全年可计收入{value:yuan}元，不低于{0:yuan}元×{2:rate}倍×12月×{1}人＝{threshold:yuan}元，停发，不给渐退期。",
)
COVERED_REMAIN = Rule(
    name="dibao.covered_persons_remain",
    clause=clauses.F57_33,
    comparison="=",
    yes="原保障人员都在，渐退期内按原额每月{0:yuan}元发放。",
    no="原保障人员有变化，渐退期内的金额须由经办人核定。",
)
CHANGE = Rule(
    name="dibao.change",
    clause=clauses.F57_31,
    comparison="=",
    shown=Shown.MONEY,
    yes="新算每月{value:yuan}元，与现发{threshold:yuan}元相同。",
    no="新算每月{value:yuan}元，现发{threshold:yuan}元，{0}{1:yuan}元。",
)


class DibaoOutcome(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    NOT_APPLICABLE = "not_applicable"
    CONTINUE = "continue"
    PHASE_OUT = "phase_out"
    STOP = "stop"


class NotApplicableReason(StrEnum):
    ALL_TEKUN = "all_tekun"
    NOBODY_COUNTED = "nobody_counted"


class AmountChange(StrEnum):
    RAISE = "raise"
    CUT = "cut"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class DibaoResult:
    """The answer on 低保; ``persons`` are the ids that the award covers, amounts in yuan a month."""

    outcome: DibaoOutcome
    reason: NotApplicableReason | None = None
    basis: AwardBasis | None = None
    persons: tuple[str, ...] = ()
    category: Category | None = None
    review_months: int | None = None
    monthly_amount: Decimal | None = None
    change: AmountChange | None = None
    phase_out_months: tuple[int, int] | None = None
    single_person_candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DibaoCase:
    """What the test needs: who is counted and remains, their means, and how the household stands."""

    counted: tuple[Person, ...]
    remaining: tuple[Person, ...]
    means: Means
    property_ok: bool
    income_stable: bool
    award: AwardInForce | None


def assess_dibao(case: DibaoCase, *, parameters: Parameters, trail: Trail) -> DibaoResult:
    """Assess an application for 低保, or review the award in force (动态核查)."""
    remaining, counted = len(case.remaining), len(case.counted)
    if not trail.check(SOMEBODY_REMAINS, None, remaining, 1, remaining >= 1, counted, counted - remaining):
        reason = NotApplicableReason.ALL_TEKUN if case.counted else NotApplicableReason.NOBODY_COUNTED
        return DibaoResult(outcome=DibaoOutcome.NOT_APPLICABLE, reason=reason)
    if not trail.check(PROPERTY, None, case.property_ok, True, case.property_ok):
        return DibaoResult(outcome=_refusal(case))
    if _is_below_standard(case.means, parameters, trail):
        return _household_award(case, parameters, trail)
    candidates = single_person_candidates(case.remaining, case.means, parameters=parameters, trail=trail)
    if case.award is not None and case.award.basis is AwardBasis.HOUSEHOLD:
        return _phase_out_or_stop(case, case.award, candidates, parameters, trail)
    if candidates:
        return _single_person_award(case, candidates, parameters, trail)
    return DibaoResult(outcome=_refusal(case))


def _refusal(case: DibaoCase) -> DibaoOutcome:
    return DibaoOutcome.NOT_ELIGIBLE if case.award is None else DibaoOutcome.STOP


def _is_below_standard(means: Means, parameters: Parameters, trail: Trail) -> bool:
    """Per-capita income below S (低于低保标准); F649 §9."""
    limit = parameters.standard_yearly * means.heads
    below = means.adjusted < limit
    standard, per_capita = parameters.standard, means.per_capita
    return trail.check(BELOW_STANDARD, None, means.adjusted, limit, below, standard, means.heads, per_capita)


def _household_award(case: DibaoCase, parameters: Parameters, trail: Trail) -> DibaoResult:
    amount = household_amount(case.remaining, case.means, parameters=parameters, trail=trail)
    category = suggest_category(case.remaining, income_stable=case.income_stable, parameters=parameters, trail=trail)
    return _award(case, AwardBasis.HOUSEHOLD, case.remaining, category, amount, trail)


def _single_person_award(
    case: DibaoCase, persons: tuple[Person, ...], parameters: Parameters, trail: Trail
) -> DibaoResult:
    amount = single_persons_amount(persons, parameters=parameters, trail=trail)
    category = suggest_single_person_category(trail=trail)
    return _award(case, AwardBasis.SINGLE_PERSON, persons, category, amount, trail)


def _award(
    case: DibaoCase, basis: AwardBasis, persons: tuple[Person, ...], category: Category, amount: int, trail: Trail
) -> DibaoResult:
    return DibaoResult(
        outcome=DibaoOutcome.ELIGIBLE if case.award is None else DibaoOutcome.CONTINUE,
        basis=basis,
        persons=_ids(persons),
        category=category,
        review_months=REVIEW_MONTHS[category],
        monthly_amount=yuan(amount),
        change=None if case.award is None else _change(amount, case.award, trail),
    )


def _change(amount: int, award: AwardInForce, trail: Trail) -> AmountChange:
    """增发, 减发 or no change: arithmetic only, F57 §31–32 decide."""
    current = fen(award.monthly_amount)
    word = "增加" if amount > current else "减少"
    if trail.check(CHANGE, None, amount, current, amount == current, word, abs(amount - current)):
        return AmountChange.NONE
    return AmountChange.RAISE if amount > current else AmountChange.CUT


def _phase_out_or_stop(
    case: DibaoCase, award: AwardInForce, candidates: tuple[Person, ...], parameters: Parameters, trail: Trail
) -> DibaoResult:
    """渐退 or 停发 of a household award whose income reached the standard; F57 §33."""
    if not _is_within_phase_out(case.means, parameters, trail):
        return DibaoResult(outcome=DibaoOutcome.STOP, single_person_candidates=_ids(candidates))
    stay = set(award.persons) <= {person.id for person in case.remaining}
    current = fen(award.monthly_amount)
    trail.check(COVERED_REMAIN, None, stay, True, stay, current)
    return DibaoResult(
        outcome=DibaoOutcome.PHASE_OUT,
        basis=AwardBasis.HOUSEHOLD,
        persons=_ids(case.remaining),
        monthly_amount=yuan(current) if stay else None,
        phase_out_months=(parameters.phase_out_min_months, parameters.phase_out_max_months),
        single_person_candidates=_ids(candidates),
    )


def _is_within_phase_out(means: Means, parameters: Parameters, trail: Trail) -> bool:
    """Above S (S itself included by parameter) and below the multiple."""
    adjusted, standard, heads = means.adjusted, parameters.standard, means.heads
    lower, upper = parameters.standard_yearly * heads, parameters.phase_out_yearly * heads
    if parameters.phase_out_lower_inclusive:
        above = trail.check(PHASE_OUT_FROM_STANDARD, None, adjusted, lower, adjusted >= lower, standard, heads)
    else:
        above = trail.check(PHASE_OUT_ABOVE_STANDARD, None, adjusted, lower, adjusted > lower, standard, heads)
    months = parameters.phase_out_min_months, parameters.phase_out_max_months
    multiplier = parameters.phase_out_multiplier
    return above and trail.check(
        PHASE_OUT_LIMIT, None, adjusted, upper, adjusted < upper, standard, heads, multiplier, *months
    )


def _ids(persons: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(person.id for person in persons)
