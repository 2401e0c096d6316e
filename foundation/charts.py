"""Geometry of charts over days: values that hold from a day on, as lines that an SVG template draws. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

WIDTH = 720
HEIGHT = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 64, 20, 24


class Level(NamedTuple):
    """A value from a day on."""

    since: date
    value: Decimal


class Mark(NamedTuple):
    """Where a value begins, and its figure; none where it goes on."""

    x: int
    y: int
    figure: str


@dataclass(frozen=True)
class StepLine:
    """One line of steps: its name, its path, a mark at each step."""

    name: str
    path: str
    marks: tuple[Mark, ...]

    @property
    def last(self) -> Mark:
        return self.marks[-1]


@dataclass(frozen=True)
class StepChart:
    """Lines of steps over the same days; ``years`` are the ticks below."""

    lines: tuple[StepLine, ...]
    years: tuple[tuple[int, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = HEIGHT - _BOTTOM


def step_chart(series: Mapping[str, Sequence[Level]], *, until: date) -> StepChart:
    """Lines of values that hold from their day to the next one, the last to ``until``; the ground is zero.

    :param series: levels in the order of their days, by the line's name; empty ones are left out.
    """
    drawn = {name: levels for name, levels in series.items() if levels}
    first = min((levels[0].since for levels in drawn.values()), default=until)
    last = max([until, *(levels[-1].since for levels in drawn.values())])
    highest = max((level.value for levels in drawn.values() for level in levels), default=Decimal(0))
    days = max((last - first).days, 1)

    def x_of(day: date) -> int:
        return _LEFT + round((WIDTH - _LEFT - _RIGHT) * (day - first).days / days)

    def y_of(value: Decimal) -> int:
        room = HEIGHT - _TOP - _BOTTOM
        return HEIGHT - _BOTTOM - (round(room * value / highest) if highest else 0)

    lines = []
    for name, levels in drawn.items():
        marks = tuple(
            # A value that goes on is not written again.
            Mark(x_of(level.since), y_of(level.value), "" if level.value == before else f"{level.value:,}")
            for level, before in zip(levels, [None, *(level.value for level in levels)], strict=False)
        )
        points = [f"{marks[0].x},{marks[0].y}"]
        for before, after in pairwise(marks):
            points += [f"{after.x},{before.y}", f"{after.x},{after.y}"]
        points.append(f"{x_of(last)},{marks[-1].y}")
        lines.append(StepLine(name, " ".join(points), marks))
    years = tuple((year, x_of(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1))
    return StepChart(tuple(lines), years)
