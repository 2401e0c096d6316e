"""Finding reviews that are due."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from dynamic_review.queries.dues import SHOWN
from foundation.form_fields import hide_if_alone
from foundation.lists import SEARCH, ListSpec, register_list
from foundation.personal_numbers import holds_number
from organizations.models import Area
from organizations.models.delegations import Scheme

SCHEMES = [(Scheme.DIBAO.value, Scheme.DIBAO.label), (Scheme.TEKUN.value, Scheme.TEKUN.label)]


class DueFilter(forms.Form):
    """Filters of the list; unless told otherwise it shows what is to be done now."""

    shown = forms.ChoiceField(required=False, choices=list(SHOWN.items()), widget=forms.HiddenInput)
    q = forms.CharField(label="户主或待遇编号", required=False, max_length=60)
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    scheme = forms.ChoiceField(label="险种", required=False, choices=[("", "全部"), *SCHEMES])
    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label="排期月份",
        required=False,
        widget=forms.TextInput({"type": "month"}),
        error_messages={"invalid": "请按“2026-12”的样子填月份。"},
    )

    def __init__(self, data: Any, *, townships: Iterable[Area], villages: Iterable[Area]) -> None:
        super().__init__(data)
        places: Any = self.fields["township"]
        places.choices = [("", "全部"), *((area.code, area.name) for area in townships)]
        village: Any = self.fields["village"]
        village.choices = [("", "全部"), *((area.code, f"{area.parent}{area.short_name}") for area in villages)]
        hide_if_alone(self, "township")
        hide_if_alone(self, "village")

    @property
    def what(self) -> str:
        """A key of :data:`SHOWN`, once the form is valid."""
        shown: str = self.cleaned_data["shown"] or "todo"
        return shown

    @property
    def wanted(self) -> dict[str, Any]:
        """What :func:`dynamic_review.queries.dues.listed` takes."""
        chosen = {name: self.cleaned_data[name] for name in ("township", "village", "scheme", "q")}
        month = self.cleaned_data["month"]
        return chosen | {"shown": self.what, "month": date.fromisoformat(f"{month}-01") if month else None}


REVIEW_LIST = register_list(
    ListSpec(
        key="reviews",
        url_name="dynamic_review:list",
        filters=frozenset(DueFilter.base_fields),
        columns={
            "planned": "排期",
            "legal": "法定期限",
            "area": "村（社区）",
            "scheme": "险种类别",
            "people": "保障人数",
            "reviewed": "上次复核",
            "trigger": "触发复核",
            "case": "办件",
        },
        default_columns=("planned", "legal", "area", "scheme", "trigger", "case"),
        is_personal=lambda text: holds_number([text]),
    )
)
"""The list of reviews due; beside its columns the head of the family is always shown."""
assert SEARCH in REVIEW_LIST.filters  # noqa: S101 -- what is typed to find somebody is not kept with a number
