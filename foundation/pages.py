"""What pages are made of, as data: steps, deadlines, events, versions of a stale form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.forms import BaseForm

from foundation.errors import ServiceError

DUE_SOON_WORKING_DAYS = 2
"""Yellow at or below this many working days, red when overdue (handbook 0.4 时限三色; interface: 绿 > 2, 黄 ≤ 2)."""


@dataclass(frozen=True)
class Step:
    """One step of a step bar; ``state`` is ``done``, ``now``, ``stopped`` or empty for what is to come."""

    label: str
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Happening:
    """One entry of a timeline; ``tone`` is empty, ``good``, ``late`` or ``plain``."""

    title: str
    at: datetime | date
    by: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Lamp:
    """A deadline's colour and its words."""

    tone: str
    text: str
    due_on: date
    provisional: bool = False


def deadline_lamp(due_on: date, *, working_days_left: int, on: date, provisional: bool = False) -> Lamp:
    """The lamp of a deadline: green above two working days, yellow to two, red when overdue.

    :param working_days_left: working days after ``on`` up to the due day; days past it when overdue, either sign.
    :param provisional: some year's holidays are not entered yet (暂按周一至周五计算).
    """
    days = abs(working_days_left)
    if on > due_on:
        return Lamp("late", f"已超期 {days} 个工作日" if days else "已超期", due_on, provisional)
    if days > DUE_SOON_WORKING_DAYS:
        return Lamp("good", f"剩 {days} 个工作日", due_on, provisional)
    return Lamp("due", f"剩 {days} 个工作日" if days else "今天到期", due_on, provisional)


@dataclass(frozen=True)
class StaleRow:
    """One field of a stale form: what the person typed and what somebody else saved meanwhile."""

    field: str
    html_name: str
    label: str
    mine: str
    theirs: str
    theirs_raw: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def stale_rows(form: BaseForm, theirs: Mapping[str, Any]) -> Sequence[StaleRow]:
    """Compare a bound form with the values in the database now (both versions shown, none lost).

    :param theirs: stored values by field name, as ``model_to_dict`` gives them.
    """
    return [_stale_row(form, name, theirs[name]) for name in form.fields if name in theirs]


def _stale_row(form: BaseForm, name: str, stored: Any) -> StaleRow:
    bound = form[name]
    raw = "" if stored is None else str(bound.field.prepare_value(stored))
    return StaleRow(
        field=name,
        html_name=bound.html_name,
        label=str(bound.label),
        mine=_shown(bound.field, bound.value()),
        theirs=_shown(bound.field, bound.field.prepare_value(stored)),
        theirs_raw=raw,
    )


def _shown(field: Any, value: Any) -> str:
    if value in (None, ""):
        return "（空）"
    if isinstance(value, (bool, str)) and isinstance(field.widget.value_from_datadict({}, {}, "x"), bool):
        return "是" if value in (True, "on", "True") else "否"
    values = value if isinstance(value, list | tuple) else [value]
    labels = {str(key): str(label) for key, label in _flat(getattr(field, "choices", ()))}
    return "、".join(labels.get(str(single), str(single)) for single in values)


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def show_refusal(form: BaseForm, error: ServiceError) -> None:
    """Put a service's refusal beside its field, or at the head of the form; what was typed stays."""
    form.add_error(error.field if error.field in form.fields else None, error.message)


def fault_lines(form: BaseForm) -> list[tuple[str, str]]:
    """What is wrong with a form, line by line: the id of the field that a line leads to, and its sentence."""
    if not form.is_bound:
        return []
    lines = [("", str(message)) for message in form.non_field_errors()]
    for bound in form:
        lines += [(bound.id_for_label or bound.auto_id, f"{bound.label}：{message}") for message in bound.errors]
    return lines
