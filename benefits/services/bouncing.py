"""退票: the bank gives a payment back that it had reported as paid; it counts as failed and is issued anew once."""

from datetime import date

from django.db import transaction

from benefits.models import (
    BankReturn,
    BouncedPayment,
    LineState,
    MonthlyRoll,
    RollEvent,
    RollEventKind,
    RollLine,
    RollState,
)
from foundation.errors import ServiceError
from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act


class NotBounced(ServiceError):
    """The payment is none that comes back."""


@transaction.atomic
def record_bounced(
    line: RollLine, *, returned_on: date, reason: str, source: str, by: Staff, on: date
) -> BouncedPayment:
    """Record that the bank gave a payment back (登记退票): it counts as failed, and is issued anew (重发).

    Who issues it anew is four people's matter (重发 has its signatures); the bank's slip is on record here.

    :param source: number of the bank's slip, or name of its file.
    :raises NotPermitted: the person may not record payments of the township.
    :raises NotBounced: it is not recorded as paid, or day, reason or slip are missing or cannot be.
    """
    roll = MonthlyRoll.objects.select_for_update(of=("self",)).select_related("area").get(pk=line.roll_id)
    check_can_act(by, Permission.RECORD_PAYMENT, area=roll.area)
    line = RollLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if line.state != LineState.PAID or roll.state not in (RollState.SENT, RollState.SETTLED):
        raise NotBounced(f"这一笔{line.get_state_display()}，只有登记为已发放的才能登记退票。")
    if not reason.strip():
        raise NotBounced("请写明银行退票的原因。", field="reason")
    if not source.strip():
        raise NotBounced("请填银行退票的凭证号或者文件名。", field="source")
    if returned_on > on or (line.settled_on is not None and returned_on < line.settled_on):
        raise NotBounced("退票日期应在登记发放以后、今天以前。", field="returned_on")
    with because("登记退票", reason):
        row = BouncedPayment.objects.create(
            line=line,
            paid_on=line.settled_on,
            returned_on=returned_on,
            reason=reason.strip()[:200],
            source=source.strip()[:120],
            recorded_by=by,
            recorded_on=on,
        )
        line.state, line.failure, line.settled_on = LineState.FAILED, f"退票：{row.reason}"[:200], returned_on
        line.save(update_fields=["state", "failure", "settled_on"])
    note = f"{line.head_name}{in_figures(line.amount)}元，{row.source}：{row.reason}"
    RollEvent.objects.create(roll=roll, kind=RollEventKind.BOUNCED, on=on, by=by, note=note[:500])
    return row


def bounce_lines(draft: BankReturn, *, by: Staff, on: date) -> int:
    """Record every payment of a return that comes back after it was recorded as paid; in the caller's transaction.

    :returns: how many they are.
    """
    rows = list(draft.rows.filter(is_paid=False, line__state=LineState.PAID).select_related("line").order_by("line"))
    locked = RollLine.objects.select_for_update(of=("self",)).filter(
        pk__in=[row.line_id for row in rows], state=LineState.PAID
    )
    lines = locked.in_bulk()
    made = [(lines[row.line_id], row.reason) for row in rows if row.line_id in lines]
    BouncedPayment.objects.bulk_create(
        BouncedPayment(
            line=line,
            paid_on=line.settled_on,
            returned_on=on,
            reason=reason,
            source=draft.file_name,
            bank_return=draft,
            recorded_by=by,
            recorded_on=on,
        )
        for line, reason in made
    )
    for line, reason in made:
        line.state, line.failure, line.settled_on = LineState.FAILED, f"退票：{reason}"[:200], on
    RollLine.objects.bulk_update([line for line, _ in made], ["state", "failure", "settled_on"])
    return len(made)
