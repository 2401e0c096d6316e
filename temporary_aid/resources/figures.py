"""The figures of aid as a spreadsheet: every township, type and month, and what they come to together."""

from collections.abc import Iterator, Sequence
from typing import Any

from benefits.resources.differences import book
from eligibility.rules.choices import HardshipType
from temporary_aid.queries.figures import NONE_YET, AidFigures, Figure

_HEAD = (
    *(
        "乡镇",
        "类型",
        "月份",
        "救助次数",
        "户数",
        "人次",
        "资金（元）",
        "实物和服务折价（元）",
        "合计（元）",
        "其中已退回（元）",
        "户均（元）",
        "户均为基数的倍数",
    ),
    *("首次到手件数", "报告到到手中位数（小时）", "报告到到手90分位（小时）"),
    *("急难型件数", "时限内件数", "超时件数", "时限内比例（%）"),
)
ALL = "合计"


def figures_book(found: AidFigures, *, cut: str) -> bytes:
    """The xlsx file.

    :param cut: what the figures are cut to, in words.
    """
    title = [f"{found.period.in_words}临时救助统计{cut}", *("" for _ in _HEAD[1:])]
    return book("临时救助统计", [title, _HEAD, *_rows(found)])


def _rows(found: AidFigures) -> Iterator[Sequence[Any]]:
    for area in found.townships:
        for kind in HardshipType:
            for month in found.months:
                figure = found.of(township=area, kind=kind, month=month)
                if figure != NONE_YET:
                    yield _row(area.name, kind.label, f"{month:%Y-%m}", figure)
            yield _row(area.name, kind.label, ALL, found.of(township=area, kind=kind))
        yield _row(area.name, ALL, ALL, found.of(township=area))
    for month in found.months:
        yield _row(ALL, ALL, f"{month:%Y-%m}", found.of(month=month))
    for kind in HardshipType:
        yield _row(ALL, kind.label, ALL, found.of(kind=kind))
    yield _row(ALL, ALL, ALL, found.of())


def _row(township: str, kind: str, month: str, figure: Figure) -> Sequence[Any]:
    return (
        *(township, kind, month, figure.times, figure.families, figure.people),
        *(figure.money, figure.goods, figure.amount, figure.returned, figure.average, figure.base_multiple),
        *(figure.reached, figure.median_hours, figure.p90_hours),
        *(figure.urgent, figure.in_time, figure.late, figure.share_in_time),
    )
