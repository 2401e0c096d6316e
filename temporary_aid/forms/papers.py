"""What a paper of the reserve is printed for."""

from datetime import date
from typing import Any

from django import forms

from foundation.form_fields import DayInput


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
