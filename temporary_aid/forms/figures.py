"""Which figures are looked at."""

from collections.abc import Sequence
from typing import Any

from django import forms

from eligibility.rules.choices import HardshipType
from foundation.form_fields import hide_if_alone
from organizations.models import Area
from temporary_aid.queries.figures import Period


class FiguresForm(forms.Form):
    """A year, or a month of it; one type or township, or all."""

    year = forms.ChoiceField(label="年度", required=False)
    month = forms.ChoiceField(
        label="月份", required=False, choices=[("", "全年"), *((str(number), f"{number}月") for number in range(1, 13))]
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部"), *((kind.value, kind.label) for kind in HardshipType)]
    )
    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, years: Sequence[int], townships: Sequence[Area]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["year"].choices = [(str(year), f"{year}年") for year in years]
        fields["township"].choices = [("", "全部"), *((area.code, area.name) for area in townships)]
        hide_if_alone(self, "township")
        self._this_year = years[0]

    @property
    def period(self) -> Period:
        """The year and month asked for; this year where none is."""
        month = self.cleaned_data["month"]
        return Period(int(self.cleaned_data["year"] or self._this_year), int(month) if month else None)

    @property
    def cut(self) -> dict[str, str]:
        """What :func:`temporary_aid.queries.figures.aid_figures` takes beside the period."""
        return {"kind": self.cleaned_data["kind"], "township": self.cleaned_data["township"]}
