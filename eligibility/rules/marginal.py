"""低保边缘家庭, whatever the answer on 低保; F57 §8 second paragraph."""

from enum import StrEnum

from eligibility.rules import clauses
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.means import Means
from eligibility.rules.parameters import Parameters

NOT_BELOW_STANDARD = Rule(
    name="marginal.not_below_standard",
    clause=clauses.F57_8_MARGINAL,
    comparison=">=",
    shown=Shown.MONEY,
    yes="全年可计收入{value:yuan}元，不低于{0:yuan}元×12月×{1}人＝{threshold:yuan}元，再看低保边缘上限。",
    no="全年可计收入{value:yuan}元，低于{0:yuan}元×12月×{1}人＝{threshold:yuan}元，不按低保边缘家庭认定。",
)
BELOW_LIMIT = Rule(
    name="marginal.below_limit",
    clause=clauses.F57_8_MARGINAL,
    comparison="<",
    shown=Shown.MONEY,
    yes="全年可计收入{value:yuan}元，低于{0:yuan}元×{2:rate}倍×12月×{1}人＝{threshold:yuan}元，符合低保边缘收入条件。",
    no="全年可计收入{value:yuan}元，不低于{0:yuan}元×{2:rate}倍×12月×{1}人＝{threshold:yuan}元，不符合低保边缘收入条件。",
)
PROPERTY = Rule(
    name="marginal.property",
    clause=clauses.F57_8_MARGINAL,
    comparison="=",
    yes="家庭财产状况符合规定。",
    no="家庭财产状况不符合规定，不是低保边缘家庭。",
)


class MarginalOutcome(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"


def assess_marginal(means: Means, *, property_ok: bool, parameters: Parameters, trail: Trail) -> MarginalOutcome:
    """Test for 低保边缘家庭: S ≤ per-capita < multiplier × S, property within limits."""
    if means.per_capita is None:
        return MarginalOutcome.NOT_ELIGIBLE
    eligible = (
        trail.check(PROPERTY, None, property_ok, True, property_ok)
        and _is_not_below_standard(means, parameters, trail)
        and is_below_marginal_limit(means, parameters=parameters, trail=trail)
    )
    return MarginalOutcome.ELIGIBLE if eligible else MarginalOutcome.NOT_ELIGIBLE


def _is_not_below_standard(means: Means, parameters: Parameters, trail: Trail) -> bool:
    limit = parameters.standard_yearly * means.heads
    reached = means.adjusted >= limit
    return trail.check(NOT_BELOW_STANDARD, None, means.adjusted, limit, reached, parameters.standard, means.heads)


def is_below_marginal_limit(means: Means, *, parameters: Parameters, trail: Trail) -> bool:
    """Per-capita income below the 低保边缘 limit, the limit itself not included."""
    limit = parameters.marginal_yearly * means.heads
    below = means.adjusted < limit
    multiplier = parameters.marginal_multiplier
    return trail.check(BELOW_LIMIT, None, means.adjusted, limit, below, parameters.standard, means.heads, multiplier)
