"""What is asked when a family is visited again, a stage is paid or what is left is cancelled; and finding stages."""

from datetime import date
from typing import Any

from django import forms

from benefits.forms.months import MonthField
from eligibility.rules.choices import AidGrade, HardshipType
from foundation.form_fields import DayInput, PersonNameField, ScanField
from foundation.lists import ListSpec, register_list
from households.forms.fields import PhoneField
from organizations.models import Staff
from temporary_aid.forms.filters import ANY, areas_of_filter, plain_text
from temporary_aid.models import AidStage, PayMethod, ServiceKind, StageForm
from temporary_aid.queries.stages import GOODS, SHOWN, StageFilter
from temporary_aid.rules.clock import clock_in_words
from temporary_aid.services.paying import METHODS, NAMES_CONTACT, OUTCOMES, PaymentData
from temporary_aid.services.stages import VisitData, is_early


class InstantInput(forms.DateTimeInput):
    """The browser's own day and minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def early_reason_field(what: str) -> forms.CharField:
    """提前原因, which the service asks for before the planned day (计划日期)."""
    return forms.CharField(
        label="提前原因",
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=f"还没有到计划日期；提前{what}的，写明为什么不能等。",
    )


class VisitForm(forms.Form):
    """分期走访; made for a thumb."""

    still_in_need = forms.TypedChoiceField(
        label="走访结论",
        choices=[("yes", "仍然困难"), ("no", "困难已缓解")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择仍然困难或困难已缓解。"},
    )
    finding = forms.CharField(label="走访情况", max_length=300, widget=forms.Textarea({"rows": 3}))
    photo = ScanField(label="照片", required=False)
    visited_on = forms.DateField(label="走访日期", widget=DayInput)
    visitors = forms.CharField(label="走访人", max_length=60)
    condition_met = forms.BooleanField(label="条件已满足", required=False)
    confirms = forms.BooleanField(
        label="同时确认本期，转待发放", required=False, help_text="仍然困难的才能确认；不勾选的，以后再确认。"
    )
    early_reason = early_reason_field("确认")

    def __init__(self, *args: Any, stage: AidStage | None, on: date, may_confirm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stage is None or not stage.condition:
            del self.fields["condition_met"]
        else:
            self.fields["condition_met"].help_text = f"本期的发放条件：{stage.condition}。没有满足的不勾选，不能确认。"
        if not may_confirm:
            del self.fields["confirms"]
        if not may_confirm or stage is None or not is_early(stage, on=on):
            del self.fields["early_reason"]

    @property
    def visit(self) -> VisitData:
        """What ``record_visit`` takes, but for the photo."""
        names = ("visited_on", "visitors", "finding", "still_in_need", "condition_met", "early_reason")
        return VisitData(**{name: self.cleaned_data[name] for name in names if name in self.cleaned_data})


class ConfirmForm(forms.Form):
    """提前确认: what is asked where a stage is confirmed before its planned day."""

    early_reason = early_reason_field("确认")


class PaymentForm(forms.Form):
    """发放登记 of one stage: only what its form (方式) needs is asked."""

    method = forms.ChoiceField(label="发放方式", widget=forms.RadioSelect)
    paid_at = forms.DateTimeField(
        label="到手时间", widget=InstantInput, help_text="家庭拿到的时间；转账的，填银行回单时间。"
    )
    received_by = PersonNameField(
        label="领取人", required=False, help_text="现金、实物必填；转账的不填，即为账户的领款人。"
    )
    voucher = forms.CharField(label="凭证号", max_length=40, required=False, help_text="银行回单号或现金支出凭证号。")
    provider = forms.CharField(label="提供单位", max_length=60)
    contact = PersonNameField(label="接收人", help_text="提供单位里接收、负责的人，如入院科室的医生、安置点的负责人。")
    contact_phone = PhoneField(label="接收人电话")
    served_from = forms.DateField(label="安置起始日", widget=DayInput)
    served_to = forms.DateField(label="安置截止日", widget=DayInput, help_text="还没有离开的，填预计日期。")
    outcome = forms.ChoiceField(
        label="服务结果", widget=forms.RadioSelect, error_messages={"required": "请选择服务结果。"}
    )
    second_hand = PersonNameField(label="第二经办人", help_text="发放须两人经办，填另一个人的姓名。")
    late_reason = forms.CharField(label="超时原因", max_length=200, widget=forms.Textarea({"rows": 2}), required=False)
    early_reason = early_reason_field("发放")
    receipt = ScanField(label="领取签字", required=False, help_text="领取人签字的照片或扫描件，可以以后补。")

    def __init__(self, *args: Any, stage: AidStage, has_account: bool, is_late: bool, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = StageForm(stage.form)
        method: Any = self.fields["method"]
        offered = [way for way in METHODS[form] if way != PayMethod.BANK or has_account]
        if stage.is_sent:
            offered = [PayMethod.BANK]
        method.choices = [(way.value, way.label) for way in offered]
        self._ask_voucher(stage)
        self._ask_service(stage)
        if not is_late:
            self.fields["late_reason"].widget = forms.HiddenInput()
        # Money that reached the family before the planned day may be recorded on it or later.
        if stage.planned_on is None:
            del self.fields["early_reason"]
        elif not is_early(stage, on=on):
            self.fields["early_reason"].help_text = "到手时间早于计划日期的，写明原因；不早的不填。"
        if len(offered) == 1:
            method.widget = forms.HiddenInput()
            method.initial = offered[0].value

    def _ask_voucher(self, stage: AidStage) -> None:
        if stage.form == StageForm.MONEY or stage.is_bought:
            self.fields["voucher"].required = True
        else:
            del self.fields["voucher"]
        if stage.is_bought:
            self.fields["voucher"].label, self.fields["voucher"].help_text = "购物票据号", "发票或收据的号码。"
        self.fields["received_by"].required = stage.form != StageForm.MONEY

    def _ask_service(self, stage: AidStage) -> None:
        """Of a service who took the person in, how long, and what became of them; of the rest nothing."""
        service = ServiceKind(stage.service) if stage.service else None
        asked = {
            "provider": service is not None,
            "contact": service in NAMES_CONTACT,
            "contact_phone": service in NAMES_CONTACT,
            "served_from": service is ServiceKind.SHELTER,
            "served_to": service is ServiceKind.SHELTER,
            "outcome": service is not None,
        }
        for name in (name for name, is_asked in asked.items() if not is_asked):
            del self.fields[name]
        if service is not None:
            self.fields["received_by"].label, self.fields["received_by"].help_text = "服务对象", "接受服务的人。"
            outcome: Any = self.fields["outcome"]
            outcome.choices = [(found.value, found.label) for found in OUTCOMES[service]]
            outcome.initial = OUTCOMES[service][0].value if len(OUTCOMES[service]) == 1 else None

    @property
    def payment(self) -> PaymentData:
        """What ``pay_stage`` takes, but for the receipt."""
        return PaymentData(**{name: value for name, value in self.cleaned_data.items() if name != "receipt"})


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label="撤回原因",
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text="如：银行退回、账户有误、改为现金发放。先与银行核实没有发放，再撤回。",
    )


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="终止原因",
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text="如：保险已赔付、已就业、已去世。",
    )


class CancelStageForm(forms.Form):
    """终止本期: goods or a service that cannot be given."""

    reason = forms.CharField(
        label="终止原因", max_length=200, widget=forms.Textarea({"rows": 3}), help_text="如：库存没有，也购不到。"
    )


class FollowUpForm(forms.Form):
    """跟进救助: only what is new is asked."""

    situation = forms.CharField(label="现在的困难情况", max_length=500, widget=forms.Textarea({"rows": 4}))
    grade = forms.ChoiceField(
        label="困难程度", choices=[(grade.value, grade.label) for grade in AidGrade], widget=forms.RadioSelect
    )
    reported_at = forms.DateTimeField(
        label="这次的报告时间", widget=InstantInput, help_text="昨夜报告的，填昨夜的时间。"
    )

    def __init__(self, *args: Any, hours: int | None, **kwargs: Any) -> None:
        """
        :param hours: within which urgent aid arrives; nothing of spending, which has no clock.
        """
        super().__init__(*args, **kwargs)
        if hours is not None:
            self.fields["reported_at"].help_text = f"{clock_in_words(hours)}昨夜报告的，填昨夜的时间。"


class StageListForm(forms.Form):
    """Filters of the list; unless told otherwise it shows what waits to be paid."""

    seldom = ("paid_month", "paid_year", "returned")
    show = forms.ChoiceField(required=False, choices=list(SHOWN.items()), widget=forms.HiddenInput)
    q = forms.CharField(label="姓名、编号或凭证号", required=False, max_length=60)
    form = forms.ChoiceField(
        label="方式", required=False, choices=[*ANY, *StageForm.choices, (GOODS, "实物和转介服务")]
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[*ANY, *((kind.value, kind.label) for kind in HardshipType)]
    )
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    paid_month = MonthField(label="发放月份", required=False)
    paid_year = forms.IntegerField(label="发放年度", required=False, min_value=2000, max_value=2100)
    returned = forms.ChoiceField(label="已退回", required=False, choices=[*ANY, ("yes", "有退回的")])

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        areas_of_filter(self, staff)

    def clean_q(self) -> str:
        return plain_text(self.cleaned_data["q"], instead="身份证号请在“临时救助”名单里查")

    @property
    def wanted(self) -> StageFilter:
        """What the list is cut to, once the form is valid."""
        values = dict(self.cleaned_data)
        return StageFilter(text=values.pop("q"), show=values.pop("show") or "to_pay", **values)


STAGE_LIST = register_list(
    ListSpec(
        key="aid_stages",
        url_name="temporary_aid:stages",
        filters=frozenset(StageListForm.base_fields),
        columns={
            "due": "计划日期",
            "area": "村（社区）",
            "form": "方式",
            "amount": "金额（元）",
            "people": "家庭人口",
            "hours": "报告到首次到手",
            "returned": "已退回（元）",
            "condition": "发放条件",
            "visit": "走访",
            "state": "状态",
            "paid": "到手时间",
            "hands": "领取人和凭证",
        },
        default_columns=("due", "area", "form", "amount", "condition", "visit", "state", "paid"),
    )
)
