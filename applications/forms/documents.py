"""What the list of documents (文书) is cut to."""

import re
from typing import Any

from django import forms

from applications.permissions import Permission
from applications.queries.documents import DELIVERY_STATES, DocumentFilter
from documents.models import SIGNED_ONLY, DocumentKind
from foundation.form_fields import DayInput, hide_if_alone
from organizations.models import Staff
from organizations.queries import townships_for, villages_for

_ANY = [("", "全部")]
_KINDS = [(kind.value, kind.label) for kind in DocumentKind if kind not in SIGNED_ONLY]


class DocumentFilterForm(forms.Form):
    """Filters of the list."""

    q = forms.CharField(
        label="文号",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "文号或其中一段，或办件编号", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label="文种", required=False, choices=_ANY + _KINDS)
    delivery = forms.ChoiceField(label="送达", required=False, choices=_ANY + list(DELIVERY_STATES.items()))
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    issued_from = forms.DateField(label="制发日期起", required=False, widget=DayInput())
    issued_to = forms.DateField(label="制发日期止", required=False, widget=DayInput())

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        villages = list(villages_for(staff, Permission.VIEW_CASE))
        self._set("village", [(area.code, f"{area.parent} {area.short_name}") for area in villages])
        townships = townships_for(staff, Permission.VIEW_CASE)
        self._set("township", [(area.code, area.name) for area in townships])

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = _ANY + choices
        hide_if_alone(self, name)

    @property
    def wanted(self) -> DocumentFilter:
        """What was asked for, once the form is valid."""
        data = self.cleaned_data
        return DocumentFilter(
            text=data.get("q", ""),
            kind=data.get("kind", ""),
            delivery=data.get("delivery", ""),
            township=data.get("township", ""),
            village=data.get("village", ""),
            issued_from=data.get("issued_from"),
            issued_to=data.get("issued_to"),
            sort=self.data.get("sort", ""),
        )


def names_a_person(text: str) -> bool:
    """Whether a text is an ID or telephone number, which must not stand in addresses, and no document's number."""
    return len(re.sub(r"\D", "", text)) >= 9 and not re.search(r"[〔\[(【（-]", text)
