"""Stories told once: the rows that the services wrote the first time are written again for the next test by COPY.

Telling a case up to its decision takes half a second of services, papers and triggers; most tests only begin there.
What is replayed is what was really written, history, papers and files included, into a database that holds nothing
but the reference data, as at the first telling; in every other situation the story is told again.
"""

import functools
import io
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psycopg2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from households.models import Household, Person
from organizations.models import Area, Staff

P = ParamSpec("P")
T = TypeVar("T")

_APART = {"archive", "own_keys", "public_address", "walk"}
"""Fixtures under which a story may come out otherwise."""
_ANYWHERE = "_load_parameters"
_WRITES = re.compile(r"\b(INSERT INTO|UPDATE \S+ SET|DELETE FROM|TRUNCATE|MERGE INTO)\b", re.IGNORECASE)
_MARK = "told_from_here"
_COLUMNS = """
    SELECT quote_ident(t.table_name), string_agg(quote_ident(column_name), ',' ORDER BY ordinal_position)
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY t.table_name ORDER BY t.table_name
"""


@dataclass(frozen=True)
class _Told:
    answer: bytes
    rows: dict[str, str]
    replaced: dict[str, tuple[int, ...]]
    files: dict[str, bytes]


class _Memory:
    """What this worker has told so far, and what was told in the running test.

    ``trace`` names what the test has told in its order; it says what the database holds as long as nothing else was
    written since, which ``writes`` counts.
    """

    def __init__(self) -> None:
        self.told: dict[tuple[Any, ...], _Told] = {}
        self.seen: set[tuple[Any, ...]] = set()
        self.columns: dict[str, str] = {}
        self.begin(is_open=False)

    def begin(self, *, is_open: bool) -> None:
        self.is_open = is_open
        self.trace: tuple[Any, ...] = ()
        self.depth = self.writes = self.known_writes = 0

    @property
    def knows_the_database(self) -> bool:
        return self.writes == self.known_writes

    def extend(self, trace: tuple[Any, ...]) -> None:
        self.trace, self.known_writes = trace, self.writes


_memory = _Memory()


def is_telling() -> bool:
    """Whether what is made now may be written again in other tests, beside what these make themselves."""
    return _memory.depth > 0


@contextmanager
def replaying(fixtures: set[str], own: set[str]) -> Iterator[None]:
    """Within, stories may be replayed, unless a fixture changes them or the test changes something by itself.

    :param own: the names that the test itself asks for.
    """
    _memory.begin(is_open=not (fixtures & _APART or own & {"settings", "monkeypatch"}))
    with connection.execute_wrapper(_count_writes):
        yield
    _memory.begin(is_open=False)


def _count_writes(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
    if _WRITES.search(str(sql)):
        _memory.writes += 1
    return execute(sql, params, many, context)


def told_once(tell: Callable[P, T], *, anywhere: bool = False) -> Callable[P, T]:
    """Replay what ``tell`` wrote when it was called with the same arguments after the same stories.

    :param anywhere: whatever else stands in the database, as what is told rests on nothing of it.
    """

    @functools.wraps(tell)
    def again(*args: P.args, **options: P.kwargs) -> T:
        key = _key(tell, args, options, anywhere=anywhere)
        if key is None:
            return tell(*args, **options)
        goes_on, trace = _memory.knows_the_database, (*_memory.trace, key)
        if (found := _memory.told.get(key)) and _write(found):
            answer: T = pickle.loads(found.answer)
        else:
            answer = _tell(key, functools.partial(tell, *args, **options))
        if goes_on:
            _memory.extend(trace)
        return answer

    return again


def _key(
    tell: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any], *, anywhere: bool
) -> tuple[Any, ...] | None:
    """What names the telling; None where it may come out otherwise, or the database holds more than is known."""
    if not _memory.is_open:
        return None
    try:
        named = (tell.__module__, tell.__qualname__, _plain(args), _plain(options), _reference())
    except _NotPlainError:
        return None
    if anywhere:
        return named
    is_first = all(key[1] == _ANYWHERE for key in _memory.trace)
    if not _memory.knows_the_database or (is_first and not _holds_reference_only()):
        return None
    return (*named, _memory.trace)


def _tell(key: tuple[Any, ...], tell: Callable[[], T]) -> T:
    _memory.depth += 1
    try:
        # Remembering costs something: what goes on from another story is remembered when it is told again.
        is_new = bool(_memory.trace) and key not in _memory.seen
        _memory.seen.add(key)
        if is_new or not connection.in_atomic_block:
            return tell()
        return _remember(key, tell)
    finally:
        _memory.depth -= 1


def _remember(key: tuple[Any, ...], tell: Callable[[], T]) -> T:
    files = set(_files())
    with transaction.atomic():
        mark, filled = _mark(), _filled_tables()
        answer = tell()
        rows = _rows_since(mark)
        # A row that stood there before was written anew: counters, mostly.
        replaced = {table: ids for table in rows if table in filled and (ids := _ids_since(table, mark))}
    written = {name: Path(default_storage.path(name)).read_bytes() for name in _files() if name not in files}
    _memory.told[key] = _Told(pickle.dumps(answer), rows, replaced, written)
    return answer


def _write(told: _Told) -> bool:
    """Whether the rows are there; a test may have written something of its own that stands in their way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, ids in told.replaced.items():
                cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(ids)])
            for table, content in told.rows.items():
                cursor.copy_expert(f"COPY {table} ({_columns()[table]}) FROM STDIN", io.StringIO(content))
            cursor.execute("SET LOCAL session_replication_role = origin")
    except (IntegrityError, psycopg2.IntegrityError):
        return False
    for name, file in told.files.items():
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(file))
    return True


def _mark() -> str:
    """The number of the savepoint that everything told from here on is written in or after."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{_MARK}")
        cursor.execute(f"CREATE TEMP TABLE {_MARK} ON COMMIT DROP AS SELECT 1")
        cursor.execute(f"SELECT xmin::text FROM pg_temp.{_MARK}")
        return str(cursor.fetchone()[0])


def _rows_since(mark: str) -> dict[str, str]:
    rows = {}
    with connection.cursor() as cursor:
        for table, columns in _columns().items():
            content = io.StringIO()
            written = f"SELECT {columns} FROM {table} WHERE xmin::text::bigint >= {mark}"
            cursor.copy_expert(f"COPY ({written}) TO STDOUT", content)
            if content.getvalue():
                rows[table] = content.getvalue()
    return rows


def _filled_tables() -> set[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in _columns())
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {row[0] for row in cursor.fetchall()}


def _ids_since(table: str, mark: str) -> tuple[int, ...]:
    if "id" not in _columns()[table].split(","):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE xmin::text::bigint >= {mark}")
        return tuple(row[0] for row in cursor.fetchall())


def _columns() -> dict[str, str]:
    if not _memory.columns:
        with connection.cursor() as cursor:
            cursor.execute(_COLUMNS)
            _memory.columns = {row[0]: row[1] for row in cursor.fetchall()}
    return _memory.columns


def _files() -> list[str]:
    place = Path(default_storage.path(""))
    return [str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()]


class _NotPlainError(Exception):
    """An argument that is not the same in another test."""


def _plain(value: Any) -> Any:
    """The argument as part of a key; a row by its number, which tells it apart after the same stories."""
    if isinstance(value, Model):
        return (value._meta.label, value.pk)
    if value is None or isinstance(value, (str, int, Decimal, date)):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(_plain(getattr(value, part.name)) for part in fields(value)))
    if isinstance(value, dict):
        return tuple((key, _plain(value[key])) for key in sorted(value))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    raise _NotPlainError


def _reference() -> int | None:
    """Which loading of the county is there: a test that commits has it emptied and loaded anew, with other numbers."""
    return Area.objects.order_by("pk").values_list("pk", flat=True).first()


def _holds_reference_only() -> bool:
    return not (Staff.objects.exists() or Household.objects.exists() or Person.objects.exists())
