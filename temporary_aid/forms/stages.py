"""What is asked when a family is visited again, a stage is paid or what is left is cancelled; and finding stages."""

from typing import Any

from django import forms

from benefits.forms.months import MonthField
from eligibility.rules.choices import AidGrade, HardshipType
from foundation.form_fields import DayInput, PersonNameField, ScanField, hide_if_alone
from foundation.lists import ListSpec, register_list
from foundation.personal_numbers import holds_number
from organizations.models import Staff
from organizations.queries import townships_for, villages_for
from temporary_aid.models import AidStage, PayMethod, StageForm
from temporary_aid.permissions import Permission
from temporary_aid.queries.stages import SHOWN, StageFilter
from temporary_aid.services.stages import METHODS, PaymentData, VisitData

ANY = [("", "全部")]


class InstantInput(forms.DateTimeInput):
    """The browser's own day and minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


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
    confirms = forms.BooleanField(
        label="同时确认本期，转待发放", required=False, help_text="仍然困难的才能确认；不勾选的，以后再确认。"
    )

    def __init__(self, *args: Any, may_confirm: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_confirm:
            del self.fields["confirms"]

    @property
    def visit(self) -> VisitData:
        """What ``record_visit`` takes, but for the photo."""
        names = ("visited_on", "visitors", "finding", "still_in_need")
        return VisitData(**{name: self.cleaned_data[name] for name in names})


class PaymentForm(forms.Form):
    """发放登记 of one stage: only what its form (方式) needs is asked."""

    method = forms.ChoiceField(label="发放方式", widget=forms.RadioSelect)
    paid_at = forms.DateTimeField(
        label="到手时间", widget=InstantInput, help_text="家庭拿到的时间；转账的，填银行回单时间。"
    )
    received_by = PersonNameField(
        label="领取人", required=False, help_text="现金、实物和服务必填；转账的不填，即为账户的领款人。"
    )
    voucher = forms.CharField(label="凭证号", max_length=40, required=False, help_text="银行回单号或现金支出凭证号。")
    provider = forms.CharField(label="提供单位", max_length=60, required=False)
    second_hand = PersonNameField(label="第二经办人", help_text="发放须两人经办，填另一个人的姓名。")
    late_reason = forms.CharField(label="超时原因", max_length=200, widget=forms.Textarea({"rows": 2}), required=False)
    receipt = ScanField(label="领取签字", required=False, help_text="领取人签字的照片或扫描件，可以以后补。")

    def __init__(self, *args: Any, stage: AidStage, has_account: bool, is_late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = StageForm(stage.form)
        method: Any = self.fields["method"]
        offered = [way for way in METHODS[form] if way != PayMethod.BANK or has_account]
        method.choices = [(way.value, way.label) for way in offered]
        if form == StageForm.MONEY:
            self.fields["voucher"].required = True
        else:
            del self.fields["voucher"]
            self.fields["received_by"].required = True
        if form == StageForm.SERVICE:
            self.fields["provider"].required = True
        else:
            del self.fields["provider"]
        if not is_late:
            self.fields["late_reason"].widget = forms.HiddenInput()
        if len(offered) == 1:
            method.widget = forms.HiddenInput()
            method.initial = offered[0].value

    @property
    def payment(self) -> PaymentData:
        """What ``pay_stage`` takes, but for the receipt."""
        return PaymentData(**{name: value for name, value in self.cleaned_data.items() if name != "receipt"})


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="终止原因",
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text="如：保险已赔付、已就业、已去世。",
    )


class FollowUpForm(forms.Form):
    """跟进救助: only what is new is asked."""

    situation = forms.CharField(label="现在的困难情况", max_length=500, widget=forms.Textarea({"rows": 4}))
    grade = forms.ChoiceField(
        label="困难程度", choices=[(grade.value, grade.label) for grade in AidGrade], widget=forms.RadioSelect
    )
    reported_at = forms.DateTimeField(
        label="这次的报告时间", widget=InstantInput, help_text="24小时从这时起算；昨夜报告的，填昨夜的时间。"
    )


class StageListForm(forms.Form):
    """Filters of the list; unless told otherwise it shows what waits to be paid."""

    show = forms.ChoiceField(required=False, choices=list(SHOWN.items()), widget=forms.HiddenInput)
    q = forms.CharField(label="姓名、编号或凭证号", required=False, max_length=60)
    form = forms.ChoiceField(label="方式", required=False, choices=[*ANY, *StageForm.choices])
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[*ANY, *((kind.value, kind.label) for kind in HardshipType)]
    )
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    paid_month = MonthField(label="发放月份", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        townships: Any = self.fields["township"]
        townships.choices = [*ANY, *((area.code, area.name) for area in townships_for(staff, Permission.VIEW_AID))]
        hide_if_alone(self, "township")
        chosen = self.data.get("township", "")
        found = villages_for(staff, Permission.VIEW_AID).filter(code__startswith=chosen if chosen.isdigit() else "")
        villages: Any = self.fields["village"]
        villages.choices = [*ANY, *((area.code, area.short_name) for area in found)]
        hide_if_alone(self, "village")

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if holds_number([text]):
            raise forms.ValidationError("这里按姓名、编号或凭证号查；身份证号请在“临时救助”名单里查。")
        return text

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
            "condition": "发放条件",
            "visit": "走访",
            "state": "状态",
            "paid": "到手时间",
            "hands": "领取人和凭证",
        },
        default_columns=("due", "area", "form", "amount", "condition", "visit", "state", "paid"),
    )
)
