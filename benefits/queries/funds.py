"""Reads of the fund plan (资金计划) and of what frozen rolls were paid from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import ExtractMonth

from benefits.models import (
    FundPlan,
    FundSource,
    LineState,
    MonthlyRoll,
    RecoupmentReturn,
    RollFunding,
    RollKind,
    RollLine,
)
from benefits.rules.funding import MONTHS_A_YEAR, NOTHING, Execution, excess, split_by_plan
from organizations.models.delegations import Scheme

PAID_MONTHLY = (Scheme.DIBAO, Scheme.TEKUN)
"""Schemes that are paid by monthly rolls."""
_UNSPLIT = ""


@dataclass(frozen=True)
class SchemeFunds:
    """A scheme's year: the plan and what was paid, in all and by source; yuan."""

    scheme: Scheme
    note: str
    whole: Execution
    by_source: tuple[tuple[FundSource, Execution], ...]
    unsplit: Decimal
    """Paid by rolls that were frozen while there was no plan."""

    @property
    def is_planned(self) -> bool:
        return bool(self.whole.planned)


def plan_of(year: int, scheme: str) -> dict[str, Decimal]:
    """Yuan planned by source, in the order of the sources; empty where nothing was entered."""
    rows = dict(FundPlan.objects.filter(year=year, scheme=scheme).values_list("source", "planned_amount"))
    return {source: rows[source] for source in FundSource if source in rows}


def funds_of(year: int) -> list[SchemeFunds]:
    """Every scheme that is paid by the month, with its year; six queries."""
    plans: dict[str, dict[str, Decimal]] = defaultdict(dict)
    notes: dict[str, str] = {}
    for scheme, source, amount, note in FundPlan.objects.filter(year=year).values_list(
        "scheme", "source", "planned_amount", "note"
    ):
        plans[scheme][source] = amount
        notes[scheme] = note or notes.get(scheme, "")
    paid: dict[str, list[Decimal]] = defaultdict(_empty_year)
    split: dict[tuple[str, str], list[Decimal]] = defaultdict(_empty_year)
    funding: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for roll, source, amount in RollFunding.objects.filter(roll__month__year=year).values_list(
        "roll", "source", "amount"
    ):
        funding[roll][source] = amount
    for spent in _spent(year):
        paid[spent.scheme][spent.month - 1] += spent.amount
        shares = split_by_plan(spent.amount, funding[spent.roll]) if spent.roll else {}
        for source, amount in shares.items():
            split[spent.scheme, source][spent.month - 1] += amount
    for scheme, number, amount in _given_back(year):
        paid[scheme][number - 1] -= amount
        for source, share in split_by_plan(amount, plans[scheme]).items():
            split[scheme, source][number - 1] -= share
    return [_funds_of(scheme, notes.get(scheme, ""), plans[scheme], paid[scheme], split) for scheme in PAID_MONTHLY]


def _funds_of(
    scheme: Scheme,
    note: str,
    plan: dict[str, Decimal],
    paid: list[Decimal],
    split: dict[tuple[str, str], list[Decimal]],
) -> SchemeFunds:
    by_source = tuple(
        (source, Execution(plan.get(source, NOTHING), tuple(split[scheme, source]))) for source in FundSource
    )
    whole = Execution(sum(plan.values(), NOTHING), tuple(paid))
    return SchemeFunds(scheme, note, whole, by_source, whole.paid - sum((row.paid for _, row in by_source), NOTHING))


def _empty_year() -> list[Decimal]:
    return [NOTHING] * MONTHS_A_YEAR


@dataclass(frozen=True)
class _Spent:
    """What was spent on a month, scheme and township: its roll's payments and those issued anew for it; yuan."""

    scheme: str
    month: int
    roll: int | None
    """Key of the month's own roll, by whose sources it was split."""
    amount: Decimal


def _spent(year: int) -> list[_Spent]:
    """Payments of frozen rolls that are on their way or have arrived; what failed, waits for an account or lapsed is
    not spent, until it is issued anew."""
    frozen = RollLine.objects.filter(
        roll__frozen_at__isnull=False, roll__month__year=year, state__in=(LineState.WAITING, LineState.PAID)
    )
    rows = (
        frozen.order_by()
        .values("roll__scheme", "roll__month", "roll__area")
        .annotate(sum=Sum("amount"))
        .values_list("roll__scheme", "roll__month", "roll__area", "sum")
    )
    regular = MonthlyRoll.objects.filter(frozen_at__isnull=False, month__year=year, kind=RollKind.REGULAR)
    keys = {
        (scheme, month, area): pk for pk, scheme, month, area in regular.values_list("pk", "scheme", "month", "area")
    }
    return [
        _Spent(scheme, month.month, keys.get((scheme, month, area)), amount) for scheme, month, area, amount in rows
    ]


def _given_back(year: int) -> Iterable[tuple[str, int, Decimal]]:
    """What families gave back (退缴) in a year, by scheme and month; it comes back to the funds of that year."""
    rows = RecoupmentReturn.objects.filter(returned_on__year=year).order_by()
    by_month = rows.annotate(number_of_month=ExtractMonth("returned_on")).values(
        "recoupment__award__scheme", "number_of_month"
    )
    return by_month.annotate(sum=Sum("amount")).values_list("recoupment__award__scheme", "number_of_month", "sum")


def plan_excess(roll: MonthlyRoll) -> Decimal | None:
    """By how much freezing a roll takes its scheme's year over the plan, yuan; None where there is no plan.

    A roll that is frozen already is not counted twice.
    """
    plan = plan_of(roll.month.year, roll.scheme)
    if not sum(plan.values(), NOTHING):
        return None
    spent = sum((row.amount for row in _spent(roll.month.year) if row.scheme == roll.scheme), NOTHING)
    spent -= sum((amount for scheme, _, amount in _given_back(roll.month.year) if scheme == roll.scheme), NOTHING)
    is_counted = MonthlyRoll.objects.filter(pk=roll.pk, frozen_at__isnull=False).exists()
    amount = NOTHING if is_counted else roll.total_amount
    return excess(planned=sum(plan.values(), NOTHING), paid=spent, amount=amount)


def years_of_funds(*, on: date) -> list[int]:
    """Years with a plan, this year and the next, the latest first."""
    planned = FundPlan.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({on.year, on.year + 1, *planned}, reverse=True)
