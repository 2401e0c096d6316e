"""Reading the trail (变更留痕): which field of a row was changed from what to what, when, by whom and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from foundation.crypto import BlindIndexField
from foundation.dates import chinese_date
from foundation.names import PinyinField

_NOTHING = "—"
_HIDDEN = "（隐去的部分不同）"
_DERIVED = (BlindIndexField, PinyinField)
"""Fields that follow from others and tell nobody anything."""


@dataclass(frozen=True)
class Change:
    """One field of one row, before and after; ``actor`` is a staff account's key or ``system:<what>``."""

    at: datetime
    actor: str
    reason: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Record:
    """One writing of one row: made, changed or deleted (``insert``, ``update``, ``delete``).

    :ivar case: number of the case (办件) in whose course it was written, where it says so.
    """

    row_id: int
    label: str
    at: datetime
    actor: str
    reason: str
    case: str
    changes: tuple[Change, ...]


def changes_of(rows: Collection[models.Model], *, leave_out: Collection[str] = ()) -> list[Change]:
    """What was changed of some rows of one recorded model since they were made, newest first.

    :param leave_out: fields that tell nobody anything.
    """
    if not rows:
        return []
    found = records_of(type(next(iter(rows))), [row.pk for row in rows], leave_out=leave_out)
    changes = [change for record in found for change in record.changes]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def records_of(
    model: type[models.Model],
    keys: Collection[int],
    *,
    leave_out: Collection[str] = (),
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Record]:
    """Every writing of some rows of one recorded model, in the order in which they were made.

    One query for the rows and one for each relation, however many there are.

    :param words: what the codes in a field's list are called, by field.
    """
    history = apps.get_model(model._meta.app_label, f"{model.__name__}History")
    kept = list(history._default_manager.filter(pgh_obj_id__in=keys).order_by("pgh_obj_id", "pgh_id"))
    names = [field.name for field in model._meta.concrete_fields if field.name not in {"id", *leave_out}]
    fields = [field for field in history._meta.concrete_fields if field.name in names]
    shown = _Shown([field for field in fields if not isinstance(field, _DERIVED)], kept, words or {})
    return [record for _, rows in groupby(kept, key=attrgetter("pgh_obj_id")) for record in _records(list(rows), shown)]


def _records(rows: list[Any], shown: "_Shown") -> Iterator[Record]:
    for before, after in zip([None, *rows], rows, strict=False):
        context = after.pgh_context or {}
        told = (after.pgh_created_at, str(context.get("actor", "")), str(context.get("reason", "")))
        changes = [Change(*told, *difference) for difference in shown.differences(before, after)] if before else []
        yield Record(after.pgh_obj_id, after.pgh_label, *told, str(context.get("case", "")), tuple(changes))


class _Shown:
    """Values as the pages say them; what a foreign key leads to is read once for all rows, where it was changed."""

    def __init__(self, tracked: list[Any], kept: list[Any], words: Mapping[str, Mapping[str, str]]) -> None:
        self._tracked = tracked
        self._kept = kept
        self._words = words
        self._related: dict[str, dict[Any, Any]] = {}

    def differences(self, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
        for field in self._tracked:
            old, new = getattr(before, field.attname), getattr(after, field.attname)
            if old != new:
                was, told = self._value(field, old), self._value(field, new)
                yield str(field.verbose_name), was, told if told != was else f"{told}{_HIDDEN}"

    def _value(self, field: Any, value: Any) -> str:
        if value is None or value in ("", []):
            return _NOTHING
        if field.is_relation:
            return str(self._related_by(field).get(value, value))
        if isinstance(value, list):
            return "、".join(self._item(field, item) for item in value)
        return _in_words(value) or str(dict(field.flatchoices).get(value, value))

    def _item(self, field: Any, item: Any) -> str:
        words = self._words.get(field.name, {})
        parts = item.values() if isinstance(item, dict) else [item]
        return "".join(words.get(str(part), str(part)) for part in parts)

    def _related_by(self, field: Any) -> dict[Any, Any]:
        if field.name not in self._related:
            keys = {getattr(row, field.attname) for row in self._kept} - {None}
            self._related[field.name] = field.related_model._default_manager.in_bulk(keys)
        return self._related[field.name]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        at = timezone.localtime(value)
        return f"{chinese_date(at.date())}{at:%H:%M}"
    if isinstance(value, date):
        return chinese_date(value)
    return f"{value:,.2f}" if isinstance(value, Decimal) else ""
