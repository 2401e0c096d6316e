"""临时救助追回: what was paid wrongly comes back, to the reserve where it came from there, or is written off."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation.errors import NotPermitted
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import (
    AidEventKind,
    AidRecoupment,
    AidRecoupmentState,
    AidRepayment,
    AidStage,
    StageState,
    StockEntry,
    Supplement,
    SupplementResult,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, can_act, check_can_act, had_a_hand_in, ordering_permissions
from temporary_aid.queries.advances import left_to_recoup, paid_amount, repaid_amount, reserve_room
from temporary_aid.rules.states import AidState
from temporary_aid.services import reserve
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.sending import check_none_sent


@dataclass(frozen=True)
class RepaymentData:
    """退回款项: what came back, yuan.

    :param to_reserve: whether it goes back to the township's reserve (备用金), up to what came from there.
    """

    amount: Decimal
    repaid_on: date
    voucher: str
    to_reserve: bool = True


def check_may_order(aid: TemporaryAid, *, by: Staff) -> None:
    """
    :raises NotPermitted: another level's right, or the person, or whom they stand for (代理), registered or paid it.
    """
    acted = had_a_hand_in(aid)
    needed = ordering_permissions(aid, acted=acted)
    if not any(can_act(by, permission, area=aid.area) for permission in needed):
        check_can_act(by, needed[0], area=aid.area)
    if by.pk in acted:
        raise NotPermitted("登记、办理或发放这件临时救助的人（代理的算作本人）不能决定追回，请由另一人决定。")


def check_may_waive(recoupment: AidRecoupment, aid: TemporaryAid, *, by: Staff) -> None:
    """
    :raises NotPermitted: not the county's approver, or the person, or whom they stand for (代理), registered or paid
        the aid or ordered it back.
    """
    check_can_act(by, Permission.APPROVE_AID_COUNTY, area=aid.area)
    if by.pk in had_a_hand_in(aid, also=[recoupment.decided_by_id]):
        raise NotPermitted("办理、发放或决定追回的人（代理的算作本人）不能核销余款，请由另一人核销。")


@transaction.atomic
def order_recoupment(aid: TemporaryAid, *, due_amount: Decimal, reason: str, by: Staff, at: datetime) -> AidRecoupment:
    """决定追回 of an aid that was paid: no more stages are paid, and what is due is asked back.

    :param due_amount: yuan, no more than was paid.
    :raises NotPermitted: another level's right, or the person, or whom they stand for, registered or paid it.
    :raises NotAllowed: nothing was paid, more is asked than was paid or, before its papers are approved, less, or no
        reason is given.
    """
    aid = lock_aid(aid, by=by, permission=Permission.VIEW_AID)
    require_state(aid, AidState.ADVANCED, AidState.SUPPLEMENTED, AidState.APPROVED, AidState.CLOSED)
    check_may_order(aid, by=by)
    reason = check_told(reason, "请写明追回的原因。", field="reason")
    paid = paid_amount(aid)
    if not 0 < due_amount <= paid:
        raise NotAllowed(f"应追回金额须大于0，并且不超过已发放的{in_figures(paid)}元。", field="due_amount")
    if due_amount < paid and aid.state in (AidState.ADVANCED, AidState.SUPPLEMENTED):
        raise NotAllowed(
            "补充说明还没有审核通过，只能全额追回；只追回一部分的，请先审核通过补充说明，再决定追回。",
            field="due_amount",
        )
    _stop_stages(aid, reason, by=by, at=at)
    waiting = Supplement.objects.select_for_update().filter(aid=aid, result=SupplementResult.WAITING).first()
    if waiting is not None:
        waiting.result, waiting.opinion = SupplementResult.RECOUPED, reason
        waiting.checked_by, waiting.checked_at = by, at
        waiting.save(update_fields=["result", "opinion", "checked_by", "checked_at"])
    recoupment = AidRecoupment.objects.create(
        aid=aid, due_amount=due_amount, reason=reason, decided_by=by, decided_at=at
    )
    before = aid.state
    aid.recoup()
    aid.save(update_fields=["state"])
    note = f"应追回{in_figures(due_amount)}元：{reason}"
    write_event(aid, AidEventKind.RECOUPMENT_OPENED, by=by, at=at, note=note, from_state=before)
    return recoupment


@transaction.atomic
def record_repayment(recoupment: AidRecoupment, *, data: RepaymentData, by: Staff, at: datetime) -> AidRepayment:
    """登记退回款项: with its voucher; what came from the reserve goes back there. The last yuan settles it.

    :raises NotAllowed: settled already, no voucher, more than is left, more to the reserve than came from it, or a day
        before the decision or to come.
    """
    aid, recoupment = _lock(recoupment, by=by, permission=Permission.HANDLE_AID)
    on, left = timezone.localdate(at), left_to_recoup(recoupment)
    voucher = check_told(data.voucher, "请填凭证号。", field="voucher")
    if not 0 < data.amount <= left:
        raise NotAllowed(f"退回金额须大于0，并且不超过还没有追回的{in_figures(left)}元。", field="amount")
    if not timezone.localdate(recoupment.decided_at) <= data.repaid_on <= on:
        raise NotAllowed("退回日期须在决定追回以后，并且不晚于今天。", field="repaid_on")
    room, entry = reserve_room(aid), None
    if data.to_reserve and data.amount > room:
        raise NotAllowed(
            f"从备用金支出、还没有退回的只有{in_figures(room)}元；其余请另行登记，退回县级资金。", field="amount"
        )
    if data.to_reserve:
        note = f"退回先行救助{aid.number} {aid.recipient_name}"
        entry = reserve.refund(aid, amount=data.amount, note=note, voucher=voucher, by=by, at=at, on=data.repaid_on)
    repayment = AidRepayment.objects.create(
        recoupment=recoupment,
        amount=data.amount,
        repaid_on=data.repaid_on,
        voucher=voucher,
        entry=entry,
        recorded_by=by,
        recorded_at=at,
    )
    where = "退回备用金" if data.to_reserve else "退回县级资金"
    note = f"{in_figures(data.amount)}元，{where}，凭证{voucher}"
    write_event(aid, AidEventKind.REPAID, by=by, at=at, note=note)
    if data.amount == left:
        _settle(aid, recoupment, AidRecoupmentState.SETTLED, by=by, at=at)
    return repayment


@transaction.atomic
def count_goods(recoupment: AidRecoupment, goods: StockEntry, *, by: Staff, at: datetime) -> AidRepayment:
    """Count goods that came back into the stock (退库) towards what is asked back, up to what is left.

    Those that came back before it was decided but are entered after it were asked back with the rest, so they count
    too, from the day of the decision on.

    :raises NotAllowed: settled already.
    """
    aid, recoupment = _lock(recoupment, by=by, permission=Permission.KEEP_RESERVE)
    left = left_to_recoup(recoupment)
    amount = min(left, goods.unit_value * goods.count)
    repayment = AidRepayment.objects.create(
        recoupment=recoupment,
        amount=amount,
        repaid_on=max(goods.occurred_on, timezone.localdate(recoupment.decided_at)),
        voucher=f"退库{goods.serial}",
        goods=goods,
        recorded_by=by,
        recorded_at=at,
    )
    write_event(aid, AidEventKind.REPAID, by=by, at=at, note=f"{in_figures(amount)}元，物资退库抵减")
    if amount == left:
        _settle(aid, recoupment, AidRecoupmentState.SETTLED, by=by, at=at)
    return repayment


@transaction.atomic
def waive_rest(recoupment: AidRecoupment, *, reason: str, by: Staff, at: datetime) -> AidRecoupment:
    """核销 what cannot come back any more; the county's approver, with the reason.

    :raises NotPermitted: not the county's approver, or the person, or whom they stand for, paid it or ordered it back.
    :raises NotAllowed: settled already, or no reason is given.
    """
    aid, recoupment = _lock(recoupment, by=by, permission=Permission.APPROVE_AID_COUNTY)
    check_may_waive(recoupment, aid, by=by)
    reason = check_told(reason, "请写明核销的原因。", field="reason")
    recoupment.waived_amount, recoupment.waived_by, recoupment.waived_reason = left_to_recoup(recoupment), by, reason
    _settle(aid, recoupment, AidRecoupmentState.WAIVED, by=by, at=at)
    return recoupment


def _lock(recoupment: AidRecoupment, *, by: Staff, permission: Permission) -> tuple[TemporaryAid, AidRecoupment]:
    """The aid first, then what is asked back of it, as every act locks them."""
    aid = lock_aid(recoupment.aid, by=by, permission=permission)
    row = AidRecoupment.objects.select_for_update().get(pk=recoupment.pk)
    require_state(aid, AidState.RECOUPING)
    return aid, row


def _settle(
    aid: TemporaryAid, recoupment: AidRecoupment, state: AidRecoupmentState, *, by: Staff, at: datetime
) -> None:
    recoupment.state, recoupment.settled_at = state, at
    recoupment.save()
    before = aid.state
    aid.settle_recoupment()
    aid.save(update_fields=["state"])
    note = f"已退回{in_figures(repaid_amount(recoupment))}元"
    if recoupment.waived_amount:
        note += f"，核销{in_figures(recoupment.waived_amount)}元：{recoupment.waived_reason}"
    write_event(aid, AidEventKind.RECOUPED, by=by, at=at, note=note, from_state=before)


def _stop_stages(aid: TemporaryAid, reason: str, *, by: Staff, at: datetime) -> None:
    """What is not paid yet is paid no more."""
    on = timezone.localdate(at)
    waiting = aid.stages.select_for_update().filter(state__in=[StageState.PLANNED, StageState.READY])
    check_none_sent(waiting)
    for stage in waiting:  # two or three; each is written so that its history keeps it
        stage.state, stage.cancelled_on, stage.cancelled_by = StageState.CANCELLED, on, by
        stage.cancelled_reason = f"决定追回：{reason}"[: AidStage._meta.get_field("cancelled_reason").max_length]
        stage.save()
