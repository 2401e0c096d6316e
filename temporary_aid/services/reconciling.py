"""月度对账: the month's sheet is prepared by one and signed by another; a signed month takes no more entries."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation.dates import chinese_month
from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Staff
from temporary_aid.models import Reconciliation, ReserveFund
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries.reconciling import (
    MonthSums,
    SlipLine,
    is_as_prepared,
    month_sums,
    months_to_sign,
    next_month,
    slip_lines,
)
from temporary_aid.services.base import NotAllowed
from temporary_aid.services.entries import lock_fund


@transaction.atomic
def prepare_sheet(
    fund: ReserveFund,
    month: date,
    *,
    counted_cash: Decimal,
    bank_balance: Decimal,
    difference_note: str,
    by: Staff,
    at: datetime,
) -> Reconciliation:
    """Prepare a month's sheet (编制对账表) from its entries and the money counted; again until it is signed.

    :param month: its first day; it has to be over.
    :param counted_cash: 库存现金 on its last day, yuan; ``bank_balance`` 银行存款.
    :raises NotPermitted: the person does not keep the township's reserve.
    :raises NotAllowed: not over, before the reserve was opened, signed, or a difference is not explained.
    """
    fund = lock_fund(fund.pk)
    check_can_act(by, Permission.KEEP_RESERVE, area=fund.area)
    today = timezone.localdate(at)
    if month.day != 1 or month < fund.opened_on.replace(day=1):
        raise NotAllowed(f"{fund.area}的备用金在{chinese_month(month)}还没有设立。")
    if next_month(month) > today:
        raise NotAllowed(f"{chinese_month(month)}还没有结束，月底以后再编制对账表。")
    standing = fund.reconciliations.filter(month=month).first()
    if standing is not None and standing.signed_on is not None:
        raise NotAllowed(f"{chinese_month(month)}的对账表已经签认，不能再改。")
    sums = month_sums(fund, month)
    _check_explained(sums, slip_lines(fund, month), counted_cash + bank_balance, difference_note)
    with because("编制备用金对账表", difference_note):
        sheet, _ = Reconciliation.objects.update_or_create(
            fund=fund,
            month=month,
            defaults=asdict(sums)
            | {
                "closing": sums.closing,
                "counted_cash": counted_cash,
                "bank_balance": bank_balance,
                "difference_note": difference_note.strip(),
                "prepared_by": by,
                "prepared_on": today,
            },
        )
    return sheet


@transaction.atomic
def sign_sheet(sheet: Reconciliation, *, by: Staff, at: datetime) -> Reconciliation:
    """Sign a month's sheet (签认对账表): from now on the month, and those before it, take no entries.

    :raises NotPermitted: the person does not sign for the township.
    :raises NotAllowed: signed already, prepared by the same person, an earlier month is open, entries were added since,
        or an entry and its slip do not agree.
    """
    fund = lock_fund(sheet.fund_id)
    check_can_act(by, Permission.SIGN_RECONCILIATION, area=fund.area)
    row = Reconciliation.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    row.fund = fund
    if row.signed_on is not None:
        raise NotAllowed(f"{chinese_month(row.month)}的对账表已经签认。")
    if row.prepared_by_id == by.pk:
        raise NotAllowed("编制人不能签认自己编制的对账表，请交由他人签认。")
    earlier = [month for month in months_to_sign(fund, on=row.month) if month < row.month]
    if earlier:
        raise NotAllowed(f"{chinese_month(earlier[0])}的对账表还没有签认，请按月份先后签认。")
    sums = month_sums(fund, row.month)
    if not is_as_prepared(row, sums):
        raise NotAllowed("编制以后流水又有变动，请重新编制再签认。")
    lines = slip_lines(fund, row.month)
    if bad := [line for line in lines if line.must_be_mended]:
        raise NotAllowed(f"{_named(bad)}，须先对平再签认。")
    _check_explained(sums, lines, row.counted_cash + row.bank_balance, row.difference_note)
    row.signed_by, row.signed_on = by, timezone.localdate(at)
    with because("签认备用金对账表"):
        row.save(update_fields=["signed_by", "signed_on"])
    return row


def _check_explained(sums: MonthSums, lines: Sequence[SlipLine], counted: Decimal, note: str) -> None:
    """
    :raises NotAllowed: the money counted is not the balance, or something does not agree, and nothing is written of it.
    """
    if note.strip():
        return
    if counted != sums.closing:
        raise NotAllowed(
            f"库存现金加银行存款{in_figures(counted)}元，与期末余额{in_figures(sums.closing)}元"
            f"相差{in_figures(abs(counted - sums.closing))}元，请写明差异。",
            field="difference_note",
        )
    if bad := [line for line in lines if line.fault is not None]:
        raise NotAllowed(f"{_named(bad)}，请写明差异。", field="difference_note")


def _named(lines: Sequence[SlipLine]) -> str:
    """What does not agree, with the first by name."""
    first = lines[0]
    assert first.fault is not None  # noqa: S101 -- only such lines are named
    more = f"等{len(lines)}笔" if len(lines) > 1 else ""
    return f"{first.aid_number}{more}：{first.fault.label}"
