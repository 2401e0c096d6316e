"""随机抽查: what the list of past draws is cut to."""

from datetime import date

from django import forms

from foundation.form_fields import DayInput


class DrawFilter(forms.Form):
    """Days of the draws."""

    drawn_from = forms.DateField(label="抽取日期起", required=False, widget=DayInput)
    drawn_to = forms.DateField(label="抽取日期止", required=False, widget=DayInput)

    @property
    def wanted(self) -> dict[str, date | None]:
        """What was asked for, once the form is valid."""
        return {name: self.cleaned_data.get(name) for name in ("drawn_from", "drawn_to")}
