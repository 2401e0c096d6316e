"""Why personal data is read in full, and what the list of readings (查阅记录) is cut to."""

from datetime import date
from typing import Any

from django import forms

from foundation.form_fields import DayInput
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.queries.readings import people_read_by, reading_purposes
from organizations.services import Reason

LONGEST_NOTE = 120


class PurposeForm(forms.Form):
    """查阅事由: one of the county's list; where it says no more than 其他, in the person's own words."""

    reason = forms.ChoiceField(label="查阅事由", error_messages={"required": "请选择查阅事由。"})
    note = forms.CharField(
        label="具体事由",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "选“其他”的必须写明"}),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asks_note = dict(reading_purposes(on=on).values_list("name", "asks_note"))
        reason: Any = self.fields["reason"]
        reason.choices = [("", "请选择"), *((name, name) for name in self._asks_note)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        purpose = cleaned.get("reason", "")
        if self._asks_note.get(purpose) and not cleaned.get("note", "").strip():
            self.add_error("note", f"选“{purpose}”的，请写明具体事由。")
        return cleaned

    @property
    def given(self) -> Reason:
        """The reason, once the form is valid."""
        purpose, note = self.cleaned_data["reason"], " ".join(self.cleaned_data["note"].split())
        return Reason(purpose=purpose, words="：".join(filter(None, (purpose, note))))


class ReadingFilter(forms.Form):
    """Filters of the list of readings; what cannot be read lists nothing."""

    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "全部"), *AccessKind.choices])
    reader = forms.ChoiceField(label="查阅人", required=False)
    since = forms.DateField(label="日期起", required=False, widget=DayInput())
    until = forms.DateField(label="日期止", required=False, widget=DayInput())

    def __init__(self, data: Any, *, by: Staff) -> None:
        super().__init__(data)
        people: Any = self.fields["reader"]
        people.choices = [("", "全部"), *((str(pk), name) for pk, name in people_read_by(by))]
