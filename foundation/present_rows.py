"""Is every row as its history left it? A change that went past the triggers (绕过系统改动) leaves no history."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection

from foundation.crypto import DecryptionError, EncryptedField, Secret


def departures(history: Any) -> Iterator[tuple[int, str]]:
    """Rows of a recorded table that are not as the last record of their changes says: number and what is wrong.

    :param history: the event model.
    """
    yield from _changed(history)
    yield from ((number, "不见了，变更记录里没有删除") for number in _vanished(history))


def histories() -> list[Any]:
    """The event models of every recorded table."""
    found = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return sorted(found, key=lambda model: model._meta.db_table)


def _changed(history: Any) -> Iterator[tuple[int, str]]:
    kept = {field.name for field in history._meta.concrete_fields}
    fields = [field for field in history.pgh_tracked_model._meta.concrete_fields if field.name in kept]
    sealed = [field for field in fields if isinstance(field, EncryptedField)]
    names = {field.column: str(field.verbose_name) for field in fields}
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            _changed_sql(history, [str(field.column) for field in fields], [str(field.column) for field in sealed])
        )
        for number, has_history, columns, *tokens in cursor:
            if not has_history:
                yield number, "没有变更记录"
                continue
            pairs = zip(sealed, tokens[::2], tokens[1::2], strict=True)
            same = {field.column for field, now, then in pairs if now != then and _same(field, now, then)}
            changed = [names[column] for column in columns if column not in same]
            if changed:
                yield number, f"与最后一条变更记录不符：{'、'.join(changed)}"


def _changed_sql(history: Any, columns: list[str], sealed: list[str]) -> str:
    quote = connection.ops.quote_name
    live, kept = quote(history.pgh_tracked_model._meta.db_table), quote(history._meta.db_table)
    key = quote(history.pgh_tracked_model._meta.pk.column)
    cases = ", ".join(f"CASE WHEN l.{quote(c)} IS DISTINCT FROM h.{quote(c)} THEN '{c}' END" for c in columns)
    tokens = "".join(f", l.{quote(c)}, h.{quote(c)}" for c in sealed)
    return (
        f"SELECT l.{key}, h.pgh_id IS NOT NULL, d.columns{tokens} FROM {live} l"  # noqa: S608 -- our own tables
        f" LEFT JOIN LATERAL (SELECT * FROM {kept} WHERE pgh_obj_id = l.{key} ORDER BY pgh_id DESC LIMIT 1) h ON TRUE"
        f" CROSS JOIN LATERAL (SELECT array_remove(ARRAY[{cases}], NULL) AS columns) d"
        " WHERE cardinality(d.columns) > 0"
    )


def _vanished(history: Any) -> Iterator[int]:
    quote = connection.ops.quote_name
    live, kept = quote(history.pgh_tracked_model._meta.db_table), quote(history._meta.db_table)
    key = quote(history.pgh_tracked_model._meta.pk.column)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT pgh_obj_id FROM (SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id, pgh_label"  # noqa: S608 -- our own
            f" FROM {kept} ORDER BY pgh_obj_id, pgh_id DESC) h"
            f" WHERE pgh_label <> 'delete' AND NOT EXISTS (SELECT FROM {live} l WHERE l.{key} = h.pgh_obj_id)"
        )
        yield from (number for (number,) in cursor)


def _same(field: EncryptedField, now: str, then: str) -> bool:
    """Whether two ciphers say the same: keys are rotated in the live rows only."""
    try:
        return Secret(purpose=field.purpose, token=now) == Secret(purpose=field.purpose, token=then)
    except DecryptionError:
        return False
