"""临时救助 guideline for one household and one time; 绩办〔2021〕27号 item 10."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from eligibility.rules import clauses
from eligibility.rules.amounts import exact, fen, half_up, yuan
from eligibility.rules.choices import HardshipType
from eligibility.rules.facts import Hardship
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.parameters import Parameters

NOT_BELOW_MINIMUM = Rule(
    name="temporary_aid.minimum",
    clause=clauses.J27_10,
    comparison=">=",
    shown=Shown.MONEY,
    yes="{0}临时救助拟{value:yuan}元，不低于{1:yuan}元×{2:rate}＝{threshold:yuan}元。",
    no="{0}临时救助拟{value:yuan}元，低于{1:yuan}元×{2:rate}＝{threshold:yuan}元，须写明理由。",
)
NOT_ABOVE_MAXIMUM = Rule(
    name="temporary_aid.maximum",
    clause=clauses.J27_10,
    comparison="<=",
    shown=Shown.MONEY,
    yes="{0}临时救助拟{value:yuan}元，不超过{1:yuan}元×{2:rate}＝{threshold:yuan}元。",
    no="{0}临时救助拟{value:yuan}元，超过{1:yuan}元×{2:rate}＝{threshold:yuan}元，须一事一议。",
)


class Verdict(StrEnum):
    WITHIN = "within"
    BELOW_GUIDELINE = "below_guideline"
    NEEDS_COLLECTIVE_DECISION = "needs_collective_decision"


@dataclass(frozen=True, slots=True)
class TemporaryAidResult:
    """Least and most in yuan, and how the proposed amount stands to them."""

    min: Decimal
    max: Decimal
    verdict: Verdict


def temporary_aid_range(
    kind: HardshipType, *, parameters: Parameters, cause_most: Decimal | None = None
) -> tuple[Decimal, Decimal]:
    """Least and most (临时救助标准) a household and time, in yuan.

    :param cause_most: the county's own top for the cause (因学上限), as a multiple of the base.
    """
    least, most = _range(kind, parameters, cause_most)
    return yuan(least), yuan(most)


def _range(kind: HardshipType, parameters: Parameters, cause_most: Decimal | None) -> tuple[int, int]:
    base = fen(parameters.temporary_aid_base_monthly)
    least, most = parameters.temporary_aid_multipliers(kind).min, _most(kind, parameters, cause_most)
    return half_up(exact(least) * base), half_up(exact(most) * base)


def _most(kind: HardshipType, parameters: Parameters, cause_most: Decimal | None) -> Decimal:
    """The most multiple of the base; of a cause with its own top the lower of both."""
    most = parameters.temporary_aid_multipliers(kind).max
    return most if cause_most is None else min(most, cause_most)


def assess_temporary_aid(hardship: Hardship, *, parameters: Parameters, trail: Trail) -> TemporaryAidResult:
    """Compare a proposed amount with the guideline (临时救助标准), both ends included."""
    multipliers = parameters.temporary_aid_multipliers(hardship.type)
    base, proposed = fen(parameters.temporary_aid_base_monthly), fen(hardship.proposed_amount)
    least, most = _range(hardship.type, parameters, hardship.cause_most)
    top = _most(hardship.type, parameters, hardship.cause_most)
    kind = hardship.type.label
    above = not trail.check(NOT_ABOVE_MAXIMUM, None, proposed, most, proposed <= most, kind, base, top)
    below = not trail.check(NOT_BELOW_MINIMUM, None, proposed, least, proposed >= least, kind, base, multipliers.min)
    return TemporaryAidResult(yuan(least), yuan(most), _verdict(below=below, above=above))


def _verdict(*, below: bool, above: bool) -> Verdict:
    if above:
        return Verdict.NEEDS_COLLECTIVE_DECISION
    return Verdict.BELOW_GUIDELINE if below else Verdict.WITHIN
