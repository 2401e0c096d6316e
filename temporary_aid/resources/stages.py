"""Stages as spreadsheets: the list with accounts' last digits, and the bank's file with accounts in full."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource
from households.queries import people_heading
from temporary_aid.models import AidStage
from temporary_aid.queries.stages import payee_of


class StageResource(PlainResource):
    """临时救助分期发放名单."""

    subject_type = "temporary_aid"

    number = fields.Field(attribute="aid__number", column_name="救助编号")
    recipient = fields.Field(attribute="aid__recipient_name", column_name="救助对象")
    township = fields.Field(attribute="aid__area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="aid__area__short_name", column_name="村（社区）")
    kind = fields.Field(attribute="aid__get_kind_display", column_name="类型")
    cause = fields.Field(attribute="aid__get_cause_display", column_name="事由")
    serial = fields.Field(attribute="serial", column_name="期次")
    of_stages = fields.Field(attribute="of_stages", column_name="共几期")
    given_with = fields.Field(attribute="given_with", column_name="与第几期同时发放")
    form = fields.Field(attribute="get_form_display", column_name="方式")
    amount = fields.Field(attribute="amount", column_name="金额（元）")
    planned_on = fields.Field(attribute="planned_on", column_name="计划日期")
    condition = fields.Field(attribute="condition", column_name="发放条件")
    visited_on = fields.Field(attribute="last_visit", column_name="最近走访")
    state = fields.Field(column_name="状态")
    paid_at = fields.Field(column_name="到手时间")
    method = fields.Field(attribute="get_method_display", column_name="发放方式")
    received_by = fields.Field(attribute="received_by", column_name="领取人")
    tail = fields.Field(attribute="account_tail", column_name="账号后4位")
    voucher = fields.Field(attribute="voucher", column_name="凭证号")
    outcome = fields.Field(attribute="get_outcome_display", column_name="服务结果")
    paid_by = fields.Field(column_name="经办人")
    second_hand = fields.Field(attribute="second_hand", column_name="第二经办人")
    exported_at = fields.Field(column_name="送银行时间")
    cancelled = fields.Field(attribute="cancelled_reason", column_name="终止原因")
    people_count = fields.Field(attribute="aid__people_count", column_name="家庭人口")
    hours = fields.Field(column_name="报告到首次到手（小时）")
    returned = fields.Field(attribute="returned_amount", column_name="其中已退回（元）")

    class Meta:
        model = AidStage
        fields = (
            *"number recipient township village kind cause serial of_stages given_with form amount planned_on".split(),
            *"condition visited_on state paid_at method received_by tail voucher outcome paid_by".split(),
            *"second_hand exported_at cancelled people_count hours returned".split(),
        )

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("aid__household"))

    def dehydrate_paid_at(self, stage: AidStage) -> str:
        return f"{timezone.localtime(stage.paid_at):%Y-%m-%d %H:%M}" if stage.paid_at else ""

    def dehydrate_hours(self, stage: AidStage) -> Decimal | None:
        return stage.aid.hours_to_help

    def dehydrate_state(self, stage: AidStage) -> str:
        return "已送银行" if stage.is_sent else stage.get_state_display()

    def dehydrate_exported_at(self, stage: AidStage) -> str:
        return f"{timezone.localtime(stage.exported_at):%Y-%m-%d %H:%M}" if stage.exported_at else ""

    def dehydrate_paid_by(self, stage: AidStage) -> str:
        return stage.paid_by.name if stage.paid_by else ""


class BankResource(PlainResource):
    """临时救助银行发放文件: the one file with accounts in full, those that the stages were sent to."""

    subject_type = "temporary_aid"

    serial = fields.Field(column_name="序号")
    number = fields.Field(attribute="aid__number", column_name="救助编号")
    stage = fields.Field(attribute="serial", column_name="期次")
    recipient = fields.Field(attribute="aid__recipient_name", column_name="救助对象")
    payee = fields.Field(column_name="领款人")
    bank = fields.Field(column_name="开户行")
    account = fields.Field(column_name="账号")
    amount = fields.Field(attribute="amount", column_name="金额")
    note = fields.Field(column_name="备注")

    class Meta:
        model = AidStage
        fields = tuple("serial number stage recipient payee bank account amount note".split())

    def __init__(self, *, in_full: bool = False) -> None:
        super().__init__(in_full=in_full)
        self._count = 0

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("aid__household"))

    def dehydrate_serial(self, stage: AidStage) -> int:
        self._count += 1
        return self._count

    def dehydrate_payee(self, stage: Any) -> str:
        return payee_of(stage.account)

    def dehydrate_bank(self, stage: Any) -> str:
        return str(stage.account.bank)

    def dehydrate_account(self, stage: Any) -> str:
        return self.shown(stage.account.account)

    def dehydrate_note(self, stage: AidStage) -> str:
        return f"临时救助{stage.aid.number}第{stage.serial}期"
