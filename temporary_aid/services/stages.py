"""分期: visit a family again, confirm a stage by what was found, pay it by two hands, or cancel what is left."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.errors import NotPermitted
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import (
    AidEventKind,
    AidFileKind,
    AidStage,
    AidVisit,
    PayMethod,
    PaySource,
    StageForm,
    StageState,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, check_can_act, standing_for
from temporary_aid.queries.stages import account_for, payee_of
from temporary_aid.rules.clock import hours_between, is_late
from temporary_aid.rules.states import AidState
from temporary_aid.services import stock
from temporary_aid.services.base import NotAllowed, check_hands, check_told, lock_aid, require_state, write_event
from temporary_aid.services.files import add_file
from temporary_aid.services.payable import check_needed, check_payable
from temporary_aid.services.sending import check_none_sent

VISITED_IN = (AidState.ADVANCED, AidState.SUPPLEMENTED, AidState.APPROVED)
"""States in which a family that was helped is visited again."""
METHODS = {
    StageForm.MONEY: (PayMethod.BANK, PayMethod.CASH),
    StageForm.IN_KIND: (PayMethod.HANDED,),
    StageForm.SERVICE: (PayMethod.SERVED,),
}
"""How each form (方式) of a stage may reach the family."""


@dataclass(frozen=True)
class VisitData:
    """What a visit (走访) found.

    :param condition_met: 条件已满足, of a stage with a condition (发放条件).
    :param early_reason: 提前原因, where the visit confirms a stage before its planned day.
    """

    visited_on: date
    visitors: str
    finding: str
    still_in_need: bool
    condition_met: bool = False
    early_reason: str = ""


@dataclass(frozen=True)
class PaymentData:
    """How a stage reached the family.

    :param method: of money 转账 or 现金; goods are handed over, services provided.
    :param second_hand: 第二经办人; never the person who records it.
    :param received_by: 领取人; of a transfer the payee of the account, where nothing is written.
    :param voucher: 凭证号 of the county's payment; of money only.
    :param provider: who provides a service.
    :param late_reason: 超时原因, where urgent aid first reaches the family past its clock.
    :param early_reason: 提前原因, where the stage is paid before its planned day.
    """

    method: str
    paid_at: datetime
    second_hand: str
    received_by: str = ""
    voucher: str = ""
    provider: str = ""
    late_reason: str = ""
    early_reason: str = ""


@transaction.atomic
def record_visit(
    aid: TemporaryAid,
    *,
    data: VisitData,
    by: Staff,
    at: datetime,
    on: date,
    stage: AidStage | None = None,
    photo: Any = None,
    confirms: bool = False,
) -> AidVisit:
    """Record that a helped family was visited (登记走访), by the village or the township.

    :param stage: the stage that the visit is made for (本期走访).
    :param photo: an uploaded file, or nothing.
    :param confirms: confirm the stage at once; takes the right to handle aid.
    :raises NotAllowed: nothing was granted, a day to come or before the decision, or something is not said.
    """
    aid = lock_aid(aid, by=by, permission=Permission.REPORT_HARDSHIP)
    require_state(aid, *VISITED_IN)
    _check_visit(aid, data, on=on)
    if stage is not None:
        stage = _lock_stage(aid, stage)
        _require_stage(stage, StageState.PLANNED)
    kept = add_file(aid, kind=AidFileKind.VISIT_PHOTO, upload=photo, by=by, at=at) if photo is not None else None
    visit = AidVisit.objects.create(
        aid=aid,
        stage=stage,
        visited_on=data.visited_on,
        visitors=data.visitors.strip(),
        finding=data.finding.strip(),
        still_in_need=data.still_in_need,
        condition_met=data.condition_met and stage is not None and bool(stage.condition),
        photo=kept,
        recorded_by=by,
        recorded_at=at,
    )
    found = "仍然困难" if data.still_in_need else "困难已缓解"
    which = f"第{stage.serial}期，" if stage is not None else ""
    met = "，条件已满足" if visit.condition_met else ""
    write_event(aid, AidEventKind.VISITED, by=by, at=at, note=f"{which}{found}{met}：{visit.finding}")
    if stage is not None and confirms:
        check_can_act(by, Permission.HANDLE_AID, area=aid.area)
        _confirm(aid, stage, data.early_reason, by=by, at=at)
    return visit


@transaction.atomic
def confirm_stage(stage: AidStage, *, by: Staff, at: datetime, early_reason: str = "") -> AidStage:
    """Let a planned stage be paid (确认本期), since its last visit found the family still in need (handbook 10.4).

    :param early_reason: 提前原因, before the planned day.
    :raises NotAllowed: not planned, not visited, the last visit found that the need is over or the condition is not
        met, the stage before is not paid, or too early without a reason.
    """
    aid = lock_aid(stage.aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.APPROVED)
    stage = _lock_stage(aid, stage)
    _require_stage(stage, StageState.PLANNED)
    return _confirm(aid, stage, early_reason, by=by, at=at)


def _confirm(aid: TemporaryAid, stage: AidStage, early_reason: str, *, by: Staff, at: datetime) -> AidStage:
    """
    :raises NotAllowed: no visit that speaks for the stage, or too early without a reason.
    """
    require_state(aid, AidState.APPROVED)
    visit = stage.visits.order_by("-visited_on", "-pk").first()
    if visit is None:
        raise NotAllowed(f"第{stage.serial}期还没有走访，请先登记走访再确认。")
    if not visit.still_in_need:
        raise NotAllowed(
            f"最近一次走访认为困难已缓解，第{stage.serial}期不能确认发放。请终止余期；情况又有变化的，请重新走访。",
            field="still_in_need",
        )
    if stage.condition and not visit.condition_met:
        raise NotAllowed(
            f"第{stage.serial}期的发放条件是“{stage.condition}”，最近一次走访没有写明条件已满足，不能确认发放。"
            "条件满足后请重新走访。",
            field="condition_met",
        )
    check_needed(stage, on=timezone.localdate(at))
    _check_follows(stage, visit)
    early = _early(stage, early_reason, on=timezone.localdate(at), what="确认")
    stage.state = StageState.READY
    stage.visited_on, stage.visitors, stage.finding = visit.visited_on, visit.visitors, visit.finding
    stage.visit_photo, stage.confirmed_by = visit.photo, by
    stage.save()
    note = f"第{stage.serial}期，{in_figures(stage.amount)}元{early}"
    write_event(aid, AidEventKind.STAGE_CONFIRMED, by=by, at=at, note=note)
    return stage


def _check_follows(stage: AidStage, visit: AidVisit) -> None:
    """A visit tells what the stage before came to, so it is made when that reached the family, or later.

    :raises NotAllowed: the stage before is not paid, or was paid after the visit.
    """
    before = AidStage.objects.filter(aid=stage.aid_id, serial=stage.serial - 1).first()
    if before is None:
        return
    if before.paid_at is None:
        raise NotAllowed(
            f"第{before.serial}期还没有发放，第{stage.serial}期不能确认。请先登记第{before.serial}期发放。"
        )
    paid_on = timezone.localdate(before.paid_at)
    if visit.visited_on < paid_on:
        raise NotAllowed(
            f"走访在第{before.serial}期发放（{paid_on:%-m月%-d日}）以前，不能确认第{stage.serial}期。请在发放后重新走访。",
            field="visited_on",
        )


def is_early(stage: AidStage, *, on: date) -> bool:
    """Whether a day lies before the stage's planned one (计划日期)."""
    return stage.planned_on is not None and on < stage.planned_on


def _early(stage: AidStage, reason: str, *, on: date, what: str) -> str:
    """Words for the event where something is done before the stage's planned day (计划日期); empty from that day on.

    :raises NotAllowed: too early, and no reason is given.
    """
    if stage.planned_on is None or not is_early(stage, on=on):
        return ""
    planned = f"{stage.planned_on:%Y年%-m月%-d日}"
    told = check_told(
        reason, f"第{stage.serial}期计划{planned}发放，提前{what}须写明原因；写明后照常办理。", field="early_reason"
    )
    return f"，提前{what}（计划{planned}）：{told}"


@transaction.atomic
def cancel_rest(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime, on: date) -> list[AidStage]:
    """Cancel every stage that is not paid (终止余期), since the need is over; what was paid stays.

    :raises NotAllowed: nothing is left to cancel, or no reason.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.APPROVED)
    reason = check_told(reason, "请写明终止余期的原因。", field="reason")
    left = list(
        aid.stages.select_for_update(of=("self",))
        .filter(state__in=(StageState.PLANNED, StageState.READY))
        .order_by("serial")
    )
    if not left:
        raise NotAllowed("没有还没发放的期次，不用终止。")
    check_none_sent(left)
    for stage in left:
        stage.state = StageState.CANCELLED
        stage.cancelled_on, stage.cancelled_by, stage.cancelled_reason = on, by, reason
        stage.save()
    serials = "、".join(f"第{stage.serial}期" for stage in left)
    write_event(aid, AidEventKind.STAGE_CANCELLED, by=by, at=at, note=f"{serials}：{reason}")
    return left


@transaction.atomic
def pay_stage(
    stage: AidStage, *, data: PaymentData, by: Staff, at: datetime, on: date, receipt: Any = None
) -> AidStage:
    """Record that a confirmed stage reached the family (发放): money of the county, goods from the stock, a service.

    The aid's row and the stage's are locked, so that no stage is paid twice.

    :param receipt: an uploaded file (领取签字), or nothing.
    :raises NotAllowed: not confirmed, paid before, a wrong method or time, or something is not said.
    :raises NotPermitted: whoever decided the aid, or stands for them (代理), may not pay it.
    """
    aid = lock_aid(stage.aid, by=by, permission=Permission.PAY_AID)
    require_state(aid, AidState.APPROVED)
    if by.pk in standing_for(aid, [aid.decided_by_id]):
        raise NotPermitted("审批这件临时救助的人（代理的算作本人）不能经办发放，请交由他人办理。")
    stage = _lock_stage(aid, stage)
    _require_stage(stage, StageState.READY)
    _check_payment(aid, stage, data, by=by, at=at)
    check_payable(stage, method=data.method, on=timezone.localdate(data.paid_at))
    early = _early(stage, data.early_reason, on=timezone.localdate(data.paid_at), what="发放")
    stage.source, stage.method = _source(stage), data.method
    if stage.form == StageForm.MONEY:
        _keep_money(aid, stage, data)
    else:
        stage.received_by = check_told(data.received_by, "请填领取人。", field="received_by")
    if stage.form == StageForm.SERVICE:
        stage.provider = check_told(data.provider or stage.provider, "请填提供服务的单位。", field="provider")
    stage.state, stage.paid_at, stage.paid_by = StageState.PAID, data.paid_at, by
    stage.second_hand = data.second_hand.strip()
    if receipt is not None:
        stage.receipt = add_file(aid, kind=AidFileKind.RECEIPT, upload=receipt, by=by, at=at)
    stage.save()
    if stage.source == PaySource.STOCK:
        stock.give(stage, by=by, at=at, on=on)
    _keep_first(aid, data, by=by, at=at)
    write_event(aid, AidEventKind.PAID, by=by, at=at, note=_in_words(stage) + early)
    return stage


def _lock_stage(aid: TemporaryAid, stage: AidStage) -> AidStage:
    found = AidStage.objects.select_for_update(of=("self",)).get(pk=stage.pk, aid=aid)
    found.aid = aid
    return found


def _require_stage(stage: AidStage, wanted: StageState) -> None:
    """
    :raises NotAllowed: the stage stands elsewhere.
    """
    if stage.state == wanted:
        return
    if stage.state == StageState.PAID:
        raise NotAllowed(f"第{stage.serial}期已经发放，不能再办。")
    if stage.state == StageState.PLANNED:
        raise NotAllowed(f"第{stage.serial}期还没有走访确认，不能发放。")
    raise NotAllowed(f"第{stage.serial}期现在是“{StageState(stage.state).label}”，不能这样办理。请刷新页面。")


def _check_visit(aid: TemporaryAid, data: VisitData, *, on: date) -> None:
    """
    :raises NotAllowed: the day cannot be, or something is not said.
    """
    if data.visited_on > on:
        raise NotAllowed("走访日期不能晚于今天。", field="visited_on")
    if aid.decided_at is not None and data.visited_on < timezone.localdate(aid.decided_at):
        raise NotAllowed("走访日期不能早于决定救助的日期。", field="visited_on")
    check_told(data.visitors, "请填走访人。", field="visitors")
    check_told(data.finding, "请写明走访情况。", field="finding")


def _check_payment(aid: TemporaryAid, stage: AidStage, data: PaymentData, *, by: Staff, at: datetime) -> None:
    """
    :raises NotAllowed: the method does not fit, the time cannot be, or there is only one hand.
    """
    if data.method not in METHODS[StageForm(stage.form)]:
        raise NotAllowed(f"请选择{StageForm(stage.form).label}的发放方式。", field="method")
    if data.paid_at > at:
        raise NotAllowed("发放时间不能晚于现在。", field="paid_at")
    # A form tells minutes; the decision was made in the midst of one.
    if aid.decided_at is not None and data.paid_at < aid.decided_at.replace(second=0, microsecond=0):
        raise NotAllowed(
            f"发放时间不能早于批准时间（{timezone.localtime(aid.decided_at):%-m月%-d日%H:%M}）。", field="paid_at"
        )
    if stage.exported_at is not None:
        _check_sent(stage, stage.exported_at, data)
    if stage.visited_on is not None and timezone.localdate(data.paid_at) < stage.visited_on:
        raise NotAllowed("发放时间不能早于本期的走访日期。", field="paid_at")
    check_hands(by, second_hand=data.second_hand, received_by=data.received_by)


def _check_sent(stage: AidStage, sent_at: datetime, data: PaymentData) -> None:
    """
    :raises NotAllowed: what the bank was told to pay is paid otherwise, or before it was told.
    """
    if data.method != PayMethod.BANK:
        raise NotAllowed(
            f"第{stage.serial}期已送银行（尾号{stage.account_tail}），只能登记转账。要改为现金发放的，请先撤回送银行。",
            field="method",
        )
    if data.paid_at < sent_at.replace(second=0, microsecond=0):
        raise NotAllowed(
            f"到手时间不能早于送银行的时间（{timezone.localtime(sent_at):%-m月%-d日%H:%M}）。", field="paid_at"
        )


def _source(stage: AidStage) -> PaySource:
    """Where it comes from: goods listed item by item are the township's stock, others were bought by the county."""
    if stage.form == StageForm.IN_KIND and stage.items:
        return PaySource.STOCK
    if stage.form == StageForm.SERVICE and not stage.amount:
        return PaySource.NONE
    return PaySource.COUNTY


def _keep_money(aid: TemporaryAid, stage: AidStage, data: PaymentData) -> None:
    """The account of a transfer is the one that it was sent to, else the family's own now.

    :raises NotAllowed: a transfer without an account, nobody who received cash, or no voucher.
    """
    if data.method == PayMethod.BANK:
        account = account_for(stage)
        if account is None:
            why = "这个家庭没有在用的发放账户，请先在家庭档案登记账户" if aid.household_id else "没有关联家庭，不能转账"
            raise NotAllowed(f"{why}，或改为现金发放。", field="method")
        stage.account, stage.account_tail = account, account.account.reveal()[-4:]
        stage.received_by = data.received_by.strip() or payee_of(account)
    else:
        stage.received_by = check_told(data.received_by, "请填领取人。", field="received_by")
    stage.voucher = check_told(data.voucher, "请填凭证号（银行回单号或现金支出凭证号）。", field="voucher")


def _keep_first(aid: TemporaryAid, data: PaymentData, *, by: Staff, at: datetime) -> None:
    """The instant at which the first help reached the family ends the clock; once, and past its hour with a reason.

    :raises NotAllowed: too late without a reason.
    """
    if aid.first_paid_at is not None:
        return
    if aid.help_due_at is not None and is_late(data.paid_at, due=aid.help_due_at):
        reason = check_told(data.late_reason, "超过了应救助时间，请写明原因。", field="late_reason")
        hours = hours_between(aid.first_reported_at, data.paid_at)
        write_event(aid, AidEventKind.OVERDUE_EXPLAINED, by=by, at=at, note=f"报告后{hours}小时到手：{reason}")
    aid.first_paid_at = data.paid_at
    aid.version += 1
    aid.save()


def _in_words(stage: AidStage) -> str:
    words = [f"第{stage.serial}期，{StageForm(stage.form).label}{in_figures(stage.amount)}元"]
    words.append(PayMethod(stage.method).label + (f"（尾号{stage.account_tail}）" if stage.account_tail else ""))
    words.append(f"领取人{stage.received_by}")
    words.append(f"第二经办人{stage.second_hand}")
    return "，".join(words)
