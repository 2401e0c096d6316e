"""Finding people in care."""

from collections.abc import Iterable
from typing import Any

from django import forms

from benefits.models import CareLevel
from foundation.form_fields import hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Area

_DUE = (("due", "应走访"), ("late", "已超期"), ("all", "全部"))


class CareFilter(forms.Form):
    """Filters of the list; unless told otherwise it shows whom to visit now."""

    due = forms.ChoiceField(required=False, label="走访", choices=_DUE, widget=forms.HiddenInput)
    village = forms.ChoiceField(label="村（社区）", required=False)
    level = forms.ChoiceField(label="自理能力", required=False, choices=[("", "全部"), *CareLevel.choices])
    carer = forms.CharField(label="照料人或机构", required=False, max_length=60)

    def __init__(self, data: Any, *, villages: Iterable[Area]) -> None:
        super().__init__(data)
        village: Any = self.fields["village"]
        village.choices = [("", "全部"), *((area.code, f"{area.parent}{area.short_name}") for area in villages)]
        hide_if_alone(self, "village")

    @property
    def shown(self) -> str:
        """What is asked for of :data:`DUE`, once the form is valid."""
        due: str = self.cleaned_data["due"] or "due"
        return due

    @property
    def wanted(self) -> dict[str, str]:
        """What :func:`care.queries.listed` takes."""
        chosen = {name: self.cleaned_data[name] for name in ("village", "level", "carer")}
        return chosen | {"due": "" if self.shown == "all" else self.shown}


DUE = dict(_DUE)
CARE_LIST = register_list(
    ListSpec(
        key="care",
        url_name="care:list",
        filters=frozenset(CareFilter.base_fields),
        columns={
            "due": "下次走访",
            "area": "村（社区）",
            "level": "自理能力",
            "mode": "供养方式",
            "carer": "照料人或机构",
            "last": "上次走访",
            "points": "未办结问题",
        },
        default_columns=("due", "area", "level", "carer", "last", "points"),
    )
)
"""The list of people in care; beside its columns the person is always shown."""
