"""Which tables are sealed, and the seal of one row: a keyed hash of its plain text in one canonical writing."""

import json
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.apps import apps
from django.conf import settings
from django.db import models

from foundation.crypto import Secret, seal_hash, sm3
from foundation.emptying import is_written_once

_OBJECT = "pgh_obj"
_NO_SUBJECT = -1


def sealed_models() -> list[Any]:
    """Event tables of every recorded model and every table that is written once, but for the seals themselves."""
    found = [model for model in apps.get_models() if is_written_once(model)]
    return [model for model in found if model._meta.app_label != "foundation"]


def columns_of(model: Any) -> list[str]:
    """What of a table is sealed today: every column of it."""
    return [field.attname for field in model._meta.concrete_fields]


def subject_of(model: Any) -> models.ForeignKey[Any, Any] | None:
    """The relation that says whose row it is (所属对象): the recorded object, else what is no member of staff."""
    related = [field for field in model._meta.concrete_fields if field.is_relation]
    named = [field for field in related if field.name == _OBJECT]
    others = [field for field in related if field.related_model._meta.label != settings.AUTH_USER_MODEL]
    return next(iter(named + others + related), None)


class RowSealer:
    """Seals rows of one table, given as values of some columns in a fixed order."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self._started = seal_hash(f"{table}:{','.join(columns)}")

    def seal(self, values: Sequence[Any]) -> bytes:
        """
        :raises DecryptionError: an encrypted value was altered or its key is missing.
        """
        mac = self._started.copy()
        mac.update(_canonical(values))
        return mac.finalize()


class SealsDigest:
    """SM3 over the seals of a table's day, in the order of their rows."""

    def __init__(self) -> None:
        self._hash: hashes.Hash = sm3()
        self.rows = 0

    def add(self, row_id: int, subject_id: int | None, seal: bytes | memoryview) -> None:
        self._hash.update(struct.pack(">qq", row_id, _NO_SUBJECT if subject_id is None else subject_id) + bytes(seal))
        self.rows += 1

    def hex(self) -> str:
        return self._hash.finalize().hex()


def rows_of(model: Any, *, columns: Sequence[str], chunk: int, **cut: Any) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of their numbers, the number first, streamed so that memory stays flat.

    :param cut: conditions on the table.
    """
    rows = model._base_manager.filter(**cut).order_by("pk").values_list("pk", *columns)
    return iter(rows.iterator(chunk_size=chunk))


def _canonical(values: Sequence[Any]) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    """One writing for what JSON does not know, whatever column type a later release keeps it in."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    if hasattr(value, "lower_inc"):  # a range
        return [value.lower, value.upper, value.lower_inc, value.upper_inc, value.isempty]
    return str(value)
