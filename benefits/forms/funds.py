"""The year's fund plan of a scheme (资金计划), source by source."""

from decimal import Decimal
from typing import Any

from django import forms

from benefits.models import FundSource
from foundation.form_fields import AmountField


class YearForm(forms.Form):
    """Which year is looked at."""

    year = forms.ChoiceField(label="年度", required=False)

    def __init__(self, data: Any, *, years: list[int]) -> None:
        super().__init__(data)
        field: Any = self.fields["year"]
        field.choices = [(str(year), f"{year}年") for year in years]


class FundPlanForm(forms.Form):
    """Yuan planned for the year by source; nothing typed is nothing planned."""

    note = forms.CharField(
        label="依据或说明", required=False, max_length=200, help_text="例如下达资金的文号，列在计划旁边。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amounts = {
            source.value: AmountField(label=f"{source.label}资金（元）", required=False) for source in FundSource
        }
        self.fields = {**amounts, **self.fields}

    @property
    def amounts(self) -> dict[str, Decimal]:
        """By source, once the form is valid."""
        return {source.value: self.cleaned_data[source.value] or Decimal("0.00") for source in FundSource}
