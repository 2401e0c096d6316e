"""Lists as Excel, row by row: nothing of a long list stands in memory twice, and no cell is one that would run."""

import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from import_export import resources

_RUNS = re.compile(r"[\s\x00-\x1f]*[=+\-@＝＋－＠]|[\t\r\n]")
"""Begins like a formula, also after blanks and in full width: Excel, WPS and LibreOffice judge differently."""
_FIGURE = re.compile(r"[+-]?\d{1,12}(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a workbook cannot hold at all."""
_IN_MEMORY_BYTES = 2 * 1024 * 1024
_ROWS_AT_ONCE = 500


class PlainResource(resources.ModelResource):
    """Rows of text and figures. One that can show numbers of people whole does so where :attr:`in_full` is set."""

    subject_type = ""
    """What a row is, as records of access name it."""

    def __init__(self, *, in_full: bool = False) -> None:
        super().__init__()
        self.in_full = in_full

    def shown(self, value: Any) -> str:
        """A personal value masked, or whole in a full export."""
        return value.reveal() if self.in_full else str(value)

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        """Keys of the persons whom the rows name, for the record of who was read."""
        return []


@dataclass(frozen=True)
class Workbook:
    """A finished file and how many rows of the list it holds."""

    content: bytes
    row_count: int


def plain_cell(value: Any) -> Any:
    """A value that stays text in every spreadsheet program; figures stay figures."""
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return f"'{text}" if _RUNS.match(text) and not _FIGURE.fullmatch(text) else text


def book(title: str, rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows that no table of the database holds, as a workbook of one sheet."""
    from openpyxl import Workbook as Book

    file, made = io.BytesIO(), Book(write_only=True)
    sheet = made.create_sheet(title)
    for cells in rows:
        sheet.append([plain_cell(cell) for cell in cells])
    made.save(file)
    return file.getvalue()


def workbook(resource: PlainResource, rows: QuerySet[Any], *, above: Iterable[Sequence[Any]] = ()) -> Workbook:
    """Write a list, read and written a few hundred rows at a time.

    :param above: lines over the head of the table.
    """
    from openpyxl import Workbook as Book

    book = Book(write_only=True)
    sheet = book.create_sheet("名单")
    for line in above:
        sheet.append([plain_cell(value) for value in line])
    fields = resource.get_export_fields()
    sheet.append([plain_cell(title) for title in resource.get_export_headers()])
    count = 0
    for row in resource.filter_export(rows).iterator(chunk_size=_ROWS_AT_ONCE):
        sheet.append([plain_cell(resource.export_field(field, row)) for field in fields])
        count += 1
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
        book.save(file)
        file.seek(0)
        return Workbook(file.read(), count)
