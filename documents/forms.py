"""Check of a document by its number or code; delivery of a document; number prefixes."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from documents.models import HANDED_OVER, DeliveryWay, DocumentKind
from documents.queries import PrintFilter
from foundation.form_fields import DayInput, hide_if_alone
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Permission
from organizations.queries import townships_for, villages_for


class CheckForm(forms.Form):
    """文号 or 校验码, as printed at the foot of the paper."""

    q = forms.CharField(
        label="文号或校验码",
        max_length=60,
        help_text="都印在文书页脚，例如“绩民救确〔2026〕1号”，或16位校验码。",
        error_messages={"required": "请填写文书页脚的文号或校验码。"},
    )


class VoidForm(forms.Form):
    """作废: why."""

    reason = forms.CharField(
        label="作废原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写在案卷里；不要写证号、病情。",
        error_messages={"required": "请填写作废原因。"},
    )


class DeliveryForm(forms.Form):
    """送达: day, way, who signed."""

    delivered_on = forms.DateField(label="送达日期", widget=DayInput())
    way = forms.ChoiceField(label="送达方式", choices=DeliveryWay)
    received_by = forms.CharField(label="签收人", max_length=60, required=False, help_text="直接送达的必填。")
    note = forms.CharField(label="说明", max_length=200, required=False)
    late_reason = forms.CharField(
        label="超期原因",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不予确认通知书超过规定时间送达的，须写明原因。",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_delivered_on(self) -> date:
        delivered_on: date = self.cleaned_data["delivered_on"]
        if delivered_on > self.today:
            raise ValidationError("送达日期不能晚于今天。")
        return delivered_on


class PrintFilterForm(forms.Form):
    """Which notices to print in one go (成批打印)."""

    kind = forms.ChoiceField(label="文种", required=False)
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    issued_from = forms.DateField(label="制发日期起", required=False, widget=DayInput())
    issued_to = forms.DateField(label="制发日期止", required=False, widget=DayInput())

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        villages = list(villages_for(staff, Permission.ISSUE_DOCUMENT))
        self._set("kind", [(kind.value, kind.label) for kind in DocumentKind if kind in HANDED_OVER])
        self._set("village", [(area.code, f"{area.parent} {area.short_name}") for area in villages])
        townships = townships_for(staff, Permission.ISSUE_DOCUMENT)
        self._set("township", [(area.code, area.name) for area in townships])
        hide_if_alone(self, "township")

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "全部"), *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("issued_from"), data.get("issued_to")
        if first and last and last < first:
            self.add_error("issued_to", "不能早于制发日期起。")
        return data

    @property
    def wanted(self) -> PrintFilter:
        """What was asked for, once the form is valid."""
        return PrintFilter(**self.cleaned_data)


class PrintForm(forms.Form):
    """How the notices are printed."""

    both_sides = forms.BooleanField(
        label="双面打印", required=False, help_text="每份都从新的一张纸起，单数页的后面补一张白页。"
    )
    token = forms.CharField(widget=forms.HiddenInput(), max_length=60)


class PrefixFilter(forms.Form):
    """Filters of number prefixes (文号字头)."""

    area = forms.ModelChoiceField(
        label="制发机关",
        required=False,
        empty_label="全部",
        queryset=Area.objects.filter(level__in=(AreaLevel.COUNTY, AreaLevel.TOWNSHIP)),
    )
    kind = forms.ChoiceField(label="文种", required=False, choices=[("", "全部"), *DocumentKind.choices])


class PrefixForm(forms.Form):
    """Another prefix (调整文号字头), from this year or the next on."""

    new_prefix = forms.CharField(label="新字头", max_length=12, help_text="2到12个汉字，例如“绩民救确”。")
    from_year = forms.TypedChoiceField(label="自哪一年起", coerce=int)
    reason = forms.CharField(
        label="缘由", max_length=200, required=False, help_text="今年已经编过号、今年就要改的，必须写明。"
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years: Any = self.fields["from_year"]
        years.choices = [(year + 1, f"{year + 1}年（明年）"), (year, f"{year}年（今年）")]
