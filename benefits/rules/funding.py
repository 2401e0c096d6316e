"""资金计划: a roll's sum split by source, the year's execution and what it comes to at the rate so far. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.money import FEN, half_up_to_fen

NOTHING = Decimal("0.00")
MONTHS_A_YEAR = 12


def split_by_plan(amount: Decimal, plan: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Split a sum over sources as the year's plan stands to one another, to the fen (按计划比例分摊; local practice).

    Each source gets its share cut to the fen, and the fen that are left go to the largest remainders, of equal ones to
    the source that stands first. A plan of nothing splits nothing.

    :param plan: yuan planned by source, in the order of the sources.
    """
    planned = sum(plan.values(), NOTHING)
    if not planned:
        return {}
    exact = {source: amount * share / planned for source, share in plan.items()}
    given = {source: value.quantize(FEN, rounding="ROUND_DOWN") for source, value in exact.items()}
    left = int((amount - sum(given.values(), NOTHING)) / FEN)
    order = sorted(exact, key=lambda source: given[source] - exact[source])  # stable: the largest remainder first
    for source in order[:left]:
        given[source] += FEN
    return {source: value for source, value in given.items() if value}


@dataclass(frozen=True)
class Execution:
    """What was planned for a year and paid until a month; yuan."""

    planned: Decimal
    by_month: Sequence[Decimal]
    """Paid for January to December; nothing for months without a roll."""

    @property
    def paid(self) -> Decimal:
        return sum(self.by_month, NOTHING)

    @property
    def remaining(self) -> Decimal:
        """Negative where more was paid than planned."""
        return self.planned - self.paid

    @property
    def months_paid(self) -> int:
        """Months up to the last one that was paid."""
        return max((number for number, amount in enumerate(self.by_month, start=1) if amount), default=0)

    @property
    def forecast(self) -> Decimal:
        """The year at the average of the months until now (按目前进度预计全年)."""
        if not self.months_paid:
            return NOTHING
        return half_up_to_fen(self.paid * MONTHS_A_YEAR / self.months_paid)

    @property
    def percent(self) -> Decimal | None:
        """Paid of the plan, in percent with one place; None without a plan."""
        return (self.paid * 100 / self.planned).quantize(Decimal("0.1")) if self.planned else None

    @property
    def is_exceeded(self) -> bool:
        return self.paid > self.planned

    @property
    def will_exceed(self) -> bool:
        return self.forecast > self.planned


def excess(*, planned: Decimal, paid: Decimal, amount: Decimal) -> Decimal:
    """By how much a sum more takes the year over its plan; nothing where it does not."""
    return max(paid + amount - planned, NOTHING)
