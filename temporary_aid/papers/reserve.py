"""Papers of a township's reserve: 备用金台账 and 月度对账表, both to be signed."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from benefits.rules.months import first_month
from documents import records
from foundation.dates import chinese_date
from organizations.models import Staff
from temporary_aid.models import PettyAdvance, Reconciliation, ReserveEntry, ReserveFund
from temporary_aid.queries.reserve import balance_before

_NOTHING = Decimal("0.00")


def reserve_ledger(fund: ReserveFund, *, first_day: date, last_day: date, on: date) -> records.ReserveLedger:
    """备用金台账 of a period, both days included, with the balance after every movement."""
    opening = balance_before(fund, first_day)
    found = fund.entries.filter(occurred_on__range=(first_day, last_day)).select_related("aid", "by")
    rows, balance = [], opening
    for entry in found.order_by("occurred_on", "serial"):
        came_in, went_out = (entry.amount, _NOTHING) if entry.comes_in else (_NOTHING, entry.amount)
        balance += came_in - went_out
        rows.append(
            records.ReserveRow(
                serial=entry.serial,
                on=entry.occurred_on,
                kind=entry.get_kind_display(),
                note=_note(entry),
                voucher=entry.voucher,
                came_in=came_in,
                went_out=went_out,
                balance=balance,
                by=entry.by.name,
            )
        )
    return records.ReserveLedger(
        township=fund.area.name,
        first_day=first_day,
        last_day=last_day,
        printed_on=on,
        opening=opening,
        closing=balance,
        rows=tuple(rows),
    )


def _note(entry: ReserveEntry) -> str:
    if entry.aid is None or entry.aid.number in entry.note:
        return entry.note
    return f"{entry.aid.number} {entry.aid.recipient_name}　{entry.note}".strip()


def reserve_reconciliation(reconciliation: Reconciliation, *, on: date) -> records.ReserveReconciliation:
    """备用金月度对账表 with every slip (先行单) of the month beside the entry that it spent."""
    month = reconciliation.month
    slips = PettyAdvance.objects.filter(
        entry__fund=reconciliation.fund, entry__occurred_on__gte=month, entry__occurred_on__lt=first_month(month)
    )
    return records.ReserveReconciliation(
        township=reconciliation.fund.area.name,
        month=month,
        printed_on=on,
        opening=reconciliation.opening,
        allocated=reconciliation.allocated,
        advanced=reconciliation.advanced,
        refunded=reconciliation.refunded,
        withdrawn=reconciliation.withdrawn,
        corrected=reconciliation.corrected,
        closing=reconciliation.closing,
        counted_cash=reconciliation.counted_cash,
        bank_balance=reconciliation.bank_balance,
        difference_note=reconciliation.difference_note,
        advances_count=reconciliation.advances_count,
        slips=tuple(
            records.SlipRow(
                slip_number=slip.number,
                paid_on=timezone.localdate(slip.paid_at),
                person=slip.aid.recipient_name,
                amount=slip.amount,
                entry_serial=slip.entry.serial,
                entry_amount=slip.entry.amount,
            )
            for slip in slips.select_related("aid", "entry").order_by("entry__serial")
        ),
        prepared=_signed(reconciliation.prepared_by, reconciliation.prepared_on),
        signed=_signed(reconciliation.signed_by, reconciliation.signed_on),
    )


def _signed(by: Staff | None, on: date | None) -> str:
    return f"{by.name}　{chinese_date(on)}" if by is not None else ""
