"""追回: what is asked when a recoupment is entered, money comes back, or it is made void."""

from typing import Any

from django import forms

from benefits.forms.rolls import ANY, SCHEMES, choose_township
from benefits.models import RecoupmentState
from benefits.queries.overpaid_awards import STANDINGS
from foundation.form_fields import AmountField, DayInput
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from organizations.permissions import Permission


class RecoupmentFilter(forms.Form):
    """Filters of the list; what cannot be read lists nothing."""

    state = forms.ChoiceField(label="状态", required=False, choices=[*ANY, *RecoupmentState.choices])
    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        choose_township(self, staff, Permission.VIEW_ROLL)


class OverpaidFilter(forms.Form):
    """Filters of the awards that were overpaid (多发核对)."""

    township = forms.ChoiceField(label="乡镇", required=False)
    scheme = forms.ChoiceField(label="险种", required=False, choices=ANY + SCHEMES)
    standing = forms.ChoiceField(label="追回", required=False, choices=ANY + list(STANDINGS.items()))

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        choose_township(self, staff, Permission.VIEW_ROLL)


class ProposeForm(forms.Form):
    reason = forms.CharField(
        label="追回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="会写在追回单和发放册上。"
    )
    source = forms.CharField(label="依据（办件编号、文号）", max_length=40, required=False)


class VoidForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnedForm(forms.Form):
    """退缴: cash or a transfer that the family gave back."""

    returned_on = forms.DateField(label="退缴日期", widget=DayInput())
    amount = AmountField(label="退缴金额（元）")
    way = forms.CharField(label="方式", max_length=60, help_text="例如现金缴存财政专户、转账；写明凭证号。")


RECOUPMENT_LIST = register_list(
    ListSpec(key="recoupments", url_name="benefits:recoupments", filters=frozenset(RecoupmentFilter.base_fields))
)
OVERPAID_LIST = register_list(
    ListSpec(key="overpaid", url_name="benefits:overpaid", filters=frozenset(OverpaidFilter.base_fields))
)
