"""拟发放计划: the stages of an aid before it is approved; Σ各期 = 审批总额 (handbook 10.4). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PlannedItem:
    """Goods of a stage: so many of an item, each worth so much (折价), yuan.

    :param item: the county's item in the stock; nothing of what is bought for the family (另购).
    """

    item: int | None
    name: str
    unit: str
    count: int
    unit_value: Decimal

    @property
    def value(self) -> Decimal:
        return self.unit_value * self.count

    def as_dict(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "name": self.name,
            "unit": self.unit,
            "count": self.count,
            "unit_value": f"{self.unit_value:.2f}",
        }


@dataclass(frozen=True)
class PlannedStage:
    """One stage as proposed.

    :param form: ``money``, ``in_kind`` or ``service`` (:class:`temporary_aid.models.StageForm`).
    :param amount: yuan; of goods their value, of a service what it costs, which may be nothing.
    :param together: given at once with the stage before (与上一行同时发放), on its day and condition.
    """

    form: str
    amount: Decimal
    planned_on: date | None = None
    condition: str = ""
    service: str = ""
    provider: str = ""
    items: tuple[PlannedItem, ...] = ()
    together: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As the aid keeps it (``plan``)."""
        return {
            "form": self.form,
            "amount": f"{self.amount:.2f}",
            "planned_on": self.planned_on.isoformat() if self.planned_on else None,
            "condition": self.condition,
            "service": self.service,
            "provider": self.provider,
            "items": [item.as_dict() for item in self.items],
            "together": self.together,
        }


def total(stages: Iterable[PlannedStage]) -> Decimal:
    """What all stages come to, yuan."""
    return sum((stage.amount for stage in stages), NOTHING)


def has_money(stages: Iterable[PlannedStage]) -> bool:
    """Whether any stage pays money."""
    return any(stage.form == "money" for stage in stages)


def read_plan(rows: Sequence[dict[str, Any]]) -> list[PlannedStage]:
    """The stages as an aid keeps them."""
    return [
        PlannedStage(
            form=row["form"],
            amount=Decimal(row["amount"]),
            planned_on=date.fromisoformat(row["planned_on"]) if row["planned_on"] else None,
            condition=row["condition"],
            service=row["service"],
            provider=row["provider"],
            items=tuple(
                PlannedItem(item["item"], item["name"], item["unit"], int(item["count"]), Decimal(item["unit_value"]))
                for item in row["items"]
            ),
            together=row.get("together", False),
        )
        for row in rows
    ]


def leaders(stages: Sequence[PlannedStage]) -> list[int]:
    """Of every stage the place, from 0, of the one that it is given together with: its own where it stands alone."""
    found: list[int] = []
    for place, stage in enumerate(stages):
        found.append(found[-1] if stage.together and found else place)
    return found


def times_given(stages: Sequence[PlannedStage]) -> int:
    """On how many occasions (期) a plan gives: what is given together (同时发放) counts once."""
    return len(set(leaders(stages)))


def fault_of(stages: Sequence[PlannedStage]) -> str:
    """What is wrong with how stages hang together, in plain words; empty where nothing is."""
    for place, stage in enumerate(stages, start=1):
        if stage.together and place == 1:
            return "第1行前面没有别的期次，不能选“与上一行同时发放”。"
        if stage.together and (stage.condition or stage.planned_on):
            return f"第{place}行与上一行同时发放，计划日期和发放条件随上一行，请不要另填。"
        if len({item.item is None for item in stage.items}) > 1:
            return f"第{place}行既有库存物资、又有另购的物资，请分成两行，选“与上一行同时发放”。"
    return ""
