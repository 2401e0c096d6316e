"""回盘缺项: payments that the bank's returns never spoke of are taken as failed, by two people, after some days."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from benefits.models import (
    LineState,
    MonthlyRoll,
    OmittedPayments,
    ReturnState,
    RollEvent,
    RollEventKind,
    RollState,
)
from benefits.queries.returns import open_omission
from benefits.rules.bank_returns import OMITTED
from eligibility.queries import further_value
from eligibility.rules.further_parameters import OMITTED_PAYMENT_DAYS
from foundation.dates import chinese_date
from foundation.errors import NotPermitted, ServiceError
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act
from organizations.queries import deputising
from organizations.rules.separation import standing_as_one


class NotOmitted(ServiceError):
    """The bank has not answered yet, or has answered all, or nothing is proposed."""


@transaction.atomic
def propose_omitted(roll: MonthlyRoll, *, reason: str, by: Staff, on: date) -> OmittedPayments:
    """Propose that what the bank's returns leave out was not paid (认定回盘缺项), as the bank was asked.

    :raises NotPermitted: the person may not record payments of the township.
    :raises NotOmitted: no return is recorded, it is too early, nothing waits, or it is proposed already, or no reason.
    """
    roll = _locked(roll)
    check_can_act(by, Permission.RECORD_PAYMENT, area=roll.area)
    waiting = roll.lines.filter(state=LineState.WAITING).count()
    last = roll.returns.filter(state=ReturnState.TAKEN).aggregate(last=Max("taken_on"))["last"]
    if roll.state != RollState.SENT or last is None or not waiting:
        raise NotOmitted("还没有登记过回盘，或者回盘已经齐全，没有缺项。")
    if open_omission(roll) is not None:
        raise NotOmitted("已经提出过，等县民政局审核。")
    first = last + timedelta(days=further_value(OMITTED_PAYMENT_DAYS, area=roll.area, on=on))
    if on < first:
        raise NotOmitted(f"最后一次回盘是{chinese_date(last)}，{chinese_date(first)}起才能认定；请先与银行核对。")
    if not reason.strip():
        raise NotOmitted("请写明与银行核实的情况。", field="reason")
    with because("提出回盘缺项", reason):
        row = OmittedPayments.objects.create(
            roll=roll, reason=reason.strip()[:200], line_count=waiting, proposed_by=by, proposed_on=on
        )
    _note(roll, f"提出认定{waiting}户：{row.reason}", by=by, on=on)
    return row


@transaction.atomic
def approve_omitted(roll: MonthlyRoll, *, opinion: str, by: Staff, on: date) -> OmittedPayments:
    """Approve it (同意认定), as another person than who proposed it: what still waits fails and may be issued anew.

    :raises NotPermitted: the person does not sign rolls for the county, or proposed it, or stands for who did.
    :raises NotOmitted: nothing is proposed, the bank has answered the rest meanwhile, or no opinion is given.
    """
    roll = _locked(roll)
    check_can_act(by, Permission.CHECK_ROLL_COUNTY, area=roll.area)
    row = _open(roll)
    pairs = [
        pair for pair in deputising(since=row.proposed_on, on=on) if pair.covers(roll.area.code, since=row.proposed_on)
    ]
    hands = frozenset({row.proposed_by_id})
    if by.pk in hands or by.pk in standing_as_one(hands, pairs):
        raise NotPermitted("提出人和审核人须是两个人，互为代理的算一个人：请由另一人审核。")
    if not opinion.strip():
        raise NotOmitted("请写明审核意见。", field="opinion")
    with because("认定回盘缺项", row.reason):
        failed = roll.lines.filter(state=LineState.WAITING).update(
            state=LineState.FAILED, failure=f"{OMITTED}{row.reason}"[:200], settled_on=on
        )
        if not failed:
            raise NotOmitted("银行已经都有回盘，没有缺项了；请选“不认定回盘缺项”。")
        row.settled_by, row.settled_on, row.is_approved, row.settlement = by, on, True, opinion.strip()[:200]
        row.save()
        roll.state = RollState.SETTLED
        roll.save(update_fields=["state"])
    _note(roll, f"同意认定，{failed}户按发放失败处理：{row.settlement}", by=by, on=on)
    return row


@transaction.atomic
def drop_omitted(roll: MonthlyRoll, *, reason: str, by: Staff, on: date) -> OmittedPayments:
    """Leave it (不认定): the roll waits for the bank on; by who approves it or who may propose it.

    :raises NotPermitted: the person may do neither.
    :raises NotOmitted: nothing is proposed, or no reason is given.
    """
    roll = _locked(roll)
    if not can_act(by, Permission.CHECK_ROLL_COUNTY, area=roll.area):
        check_can_act(by, Permission.RECORD_PAYMENT, area=roll.area)
    row = _open(roll)
    if not reason.strip():
        raise NotOmitted("请写明原因。", field="reason")
    row.settled_by, row.settled_on, row.settlement = by, on, reason.strip()[:200]
    with because("不认定回盘缺项", reason):
        row.save()
    _note(roll, f"不认定：{row.settlement}", by=by, on=on)
    return row


def _locked(roll: MonthlyRoll) -> MonthlyRoll:
    return MonthlyRoll.objects.select_for_update(of=("self",)).select_related("area").get(pk=roll.pk)


def _open(roll: MonthlyRoll) -> OmittedPayments:
    row = open_omission(roll)
    if row is None:
        raise NotOmitted("没有提出过认定回盘缺项，或者已经审核。")
    return row


def _note(roll: MonthlyRoll, words: str, *, by: Staff, on: date) -> None:
    RollEvent.objects.create(roll=roll, kind=RollEventKind.OMITTED, on=on, by=by, note=words[:500])
