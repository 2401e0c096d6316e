"""Pages of 备用金: the county's view of all townships, a township's ledger, the requests for replenishment."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Permission
from organizations.queries import areas_for
from temporary_aid.models import EntryKind, Replenishment, ReplenishmentState, ReserveEntry, ReserveFund
from temporary_aid.queries.overdue import PapersStanding, papers_standing
from temporary_aid.queries.reconciling import last_signed_months, next_month, unsigned_months
from temporary_aid.queries.reserve import (
    MOVED,
    NOTHING,
    WarningLine,
    entries_visible_to,
    funds_visible_to,
    warning_lines,
)

_OPEN = (ReplenishmentState.ASKED, ReplenishmentState.APPROVED)


SHOWN_RESERVES = {
    "low": "低于预警线",
    "unsigned": "有未签认的月份",
    "overdue": "逾期未对账",
    "without": "没有设立备用金",
}
"""Which reserves the overview shows."""


@dataclass(frozen=True)
class ReserveRow:
    """How a township's reserve stands; yuan.

    :param unsigned: months that are over and not signed, the earliest first.
    :param papers: what the township has still to bring of aid that was paid or approved first.
    """

    area: Area
    fund: ReserveFund | None = None
    warning: WarningLine | None = None
    month_spent: Decimal = NOTHING
    month_count: int = 0
    year_spent: Decimal = NOTHING
    request: Replenishment | None = None
    unsigned: tuple[date, ...] = ()
    papers: PapersStanding = field(default_factory=PapersStanding)

    @property
    def is_low(self) -> bool:
        """Whether the balance is below the warning line (预警线)."""
        return self.fund is not None and self.warning is not None and self.warning.is_crossed_by(self.fund.balance)

    @property
    def is_overdue(self) -> bool:
        """Whether another month was over before the earlier one was signed (逾期未对账)."""
        return len(self.unsigned) > 1

    def is_shown(self, show: str) -> bool:
        """Whether the overview shows it.

        :param show: a key of :data:`SHOWN_RESERVES`, or nothing for all.
        """
        return (
            not show
            or {
                "low": self.is_low,
                "unsigned": bool(self.unsigned),
                "overdue": self.is_overdue,
                "without": self.fund is None,
            }[show]
        )


@dataclass(frozen=True)
class ReserveTotals:
    """All townships together; yuan."""

    balance: Decimal
    month_spent: Decimal
    year_spent: Decimal
    low: int
    unsigned: int
    overdue: int
    papers: int
    papers_overdue: int


def reserve_rows(staff: Staff, *, on: date) -> list[ReserveRow]:
    """Every township whose money the person may see, those without a reserve too; eleven queries at the most."""
    areas = list(areas_for(staff, Permission.VIEW_RESERVE).filter(level=AreaLevel.TOWNSHIP).order_by("code"))
    rows = {row.area.pk: row for row in _rows_of(list(funds_visible_to(staff)), on=on)}
    standing = papers_standing([area.pk for area in areas], on=on)
    return [replace(rows.get(area.pk) or ReserveRow(area), papers=standing[area.pk]) for area in areas]


def reserve_row(fund: ReserveFund, *, on: date) -> ReserveRow:
    """How one reserve stands."""
    return _rows_of([fund], on=on)[0]


def totals(rows: list[ReserveRow]) -> ReserveTotals:
    """What the rows come to."""
    return ReserveTotals(
        balance=sum((row.fund.balance for row in rows if row.fund), NOTHING),
        month_spent=sum((row.month_spent for row in rows), NOTHING),
        year_spent=sum((row.year_spent for row in rows), NOTHING),
        low=sum(row.is_low for row in rows),
        unsigned=sum(len(row.unsigned) for row in rows),
        overdue=sum(row.is_overdue for row in rows),
        papers=sum(row.papers.to_come for row in rows),
        papers_overdue=sum(row.papers.overdue for row in rows),
    )


def _rows_of(funds: list[ReserveFund], *, on: date) -> list[ReserveRow]:
    keys = [fund.pk for fund in funds]
    warnings = warning_lines(funds, on=on)
    spent = _spent(keys, on=on)
    asked = {row.fund_id: row for row in Replenishment.objects.filter(fund__in=keys, state__in=_OPEN)}
    signed = last_signed_months(keys)
    return [
        ReserveRow(
            area=fund.area,
            fund=fund,
            warning=warnings[fund.pk],
            month_spent=spent.get(fund.pk, (NOTHING, 0, NOTHING))[0],
            month_count=spent.get(fund.pk, (NOTHING, 0, NOTHING))[1],
            year_spent=spent.get(fund.pk, (NOTHING, 0, NOTHING))[2],
            request=asked.get(fund.pk),
            unsigned=tuple(unsigned_months(fund, last_signed=signed.get(fund.pk), on=on)),
        )
        for fund in funds
    ]


def _spent(funds: list[int], *, on: date) -> dict[int, tuple[Decimal, int, Decimal]]:
    """By reserve: paid out in the day's month, how often, and in its year; what came back is not taken off."""
    month = on.replace(day=1)
    of_month = Q(occurred_on__gte=month, occurred_on__lt=next_month(month))
    of_year = Q(occurred_on__gte=date(on.year, 1, 1), occurred_on__lt=date(on.year + 1, 1, 1))
    advances = ReserveEntry.objects.filter(of_year, fund__in=funds, kind=EntryKind.ADVANCE).order_by()
    rows = advances.values_list("fund").annotate(
        month=Sum("amount", filter=of_month), times=Count("pk", filter=of_month), year=Sum("amount")
    )
    return {fund: (month or NOTHING, times, year) for fund, month, times, year in rows}


@dataclass(frozen=True)
class LedgerSums:
    """What a filtered ledger comes to; yuan."""

    came_in: Decimal
    went_out: Decimal

    @property
    def left(self) -> Decimal:
        """What they leave together."""
        return self.came_in - self.went_out


def ledger(
    staff: Staff, fund: ReserveFund, *, kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[ReserveEntry]:
    """The entries of a reserve (台账), the last first, each with the balance after it.

    :param since: first day; ``until`` last day.
    """
    return _cut(entries_visible_to(staff).filter(fund=fund), kind=kind, since=since, until=until).order_by("-serial")


def listed_entries(
    staff: Staff, *, township: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[ReserveEntry]:
    """The entries of all reserves that the person may see (备用金流水), the last day first.

    :param township: its code; :param since: first day; ``until`` last day.
    """
    rows = entries_visible_to(staff)
    if township:
        rows = rows.filter(fund__area__code=township)
    return _cut(rows, kind=kind, since=since, until=until).order_by("-occurred_on", "-pk")


def _cut(rows: QuerySet[ReserveEntry], *, kind: str, since: date | None, until: date | None) -> QuerySet[ReserveEntry]:
    if kind:
        rows = rows.filter(kind=kind)
    if since:
        rows = rows.filter(occurred_on__gte=since)
    if until:
        rows = rows.filter(occurred_on__lte=until)
    return rows.select_related("aid", "by", "corrects", "corrected_by", "replenishment", "advance", "fund__area")


def ledger_sums(rows: QuerySet[ReserveEntry]) -> LedgerSums:
    """What some entries bring in and take out; one query."""
    moved = rows.order_by().annotate(moved=MOVED)
    found = moved.aggregate(
        came_in=Sum("moved", filter=Q(moved__gt=0)), went_out=Sum(-F("moved"), filter=Q(moved__lt=0))
    )
    return LedgerSums(found["came_in"] or NOTHING, found["went_out"] or NOTHING)


def replenishments_visible_to(staff: Staff) -> QuerySet[Replenishment]:
    """Requests (补拨申请) of the reserves that the person may see."""
    areas = staff.area_ids(Permission.VIEW_RESERVE)
    return Replenishment.objects.filter(fund__area_id__in=areas).select_related(
        "fund__area", "asked_by", "answered_by", "revoked_by", "entry"
    )


def listed_replenishments(staff: Staff, *, state: str = "", township: str = "") -> QuerySet[Replenishment]:
    """Requests for the list, the latest first.

    :param state: ``open`` for those that are not paid, refused or taken back, or one state.
    :param township: its code.
    """
    rows = replenishments_visible_to(staff)
    if state == "open":
        rows = rows.filter(state__in=_OPEN)
    elif state:
        rows = rows.filter(state=state)
    if township:
        rows = rows.filter(fund__area__code=township)
    return rows.order_by("-pk")
