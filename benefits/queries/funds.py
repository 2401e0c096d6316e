"""Reads of the fund plan (资金计划) and of what frozen rolls were paid from."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import ExtractMonth

from benefits.models import FundPlan, FundSource, MonthlyRoll, RollFunding, RollKind
from benefits.rules.funding import MONTHS_A_YEAR, NOTHING, Execution, excess
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
    """Every scheme that is paid by the month, with its year; four queries."""
    plans: dict[str, dict[str, Decimal]] = defaultdict(dict)
    notes: dict[str, str] = {}
    for scheme, source, amount, note in FundPlan.objects.filter(year=year).values_list(
        "scheme", "source", "planned_amount", "note"
    ):
        plans[scheme][source] = amount
        notes[scheme] = note or notes.get(scheme, "")
    frozen = MonthlyRoll.objects.filter(frozen_at__isnull=False, month__year=year, kind=RollKind.REGULAR)
    paid = _by_month(
        frozen.order_by()
        .annotate(number_of_month=ExtractMonth("month"))
        .values("scheme", "number_of_month")
        .annotate(amount=Sum("total_amount"))
        .values_list("scheme", "number_of_month", "amount")
    )
    split: dict[tuple[str, str], list[Decimal]] = defaultdict(_empty_year)
    for scheme, source, month, amount in (
        RollFunding.objects.filter(roll__in=frozen)
        .order_by()
        .annotate(number_of_month=ExtractMonth("roll__month"))
        .values("roll__scheme", "source", "number_of_month")
        .annotate(sum=Sum("amount"))
        .values_list("roll__scheme", "source", "number_of_month", "sum")
    ):
        split[scheme, source][month - 1] += amount
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


def _by_month(rows: Iterable[tuple[str, int, Decimal]]) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = defaultdict(_empty_year)
    for scheme, month, amount in rows:
        found[scheme][month - 1] += amount
    return found


def plan_excess(roll: MonthlyRoll) -> Decimal | None:
    """By how much freezing a roll takes its scheme's year over the plan, yuan; None where there is no plan.

    A roll that is frozen already is not counted twice.
    """
    plan = plan_of(roll.month.year, roll.scheme)
    if not sum(plan.values(), NOTHING):
        return None
    others = MonthlyRoll.objects.filter(
        frozen_at__isnull=False, month__year=roll.month.year, scheme=roll.scheme, kind=RollKind.REGULAR
    ).exclude(pk=roll.pk)
    paid = others.aggregate(sum=Sum("total_amount", default=NOTHING))["sum"]
    return excess(planned=sum(plan.values(), NOTHING), paid=paid, amount=roll.total_amount)


def years_of_funds(*, on: date) -> list[int]:
    """Years with a plan, this year and the next, the latest first."""
    planned = FundPlan.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({on.year, on.year + 1, *planned}, reverse=True)
