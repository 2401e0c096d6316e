"""Thousands of values for one statement, as the text of an array.

The driver writes a list as an expression of so many constants, each of which the database parses and plans; the text of
an array is read in one go. Cast it where it is used: ``%(days)s::date[]``.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal


def array_text(values: Iterable[str | int | bool | date | Decimal | None]) -> str:
    """``{1,2,NULL}``: texts are quoted, None is NULL."""
    told = ["NULL" if value is None else _quoted(value) if isinstance(value, str) else str(value) for value in values]
    return "{" + ",".join(told) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
