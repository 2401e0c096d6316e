"""Reads of 备用金 and what its figures are: sums on a day, the year's opening balance, the warning line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, QuerySet, Sum, When

from eligibility.queries import parameters_on
from eligibility.rules import read_further
from eligibility.rules.further_parameters import RESERVE_WARNING_RATE
from foundation.money import half_up_to_fen
from organizations.models import Area, Staff
from organizations.permissions import Permission
from temporary_aid.models import COMES_IN, EntryKind, ReserveEntry, ReserveFund

NOTHING = Decimal("0.00")
MOVED: Any = Case(
    When(kind__in=[kind.value for kind in COMES_IN], then=F("amount")),
    default=-F("amount"),
    output_field=DecimalField(max_digits=14, decimal_places=2),
)
"""By how much an entry moves the balance, yuan: more than nothing where money comes in."""


def funds_visible_to(staff: Staff) -> QuerySet[ReserveFund]:
    """Reserves of the townships whose money the person may see; the start of every read of reserves."""
    return ReserveFund.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_RESERVE)).select_related("area")


def entries_visible_to(staff: Staff) -> QuerySet[ReserveEntry]:
    """Entries (流水) of the reserves that the person may see."""
    return ReserveEntry.objects.filter(fund__area_id__in=staff.area_ids(Permission.VIEW_RESERVE))


def moved_by(rows: QuerySet[ReserveEntry]) -> Decimal:
    """What some entries come to together, yuan."""
    return rows.order_by().aggregate(moved=Sum(MOVED))["moved"] or NOTHING


def balance_before(fund: ReserveFund, day: date) -> Decimal:
    """The balance when a day begins, by the days of the entries and not by when they were written; yuan."""
    return moved_by(fund.entries.filter(occurred_on__lt=day))


def lowest_from(fund: ReserveFund, day: date) -> Decimal:
    """The lowest balance at the end of a day or of any later one: as much may still be taken out on that day; yuan."""
    days = (
        fund.entries.filter(occurred_on__gt=day)
        .order_by("occurred_on")
        .values("occurred_on")
        .annotate(moved=Sum(MOVED))
        .values_list("moved", flat=True)
    )
    later = list(days)
    running = fund.balance - sum(later, NOTHING)
    lowest = running
    for moved in later:
        running += moved
        lowest = min(lowest, running)
    return lowest


@dataclass(frozen=True)
class WarningLine:
    """预警线 of a reserve in a year.

    :param opening: 年初余额; of a reserve that began the year with nothing, what was paid in first; yuan.
    :param line: the share of it below which a replenishment is asked for; None where the county sets no rate.
    """

    opening: Decimal
    line: Decimal | None

    def is_crossed_by(self, balance: Decimal) -> bool:
        """Whether a balance is below the line; on it is not."""
        return self.line is not None and balance < self.line

    def lacking(self, balance: Decimal) -> Decimal:
        """What would bring the balance back to the year's opening, or to the line where that is higher; yuan."""
        return max(self.opening, self.line or NOTHING) - balance


def warning_line(fund: ReserveFund, *, on: date) -> WarningLine:
    """The warning line of one reserve on a day."""
    return warning_lines([fund], on=on)[fund.pk]


def warning_lines(funds: Iterable[ReserveFund], *, on: date) -> dict[int, WarningLine]:
    """The warning lines of many reserves on a day, by the reserve's key; five queries at the most."""
    rows = list(funds)
    openings = _year_openings([fund.pk for fund in rows], year=on.year)
    rates = {row.area.code: read_further(row.key, row.value) for row in parameters_on(on, key=RESERVE_WARNING_RATE)}
    found = {}
    for fund in rows:
        rate = _nearest(rates, fund.area)
        opening = openings.get(fund.pk, NOTHING)
        found[fund.pk] = WarningLine(opening, None if rate is None else half_up_to_fen(opening * rate))
    return found


def _nearest(rates: Mapping[str, Decimal], area: Area) -> Decimal | None:
    """The rate of the township, or else of the county."""
    return next((rates[code] for length in (9, 6) if (code := area.code[:length]) in rates), None)


def _year_openings(funds: list[int], *, year: int) -> dict[int, Decimal]:
    """By reserve the balance on 1 January; of one that had nothing then, what was first paid in during the year."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    entries = ReserveEntry.objects.filter(fund__in=funds)
    sums = entries.filter(occurred_on__lt=start).order_by().values("fund").annotate(moved=Sum(MOVED))
    openings = {row["fund"]: row["moved"] for row in sums if row["moved"]}
    without = [fund for fund in funds if fund not in openings]
    if not without:
        return openings
    paid_in = (EntryKind.ALLOCATION, EntryKind.REPLENISHMENT)
    first = (
        entries.filter(fund__in=without, kind__in=paid_in, occurred_on__gte=start, occurred_on__lt=end)
        .order_by("fund_id", "occurred_on", "serial")
        .distinct("fund_id")
    )
    corrected = _corrections_of(without)
    for entry in first:
        openings[entry.fund_id] = max(entry.amount + _corrected_by(entry.pk, corrected), NOTHING)
    return openings


def _corrections_of(funds: list[int]) -> dict[int, tuple[int, Decimal]]:
    """By the entry that is corrected: the correction and by how much it moves the balance."""
    rows = ReserveEntry.objects.filter(fund__in=funds, corrects__isnull=False).order_by()
    found = rows.annotate(moved=MOVED).values_list("corrects", "pk", "moved")
    return {corrects: (pk, moved) for corrects, pk, moved in found if corrects is not None}


def _corrected_by(entry: int, corrections: Mapping[int, tuple[int, Decimal]]) -> Decimal:
    """What all corrections of an entry, and of its corrections, come to."""
    total = NOTHING
    while entry in corrections:
        entry, moved = corrections[entry]
        total += moved
    return total
