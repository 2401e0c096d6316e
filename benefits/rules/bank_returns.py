"""回盘: what a bank's return says of every payment, matched by payee, account and amount. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

Cell = str | int | float | Decimal | None
_HEADINGS: dict[str, tuple[str, ...]] = {
    "payee": ("领款人", "收款人", "收款户名", "户名", "账户名称", "姓名"),
    "account": ("账号", "收款账号", "银行账号", "卡号", "一卡通账号"),
    "amount": ("金额", "发放金额", "交易金额", "实发金额", "金额（元）", "金额(元)"),
    "result": ("结果", "处理结果", "发放结果", "交易结果", "状态", "交易状态"),
    "reason": ("失败原因", "原因", "退回原因", "备注", "说明"),
}
COLUMNS = {"payee": "领款人", "account": "账号", "amount": "金额", "result": "结果", "reason": "失败原因"}
"""What the columns are called when something is wrong in them."""
_NEEDED = ("payee", "account", "amount", "result")
_SEARCHED_FOR_HEADINGS = 20
_TOTALS = ("合计", "总计", "小计", "本页合计", "累计")
_FAILED = ("失败", "退回", "退票", "未成功", "不成功", "未发放", "拒绝")
_PAID = ("成功", "已发放", "已入账", "已到账", "已代发")
LONGEST_REASON = 100
OMITTED = "银行未回盘："
"""How the failure begins of a payment that the bank never spoke of (回盘缺项), and may still report as paid."""
_EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number than these."""


class Column(StrEnum):
    """Columns that a row may be wrong in."""

    PAYEE = "payee"
    ACCOUNT = "account"
    AMOUNT = "amount"
    RESULT = "result"


@dataclass(frozen=True)
class ReturnRow:
    """One payment as the bank answered it; ``number`` is the row's in the file."""

    number: int
    payee: str
    account: str
    amount: Decimal
    is_paid: bool
    reason: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken: its number, the column, the sentence; with what could be read of it."""

    number: int
    column: Column
    message: str
    payee: str = ""
    account: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class ReadReturn:
    """A file row by row: what could be read, and what not."""

    rows: tuple[ReturnRow, ...]
    faults: tuple[Fault, ...]

    @property
    def row_count(self) -> int:
        return len(self.rows) + len(self.faults)


class NoHeadings(ValueError):
    """The table does not name the columns that a return needs."""


def read_return(table: Sequence[Sequence[Cell]]) -> ReadReturn:
    """Read a return; rows without anything and rows of totals are passed over.

    :raises NoHeadings: no row among the first twenty names payee, account, amount and result.
    """
    head, places = _headings(table)
    rows, faults = [], []
    for number, cells in enumerate(table[head + 1 :], start=head + 2):
        if _is_blank(cells) or _is_total(cells):
            continue
        read = _read(number, {name: cells[at] if at < len(cells) else None for name, at in places.items()})
        if isinstance(read, Fault):
            faults.append(read)
        else:
            rows.append(read)
    return ReadReturn(tuple(rows), tuple(faults))


def _headings(table: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    for number, cells in enumerate(table[:_SEARCHED_FOR_HEADINGS]):
        titles = [_text(cell).replace(" ", "") for cell in cells]
        places = {
            name: titles.index(found)
            for name, words in _HEADINGS.items()
            if (found := next((word for word in words if word in titles), None)) is not None
        }
        if all(name in places for name in _NEEDED):
            return number, places
    raise NoHeadings("没有找到表头。表里要有“领款人（户名）”“账号”“金额”“结果”四列，失败的另写“失败原因”。")


def _read(number: int, cells: Mapping[str, Cell]) -> ReturnRow | Fault:
    payee, account = _text(cells["payee"]), "".join(_text(cells["account"]).split())
    amount = _amount(cells["amount"])

    def wrong(column: Column, message: str) -> Fault:
        return Fault(number, column, message, payee=payee, account=account, amount=amount)

    if not payee:
        return wrong(Column.PAYEE, "没有领款人。")
    if not account:
        return wrong(Column.ACCOUNT, "没有账号。")
    if not isinstance(cells["account"], str) and len(account) > _EXACT_DIGITS:
        return wrong(Column.ACCOUNT, "账号存成了数字，末几位已经不准；请把这一列设为文本，重新导出。")
    if amount is None:
        return wrong(Column.AMOUNT, "金额不是数字。")
    is_paid = _is_paid(_text(cells["result"]))
    if is_paid is None:
        return wrong(Column.RESULT, f"看不出“{_text(cells['result'])[:20]}”是成功还是失败。")
    reason = "" if is_paid else _text(cells.get("reason")) or "银行没有写明原因"
    return ReturnRow(number, payee, account, amount, is_paid, reason[:LONGEST_REASON])


def _is_paid(text: str) -> bool | None:
    if any(word in text for word in _FAILED):
        return False
    return True if any(word in text for word in _PAID) else None


def _amount(cell: Cell) -> Decimal | None:
    text = _text(cell).replace(",", "").replace("，", "").removeprefix("¥").removesuffix("元")
    try:
        amount = Decimal(text)
        return amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else None
    except InvalidOperation:
        return None


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{round(cell, 2):.2f}" if _to_the_fen(cell) else str(cell)
    return str(cell).strip()


def _to_the_fen(number: float) -> bool:
    """Whether it is a sum that only stands as a fraction of two."""
    return abs(number - round(number, 2)) < 1e-6


def _is_blank(cells: Sequence[Cell]) -> bool:
    return not any(_text(cell) for cell in cells)


def _is_total(cells: Sequence[Cell]) -> bool:
    first = next((_text(cell) for cell in cells if _text(cell)), "")
    return first.replace(" ", "").startswith(_TOTALS)


@dataclass(frozen=True)
class SentLine:
    """A line of a roll that was sent to the bank; ``account`` may be any key, as long as rows bring the same."""

    pk: int
    payee: str
    account: str
    amount: Decimal
    is_open: bool
    standing: str = ""
    """What was recorded of it before: 已发放."""
    is_paid: bool = False
    """Recorded as paid: the bank may still give it back (退票)."""
    is_omitted: bool = False
    """Taken as failed as the bank was silent (回盘缺项), and not issued anew: the bank may still report it as paid."""
    guardian: str = ""
    """Who receives it for the family (监护人、代管人); banks answer by either name."""

    def is_named(self, payee: str) -> bool:
        """Whether the name is the account holder's or the guardian's."""
        return any(_same_name(name, payee) for name in (self.payee, self.guardian) if name)


@dataclass(frozen=True)
class Matching:
    """Which row answers which line, and which answer none; lines that the file does not speak of."""

    lines: Mapping[int, int] = field(default_factory=dict)
    """Primary key of the line by the row's number."""
    faults: tuple[Fault, ...] = ()
    unanswered: tuple[int, ...] = ()


def match_rows(rows: Iterable[ReturnRow], lines: Iterable[SentLine]) -> Matching:
    """Match rows to lines by account, payee and amount, never by their place; each line is answered once.

    A row of failure also answers a line recorded as paid: the bank gives the payment back (退票). A row of success also
    answers one that was taken as failed for the bank's silence (回盘缺项): it was paid after all. Where several lines
    look the same to the bank (an institution's), a row that only says what is recorded already takes that line up, so
    that it does not speak of its neighbour; a file that repeats earlier answers is read that way first.
    """
    rows = list(rows)
    by_account: dict[str, list[SentLine]] = defaultdict(list)
    for line in lines:
        by_account[line.account].append(line)
    fitting = {row.number: [one for one in by_account[row.account] if _fits(row, one)] for row in rows}
    answered: dict[int, int] = {}
    found: dict[int, SentLine] = {}
    known: set[int] = set()
    for is_meant in (_is_known, _is_awaited, _is_turned) if _repeats(rows, by_account) else _AS_NEW:
        for row in rows:
            left = (some for some in fitting[row.number] if some.pk not in answered and is_meant(row, some))
            if row.number not in found and (one := next(left, None)) is not None:
                answered[one.pk], found[row.number] = row.number, one
                if is_meant is _is_known:
                    known.add(row.number)
    spoken = {number: line.pk for number, line in found.items() if number not in known}
    taken = {key: number for number, key in spoken.items()}
    faults = []
    for row in rows:
        if row.number not in spoken:
            meant = [found[row.number]] if row.number in known else fitting[row.number]
            column, message = _why_not(row, by_account[row.account], meant, taken)
            faults.append(Fault(row.number, column, message, row.payee, row.account, row.amount))
    waiting = [line.pk for group in by_account.values() for line in group if line.is_open]
    return Matching(spoken, tuple(faults), tuple(sorted(key for key in waiting if key not in answered)))


def _fits(row: ReturnRow, line: SentLine) -> bool:
    return line.is_named(row.payee) and line.amount == row.amount


def _is_awaited(row: ReturnRow, line: SentLine) -> bool:
    return line.is_open


def _is_known(row: ReturnRow, line: SentLine) -> bool:
    """Whether the row only says what is recorded already."""
    return not line.is_open and row.is_paid == line.is_paid


def _is_turned(row: ReturnRow, line: SentLine) -> bool:
    """Whether the row takes back what was recorded: 退票, or a payment that the bank had been silent of and made."""
    return line.is_omitted if row.is_paid else line.is_paid


_AS_NEW = (_is_awaited, _is_known, _is_turned)


def _repeats(rows: Iterable[ReturnRow], by_account: Mapping[str, list[SentLine]]) -> bool:
    """Whether a file says again what is recorded: somewhere more rows than wait, with a result that stands already."""
    results: dict[tuple[str, Decimal], list[bool]] = defaultdict(list)
    for row in rows:
        results[row.account, row.amount].append(row.is_paid)
    for (account, amount), said in results.items():
        alike = [line for line in by_account[account] if line.amount == amount]
        recorded = {line.is_paid for line in alike if not line.is_open}
        if len(said) > sum(line.is_open for line in alike) and not recorded.isdisjoint(said):
            return True
    return False


def _why_not(
    row: ReturnRow, candidates: list[SentLine], fitting: list[SentLine], answered: Mapping[int, int]
) -> tuple[Column, str]:
    if not candidates:
        return Column.ACCOUNT, "发放册里没有这个账号。"
    named = [one for one in candidates if one.is_named(row.payee)]
    if not named:
        return Column.PAYEE, f"账号相符，户名不符：发放册上是“{candidates[0].payee}”。"
    if not fitting:
        wanted = "、".join(f"{one.amount:,.2f}" for one in named)
        return Column.AMOUNT, f"账号和户名相符，金额不符：发放册上是{wanted}元。"
    twice = next((answered[one.pk] for one in fitting if one.pk in answered), None)
    if twice is not None:
        return Column.ACCOUNT, f"与第{twice}行重复。"
    return Column.RESULT, f"这一笔已经登记过（{fitting[0].standing}），没有重复登记。"


def _same_name(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())
