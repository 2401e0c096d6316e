"""追回: what was paid and is not owed is asked back by two people's decision, month by month."""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from benefits.models import (
    Award,
    MonthlyRoll,
    Recoupment,
    RecoupmentMonth,
    RecoupmentReturn,
    RecoupmentState,
)
from benefits.queries.entitlements import FOR_EVER
from benefits.queries.overpayments import come_back_sql, overpaid_months, to_come_back
from benefits.rules.recoupments import spread
from benefits.services.reckoning import reckon_anew
from foundation.errors import NotPermitted, ServiceError
from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import deputising
from organizations.rules.separation import standing_as_one

_OPEN = (RecoupmentState.PROPOSED, RecoupmentState.APPROVED)


class RecoupmentRefused(ServiceError):
    """Nothing is to come back, or the recoupment does not stand where the act takes it up."""


@transaction.atomic
def propose_recoupment(award: Award, *, reason: str, source: str = "", by: Staff, on: date) -> Recoupment:
    """Enter what an award was paid and is not owed (录入追回单), every month of it.

    :param source: number of the case or document that it rests on.
    :raises NotPermitted: no right to recoup in the award's area.
    :raises RecoupmentRefused: nothing was overpaid, one is open already, or no reason is given.
    """
    award = Award.objects.select_for_update(of=("self",)).select_related("area").get(pk=award.pk)
    check_can_act(by, Permission.MANAGE_RECOUPMENT, area=award.area)
    if not reason.strip():
        raise RecoupmentRefused("请写明追回的原因。", field="reason")
    if award.recoupments.filter(state__in=_OPEN).exists():
        raise RecoupmentRefused("这份待遇已有没办完的追回单；请先办完，或作废后重新录入。")
    months = overpaid_months(award)
    if not months:
        raise RecoupmentRefused("这份待遇没有多发的月份，不用追回。")
    with because("录入追回单", reason):
        recoupment = Recoupment.objects.create(
            number=_next_number(on),
            award=award,
            reason=reason.strip()[:200],
            source=source,
            total_amount=sum((row.above for row in months), Decimal(0)),
            entered_by=by,
            entered_on=on,
        )
    RecoupmentMonth.objects.bulk_create(
        RecoupmentMonth(
            recoupment=recoupment,
            for_month=row.month,
            paid_amount=row.paid,
            owed_amount=row.owed,
            amount=row.above,
        )
        for row in months
    )
    return recoupment


@transaction.atomic
def approve_recoupment(recoupment: Recoupment, *, by: Staff, on: date) -> Recoupment:
    """Approve a recoupment (审批追回): rolls take it back from the month after, within the share that the county sets.

    :raises NotPermitted: no right to confirm in the area, or the person entered it, or stands for who did.
    :raises RecoupmentRefused: it is not waiting, or what was overpaid has changed since.
    """
    row = _locked(recoupment, RecoupmentState.PROPOSED)
    check_can_act(by, Permission.CONFIRM, area=row.award.area)
    if by.pk == row.entered_by_id:
        raise NotPermitted("录入人不能审批自己录入的追回单，请由另一人审批。")
    pairs = [
        pair
        for pair in deputising(since=row.entered_on, on=on)
        if pair.covers(row.award.area.code, since=row.entered_on)
    ]
    if by.pk in standing_as_one(frozenset({row.entered_by_id}), pairs):
        raise NotPermitted("您代理录入人，或由录入人代理，两人算一个人：请由另一人审批。")
    now = {month.month: month.above for month in overpaid_months(row.award)}
    if now != dict(row.months.values_list("for_month", "amount")):
        raise RecoupmentRefused("录入以后，多发的金额已经变化；请作废后重新录入。")
    row.state, row.approved_by, row.approved_on = RecoupmentState.APPROVED, by, on
    with because("审批追回单"):
        row.save()
    return row


@transaction.atomic
def record_return(
    recoupment: Recoupment, *, amount: Decimal, way: str, returned_on: date, by: Staff, on: date
) -> list[RecoupmentReturn]:
    """Record what a family gave back itself (退缴), counted to the oldest months first; a row a month.

    :param amount: yuan.
    :param way: in cash, by transfer, with what receipt.
    :raises NotPermitted: no right to recoup in the award's area.
    :raises RecoupmentRefused: it is not being recouped, or the sum is none that can come back.
    """
    row = _locked(recoupment, RecoupmentState.APPROVED)
    check_can_act(by, Permission.MANAGE_RECOUPMENT, area=row.award.area)
    if not way.strip():
        raise RecoupmentRefused("请写明退缴的方式和凭据。", field="way")
    if not row.approved_on or not row.approved_on <= returned_on <= on:
        raise RecoupmentRefused("退缴日期须在审批以后，并且不晚于今天。", field="returned_on")
    rest = to_come_back(row)
    total = sum((month.amount for month in rest), Decimal(0))
    if not 0 < amount <= total:
        raise RecoupmentRefused(f"退缴金额须大于0，并且不超过还没有追回的{in_figures(total)}元。", field="amount")
    with because("登记退缴"):
        returns = [
            RecoupmentReturn.objects.create(
                recoupment=row,
                for_month=part.for_month,
                returned_on=returned_on,
                amount=part.amount,
                way=way.strip()[:60],
                recorded_by=by,
            )
            for part in spread(amount, rest)
        ]
    _settle([row.pk], on=on)
    return returns


@transaction.atomic
def void_recoupment(recoupment: Recoupment, *, reason: str, by: Staff, on: date) -> Recoupment:
    """Void a recoupment (作废追回单): no more is taken; what has come back stays counted, and is paid back if owed.

    :raises NotPermitted: no right to recoup in the area, or to confirm, once it is approved.
    :raises RecoupmentRefused: it is over, or no reason is given.
    """
    row = _locked(recoupment, *_OPEN)
    approved = row.state == RecoupmentState.APPROVED
    check_can_act(by, Permission.CONFIRM if approved else Permission.MANAGE_RECOUPMENT, area=row.award.area)
    if not reason.strip():
        raise RecoupmentRefused("请写明作废的原因。", field="reason")
    row.state, row.closed_on, row.close_reason = RecoupmentState.VOIDED, on, reason.strip()[:200]
    with because("作废追回单", reason):
        row.save()
        if approved:
            first = row.months.order_by("for_month").values_list("for_month", flat=True)[0]
            reckon_anew(row.award, from_month=first, reason=f"作废追回单{row.number}", by=by, on=on)
    return row


def settle_recouped(roll: MonthlyRoll, *, on: date) -> None:
    """Close the recoupments of which nothing is left to come back with a roll that is frozen now.

    It took the last of them, or paid back what has become owed again meanwhile.
    """
    orders = Recoupment.objects.filter(state=RecoupmentState.APPROVED, award__roll_lines__roll=roll)
    _settle(list(orders.order_by().values_list("pk", flat=True)), on=on)


_SETTLE = f"""
    UPDATE benefits_recoupment c SET state = 'settled', closed_on = %(on)s
     WHERE c.id = ANY(%(orders)s) AND c.state = 'approved'
       AND NOT EXISTS (SELECT FROM benefits_rollitem i
                         JOIN benefits_rollline l ON l.id = i.line_id
                         JOIN benefits_monthlyroll r ON r.id = l.roll_id
                        WHERE i.recoupment_id = c.id AND r.frozen_at IS NULL)
       AND NOT EXISTS (SELECT FROM ({come_back_sql("(SELECT c.id, c.award_id)")}) b)
"""  # noqa: S608 -- put together from this room's own constants


def _settle(orders: list[int], *, on: date) -> None:
    if orders:
        with because("追回办结"), connection.cursor() as cursor:
            cursor.execute(_SETTLE, {"orders": orders, "on": on, "decided_by": FOR_EVER})


def _locked(recoupment: Recoupment, *states: RecoupmentState) -> Recoupment:
    rows = Recoupment.objects.select_for_update(of=("self",)).select_related("award__area")
    row = rows.get(pk=recoupment.pk)
    if row.state not in states:
        raise RecoupmentRefused(f"追回单{row.number}现在是“{row.get_state_display()}”，不能这样办理。")
    return row


def _next_number(on: date) -> str:
    # The county's row is the lock: two that are entered in one moment get two numbers.
    Area.objects.select_for_update(of=("self",), no_key=True).get(level="county")
    prefix = f"ZH{on:%Y}"
    last = Recoupment.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True)
    latest = last.first()
    return f"{prefix}{int(latest[len(prefix) :]) + 1 if latest else 1:05d}"
