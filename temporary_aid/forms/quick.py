"""快速登记: one page for the thumb; what is needed to pay first, and nothing else."""

from decimal import Decimal
from typing import Any

from django import forms

from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from foundation.form_fields import AmountField, IdNumberField, PersonNameField, PhotoField
from households.forms.fields import OnceField, PhoneField, VillageField
from households.models.people import MissingIdReason
from organizations.models import Staff
from temporary_aid.forms.reports import MomentField
from temporary_aid.models import Ground, ReportSource
from temporary_aid.permissions import Permission
from temporary_aid.rules.clock import clock_in_words
from temporary_aid.services.quick import QuickData

_CAUSES = [(cause.value, cause.label) for cause in AidCause if cause.hardship is HardshipType.URGENT]
_GRADES = [(grade.value, grade.label) for grade in AidGrade]
_SOURCES = [(value, label) for value, label in ReportSource.choices if value != ReportSource.HOTLINE]


class QuickForm(forms.Form):
    """快速登记, in the order in which one asks at the scene."""

    once = OnceField()
    area = VillageField()
    name = PersonNameField(label="谁遇到困难")
    id_number = IdNumberField(required=False, help_text="一时找不到证件的不填，选下面的原因。")
    missing_id_reason = forms.ChoiceField(
        label="没有证号的原因", required=False, choices=[("", "有证号，已填"), *MissingIdReason.choices]
    )
    cause = forms.ChoiceField(
        label="出了什么事", choices=_CAUSES, widget=forms.RadioSelect, error_messages={"required": "请选一项。"}
    )
    grade = forms.ChoiceField(
        label="困难程度", choices=_GRADES, widget=forms.RadioSelect, error_messages={"required": "请选一项。"}
    )
    place = forms.CharField(label="在哪里", max_length=120, required=False)
    situation = forms.CharField(
        label="一句话说明情况",
        max_length=500,
        widget=forms.Textarea({"rows": 2, "placeholder": "如：夜里失火，烧了两间房"}),
    )
    photo = PhotoField(
        label="现场照片",
        help_text="提交没有成功的，照片不保留，要再拍或再选一次。",
        widget=forms.FileInput({"accept": "image/jpeg,image/png", "capture": "environment"}),
    )
    amount = AmountField(label="建议金额（元）", required=False, help_text="不填的，按县里的金额表。")
    reported_at = MomentField(label="首次报告时间", help_text="昨晚就有人说的，改成昨晚的时间。")
    word = forms.CharField(
        label="村级意见",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        initial="经村里核实，情况属实，请先行救助。",
    )
    vouched_by = forms.CharField(label="村级证明人", max_length=60)
    vouched_position = forms.CharField(label="证明人职务", max_length=60, required=False)
    phone = PhoneField(label="联系电话", required=False)
    people_count = forms.IntegerField(label="家庭人口", min_value=1, max_value=30, initial=1)
    ground = forms.ChoiceField(label="在本村是", choices=Ground.choices, initial=Ground.REGISTERED)
    source = forms.ChoiceField(label="谁报告的", choices=_SOURCES)
    reporter_name = forms.CharField(label="报告人姓名", max_length=60, required=False, help_text="不填的，就是您自己。")

    def __init__(
        self, *args: Any, staff: Staff, table: dict[str, dict[str, Decimal]], hours: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reported_at = self.fields["reported_at"]
        reported_at.help_text = f"{reported_at.help_text}{clock_in_words(hours)}"
        area: Any = self.fields["area"]
        area.cut_to(staff, Permission.REPORT_HARDSHIP)
        if area.initial is not None:  # one village only: nothing to choose
            area.widget = forms.HiddenInput()
        alike = {tuple(grades.values()) for cause, grades in table.items() if cause in dict(_CAUSES)}
        if len(alike) == 1:
            amounts = next(iter(table.values()))
            grade: Any = self.fields["grade"]
            grade.choices = [(value, f"{label} {amounts[value]:,.0f}元") for value, label in _GRADES]

    def clean(self) -> dict[str, Any]:
        """Without an ID number the reason is asked (先救助，身份后补)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "id_number" in cleaned:
            if cleaned["id_number"]:
                cleaned["missing_id_reason"] = ""
            elif not cleaned.get("missing_id_reason"):
                self.add_error("missing_id_reason", "请填身份证号；确实没有的，选择原因，先救助再补。")
        return cleaned

    def told(self) -> QuickData:
        """What ``services.enter_quick`` takes, but for the photo."""
        return QuickData(**{name: value for name, value in self.cleaned_data.items() if name not in ("photo", "once")})
