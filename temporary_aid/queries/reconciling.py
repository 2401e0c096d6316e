"""月度对账: a month's movements of a reserve, and its spending beside the slips (小额先行救助单) one by one."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils import timezone

from benefits.rules.months import months_after
from organizations.models import Staff
from organizations.permissions import Permission
from temporary_aid.models import (
    AidStage,
    EntryKind,
    PaySource,
    PettyAdvance,
    Reconciliation,
    ReserveEntry,
    ReserveFund,
    StageState,
)
from temporary_aid.queries.reserve import NOTHING, balance_before


def reconciliations_visible_to(staff: Staff) -> QuerySet[Reconciliation]:
    """Reconciliation sheets (月度对账表) of the reserves that the person may see."""
    areas = staff.area_ids(Permission.VIEW_RESERVE)
    return Reconciliation.objects.filter(fund__area_id__in=areas).select_related(
        "fund__area", "prepared_by", "signed_by"
    )


def signed_sheets(staff: Staff, fund: ReserveFund, *, year: int | None = None) -> QuerySet[Reconciliation]:
    """The signed sheets (已签认) of a reserve, the last first."""
    rows = reconciliations_visible_to(staff).filter(fund=fund, signed_on__isnull=False)
    return (rows.filter(month__year=year) if year else rows).order_by("-month")


@dataclass(frozen=True)
class MonthSums:
    """A month's movements, yuan; ``corrected`` is what corrections come to, either sign."""

    opening: Decimal
    allocated: Decimal
    advanced: Decimal
    refunded: Decimal
    withdrawn: Decimal
    corrected: Decimal
    advances_count: int

    @property
    def closing(self) -> Decimal:
        """期末余额 = 期初 + 拨入 − 先行支出 + 退回 − 收回县级 ± 更正 (handbook 10.5)."""
        return self.opening + self.allocated - self.advanced + self.refunded - self.withdrawn + self.corrected


def is_as_prepared(sheet: Reconciliation, sums: MonthSums) -> bool:
    """Whether the entries still come to what the sheet says."""
    found = asdict(sums)
    return found == {name: getattr(sheet, name) for name in found}


class SlipFault(StrEnum):
    """How an entry and a slip may fail to agree; the last can be explained, the others have to be mended."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "SlipFault":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    NO_SLIP = "no_slip", "有支出，无先行单"
    NO_ENTRY = "no_entry", "已从备用金发放，流水无支出"
    AMOUNT = "amount", "先行单与支出金额不同"
    OTHER_MONTH = "other_month", "先行单与支出不在同一个月"


@dataclass(frozen=True)
class SlipLine:
    """One payment out of the reserve: its entry, its slip, and what does not agree."""

    aid: int
    aid_number: str
    recipient_name: str
    serial: int | None
    entry_on: date | None
    entry_amount: Decimal | None
    slip_number: str
    slip_on: date | None
    slip_amount: Decimal | None
    fault: SlipFault | None

    @property
    def must_be_mended(self) -> bool:
        """Whether the month cannot be signed as it is."""
        return self.fault is not None and self.fault is not SlipFault.OTHER_MONTH


def next_month(month: date) -> date:
    """The first day of the month after."""
    return months_after(month, 1)


def month_sums(fund: ReserveFund, month: date) -> MonthSums:
    """What the entries of a month come to; two queries.

    :param month: its first day.
    """
    entries = fund.entries.filter(occurred_on__gte=month, occurred_on__lt=next_month(month)).order_by()
    sums = {
        kind: (total, count)
        for kind, total, count in entries.values_list("kind").annotate(total=Sum("amount"), count=Count("pk"))
    }

    def total(*kinds: EntryKind) -> Decimal:
        return sum((sums[kind][0] for kind in kinds if kind in sums), NOTHING)

    return MonthSums(
        opening=balance_before(fund, month),
        allocated=total(EntryKind.ALLOCATION, EntryKind.REPLENISHMENT),
        advanced=total(EntryKind.ADVANCE),
        refunded=total(EntryKind.REFUND),
        withdrawn=total(EntryKind.WITHDRAWAL),
        corrected=total(EntryKind.CORRECTION_IN) - total(EntryKind.CORRECTION_OUT),
        advances_count=sums[EntryKind.ADVANCE][1] if EntryKind.ADVANCE in sums else 0,
    )


def slip_lines(fund: ReserveFund, month: date) -> list[SlipLine]:
    """Every payment of a month, by its entry or by its slip, with what does not agree (逐笔核对); three queries."""
    entries = ReserveEntry.objects.filter(
        fund=fund, kind=EntryKind.ADVANCE, occurred_on__gte=month, occurred_on__lt=next_month(month)
    ).select_related("aid", "advance")
    lines = [_line_of_entry(entry, month) for entry in entries.order_by("serial")]
    began, ended = _start(month), _start(next_month(month))
    elsewhere = PettyAdvance.objects.filter(entry__fund=fund, paid_at__gte=began, paid_at__lt=ended).exclude(
        entry__occurred_on__gte=month, entry__occurred_on__lt=next_month(month)
    )
    lines += [_line_of_entry(slip.entry, month) for slip in elsewhere.select_related("aid", "entry__aid")]
    entered = ReserveEntry.objects.filter(aid=OuterRef("aid"), kind=EntryKind.ADVANCE)
    paid = AidStage.objects.filter(
        source=PaySource.RESERVE,
        state=StageState.PAID,
        paid_at__gte=began,
        paid_at__lt=ended,
        aid__area__code__startswith=fund.area.code,
    ).exclude(Exists(entered))
    lines += [_line_of_stage(stage) for stage in paid.select_related("aid__advance_slip").order_by("paid_at")]
    return lines


def _line_of_entry(entry: ReserveEntry, month: date) -> SlipLine:
    assert entry.aid is not None  # noqa: S101 -- held by reserve_entry_of_aid
    slip: PettyAdvance | None = getattr(entry, "advance", None)
    slip_on = timezone.localdate(slip.paid_at) if slip is not None else None
    if slip is None:
        fault = SlipFault.NO_SLIP
    elif slip.amount != entry.amount:
        fault = SlipFault.AMOUNT
    elif slip_on is None or {slip_on.replace(day=1), entry.occurred_on.replace(day=1)} != {month}:
        fault = SlipFault.OTHER_MONTH
    else:
        fault = None
    return SlipLine(
        aid=entry.aid.pk,
        aid_number=entry.aid.number,
        recipient_name=entry.aid.recipient_name,
        serial=entry.serial,
        entry_on=entry.occurred_on,
        entry_amount=entry.amount,
        slip_number=slip.number if slip is not None else "",
        slip_on=slip_on,
        slip_amount=slip.amount if slip is not None else None,
        fault=fault,
    )


def _line_of_stage(stage: AidStage) -> SlipLine:
    """A payment that says it came from the reserve, which knows nothing of it."""
    return SlipLine(
        aid=stage.aid.pk,
        aid_number=stage.aid.number,
        recipient_name=stage.aid.recipient_name,
        serial=None,
        entry_on=None,
        entry_amount=None,
        slip_number=f"第{stage.serial}期",
        slip_on=timezone.localdate(stage.paid_at) if stage.paid_at else None,
        slip_amount=stage.amount,
        fault=SlipFault.NO_ENTRY,
    )


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def last_signed_months(funds: Iterable[int]) -> dict[int, date]:
    """By reserve the last month that is signed; those without any left out; one query."""
    signed = Reconciliation.objects.filter(fund__in=list(funds), signed_on__isnull=False).order_by()
    return dict(signed.values_list("fund").annotate(last=Max("month")))


def unsigned_months(fund: ReserveFund, *, last_signed: date | None, on: date) -> list[date]:
    """Months that are over and not signed, the earliest first: from the one the reserve was opened in on."""
    month = next_month(last_signed) if last_signed is not None else fund.opened_on.replace(day=1)
    found = []
    while next_month(month) <= on:
        found.append(month)
        month = next_month(month)
    return found


def with_months_to_prepare(funds: QuerySet[ReserveFund], *, on: date) -> QuerySet[ReserveFund]:
    """Reserves with a month that is over and neither signed nor prepared, as :func:`unsigned_months` counts them."""
    sheets = Reconciliation.objects.filter(fund=OuterRef("pk"), month__lt=on.replace(day=1)).order_by()
    signed = sheets.filter(signed_on__isnull=False).values("fund").annotate(last=Max(_serial("month"))).values("last")
    waiting = sheets.filter(signed_on=None).values("fund").annotate(count=Count("pk")).values("count")
    done = Coalesce(Subquery(signed), _serial("opened_on") - 1) + Coalesce(Subquery(waiting), 0)
    return funds.annotate(done=done).filter(done__lt=on.year * 12 + on.month - 1)


def _serial(day: str) -> CombinedExpression:
    """The month of a day, counted on from month to month."""
    return ExtractYear(day) * 12 + ExtractMonth(day)


def months_to_sign(fund: ReserveFund, *, on: date) -> list[date]:
    """Months of one reserve that are over and not signed, the earliest first."""
    return unsigned_months(fund, last_signed=last_signed_months([fund.pk]).get(fund.pk), on=on)
