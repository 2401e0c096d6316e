"""Tables that people hand in as Excel or CSV: read cell by cell, nothing run, nothing larger than a table may be."""

from __future__ import annotations  # File takes no subscript at run time

import csv
import io
import zipfile
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File

LARGEST_BYTES = 5 * 1024 * 1024
_LARGEST_UNPACKED = 80 * 1024 * 1024
MOST_ROWS = 20_000
_MOST_COLUMNS = 60
_ENCODINGS = ("utf-8-sig", "gb18030")
Table = list[list[Any]]


def read_table(upload: File[Any]) -> Table:
    """The first sheet of an xlsx file, or a CSV file in UTF-8 or GB 18030; figures stay figures, text is text.

    :raises ValidationError: too large, empty, or neither of the two.
    """
    if upload.size > LARGEST_BYTES:
        raise ValidationError(f"文件超过 {LARGEST_BYTES // 1048576} MB，请确认是不是选错了。")
    upload.seek(0)
    content = upload.read()
    if not content:
        raise ValidationError("文件是空的，请重新选择。")
    if content.startswith(b"PK"):
        table = _from_workbook(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError("这是旧格式的 .xls 文件，请用 Excel 或 WPS 另存为 .xlsx 再上传。")
    else:
        table = _from_text(content)
    if not any(any(cell not in (None, "") for cell in row) for row in table):
        raise ValidationError("表格里没有内容，请重新选择。")
    return table


def _from_workbook(content: bytes) -> Table:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _LARGEST_UNPACKED:
                raise ValidationError("表格太大，请只保留需要的一张表。")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True)
        table = [list(row) for row in rows]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise ValidationError("文件打不开，请确认是 Excel（.xlsx）或 CSV 文件。") from error
    return _checked(table)


def _from_text(content: bytes) -> Table:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return _checked(list(csv.reader(io.StringIO(text, newline=""))))
        except csv.Error:
            break
    raise ValidationError("文件打不开，请确认是 Excel（.xlsx）或 CSV 文件。")


def _checked(table: Table) -> Table:
    if len(table) > MOST_ROWS:
        raise ValidationError(f"表格超过 {MOST_ROWS} 行，请分几次上传。")
    return table
