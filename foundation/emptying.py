"""No table that is on record can be emptied: TRUNCATE passes by row triggers, so a statement trigger refuses it.

The triggers are set after every migration and not by one migration each: a table made later has one as well.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections

_NAME = "refuse_truncate"
_FUNCTION = "jixi_refuse_truncate"


def tables_on_record() -> Iterator[str]:
    """Tables whose rows are on record: recorded ones, their histories, and those that are written once."""
    return _tables_with("append_only", "actor_required")


def tables_kept() -> Iterator[str]:
    """Tables whose rows are never deleted."""
    return _tables_with("append_only", "no_delete")


def tables_written_once() -> Iterator[str]:
    """Tables whose rows are never changed."""
    return _tables_with("append_only")


def is_written_once(model: Any) -> bool:
    """Whether rows of a table are never changed."""
    return _has_trigger(model, "append_only")


def _tables_with(*names: str) -> Iterator[str]:
    for model in apps.get_models():
        if _has_trigger(model, *names):
            yield model._meta.db_table


def _has_trigger(model: Any, *names: str) -> bool:
    return any(trigger.name in names for trigger in getattr(model._meta, "triggers", ()))


def unguarded_tables(*, using: str) -> list[str]:
    """Tables on record, of those that exist, that could be emptied."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s AND tgenabled <> 'D'", [_NAME])
        guarded = {name.strip('"') for (name,) in cursor.fetchall()}
    return sorted(set(tables_on_record()) & there - guarded)


def guard_tables(sender: object, *, using: str, **kwargs: Any) -> None:
    """Give every table on record its trigger; what has one keeps it."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_proc WHERE proname = %s", [_FUNCTION])
        if cursor.fetchone() is None:
            return  # migrated back to before there was the function
        for table in unguarded_tables(using=using):
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {_NAME} BEFORE TRUNCATE ON {quoted}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
            )
