"""Forms of drafts (政策测算): every parameter beside today's value, empty where it stays; the filter of the rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dynamic_review.models.uplifts import OUTCOMES, SCHEMES
from dynamic_review.models.what_if import CLIFFS
from dynamic_review.rules.what_if import DRAFTED, RESIDENCES, at, fault_of, leaves, with_leaf
from eligibility.rules.choices import Residence
from eligibility.rules.shapes import Count, Flag, Money, OneOf, Shape
from foundation.form_fields import DayInput
from foundation.lists import ListSpec, register_list
from foundation.money import parse_amount
from foundation.personal_numbers import holds_number
from organizations.models import Area

Figures = Mapping[str, Mapping[str, Any]]
_STAYS = "（不改）"


@dataclass(frozen=True)
class Cell:
    """One field with the value in force beside it."""

    residence: str
    today: str
    field: forms.BoundField


@dataclass(frozen=True)
class Row:
    """One figure with its fields for 城市 and 农村."""

    title: str
    cells: list[Cell]


class DraftForm(forms.Form):
    """政策测算草案: a field for each figure and residence; what is left empty stays as it is in force."""

    name = forms.CharField(label="草案名称", max_length=60)
    base_on = forms.DateField(label="对照日期", widget=DayInput, help_text="与这一天有效的标准对照。")
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, *args: Any, today: Figures, changes: Figures | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        for residence in RESIDENCES:
            drafted = (changes or {}).get(residence, {})
            for key, definition in DRAFTED.items():
                for path, shape, title in leaves(key, definition.shape, definition.title):
                    name = f"{residence}.{path}"
                    label = f"{title}（{Residence(residence).label}）"
                    self.fields[name] = _field(shape, label)
                    steps = path.split(".")[1:]
                    if key in drafted and at(drafted[key], steps) != at(today[residence][key], steps):
                        self.fields[name].initial = _typed(shape, at(drafted[key], steps))

    @property
    def rows(self) -> list[Row]:
        """The figures in the order of the lists."""
        found = []
        for key, definition in DRAFTED.items():
            for path, shape, title in leaves(key, definition.shape, definition.title):
                steps = path.split(".")[1:]
                cells = [
                    Cell(
                        Residence(residence).label,
                        shape.describe(at(self._today[residence][key], steps)),
                        self[f"{residence}.{path}"],
                    )
                    for residence in RESIDENCES
                ]
                found.append(Row(title, cells))
        return found

    def clean(self) -> dict[str, Any]:
        """Read each figure that was typed.

        :raises ValidationError: never; a fault stands beside its field.
        """
        cleaned = super().clean() or {}
        self._changes: dict[str, dict[str, Any]] = {residence: {} for residence in RESIDENCES}
        for residence in RESIDENCES:
            for key, definition in DRAFTED.items():
                for path, shape, _ in leaves(key, definition.shape, definition.title):
                    self._take(residence, key, path, shape)
        return cleaned

    def _take(self, residence: str, key: str, path: str, shape: Shape) -> None:
        name = f"{residence}.{path}"
        typed = self.cleaned_data.get(name)
        if typed in (None, ""):
            return
        try:
            value = _as_json(shape, str(typed).strip())
        except (ValidationError, ValueError) as error:
            self.add_error(name, error.messages[0] if isinstance(error, ValidationError) else "请填整数。")
            return
        if fault := fault_of(shape, value):
            self.add_error(name, f"{fault}。")
            return
        whole = self._changes[residence].get(key, self._today[residence][key])
        self._changes[residence][key] = with_leaf(whole, path.split(".")[1:], value)

    def facts(self) -> dict[str, Any]:
        """What :func:`dynamic_review.services.save_draft` takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("name", "base_on", "note")} | {"changes": self._changes}


def _field(shape: Shape, label: str) -> forms.Field:
    if isinstance(shape, Flag):
        return forms.ChoiceField(label=label, required=False, choices=[("", _STAYS), ("yes", "是"), ("no", "否")])
    if isinstance(shape, OneOf):
        choices = [("", _STAYS), *((choice.value, choice.label) for choice in shape.choices)]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    return forms.CharField(label=label, required=False, max_length=20)


def _as_json(shape: Shape, typed: str) -> Any:
    """
    :raises ValidationError: not an amount.
    :raises ValueError: not a count.
    """
    if isinstance(shape, Money):
        return f"{parse_amount(typed):.2f}"
    if isinstance(shape, Flag):
        return typed == "yes"
    return int(typed) if isinstance(shape, Count) else typed


def _typed(shape: Shape, value: Any) -> Any:
    if isinstance(shape, Flag):
        return "yes" if value else "no"
    return value


class WhatIfFilter(forms.Form):
    """Filters of the rows of a run."""

    township = forms.ChoiceField(label="乡镇", required=False)
    outcome = forms.ChoiceField(label="测算结果", required=False, choices=[("", "全部"), *OUTCOMES])
    scheme = forms.ChoiceField(label="险种", required=False, choices=[("", "全部"), *SCHEMES])
    category = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), ("A", "A类"), ("B", "B类"), ("C", "C类")]
    )
    cliff = forms.ChoiceField(label="悬崖点", required=False, choices=[("", "全部"), ("any", "有悬崖点"), *CLIFFS])
    q = forms.CharField(label="查找", required=False, max_length=60, help_text="姓名或拼音首字母")

    def __init__(self, data: Any, *, townships: Iterable[Area]) -> None:
        super().__init__(data)
        field: Any = self.fields["township"]
        field.choices = [("", "全部"), *((area.code, area.name) for area in townships)]

    @property
    def wanted(self) -> dict[str, str]:
        """What :func:`dynamic_review.queries.what_if.filtered_lines` takes."""
        names = ("township", "outcome", "scheme", "category", "cliff")
        return {name: self.cleaned_data[name] for name in names} | {"text": self.cleaned_data["q"]}


WHAT_IF_LINES = register_list(
    ListSpec(
        key="what_if_lines",
        url_name="dynamic_review:what_ifs",
        filters=frozenset(WhatIfFilter.base_fields),
        is_personal=lambda text: holds_number([text]),
    )
)
"""The rows of a run; all columns are always shown."""
