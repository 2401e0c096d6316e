"""政策测算: what a draft comes to beside today, and how its effect is spread. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from eligibility.rules.choices import Residence
from eligibility.rules.parameter_document import PARAMETERS
from eligibility.rules.shapes import Fault, ObjectOf, Shape

_OF_TEMPORARY_AID = frozenset({"temporary_aid_base_monthly", "urgent_multiplier", "expenditure_multiplier"})
DRAFTED = {key: part for key, part in PARAMETERS.keys.items() if key not in _OF_TEMPORARY_AID}
"""Parameters that a draft may change: those that awards rest on."""
RESIDENCES = tuple(residence.value for residence in Residence)
_BAR_STEP, _BAR_HEIGHT, _BAR_ROOM, _LABEL = 26, 16, 320, 130


class Band(NamedTuple):
    """A range of what changes a month, in yuan: above the lower bound, up to the upper one; None is open."""

    label: str
    above: int | None
    upto: int | None


BANDS = (
    Band("每月减200元以上", None, -200),
    Band("每月减100—200元", -200, -100),
    Band("每月减100元以内", -100, 0),
    Band("每月增50元以内", 0, 50),
    Band("每月增50—100元", 50, 100),
    Band("每月增100—200元", 100, 200),
    Band("每月增200元以上", 200, None),
)
"""Ranges of change; no change is a row of its own."""


@dataclass(frozen=True)
class Bar:
    """One bar of the chart: what it counts, and where it is drawn."""

    label: str
    count: int
    y: int
    width: int


@dataclass(frozen=True)
class Bars:
    """Bars whose lengths stand to one another as the counts."""

    rows: tuple[Bar, ...]
    label_width: int = _LABEL
    bar_height: int = _BAR_HEIGHT
    width: int = _LABEL + _BAR_ROOM + 60

    @property
    def height(self) -> int:
        return len(self.rows) * _BAR_STEP


def bars(counts: Sequence[tuple[str, int]]) -> Bars:
    """Draw counts as bars; the longest fills the room."""
    most = max((count for _, count in counts), default=0)
    return Bars(
        tuple(
            Bar(label, count, place * _BAR_STEP, round(_BAR_ROOM * count / most) if most else 0)
            for place, (label, count) in enumerate(counts)
        )
    )


def leaves(name: str, shape: Shape, title: str) -> list[tuple[str, Shape, str]]:
    """Every single value within a parameter: its path, shape and name."""
    if not isinstance(shape, ObjectOf):
        return [(name, shape, title)]
    found = []
    for key, part in shape.keys.items():
        found += leaves(f"{name}.{key}", part.shape, f"{title}：{part.title}" if "." in name else part.title)
    return found


def with_leaf(value: Any, path: Sequence[str], leaf: Any) -> Any:
    """A parameter's value with one of its parts replaced."""
    if not path:
        return leaf
    return {**value, path[0]: with_leaf(value[path[0]], path[1:], leaf)}


def at(value: Any, path: Sequence[str]) -> Any:
    """One part of a parameter's value."""
    for key in path:
        value = value[key]
    return value


def fault_of(shape: Shape, value: Any) -> str:
    """What is wrong with one value; empty where nothing is."""
    faults: list[Fault] = []
    shape.read(value, "", faults)
    return "；".join(fault.message for fault in faults)


def only_changes(changes: Mapping[str, Mapping[str, Any]], today: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What of a draft differs from the figures in force, by residence."""
    return {
        residence: kept
        for residence, values in changes.items()
        if (kept := {key: value for key, value in values.items() if value != today[residence][key]})
    }


@dataclass(frozen=True)
class Money:
    """What is paid a month before and after, in yuan; ``yearly_after`` in the year after."""

    before: Decimal
    after: Decimal
    yearly_after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def yearly(self) -> Decimal:
        """The difference in a year: what is phased out is paid for its months only."""
        return self.yearly_after - 12 * self.before
