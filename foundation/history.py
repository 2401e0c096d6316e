"""Reading the trail (变更留痕): which field of a row was changed from what to what, when, by whom and why."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db import models

from foundation.dates import chinese_date

_NOTHING = "—"


@dataclass(frozen=True)
class Change:
    """One field of one row, before and after; ``actor`` is a staff account's key or ``system:<what>``."""

    at: datetime
    actor: str
    reason: str
    what: str
    before: str
    after: str


def changes_of(rows: Collection[models.Model], *, leave_out: Collection[str] = ()) -> list[Change]:
    """What was changed of some rows of one recorded model since they were made, newest first.

    :param leave_out: fields that tell nobody anything.
    """
    if not rows:
        return []
    model = type(next(iter(rows)))
    history = apps.get_model(model._meta.app_label, f"{model.__name__}History")
    kept = list(
        history._default_manager.filter(pgh_obj_id__in=[row.pk for row in rows]).order_by("pgh_obj_id", "pgh_id")
    )
    names = [field.name for field in model._meta.concrete_fields if field.name not in {"id", *leave_out}]
    tracked = [field for field in history._meta.concrete_fields if field.name in names]
    shown = _Shown(tracked, kept)
    found = [
        change
        for before, after in pairwise(kept)
        if before.pgh_obj_id == after.pgh_obj_id
        for change in _differences(before, after, tracked, shown)
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _differences(before: Any, after: Any, tracked: list[Any], shown: "_Shown") -> Iterator[Change]:
    context = after.pgh_context or {}
    for field in tracked:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            yield Change(
                at=after.pgh_created_at,
                actor=str(context.get("actor", "")),
                reason=str(context.get("reason", "")),
                what=str(field.verbose_name),
                before=shown.value(field, old),
                after=shown.value(field, new),
            )


class _Shown:
    """Values as the pages say them; what foreign keys lead to is read once for all rows."""

    def __init__(self, tracked: list[Any], kept: list[Any]) -> None:
        self._related = {
            field.name: field.related_model._default_manager.in_bulk(
                {getattr(row, field.attname) for row in kept} - {None}
            )
            for field in tracked
            if field.is_relation
        }

    def value(self, field: Any, value: Any) -> str:
        if value is None or value == "":
            return _NOTHING
        if field.name in self._related:
            return str(self._related[field.name].get(value, value))
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, date) and not isinstance(value, datetime):
            return chinese_date(value)
        return str(dict(field.flatchoices).get(value, value))
