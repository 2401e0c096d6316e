"""备用金流水: the one place that writes an entry; the reserve's row is locked first and its balance judged under it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from foundation.dates import chinese_date, chinese_month
from foundation.money import in_figures
from organizations.models import Area, Staff
from temporary_aid.models import (
    COMES_IN,
    EntryKind,
    Replenishment,
    ReserveEntry,
    ReserveFund,
    TemporaryAid,
)
from temporary_aid.queries.reserve import lowest_from
from temporary_aid.services.base import NotAllowed, check_told


@dataclass(frozen=True)
class Cause:
    """What an entry rests on, where it rests on something."""

    aid: TemporaryAid | None = None
    replenishment: Replenishment | None = None
    corrects: ReserveEntry | None = None


_OF_ITSELF = Cause()


def lock_fund(fund: int) -> ReserveFund:
    """The reserve, locked until the transaction ends."""
    return ReserveFund.objects.select_for_update(of=("self",)).select_related("area").get(pk=fund)


def lock_fund_of(area: Area) -> ReserveFund:
    """The reserve of the township that an area is or lies in, locked.

    :raises NotAllowed: the township has none.
    """
    rows = ReserveFund.objects.select_for_update(of=("self",)).select_related("area")
    fund = rows.filter(area__code=area.township_code).first()
    if fund is None:
        raise NotAllowed("这个乡镇还没有设立备用金，请先由县民政局设立并拨款。", field="amount")
    return fund


def write_entry(
    fund: ReserveFund,
    kind: EntryKind,
    *,
    amount: Decimal,
    note: str,
    voucher: str = "",
    by: Staff,
    at: datetime,
    on: date,
    cause: Cause = _OF_ITSELF,
) -> ReserveEntry:
    """Write a movement of a locked reserve, numbered on, with the balance after it; the database moves the balance.

    :param amount: yuan, more than nothing; the kind says whether it comes in or goes out.
    :param on: the day of the movement; one before today is written late, one to come is refused.
    :raises NotAllowed: no amount, a day out of the reserve's time, a month that is signed (已签认), or more than there
        is.
    """
    if amount <= 0:
        raise NotAllowed("金额须大于0。", field="amount")
    note = check_told(note, "请填摘要。", field="note")
    _check_day(fund, on, at=at)
    if kind not in COMES_IN:
        _check_enough(fund, amount, on=on)
    moved = amount if kind in COMES_IN else -amount
    entry = ReserveEntry.objects.create(
        fund=fund,
        serial=fund.last_serial + 1,
        kind=kind,
        amount=amount,
        balance_after=fund.balance + moved,
        occurred_on=on,
        aid=cause.aid,
        replenishment=cause.replenishment,
        corrects=cause.corrects,
        voucher=voucher.strip(),
        note=note,
        by=by,
        at=at,
    )
    fund.refresh_from_db(fields=["balance", "last_serial"])
    return entry


def _check_day(fund: ReserveFund, on: date, *, at: datetime) -> None:
    """
    :raises NotAllowed: a day to come, before the reserve was opened, or of a month that is signed.
    """
    if on > timezone.localdate(at):
        raise NotAllowed("日期不能晚于今天。", field="on")
    if on < fund.opened_on:
        raise NotAllowed(f"日期不能早于备用金设立日（{chinese_date(fund.opened_on)}）。", field="on")
    signed = fund.reconciliations.filter(signed_on__isnull=False, month__gte=on.replace(day=1)).order_by("-month")
    if (last := signed.first()) is not None:
        raise NotAllowed(
            f"{fund.area}{chinese_month(last.month)}的备用金对账表已经签认，"
            f"不能再记{chinese_month(on)}的账。请按实际记账的月份登记，摘要写明原因。",
            field="on",
        )


def _check_enough(fund: ReserveFund, amount: Decimal, *, on: date) -> None:
    """
    :raises NotAllowed: more than there is now, or than there was on the day.
    """
    if amount > fund.balance:
        raise NotAllowed(
            f"备用金余额不足：{fund.area}现有{in_figures(fund.balance)}元，不够{in_figures(amount)}元。"
            "请先申请补拨，或减少金额。",
            field="amount",
        )
    if amount > (lowest := lowest_from(fund, on)):
        raise NotAllowed(
            f"备用金余额不足：按日期算，{chinese_date(on)}起最少时只有{in_figures(max(lowest, Decimal(0)))}元，"
            f"不够{in_figures(amount)}元。请核对日期。",
            field="amount",
        )
