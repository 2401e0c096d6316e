"""What is asked about an award or a recognition, and what the list of recognitions is cut to."""

from typing import Any

from django import forms

from benefits.models import RECOGNISED
from benefits.queries import STANDINGS
from foundation.form_fields import hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission
from organizations.queries import townships_for

_ANY = [("", "全部")]


class CheckForm(forms.Form):
    finding = forms.CharField(label="核查情况和处理意见", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RecognitionFilter(forms.Form):
    """Filters of the list (认定身份); what cannot be read lists nothing."""

    scheme = forms.ChoiceField(
        label="身份", required=False, choices=_ANY + [(scheme, Scheme(scheme).label) for scheme in RECOGNISED]
    )
    standing = forms.ChoiceField(label="有效期", required=False, choices=_ANY + list(STANDINGS.items()))
    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        field = self.fields["township"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        townships = townships_for(staff, Permission.VIEW_AWARD)
        field.choices = _ANY + [(area.code, area.name) for area in townships]
        hide_if_alone(self, "township")


RECOGNITION_LIST = register_list(
    ListSpec(key="recognitions", url_name="benefits:recognitions", filters=frozenset(RecognitionFilter.base_fields))
)
"""The list of recognitions; all its columns are always shown."""


class EndRecognitionForm(forms.Form):
    reason = forms.CharField(
        label="提前终止的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="会登记在认定上。"
    )
