"""Further parameters (另行参数): dated county figures for rules outside the assessment and its contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eligibility.rules.choices import ExpenseKind
from eligibility.rules.shapes import Flag, Key, ObjectOf, Rate

RIGID_RATE = "rigid_household_rate"
RIGID_KINDS = "rigid_household_kinds"
_KINDS = ObjectOf(
    {kind.value: Key(Flag(), kind.label) for kind in ExpenseKind}, title="计入的刚性支出", name="rigid_household_kinds"
)
FURTHER = ObjectOf(
    {
        RIGID_RATE: Key(Rate(), "刚性支出困难家庭：支出占总收入须超过的比例"),
        RIGID_KINDS: Key(_KINDS, "刚性支出困难家庭：计入的支出"),
    },
    title="另行参数",
    name="further_parameters",
)


@dataclass(frozen=True)
class RigidTerms:
    """What the county sets for 刚性支出困难家庭: the share of income to be exceeded, and which spending counts."""

    rate: Decimal
    kinds: frozenset[ExpenseKind]

    def as_dict(self) -> dict[str, Any]:
        """As the store holds it."""
        return {RIGID_RATE: f"{self.rate:f}", RIGID_KINDS: {kind.value: kind in self.kinds for kind in ExpenseKind}}


def read_rigid_terms(values: Mapping[str, Any]) -> RigidTerms | None:
    """The terms out of the county's stored values by key; None where one is not stated."""
    if not {RIGID_RATE, RIGID_KINDS} <= values.keys():
        return None
    counts = values[RIGID_KINDS]
    return RigidTerms(Decimal(values[RIGID_RATE]), frozenset(kind for kind in ExpenseKind if counts.get(kind.value)))
