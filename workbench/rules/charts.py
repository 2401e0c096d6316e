"""Geometry of the charts: bars and a line as numbers that an SVG template draws. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

BAR_HEIGHT = 16
BAR_STEP = 26
LABEL_WIDTH = 92
BAR_ROOM = 330
FIGURE_WIDTH = 118
LINE_WIDTH = 280
LINE_HEIGHT = 96
_MARGIN = 12


class Bar(NamedTuple):
    """One bar: its label, what it stands for in words, and where it is drawn."""

    label: str
    figure: str
    y: int
    width: int
    url: str


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, one a row of the table behind it."""

    bars: tuple[Bar, ...]
    label_width: int = LABEL_WIDTH
    bar_height: int = BAR_HEIGHT

    @property
    def width(self) -> int:
        return LABEL_WIDTH + BAR_ROOM + FIGURE_WIDTH

    @property
    def height(self) -> int:
        return len(self.bars) * BAR_STEP


class Amount(NamedTuple):
    """A row to be drawn: its label, its size, the size in words and the list that it leads to."""

    label: str
    size: Decimal | int
    figure: str
    url: str = ""


def bar_chart(rows: Sequence[Amount]) -> BarChart:
    """Bars whose lengths stand to one another as the sizes; the longest fills the room."""
    longest = max((row.size for row in rows), default=0)
    bars = [
        Bar(
            label=row.label,
            figure=row.figure,
            y=position * BAR_STEP,
            width=round(BAR_ROOM * row.size / longest) if longest else 0,
            url=row.url,
        )
        for position, row in enumerate(rows)
    ]
    return BarChart(tuple(bars))


class Point(NamedTuple):
    """One month of a line: where it lies, and its figure."""

    label: str
    figure: int
    x: int
    y: int


@dataclass(frozen=True)
class LineChart:
    """A line over months."""

    points: tuple[Point, ...]
    width: int = LINE_WIDTH
    height: int = LINE_HEIGHT

    @property
    def path(self) -> str:
        """The points as an SVG polyline takes them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def last(self) -> Point:
        return self.points[-1]


def line_chart(rows: Sequence[tuple[str, int]]) -> LineChart:
    """A line from the ground at zero; equal steps from left to right."""
    highest = max((size for _, size in rows), default=0)
    room = LINE_HEIGHT - 2 * _MARGIN
    step = (LINE_WIDTH - 2 * _MARGIN) / max(len(rows) - 1, 1)
    return LineChart(
        tuple(
            Point(
                label=label,
                figure=size,
                x=round(_MARGIN + step * position),
                y=round(LINE_HEIGHT - _MARGIN - (room * size / highest if highest else 0)),
            )
            for position, (label, size) in enumerate(rows)
        )
    )
