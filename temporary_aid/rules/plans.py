"""拟发放计划: the stages of an aid before it is approved; Σ各期 = 审批总额 (handbook 10.4). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PlannedItem:
    """Goods of a stage: so many of an item, each worth so much (折价), yuan."""

    item: int
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
    """

    form: str
    amount: Decimal
    planned_on: date | None = None
    condition: str = ""
    service: str = ""
    provider: str = ""
    items: tuple[PlannedItem, ...] = ()

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
        )
        for row in rows
    ]
