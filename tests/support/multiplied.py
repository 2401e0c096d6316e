"""Families with awards by the thousand, copied in the database from a few: for what must stay linear and flat."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

_TABLES: Mapping[str, Mapping[str, str]] = {
    "households_household": {"number": "number || '-' || g.k"},
    "households_person": {
        "id_number": "''",
        "id_number_index": "''",
        "id_tail_index": "''",
        "missing_id_reason": "'lost'",
    },
    "households_member": {},
    "households_income": {},
    "eligibility_assessment": {"facts": "{members}", "result": "{members}"},
    "benefits_award": {"number": "left(md5(number || '-' || g.k), 20)"},
    "benefits_awardversion": {},
    "benefits_awardversionperson": {},
    "benefits_awardperson": {},
}
"""What is copied, in the order of the keys; columns that must differ."""
_KEYS = frozenset({"id", "household_id", "person_id", "member_id", "assessment_id", "award_id", "version_id"})


def multiply(copies: int, *, after: int = 0, step: int = 0) -> int:
    """Copy every family with members, incomes, assessments and awards so many times; in a database of a test.

    :param after: how many copies there are already, made with ``step``.
    :returns: how far the keys of one copy lie from those of the one before; the originals' lie below.
    """
    with connection.cursor() as cursor:
        step = step or _step(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, otherwise in _TABLES.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            values = _values(table, otherwise, step)
            names = ", ".join(f'"{column}"' for column in values)
            copied = f"SELECT {', '.join(values.values())} FROM {table}"
            numbered = f"generate_series({after + 1}::bigint, {copies}) g(k) WHERE id < {step}"
            cursor.execute(f"INSERT INTO {table} ({names}) {copied}, {numbered}")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    return step


def advance_sequences() -> None:
    """Let rows that are added later have keys above the copies'; not undone with a transaction."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _step(cursor: Any) -> int:
    """A power of ten above every key."""
    most = []
    for table in _TABLES:
        cursor.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
        most.append(cursor.fetchone()[0])
    return int(10 ** len(str(max(most))))


def _values(table: str, otherwise: Mapping[str, str], step: int) -> dict[str, str]:
    """What stands in each column of a copy."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    values = {column: f'"{column}" + g.k * {step}' if column in _KEYS else f'"{column}"' for column in columns}
    for column, value in otherwise.items():
        values[column] = value.replace("{members}", _renamed(column, step))
    return values


def _renamed(column: str, step: int) -> str:
    """The JSON of a column with each member's reference as it is in the copy: the copy's number before the key."""
    told, places = f"{column}::text", len(str(step)) - 1
    for digits in range(1, places + 1):
        before = "0" * (places - digits)
        told = f"""regexp_replace({told}, '"m(\\d{{{digits}}})"', '"m' || g.k || '{before}\\1"', 'g')"""
    return f"({told})::jsonb"
