"""放假安排: a year's notice, a row for each holiday."""

import re
from datetime import date
from typing import Any

from django import forms

from foundation.form_fields import DayInput
from organizations.services import Holiday

USUAL = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_DAY = re.compile(r"(?:(\d{4})[-年./])?(\d{1,2})[-月./](\d{1,2})日?")
_BETWEEN = re.compile(r"[，,、；;\s]+")


class YearForm(forms.Form):
    """The notice that the year's holidays rest on."""

    source = forms.CharField(label="依据的通知", max_length=200, help_text="例如：国办发明电〔2026〕7号。")


class HolidayForm(forms.Form):
    """One holiday: from–to off, and the weekend days worked for it."""

    name = forms.CharField(label="节日", max_length=20)
    first = forms.DateField(label="放假起", required=False, widget=DayInput)
    last = forms.DateField(label="放假止", required=False, widget=DayInput)
    working = forms.CharField(label="调休上班", max_length=80, required=False)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self._year = year
        super().__init__(*args, **kwargs)
        self.fields["working"].widget.attrs["placeholder"] = "2月14日、2月28日"

    def clean(self) -> dict[str, Any]:
        """
        :raises ValidationError: one of the two dates is there, or days worked without any; a row with neither is empty.
        """
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        for name, there, other, what in (("first", first, last, "放假起"), ("last", last, first, "放假止")):
            if there is None and (other is not None or cleaned.get("working")) and name not in self.errors:
                self.add_error(name, f"请填{what}；这个节日不放假的，把这一行的日期都清空。")
        return cleaned

    def clean_working(self) -> tuple[date, ...]:
        """The days that the text names.

        :raises ValidationError: something is no day.
        """
        parts = [part for part in _BETWEEN.split(self.cleaned_data["working"].strip()) if part]
        return tuple(self._day(part) for part in parts)

    def _day(self, text: str) -> date:
        match = _DAY.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            return date(int(match[1] or self._year), int(match[2]), int(match[3]))
        except ValueError as error:
            raise forms.ValidationError(f"“{text}”不是日期，请写成“2月14日”，几天之间用顿号隔开。") from error


class BaseHolidayRows(forms.BaseFormSet):
    """Rows by holiday; empty and removed ones count for nothing."""

    def holidays(self) -> list[Holiday]:
        """What ``services.enter_calendar_year`` takes."""
        kept = [form for form in self.forms if form.cleaned_data.get("first") and not form.cleaned_data.get("DELETE")]
        return [
            Holiday(**{name: form.cleaned_data[name] for name in ("name", "first", "last", "working")}) for form in kept
        ]


HolidayRows = forms.formset_factory(
    HolidayForm, formset=BaseHolidayRows, extra=1, can_delete=True, max_num=30, validate_max=True
)
