"""发放: a confirmed stage reaches the family by two hands, once: money, goods of the stock or bought, a service."""

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
    PayMethod,
    PaySource,
    ServiceKind,
    ServiceOutcome,
    StageForm,
    StageState,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, standing_for
from temporary_aid.queries.stages import account_for, payee_of
from temporary_aid.rules.clock import hours_between, is_late
from temporary_aid.rules.states import AidState
from temporary_aid.services import stock
from temporary_aid.services.base import NotAllowed, check_hands, check_told, lock_aid, require_state, write_event
from temporary_aid.services.files import add_file
from temporary_aid.services.payable import check_payable
from temporary_aid.services.stages import in_words_if_early, lock_stage, require_stage

METHODS = {
    StageForm.MONEY: (PayMethod.BANK, PayMethod.CASH),
    StageForm.IN_KIND: (PayMethod.HANDED,),
    StageForm.SERVICE: (PayMethod.SERVED,),
}
"""How each form (方式) of a stage may reach the family."""
OUTCOMES: dict[ServiceKind, tuple[ServiceOutcome, ...]] = {
    ServiceKind.SHELTER: (ServiceOutcome.SETTLED,),
    ServiceKind.HOSPITAL: (ServiceOutcome.ADMITTED, ServiceOutcome.TREATED),
    ServiceKind.ESCORT: (ServiceOutcome.HANDED_OVER,),
    ServiceKind.MEALS: (ServiceOutcome.PROVIDED,),
    ServiceKind.OTHER: tuple(ServiceOutcome),
}
"""What may become of somebody by each service (转介服务)."""
NAMES_CONTACT = frozenset(ServiceKind) - {ServiceKind.MEALS}
"""Services where somebody takes the person in, who is named with a telephone."""


@dataclass(frozen=True)
class PaymentData:
    """How a stage reached the family.

    :param method: of money 转账 or 现金; goods are handed over, services provided.
    :param second_hand: 第二经办人; never the person who records it.
    :param received_by: 领取人; of a transfer the payee of the account, where nothing is written.
    :param voucher: 凭证号 of the county's payment, of money; 购物票据号 of goods that were bought (另购).
    :param provider: who provides a service.
    :param contact: 接收人 there, and how to call them; of meals nobody need be named.
    :param served_from: first day of a shelter (临时住所), and ``served_to`` the last one, as far as it is known.
    :param outcome: what became of the person, of a service (:data:`OUTCOMES`).
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
    contact: str = ""
    contact_phone: str = ""
    served_from: date | None = None
    served_to: date | None = None
    outcome: str = ""


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
    stage = lock_stage(aid, stage)
    require_stage(stage, StageState.READY)
    _check_payment(aid, stage, data, by=by, at=at)
    check_payable(stage, method=data.method, on=timezone.localdate(data.paid_at))
    early = in_words_if_early(stage, data.early_reason, on=timezone.localdate(data.paid_at), what="发放")
    stage.source, stage.method = _source(stage), data.method
    _KEEP[StageForm(stage.form)](stage, data)
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
    """Where it comes from: goods that are listed are the township's stock, unless they were bought for the family."""
    if stage.form == StageForm.IN_KIND and stage.items and not stage.is_bought:
        return PaySource.STOCK
    if stage.form == StageForm.SERVICE and not stage.amount:
        return PaySource.NONE
    return PaySource.COUNTY


def _keep_goods(stage: AidStage, data: PaymentData) -> None:
    """
    :raises NotAllowed: nobody received them, or what was bought has no receipt.
    """
    stage.received_by = check_told(data.received_by, "请填领取人。", field="received_by")
    if stage.is_bought:
        stage.voucher = check_told(data.voucher, "另购的物资请填购物票据号（发票或收据）。", field="voucher")


def _keep_service(stage: AidStage, data: PaymentData) -> None:
    """Who provides it to whom, who took them in there, how long, and what became of it.

    :raises NotAllowed: something of it is not said, or the days cannot be.
    """
    service = ServiceKind(stage.service)
    stage.received_by = check_told(data.received_by, "请填服务对象。", field="received_by")
    stage.provider = check_told(data.provider or stage.provider, "请填提供服务的单位。", field="provider")
    stage.contact, stage.contact_phone = data.contact.strip(), data.contact_phone.strip()
    if service in NAMES_CONTACT:
        check_told(stage.contact, "请填接收人姓名。", field="contact")
        check_told(data.contact_phone, "请填接收人电话。", field="contact_phone")
    if data.outcome not in OUTCOMES[service]:
        raise NotAllowed(f"请选择{service.label}的服务结果。", field="outcome")
    stage.outcome = data.outcome
    if service is ServiceKind.SHELTER:
        _keep_days(stage, data)


def _keep_days(stage: AidStage, data: PaymentData) -> None:
    """
    :raises NotAllowed: a day of the shelter is not said, begins after it was recorded, or ends before it begins.
    """
    if data.served_from is None:
        raise NotAllowed("请填安置起始日。", field="served_from")
    if data.served_to is None:
        raise NotAllowed("请填安置截止日；还没有离开的，填预计日期。", field="served_to")
    if data.served_from > timezone.localdate(data.paid_at):
        raise NotAllowed("安置起始日不能晚于到手时间。", field="served_from")
    if data.served_to < data.served_from:
        raise NotAllowed("安置截止日不能早于起始日。", field="served_to")
    stage.served_from, stage.served_to = data.served_from, data.served_to


def _keep_money(stage: AidStage, data: PaymentData) -> None:
    """The account of a transfer is the one that it was sent to, else the family's own now.

    :raises NotAllowed: a transfer without an account, nobody who received cash, or no voucher.
    """
    if data.method == PayMethod.BANK:
        account = account_for(stage)
        if account is None:
            why = "没有关联家庭，不能转账"
            if stage.aid.household_id:
                why = "这个家庭没有在用的发放账户，请先在家庭档案登记账户"
            raise NotAllowed(f"{why}，或改为现金发放。", field="method")
        stage.account, stage.account_tail = account, account.account.reveal()[-4:]
        stage.received_by = data.received_by.strip() or payee_of(account)
    else:
        stage.received_by = check_told(data.received_by, "请填领取人。", field="received_by")
    stage.voucher = check_told(data.voucher, "请填凭证号（银行回单号或现金支出凭证号）。", field="voucher")


_KEEP = {StageForm.MONEY: _keep_money, StageForm.IN_KIND: _keep_goods, StageForm.SERVICE: _keep_service}


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
    words.append(f"{'服务对象' if stage.form == StageForm.SERVICE else '领取人'}{stage.received_by}")
    if stage.outcome:
        words.append(ServiceOutcome(stage.outcome).label)
    words.append(f"第二经办人{stage.second_hand}")
    return "，".join(words)
