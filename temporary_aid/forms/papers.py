"""What a paper that is printed without a number is printed for."""

from datetime import date
from typing import Any

from django import forms

from foundation.form_fields import DayInput
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.queries import areas_for
from temporary_aid.permissions import Permission


class LedgerForm(forms.Form):
    """备用金台账: the period, both days included."""

    first_day = forms.DateField(label="开始日期", widget=DayInput, error_messages={"required": "请填开始日期。"})
    last_day = forms.DateField(label="结束日期", widget=DayInput, error_messages={"required": "请填结束日期。"})

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "结束日期不能早于开始日期。")
        elif last and last > self.today:
            self.add_error("last_day", "结束日期不能晚于今天。")
        return data


class PublicityForm(forms.Form):
    """事后公示: where it goes up, and for which days; a village's sheet, or one of the whole township."""

    area = forms.ModelChoiceField(Area.objects.none(), label="公示范围", empty_label=None)
    first_day = forms.DateField(label="公示开始", widget=DayInput, error_messages={"required": "请填公示开始的日期。"})
    last_day = forms.DateField(label="公示结束", widget=DayInput, error_messages={"required": "请填公示结束的日期。"})
    place = forms.CharField(label="公示地点", max_length=120, initial="村（居）务公开栏")

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        levels = (AreaLevel.TOWNSHIP, AreaLevel.VILLAGE)
        mine = areas_for(staff, Permission.HANDLE_AID).filter(level__in=levels)
        field.queryset = mine.select_related("parent").order_by("code")
        field.label_from_instance = _place

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "公示结束不能早于公示开始。")
        return data


def _place(area: Area) -> str:
    return f"{area.name}（全部村、社区）" if area.level == AreaLevel.TOWNSHIP else f"{area.parent} {area.short_name}"
