"""办理时限: the filter of the list, and a new term."""

from typing import Any

from django import forms

from applications.models import StepTerm
from applications.models.terms import TermUnit
from applications.rules.process import Authority
from foundation.form_fields import DayInput
from organizations.models.delegations import Scheme


class TermFilter(forms.Form):
    """Filters of terms and papers."""

    on = forms.DateField(label="生效日期", required=False, widget=DayInput)
    scheme = forms.ChoiceField(label="险种", required=False, choices=[("", "全部"), *Scheme.choices])
    authority = forms.ChoiceField(
        label="确认机关",
        required=False,
        choices=[("", "全部"), (Authority.COUNTY.value, "县民政局"), (Authority.TOWNSHIP.value, "乡镇（下放）")],
    )


class TermForm(forms.Form):
    """A step's term from a day on (调整时限), with what it rests on."""

    days = forms.IntegerField(label="天数", min_value=0, max_value=366)
    from_day = forms.DateField(label="自何日起", widget=DayInput)
    source = forms.CharField(label="依据（文件和条款）", max_length=120)
    is_local_practice = forms.BooleanField(label="本地做法（上级文件没有规定，由县里定）", required=False)

    def __init__(self, *args: Any, term: StepTerm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if term.unit == TermUnit.PERCENT:
            self.fields["days"] = forms.IntegerField(label="比例（%）", min_value=1, max_value=100)
        else:
            self.fields["days"].label = f"天数（{term.get_unit_display()}）"
        self.initial = {"days": term.days, "source": term.source, "is_local_practice": term.is_local_practice}
