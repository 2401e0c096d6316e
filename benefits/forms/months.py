"""A month as people choose it."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_TYPED = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?")


class MonthInput(forms.TextInput):
    """The browser's own choice of a month; where it has none, 2026-12 is typed."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": "2026-12", "autocomplete": "off"} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return f"{value:%Y-%m}" if isinstance(value, date) else super().format_value(value)


class MonthField(forms.Field):
    """First day of the month that is chosen or typed: 2026-12, 2026年12月."""

    widget = MonthInput

    def to_python(self, value: Any) -> date | None:
        """
        :raises ValidationError: not a month.
        """
        if value in self.empty_values or isinstance(value, date):
            return value or None
        match = _TYPED.fullmatch(str(value).replace(" ", ""))
        if not match or not 1 <= int(match[2]) <= 12 or not 2000 <= int(match[1]) <= 2100:
            raise ValidationError("请填年月，例如 2026-12。")
        return date(int(match[1]), int(match[2]), 1)
