"""Reads of 救助物资: what a township keeps, and what its open stages still need of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum

from organizations.models import Area, Staff
from organizations.permissions import Permission
from temporary_aid.models import (
    AidStage,
    StageForm,
    StageState,
    Stock,
    StockEntry,
    StockEntryKind,
    StockItem,
    TemporaryAid,
)

GOODS_VALUE = ExpressionWrapper(
    F("count") * F("unit_value"), output_field=DecimalField(max_digits=14, decimal_places=2)
)
"""What a movement of goods (出入库) comes to, yuan."""
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


def needed_by_stages(areas: Iterable[Area | int]) -> dict[tuple[str, int], int]:
    """How many of an item the open stages (待走访、待发放) in kind still take, by township code and item; one query."""
    stages = AidStage.objects.filter(form=StageForm.IN_KIND, state__in=_WAITING, aid__area__in=areas).order_by()
    needed: dict[tuple[str, int], int] = defaultdict(int)
    for code, items in stages.values_list("aid__area__code", "items"):
        for row in items:
            if row["item"] is not None:
                needed[code[:9], row["item"]] += row["count"]
    return dict(needed)


VALUE = ExpressionWrapper(
    F("count") * F("item__unit_value"), output_field=DecimalField(max_digits=14, decimal_places=2)
)
"""What a stock is worth (折价), yuan."""


def listed_stocks(staff: Staff, *, township: str = "", kind: str = "", show: str = "") -> QuerySet[Stock]:
    """Stocks for the list (物资库存), by township and item, each with its value.

    :param show: ``there`` for those of which something is left, ``short`` for those of which there is nothing, or less
        than the open stages still take.
    """
    rows = stocks_visible_to(staff)
    if township:
        rows = rows.filter(area__code=township)
    if kind:
        rows = rows.filter(item__kind=kind)
    if show == "there":
        rows = rows.filter(count__gt=0)
    if show == "short":
        rows = rows.filter(pk__in=short_stocks(staff))
    return rows.annotate(value=VALUE).order_by("area__code", "item__kind", "item__name")


def short_stocks(staff: Staff) -> list[int]:
    """Stocks of items in use of which nothing is left, or less than the open stages still take; two queries."""
    needed = needed_by_stages(staff.area_ids(Permission.VIEW_RESERVE))
    asked = {(code, item) for code, item in needed}
    rows = stocks_visible_to(staff).filter(
        Q(count=0, item__ended_on=None) | Q(area__code__in={code for code, _ in asked})
    )
    return [
        pk
        for pk, code, item, count, ended in rows.values_list("pk", "area__code", "item", "count", "item__ended_on")
        if count < needed.get((code, item), 0) or (count == 0 and ended is None)
    ]


@dataclass(frozen=True)
class Shortage:
    """An item of which a township has less than its open stages still take."""

    area: str
    item: str
    unit: str
    needed: int
    there: int


def shortages(staff: Staff) -> list[Shortage]:
    """What the open stages still take and is not there, by township and item; four queries."""
    needed = needed_by_stages(staff.area_ids(Permission.VIEW_RESERVE))
    if not needed:
        return []
    codes, items = {code for code, _ in needed}, {item for _, item in needed}
    rows = Stock.objects.filter(area__code__in=codes, item__in=items).order_by()
    there = {(code, item): count for code, item, count in rows.values_list("area__code", "item", "count")}
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    known = {
        pk: (name, unit) for pk, name, unit in StockItem.objects.filter(pk__in=items).values_list("pk", "name", "unit")
    }
    return [
        Shortage(names[code], *known[item], count, there.get((code, item), 0))
        for (code, item), count in sorted(needed.items())
        if item in known and there.get((code, item), 0) < count
    ]


def goods_returned() -> QuerySet[StockEntry]:
    """Goods of aids that came back into the stock (退库); :data:`GOODS_VALUE` is what they were given at."""
    return StockEntry.objects.filter(kind=StockEntryKind.RETURNED, stage__isnull=False)


def given_and_kept(aid: TemporaryAid, *, area: Area, item: StockItem) -> list[tuple[StockEntry, int]]:
    """Movements by which an item left a township's stock for an aid, each with how many have not come back (退库)."""
    rows = StockEntry.objects.filter(stage__aid=aid, stock__area=area, stock__item=item).select_related("stage")
    back: dict[int | None, int] = defaultdict(int)
    for row in rows.filter(kind=StockEntryKind.RETURNED):
        back[row.stage_id] += row.count
    return [(row, row.count - back[row.stage_id]) for row in rows.filter(kind=StockEntryKind.GIVEN).order_by("pk")]


def stock_value(rows: QuerySet[Stock]) -> Decimal:
    """What stocks of the list are worth together at today's unit values, yuan; one query."""
    return rows.order_by().aggregate(total=Sum("value"))["total"] or Decimal("0.00")


def stock_history(staff: Staff, stock: Stock) -> QuerySet[StockEntry]:
    """The movements of a stock (出入库), the last first."""
    rows = stock_entries_visible_to(staff).filter(stock=stock)
    return rows.select_related("stage__aid", "by", "stock__item", "stock__area").order_by("-serial")


def stock_items(*, text: str = "", kind: str = "", state: str = "") -> QuerySet[StockItem]:
    """The county's list of items, those that are not used any more last.

    :param text: part of a name; :param state: ``in_use`` or ``ended``.
    """
    rows = StockItem.objects.order_by(F("ended_on").asc(nulls_first=True), "kind", "name")
    if text:
        rows = rows.filter(name__icontains=text)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(ended_on__isnull=state == "in_use") if state else rows
