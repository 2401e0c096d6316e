"""乡镇备用金: open, allocate, spend, take back in, withdraw, correct; handbook 10.5."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from temporary_aid.models import COMES_IN, EntryKind, ReserveEntry, ReserveFund, TemporaryAid
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.services.base import NotAllowed, check_told
from temporary_aid.services.entries import Cause, lock_fund, lock_fund_of, write_entry
from temporary_aid.services.replenishing import ask_if_low

_OF_AN_AID = (EntryKind.ADVANCE, EntryKind.REFUND)


@transaction.atomic
def spend_advance(
    aid: TemporaryAid, *, amount: Decimal, note: str, voucher: str = "", by: Staff, at: datetime, on: date
) -> ReserveEntry:
    """Pay an aid out of its township's reserve (先行支出).

    Below the warning line a replenishment is asked for by itself. Whether the person may pay and the aid may be paid
    is the caller's duty.

    :param amount: yuan.
    :param on: the day on which it was paid.
    :raises NotAllowed: more than there is (备用金余额不足), the aid was paid from the reserve already, the month is
        signed, or the township has no reserve.
    """
    fund = lock_fund_of(aid.area)
    if fund.entries.filter(aid=aid, kind=EntryKind.ADVANCE).exists():
        raise NotAllowed(f"临时救助{aid.number}已经从备用金支出过，不能再支出。")
    entry = write_entry(
        fund,
        EntryKind.ADVANCE,
        amount=amount,
        note=note,
        voucher=voucher,
        by=by,
        at=at,
        on=on,
        cause=Cause(aid=aid),
    )
    ask_if_low(fund, at=at)
    return entry


@transaction.atomic
def refund(
    aid: TemporaryAid, *, amount: Decimal, note: str, voucher: str, by: Staff, at: datetime, on: date
) -> ReserveEntry:
    """Money of an aid comes back into the reserve that paid it (退回).

    Whether the person may record it is the caller's duty.

    :param amount: yuan.
    :raises NotAllowed: the aid was not paid from the reserve, or more comes back than was paid.
    """
    paid = ReserveEntry.objects.filter(aid=aid, kind=EntryKind.ADVANCE).first()
    fund = lock_fund(paid.fund_id) if paid is not None else lock_fund_of(aid.area)
    rows = fund.entries.filter(aid=aid, kind__in=_OF_AN_AID).values_list("kind", "amount")
    left = sum((amount if kind == EntryKind.ADVANCE else -amount for kind, amount in rows), Decimal(0))
    if amount > left:
        raise NotAllowed(
            f"退回金额不能超过从备用金支出后还没有退回的{in_figures(left)}元。",
            field="amount",
        )
    return write_entry(
        fund,
        EntryKind.REFUND,
        amount=amount,
        note=note,
        voucher=voucher,
        by=by,
        at=at,
        on=on,
        cause=Cause(aid=aid),
    )


@transaction.atomic
def open_fund(area: Area, *, opened_on: date, by: Staff, at: datetime) -> ReserveFund:
    """Set up a township's reserve (设立备用金), with nothing in it yet.

    :raises NotPermitted: the person does not allocate.
    :raises NotAllowed: not a township, one is there already, or a day to come.
    """
    check_can_act(by, Permission.ALLOCATE_RESERVE, area=area)
    if area.level != AreaLevel.TOWNSHIP:
        raise NotAllowed("备用金按乡镇设立，请选择乡镇。", field="area")
    if opened_on > timezone.localdate(at):
        raise NotAllowed("设立日期不能晚于今天。", field="opened_on")
    with because("设立备用金"):
        fund, is_new = ReserveFund.objects.get_or_create(area=area, defaults={"opened_on": opened_on, "opened_by": by})
    if not is_new:
        raise NotAllowed(f"{area}已经设立备用金，不用再设。", field="area")
    return fund


@transaction.atomic
def allocate(
    fund: ReserveFund, *, amount: Decimal, note: str, voucher: str, by: Staff, at: datetime, on: date
) -> ReserveEntry:
    """The county pays money into a reserve (拨入).

    :param amount: yuan.
    :raises NotPermitted: the person does not allocate.
    :raises NotAllowed: no amount, no voucher, or the day does not fit.
    """
    fund = _lock(fund, by=by)
    voucher = check_told(voucher, "请填拨款凭证号。", field="voucher")
    with because("拨入备用金", note):
        return write_entry(fund, EntryKind.ALLOCATION, amount=amount, note=note, voucher=voucher, by=by, at=at, on=on)


@transaction.atomic
def withdraw_to_county(
    fund: ReserveFund, *, amount: Decimal, note: str, voucher: str, by: Staff, at: datetime, on: date
) -> ReserveEntry:
    """The county takes money back out of a reserve (收回县级).

    :param amount: yuan.
    :raises NotPermitted: the person does not allocate.
    :raises NotAllowed: more than there is, no voucher, no reason, or the day does not fit.
    """
    fund = _lock(fund, by=by)
    note = check_told(note, "请写明收回的原因。", field="note")
    voucher = check_told(voucher, "请填收款凭证号。", field="voucher")
    with because("收回备用金", note):
        entry = write_entry(fund, EntryKind.WITHDRAWAL, amount=amount, note=note, voucher=voucher, by=by, at=at, on=on)
        ask_if_low(fund, at=at)
    return entry


@transaction.atomic
def correct_entry(
    entry: ReserveEntry, *, right_amount: Decimal, reason: str, by: Staff, at: datetime, on: date
) -> ReserveEntry:
    """Mend a mistaken entry by another one over the difference (更正); the mistaken one stays as it was written.

    :param right_amount: what the entry should have said, yuan; nothing where it should not be there at all.
    :raises NotPermitted: the person does not answer for the county.
    :raises NotAllowed: corrected already, the same amount, of an aid, the writer's own entry, or more than there is.
    """
    fund = lock_fund(entry.fund_id)
    check_can_act(by, Permission.APPROVE_REPLENISHMENT, area=fund.area)
    entry = fund.entries.get(pk=entry.pk)
    reason = check_told(reason, "请写明错在哪里。", field="reason")
    if entry.kind in _OF_AN_AID:
        raise NotAllowed("先行支出和退回要与先行单、追回记录一致，请到那件临时救助中办理追回或退回，不在这里更正。")
    if fund.entries.filter(corrects=entry).exists():
        raise NotAllowed(f"第{entry.serial}笔已经更正过；还有错的，请更正那笔更正。")
    if entry.by_id == by.pk:
        raise NotAllowed("登记这笔账的人不能更正自己登记的账，请交由他人办理。")
    difference = right_amount - entry.amount if entry.kind in COMES_IN else entry.amount - right_amount
    if difference == 0 or right_amount < 0:
        raise NotAllowed(
            "正确金额与原登记相同，不用更正。" if difference == 0 else "金额不能是负数。", field="right_amount"
        )
    kind = EntryKind.CORRECTION_IN if difference > 0 else EntryKind.CORRECTION_OUT
    with because("更正备用金流水", reason):
        correction = write_entry(
            fund,
            kind,
            amount=abs(difference),
            note=f"更正第{entry.serial}笔：{reason}"[:120],
            voucher=entry.voucher,
            by=by,
            at=at,
            on=on,
            cause=Cause(corrects=entry),
        )
        ask_if_low(fund, at=at)
    return correction


def _lock(fund: ReserveFund, *, by: Staff) -> ReserveFund:
    """The reserve, locked, where the person allocates.

    :raises NotPermitted: the person does not.
    """
    locked = lock_fund(fund.pk)
    check_can_act(by, Permission.ALLOCATE_RESERVE, area=locked.area)
    return locked
