"""Form of what a stopped award is made good (提标补差)."""

from django import forms

from foundation.form_fields import AmountField


class MakingGoodForm(forms.Form):
    """Why, and the monthly sum where the uplift cannot reckon it."""

    monthly_amount = AmountField(
        label="补差月份的月金额（元）", required=False, help_text="系统算得出的不填；算不出的，查明后填写每月应发多少。"
    )
    reason = forms.CharField(label="说明", max_length=200)
