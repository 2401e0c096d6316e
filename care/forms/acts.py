"""What is asked when care is arranged, visited, assessed or changed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from care.models import CareContent, CareFrequency, CarerKind, Condition, WelfareHome
from care.services import AgreementData, AssessmentData, VisitData
from foundation.form_fields import DayInput, IdNumberField, ScanField
from foundation.names import person_name
from households.forms.fields import PhoneField
from households.models.people import SELF_CARE_ACTS, SupportMode
from organizations.models import Area, Staff


def _text(label: str, *, most: int, required: bool = True, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea({"rows": rows}), **more
    )


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, **more)


def _condition(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Condition.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择好、一般或差。"},
    )


class VisitForm(forms.Form):
    """走访照料记录, in the order in which one looks round; made for a thumb."""

    diet = _condition("饮食")
    hygiene = _condition("卫生")
    health = _condition("健康")
    housing = _condition("住房安全")
    problem = _text("发现的问题", most=200, required=False, help_text="没有问题的不填；选了“差”的必须写明。")
    follow_up = forms.CharField(label="拟怎么处理", max_length=200, required=False)
    photo = ScanField(label="照片", required=False)
    visited_on = _day("走访日期")
    visitors = forms.CharField(label="走访人", max_length=60)
    note = _text("其他情况", most=300, required=False)

    def visit(self) -> VisitData:
        """What ``services.record_visit`` takes, but for the photo."""
        return VisitData(**{name: value for name, value in self.cleaned_data.items() if name != "photo"})


class PointForm(forms.Form):
    settlement = _text("处理结果", most=200, rows=3)


class ReasonForm(forms.Form):
    reason = _text("原因", most=100)


class AgreementForm(forms.Form):
    """委托照料服务协议, before it is signed."""

    carer_kind = forms.ChoiceField(label="照料人类别", choices=CarerKind.choices, widget=forms.RadioSelect)
    carer_name = forms.CharField(label="照料人（机构填机构名称）", max_length=60)
    relation = forms.CharField(label="与特困人员关系", max_length=30, required=False, help_text="如：侄子、邻居。")
    carer_id_number = IdNumberField(label="照料人身份证号", required=False, help_text="由机构照料的不填。")
    carer_phone = PhoneField(label="照料人电话", required=False)
    contents = forms.MultipleChoiceField(
        label="照料内容", choices=CareContent.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    other_contents = forms.CharField(label="其他照料内容", max_length=200, required=False)
    frequency = forms.ChoiceField(label="照料频次", choices=CareFrequency.choices)
    starts_on = _day("起始日期")
    ends_on = _day("截止日期")

    def clean(self) -> dict[str, Any]:
        """A person's name is a name; an institution may be called anything."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("carer_name") and cleaned.get("carer_kind") != CarerKind.INSTITUTION:
            try:
                cleaned["carer_name"] = person_name(cleaned["carer_name"])
            except ValidationError as error:
                self.add_error("carer_name", error)
        return cleaned

    def agreement(self) -> AgreementData:
        """What ``services.draft_agreement`` takes."""
        return AgreementData(**self.cleaned_data)


class SignForm(forms.Form):
    signed_on = _day("签订日期")
    scan = ScanField(label="签字扫描件", help_text="三方都签名（盖章）以后扫描或拍照。")


class EndForm(forms.Form):
    ended_on = _day("终止日期", help_text="协议有效的最后一天；协议还没开始的，填今天。")
    reason = _text("终止原因", most=200)


class AdmissionForm(forms.Form):
    home = forms.ModelChoiceField(
        WelfareHome.objects.none(), label="供养服务机构", empty_label="请选择", help_text="没有的，请县民政局先登记。"
    )
    admitted_on = _day("入住日期")

    def __init__(self, *args: Any, homes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home: Any = self.fields["home"]
        home.queryset = homes


class DischargeForm(forms.Form):
    left_on = _day("离院日期")
    reason = _text("离院原因", most=200)


class HomeForm(forms.Form):
    """供养服务机构."""

    name = forms.CharField(label="机构名称", max_length=60)
    area = forms.ModelChoiceField(Area.objects.none(), label="所在区划", empty_label="请选择")
    closed_on = _day("停办日期", required=False, help_text="停办的才填。")

    def __init__(self, *args: Any, areas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = areas


class ReportForm(forms.Form):
    """自理能力变化报告."""

    reported_on = _day("报告日期")
    reported_by = forms.CharField(
        label="报告人", max_length=60, help_text="本人、照料人、村（居）民委员会或供养服务机构。"
    )
    change = _text(
        "变化情况", most=300, rows=3, help_text="哪些事以前能自己做、现在不能了（或者恢复了），什么时候开始的。"
    )


class AssessmentForm(forms.Form):
    """自理能力复核评估: what is ticked is not managed."""

    unable = forms.MultipleChoiceField(
        label="不能自主完成的（六项都能完成的，一项也不选）",
        choices=list(SELF_CARE_ACTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    support_mode = forms.ChoiceField(
        label="供养方式（由本人选择）", choices=SupportMode.choices, widget=forms.RadioSelect
    )
    mode_said_by = forms.CharField(
        label="供养方式由谁表示", max_length=60, help_text="本人；本人不能表示的，写监护人姓名。"
    )
    assessed_on = _day("评估日期")
    place = forms.CharField(label="评估地点", max_length=120)
    township_assessor = forms.ModelChoiceField(Staff.objects.none(), label="乡镇评估人", empty_label="请选择")
    county_assessor = forms.ModelChoiceField(Staff.objects.none(), label="县级评估人", empty_label="请选择")
    opinion = _text("评估意见", most=300, rows=3)

    def __init__(self, *args: Any, assessors: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in zip(("township_assessor", "county_assessor"), assessors, strict=True):
            field: Any = self.fields[name]
            field.queryset = people
            field.label_from_instance = lambda staff: staff.name

    def assessment(self) -> AssessmentData:
        """What ``services.assess_self_care`` takes."""
        return AssessmentData(**self.cleaned_data)


class DecisionForm(forms.Form):
    """照料护理档次调整: agree, or have it assessed again; it carries what the page showed."""

    assessment = forms.IntegerField(widget=forms.HiddenInput)
    monthly_amount = forms.DecimalField(widget=forms.HiddenInput, required=False)
    from_month = forms.DateField(widget=forms.HiddenInput, required=False)
    answer = forms.ChoiceField(
        choices=(("agree", "同意调整"), ("back", "退回重新评估")),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请点“同意调整”或“退回重新评估”。"),
    )
    reason = _text("意见", most=300, required=False, help_text="退回重新评估的，必须写明原因。")
