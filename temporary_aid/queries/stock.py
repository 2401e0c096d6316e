"""Reads of 救助物资: what a township keeps, and what its open stages still need of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from organizations.models import Area, Staff
from organizations.permissions import Permission
from temporary_aid.models import AidStage, StageForm, StageState, Stock, StockEntry, StockItem

_WAITING = (StageState.PLANNED, StageState.READY)


@dataclass(frozen=True)
class ItemInStock:
    """An item (物资品种) in use, and how many of it a township has; ``unit_value`` in yuan."""

    item: int
    name: str
    kind: str
    unit: str
    unit_value: Decimal
    count: int


def stocks_visible_to(staff: Staff) -> QuerySet[Stock]:
    """Stocks of the townships that the person may see; the start of every read of stocks."""
    return Stock.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_RESERVE)).select_related("area", "item")


def stock_entries_visible_to(staff: Staff) -> QuerySet[StockEntry]:
    """Movements (出入库) of the stocks that the person may see."""
    return StockEntry.objects.filter(stock__area_id__in=staff.area_ids(Permission.VIEW_RESERVE))


def items_for(area: Area) -> list[ItemInStock]:
    """Every item in use with how many the township of an area has of it, nothing included; two queries."""
    counts = dict(Stock.objects.filter(area__code=area.township_code).order_by().values_list("item", "count"))
    return [
        ItemInStock(row.pk, row.name, row.get_kind_display(), row.unit, row.unit_value, counts.get(row.pk, 0))
        for row in StockItem.objects.filter(ended_on=None)
    ]


def needed_by_stages(areas: Iterable[Area] | QuerySet[Area]) -> dict[tuple[str, int], int]:
    """How many of an item the open stages (待走访、待发放) in kind still take, by township code and item; one query."""
    stages = AidStage.objects.filter(form=StageForm.IN_KIND, state__in=_WAITING, aid__area__in=areas).order_by()
    needed: dict[tuple[str, int], int] = defaultdict(int)
    for code, items in stages.values_list("aid__area__code", "items"):
        for row in items:
            needed[code[:9], row["item"]] += row["count"]
    return dict(needed)
