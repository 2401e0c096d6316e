"""Geometry of the year's payments by month beside the plan's twelfth. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from benefits.rules.funding import MONTHS_A_YEAR, Execution

WIDTH = 720
HEIGHT = 170
_LEFT, _TOP, _GROUND = 8, 22, 146
_STEP = 58
_BAR = 34


class MonthBar(NamedTuple):
    """One month: its name, its figure in 万元, and where it is drawn."""

    label: str
    figure: str
    amount: Decimal
    x: int
    middle: int
    y: int
    height: int


@dataclass(frozen=True)
class MonthChart:
    """Twelve months and the height of the plan's twelfth; ``plan_y`` is None without a plan."""

    bars: tuple[MonthBar, ...]
    plan_y: int | None
    plan_figure: str
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = _GROUND
    bar_width: int = _BAR


def month_bars(year: Execution) -> MonthChart:
    """Bars whose heights stand to one another as the months' sums; the highest, or the plan, fills the room."""
    monthly = year.planned / MONTHS_A_YEAR
    highest = max([*year.by_month, monthly])
    room = _GROUND - _TOP

    def height_of(amount: Decimal) -> int:
        return round(room * amount / highest) if highest else 0

    bars = []
    for place, amount in enumerate(year.by_month):
        x, height = _LEFT + place * _STEP, height_of(amount)
        figure = _ten_thousands(amount) if amount else ""
        bars.append(MonthBar(f"{place + 1}月", figure, amount, x, x + _BAR // 2, _GROUND - height, height))
    plan_y = _GROUND - height_of(monthly) if year.planned else None
    return MonthChart(tuple(bars), plan_y, _ten_thousands(monthly))


def _ten_thousands(amount: Decimal) -> str:
    return f"{amount / 10000:,.2f}万"
