"""Content records of the papers of payment; whether a person may print them is the caller's duty."""

from datetime import date, datetime

from django.utils import timezone

from benefits.models import MonthlyRoll, RollLine
from documents import records
from foundation.dates import chinese_date
from organizations.models import Staff
from organizations.models.delegations import Scheme

_MONEY = {Scheme.DIBAO.value: "最低生活保障金", Scheme.TEKUN.value: "特困人员救助供养金"}
"""What the money is called on paper."""


def payment_roster(roll: MonthlyRoll, *, on: date) -> records.PaymentRoster:
    """发放花名册 of a roll by village, accounts masked to their last four characters."""
    lines = roll.lines.select_related("area", "bank_account").order_by("area__code", "pk")
    return records.PaymentRoster(
        number=roll.number,
        township=roll.area.name,
        scheme=_MONEY[roll.scheme],
        month=roll.month,
        printed_on=on,
        rows=tuple(_row(line) for line in lines),
        prepared=_signed(roll.prepared_by, roll.prepared_on),
        township_checked=_signed(roll.township_checked_by, roll.township_checked_on),
        county_checked=_signed(roll.county_checked_by, roll.county_checked_on),
        finance_checked=_signed(roll.finance_checked_by, roll.frozen_at),
    )


def _row(line: RollLine) -> records.RosterRow:
    account = line.bank_account
    payee = line.payee_name
    if account is not None and account.payee_name:
        payee = f"{payee}（{account.payee_name}代领）"
    return records.RosterRow(
        village=line.area.short_name,
        head=line.head_name,
        payee=payee,
        account=str(account.account) if account is not None else "",
        persons=line.person_count,
        base=line.base_amount,
        topup=line.topup_amount,
        back_payment=line.back_payment_amount,
        recoupment=line.recoupment_amount,
        state=line.get_state_display(),
    )


def _signed(by: Staff | None, when: date | datetime | None) -> str:
    if by is None or when is None:
        return ""
    return f"{by.name}　{chinese_date(timezone.localdate(when) if isinstance(when, datetime) else when)}"
