"""Stories told once: the rows that the services wrote the first time are written again for the next test by COPY.

Telling a case up to its decision takes half a second of services, papers and triggers; most tests only begin there.
What is replayed is what was really written, history, papers and files included, into a database that holds nothing
but the reference data, as at the first telling; in every other situation the story is told again.
"""

import functools
import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from eligibility.models import Parameter
from households.models import Household, Person
from organizations.models import Staff

P = ParamSpec("P")
T = TypeVar("T")

_APART = {"monkeypatch", "public_address", "walk"}
"""Fixtures under which a story may come out otherwise."""
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
    """What this worker has told so far; ``is_open`` while a test runs in which stories come out as everywhere."""

    def __init__(self) -> None:
        self.told: dict[tuple[Any, ...], _Told] = {}
        self.is_open = False
        self.columns: dict[str, str] = {}


_memory = _Memory()


@contextmanager
def replaying(fixtures: set[str], own: set[str]) -> Iterator[None]:
    """Within, stories may be replayed, unless a fixture, or the test by its own ``settings``, changes them."""
    _memory.is_open = not (fixtures & _APART or "settings" in own)
    try:
        yield
    finally:
        _memory.is_open = False


def told_once(tell: Callable[P, T], *, anywhere: bool = False) -> Callable[P, T]:
    """Replay what ``tell`` wrote when it was first called with the same plain arguments.

    :param anywhere: whatever else stands in the database, as what is told rests on nothing of it.
    """

    @functools.wraps(tell)
    def again(*args: P.args, **options: P.kwargs) -> T:
        if not (_memory.is_open and _is_plain(*args, *options.values()) and (anywhere or _holds_reference_only())):
            return tell(*args, **options)
        key = (tell.__module__, tell.__qualname__, Parameter.objects.count(), args, tuple(sorted(options.items())))
        if (found := _memory.told.get(key)) and _write(found):
            answer: T = pickle.loads(found.answer)
            return answer
        if not connection.in_atomic_block:
            return tell(*args, **options)
        return _remember(key, functools.partial(tell, *args, **options))

    return again


def _remember(key: tuple[Any, ...], tell: Callable[[], T]) -> T:
    files = set(_files())
    with transaction.atomic():
        mark = _mark()
        answer = tell()
        rows = _rows_since(mark)
        replaced = {table: ids for table in rows if (ids := _replaced(table, mark))}
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
    except IntegrityError:
        return False
    for name, content in told.files.items():
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
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


def _replaced(table: str, mark: str) -> tuple[int, ...]:
    """Ids of the rows since the mark, where the table had rows before: some of these may be among them."""
    if not _columns()[table].split(",").count("id"):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE xmin::text::bigint < {mark})")
        if not cursor.fetchone()[0]:
            return ()
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


def _is_plain(*values: Any) -> bool:
    """Whether they mean the same in every test: no rows, no other story."""
    return all(value is None or isinstance(value, (str, int, frozenset, date)) for value in values)


def _holds_reference_only() -> bool:
    return not (Staff.objects.exists() or Household.objects.exists() or Person.objects.exists())
