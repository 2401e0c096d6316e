"""What is asked when reviews are planned, something is noted, or days are extended."""

from collections.abc import Sequence
from typing import Any

from django import forms

from dynamic_review.forms.listing import SCHEMES
from dynamic_review.models import Answer
from dynamic_review.services import ExtensionData, OfferData
from foundation.form_fields import DayInput
from households.models import Person
from organizations.models import Area


def _text(label: str, *, most: int, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **more)


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, **more)


class NoteForm(forms.Form):
    """登记家庭变化, 收到投诉举报."""

    happened_on = _day("发生或收到日期")
    note = _text("情况", most=300)


class SettleForm(forms.Form):
    settlement = _text("不需要复核的理由", most=300)


class ReasonForm(forms.Form):
    reason = _text("撤销原因", most=100)


class RestoreForm(forms.Form):
    """恢复低保: on which year's incomes, and the sum that was shown."""

    year = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    seen = forms.DecimalField(max_digits=12, decimal_places=2, widget=forms.HiddenInput)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [(year, f"{year}年") for year in years]


class PlanForm(forms.Form):
    """确认排期: of the families ticked, each on its own day or all on one."""

    planned_on = _day("改到", required=False, help_text="不填的，按现在的排期确认。")
    dues = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=(),
        error_messages={"required": "请先勾选家庭。", "invalid_choice": "名单已有变动，请重新勾选。"},
    )

    def __init__(self, data: Any, *, keys: list[int]) -> None:
        super().__init__(data)
        dues: Any = self.fields["dues"]
        dues.choices = [(key, key) for key in keys]


class OfferForm(forms.Form):
    """登记就业介绍; F57 §34."""

    person = forms.ModelChoiceField(Person.objects.none(), label="人员", empty_label="请选择")
    offered_on = _day("介绍日期")
    job = forms.CharField(label="岗位", max_length=100)
    answer = forms.ChoiceField(label="结果", choices=Answer.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="有正当理由未接受的，必须写明。")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = people

    def offer(self) -> OfferData:
        """What ``services.record_offer`` takes."""
        return OfferData(**self.cleaned_data)


class ExtensionForm(forms.Form):
    """核查延期."""

    areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label="乡镇", widget=forms.CheckboxSelectMultiple, required=False
    )
    schemes = forms.MultipleChoiceField(
        label="险种", choices=SCHEMES, widget=forms.CheckboxSelectMultiple, required=False
    )
    from_day = _day("原到期日从")
    to_day = _day("原到期日至")
    months = forms.IntegerField(label="延长几个月", min_value=1)
    document = forms.CharField(label="依据文件", max_length=120, help_text="文件名称和文号。")
    reason = _text("事由", most=200, rows=2)

    def __init__(self, *args: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["areas"]
        areas.queryset = townships

    def extension(self) -> ExtensionData:
        """What ``services.extend_reviews`` takes."""
        return ExtensionData(**self.cleaned_data | {"areas": list(self.cleaned_data["areas"])})
