"""Changes between two months, and the year's funds, as spreadsheets: lists that no table of the database holds."""

from collections.abc import Iterable, Sequence
from typing import Any

from benefits.queries.differences import Comparison, Difference
from benefits.queries.funds import SchemeFunds
from benefits.rules.funding import MONTHS_A_YEAR, Execution
from foundation.spreadsheets import book

_CHANGES = (
    "变动",
    "户主",
    "乡镇",
    "村（社区）",
    "上月（元）",
    "本月（元）",
    "增减（元）",
    "本月差额",
    "本月增发",
    "本月补发",
    "本月追回",
    "状态",
    "原因",
    "决定日期",
    "依据",
)


def difference_book(found: Comparison, rows: Iterable[Difference]) -> bytes:
    """Every change with its event, under the sums of both months by kind."""
    head: list[Sequence[Any]] = [
        [f"{found.month:%Y年%-m月}与{found.month_before:%Y年%-m月}比对"],
        ["上月", found.before_families, "户", found.before_amount, "元"],
        *[[total.change.label, total.payees, "户", total.difference, "元"] for total in found.totals],
        ["本月", found.families, "户", found.amount, "元"],
        [],
        _CHANGES,
    ]
    width = len(_CHANGES)
    return book("变动", [*([*row, *[""] * (width - len(row))] for row in head), *map(_row, rows)])


def _row(row: Difference) -> Sequence[Any]:
    now = row.now
    return (
        row.change.label,
        row.head_name,
        row.township,
        row.village,
        row.before_amount,
        row.amount,
        row.difference,
        *((now.base, now.topup, now.back_payment, now.recoupment) if now else ("", "", "", "")),
        "待补账户" if now and now.is_held else "",
        row.event.words,
        row.event.decided_on,
        row.event.source,
    )


_FUNDS = ("险种", "资金来源", "计划（元）", "已支出（元）", "剩余（元）", "执行率（%）", "预计全年（元）")


def funds_book(year: int, funds: Iterable[SchemeFunds]) -> bytes:
    """The year's plan beside what was paid, by scheme and source and month."""
    months = [f"{number}月" for number in range(1, MONTHS_A_YEAR + 1)]
    rows: list[Sequence[Any]] = [[f"{year}年资金计划执行情况"], [*_FUNDS, *months]]
    for scheme in funds:
        rows += [_fund(scheme.scheme.label, source.label, execution) for source, execution in scheme.by_source]
        rows.append(_fund(scheme.scheme.label, "合计", scheme.whole))
    return book("资金计划", rows)


def _fund(scheme: str, source: str, year: Execution) -> Sequence[Any]:
    figures = (year.planned, year.paid, year.remaining, year.percent, year.forecast)
    return scheme, source, *figures, *year.by_month
