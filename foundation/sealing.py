"""Seal the history day by day (变更留痕每日封存), so that what was on record then can be proved row by row.

A day's digest is SM3 over the digest of the day before and the keyed hashes of all rows that came since. Decision
0020 says what this finds and what it cannot.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from foundation.crypto import seal_hash, sm3_hex
from foundation.models import DailyDigest, RowSeal, SealedTable
from foundation.sealed_rows import RowSealer, SealsDigest, columns_of, rows_of, sealed_models, subject_of

CHUNK = 1000
"""Rows held in memory at a time."""
_LOCK = 0x6A697869
"""Advisory lock of sealing: two tasks at once would both find the day unsealed."""
_PATIENCE_SECONDS = 600
_PAUSE_SECONDS = 0.2
_HELD_UP = timedelta(days=2)


class HistoryBusy(Exception):
    """Somebody has been writing for so long that the day could not be sealed; it is tried again."""


@transaction.atomic
def seal_day(*, day: date, at: datetime) -> DailyDigest | None:
    """Seal everything that is on record and not sealed yet under a day that is over.

    After days without sealing one digest holds what came in them: nobody can promise afterwards how they ended.

    :returns: the digest; nothing where the day or a later one is sealed already.
    :raises HistoryBusy: a transaction that began to write before would not end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = DailyDigest.objects.order_by("day").last()
    if last is not None and last.day >= day:
        return None
    sealed = _seal_tables(day, after=_sealed_up_to())
    previous = last.digest if last else ""
    digest = digest_of(previous=previous, day=day, at=at, tables=sealed)
    made = DailyDigest.objects.create(
        day=day,
        taken_at=at,
        previous=previous,
        digest=digest,
        signature=signature_of(digest),
        rows=sum(table.rows for table in sealed),
    )
    for table in sealed:
        table.digest = made
    SealedTable.objects.bulk_create(sealed)
    return made


def sealing_has_stopped(newest: date | None, *, on: date) -> bool:
    """Whether the newest sealed day is so old that the task does not run, or that days were cut off."""
    return newest is None or on - newest > _HELD_UP


def kind_of(model: Any) -> ContentType:
    """The number under which seals know a table."""
    return ContentType.objects.get_for_model(model, for_concrete_model=False)


def digest_of(*, previous: str, day: date, at: datetime, tables: Iterable[SealedTable]) -> str:
    """A day's digest in hex: SM3 over the day before and what each table gave."""
    rows = [
        [".".join(table.kind.natural_key()), table.columns, table.frontier, table.runs, table.rows, table.seals]
        for table in tables
    ]
    content = [previous, day.isoformat(), at.astimezone(UTC).isoformat(), sorted(rows)]
    return sm3_hex(json.dumps(content, separators=(",", ":")).encode())


def signature_of(digest: str) -> str:
    """Keyed hash of a digest: without the key file nobody makes another chain."""
    mac = seal_hash("digest")
    mac.update(digest.encode())
    return mac.finalize().hex()


def numbers_given_out(model: Any) -> int:
    """The last number that a table's sequence has given out."""
    return _frontiers([model])[model._meta.db_table]


def _sealed_up_to() -> dict[int, int]:
    newest = SealedTable.objects.order_by("kind", "-digest__day").distinct("kind")
    return dict(newest.values_list("kind_id", "frontier"))


def _frontiers(models: Sequence[Any]) -> dict[str, int]:
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, coalesce(pg_sequence_last_value(pg_get_serial_sequence(name, key)::regclass), 0)"
            " FROM unnest(%s, %s) AS asked (name, key)",
            [tables, [model._meta.pk.column for model in models]],
        )
        return dict(cursor.fetchall())


def _wait_for_writers(tables: list[str]) -> None:
    """Wait until whoever has drawn a number so far has committed or given up: later none comes up to the frontier.

    A writer holds its table's lock from before it draws a number to its end.
    """
    waited_for = _writers(tables)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while waited_for & _writers(tables):
        if time.monotonic() > deadline:
            raise HistoryBusy(f"{len(waited_for)} transactions are still writing")
        time.sleep(_PAUSE_SECONDS)


def _writers(tables: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode = 'RowExclusiveLock' AND relation::regclass::text = ANY(%s)"
            " AND pid IS DISTINCT FROM pg_backend_pid()",
            [tables],
        )
        return {name for (name,) in cursor.fetchall()}


def _seal_tables(day: date, *, after: dict[int, int]) -> list[SealedTable]:
    models = sorted(sealed_models(), key=lambda model: model._meta.db_table)
    frontiers = _frontiers(models)
    _wait_for_writers(list(frontiers))
    sealed = []
    for model in models:
        kind, frontier = kind_of(model), frontiers[model._meta.db_table]
        before = after.get(kind.pk, 0)
        if frontier > before:
            sealed.append(_seal_table(model, day=day, after=before, frontier=frontier, kind=kind))
    return sealed


def _seal_table(model: Any, *, day: date, after: int, frontier: int, kind: ContentType) -> SealedTable:
    columns = columns_of(model)
    digest, runs = SealsDigest(), _Runs()
    rows = rows_of(model, columns=columns, chunk=CHUNK, pk__gt=after, pk__lte=frontier)
    seals = _seals(rows, model=model, columns=columns, kind=kind, day=day)
    while chunk := list(islice(seals, CHUNK)):
        for seal in chunk:
            digest.add(seal.row_id, seal.subject_id, seal.seal)
            runs.add(seal.row_id)
        RowSeal.objects.bulk_create(chunk)
    return SealedTable(
        kind=kind, columns=columns, frontier=frontier, runs=runs.bounds, rows=digest.rows, seals=digest.hex()
    )


def _seals(
    rows: Iterator[tuple[Any, ...]], *, model: Any, columns: list[str], kind: ContentType, day: date
) -> Iterator[RowSeal]:
    sealer = RowSealer(model._meta.db_table, columns)
    subject = subject_of(model)
    place = columns.index(subject.attname) if subject else None
    for row_id, *values in rows:
        yield RowSeal(
            kind=kind,
            row_id=row_id,
            day=day,
            subject_id=None if place is None else values[place],
            seal=sealer.seal(values),
        )


class _Runs:
    """Numbers that come in order, kept as first and last of each unbroken run."""

    def __init__(self) -> None:
        self.bounds: list[int] = []

    def add(self, number: int) -> None:
        if self.bounds and self.bounds[-1] == number - 1:
            self.bounds[-1] = number
        else:
            self.bounds += [number, number]
