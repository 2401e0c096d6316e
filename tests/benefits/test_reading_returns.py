"""回盘: read row by row, matched by payee, account and amount, every bad row with its number and column."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from benefits.rules.bank_returns import (
    Column,
    NoHeadings,
    ReturnRow,
    SentLine,
    match_rows,
    read_return,
)
from foundation.uploaded_tables import read_table

HEAD = ["序号", "领款人", "账号", "金额", "结果", "失败原因"]
HU, WANG = "6217000000000019", "6217000000000027"


def lines(*more: SentLine) -> list[SentLine]:
    return [
        SentLine(1, "胡德旺", HU, Decimal("515.00"), is_open=True),
        SentLine(2, "汪美玲", WANG, Decimal("1030.00"), is_open=True),
        *more,
    ]


def row(number: int, payee: str, account: str, amount: str, *, is_paid: bool = True) -> ReturnRow:
    return ReturnRow(number, payee, account, Decimal(amount), is_paid)


def test_the_heading_is_found_below_a_title_and_rows_of_totals_are_passed_over() -> None:
    read = read_return(
        [
            ["绩溪县2026年12月低保发放回盘"],
            HEAD,
            [1, "胡德旺", HU, 515, "代发成功", None],
            ["2", " 汪美玲 ", WANG, "1,030.00元", "失败", "账户已销户"],
            [None, "", "", None],
            ["合计", "", "", "1545.00", "", ""],
        ]
    )
    assert read.faults == ()
    assert read.rows == (
        ReturnRow(3, "胡德旺", HU, Decimal("515.00"), True),
        ReturnRow(4, "汪美玲", WANG, Decimal("1030.00"), False, "账户已销户"),
    )


def test_a_table_without_the_four_columns_says_which_it_needs() -> None:
    with pytest.raises(NoHeadings, match="领款人（户名）”“账号”“金额”“结果"):
        read_return([["姓名", "金额"], ["胡德旺", "515"]])


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (["", HU, "515", "成功"], Column.PAYEE, "没有领款人"),
        (["胡德旺", "", "515", "成功"], Column.ACCOUNT, "没有账号"),
        (["胡德旺", 6217000000000019, "515", "成功"], Column.ACCOUNT, "末几位已经不准"),
        (["胡德旺", HU, "五百", "成功"], Column.AMOUNT, "不是数字"),
        (["胡德旺", HU, "515.005", "成功"], Column.AMOUNT, "不是数字"),
        (["胡德旺", HU, "515", "处理中"], Column.RESULT, "看不出“处理中”是成功还是失败"),
        (["胡德旺", HU, "515", ""], Column.RESULT, "看不出"),
    ],
)
def test_a_bad_cell_is_told_by_row_and_column(cells: list[Any], column: Column, words: str) -> None:
    read = read_return([["领款人", "账号", "金额", "结果"], cells])
    (fault,) = read.faults
    assert (fault.number, fault.column, read.rows) == (2, column, ())
    assert words in fault.message


@pytest.mark.parametrize(("text", "is_paid"), [("发放成功", True), ("未成功", False), ("退票", False), ("成功", True)])
def test_results_are_read_as_banks_write_them(text: str, is_paid: bool) -> None:
    read = read_return([["户名", "卡号", "发放金额", "状态"], ["胡德旺", HU, 515.0, text]])
    assert [one.is_paid for one in read.rows] == [is_paid]


def test_a_failure_without_its_reason_says_so() -> None:
    read = read_return([HEAD, [1, "胡德旺", HU, "515", "失败", ""]])
    assert read.rows[0].reason == "银行没有写明原因"


def test_rows_are_matched_whatever_their_order() -> None:
    found = match_rows([row(2, "汪美玲", WANG, "1030"), row(3, "胡德旺", HU, "515")], lines())
    assert (dict(found.lines), found.faults, found.unanswered) == ({2: 2, 3: 1}, (), ())


@pytest.mark.parametrize(
    ("one", "column", "words"),
    [
        (row(2, "胡德旺", "6217000000000099", "515"), Column.ACCOUNT, "没有这个账号"),
        (row(2, "胡得旺", HU, "515"), Column.PAYEE, "户名不符：发放册上是“胡德旺”"),
        (row(2, "胡德旺", HU, "516"), Column.AMOUNT, "发放册上是515.00元"),
    ],
)
def test_a_row_that_fits_in_two_of_three_is_not_taken(one: ReturnRow, column: Column, words: str) -> None:
    found = match_rows([one], lines())
    (fault,) = found.faults
    assert fault.column == column and words in fault.message
    assert found.unanswered == (1, 2)


def test_a_row_that_stands_twice_is_taken_once() -> None:
    found = match_rows([row(2, "胡德旺", HU, "515"), row(3, "胡德旺", HU, "515")], lines())
    assert dict(found.lines) == {2: 1}
    assert [(fault.number, fault.message) for fault in found.faults] == [(3, "与第2行重复。")]


def test_two_equal_payments_to_one_account_take_a_row_each() -> None:
    twin = SentLine(3, "胡德旺", HU, Decimal("515.00"), is_open=True)
    found = match_rows([row(2, "胡德旺", HU, "515"), row(3, "胡德旺", HU, "515")], lines(twin))
    assert dict(found.lines) == {2: 1, 3: 3}
    assert found.unanswered == (2,)


def test_what_was_recorded_before_is_not_recorded_again() -> None:
    paid = SentLine(1, "胡德旺", HU, Decimal("515.00"), is_open=False, standing="已发放")
    found = match_rows([row(2, "胡德旺", HU, "515")], [paid])
    assert found.lines == {}
    assert [fault.message for fault in found.faults] == ["这一笔已经登记过（已发放），没有重复登记。"]


HOME = "6217000000000035"


def of_home(key: int, state: str) -> SentLine:
    """A person's payment to the account of the home that cares for several: they look the same to the bank."""
    standing = {"paid": "已发放", "failed": "发放失败"}.get(state, "")
    is_open, is_paid = state == "waiting", state == "paid"
    return SentLine(key, "敬老院", HOME, Decimal("840.00"), is_open=is_open, standing=standing, is_paid=is_paid)


@pytest.mark.parametrize(
    ("states", "results", "answered"),
    [
        pytest.param(("paid", "failed"), "成败", {}, id="both known"),
        pytest.param(("failed", "paid"), "成败", {}, id="both known, the other way round"),
        pytest.param(("paid", "failed"), "败", {}, id="the failure again"),
        pytest.param(("paid", "failed"), "败败", {3: 1}, id="the failure again, and the paid one back"),
        pytest.param(("paid", "paid"), "成败", {3: 2}, id="one stays paid, one comes back"),
        pytest.param(("paid",), "败", {2: 1}, id="the only one comes back"),
        pytest.param(("paid", "waiting"), "成败", {3: 2}, id="the paid one again, then the one that waited"),
        pytest.param(("paid", "waiting"), "成", {2: 2}, id="only what waited"),
        pytest.param(("failed", "waiting"), "败成", {3: 2}, id="the failed one again, then the one that waited"),
    ],
)
def test_a_file_that_repeats_itself_does_not_speak_of_a_neighbour(
    states: tuple[str, ...], results: str, answered: dict[int, int]
) -> None:
    sent = [of_home(key, state) for key, state in enumerate(states, start=1)]
    rows = [row(number, "敬老院", HOME, "840", is_paid=said == "成") for number, said in enumerate(results, start=2)]
    found = match_rows(rows, sent)
    assert found.lines == answered
    assert [fault.number for fault in found.faults] == [one.number for one in rows if one.number not in answered]
    assert all("已经登记过" in fault.message for fault in found.faults)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("回盘.xlsx", content)


def as_csv(rows: Sequence[Sequence[Any]], encoding: str) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode(encoding)


def as_workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_in_the_encodings_of_banks(encoding: str) -> None:
    read = read_return(read_table(upload(as_csv([HEAD, ["1", "胡德旺", HU, "515.00", "成功", ""]], encoding))))
    assert read.rows == (ReturnRow(2, "胡德旺", HU, Decimal("515.00"), True),)


def test_a_workbook_is_read_with_its_figures() -> None:
    read = read_return(read_table(upload(as_workbook([HEAD, [1, "胡德旺", HU, 515.5, "成功", ""]]))))
    assert read.rows == (ReturnRow(2, "胡德旺", HU, Decimal("515.50"), True),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "另存为 .xlsx"),
        (b"PK\x03\x04 no workbook", "打不开"),
        (b"\xff\xfe\x00\x01", "打不开"),
        (b"\n\n", "没有内容"),
    ],
)
def test_what_is_no_table_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read_table(upload(content))
