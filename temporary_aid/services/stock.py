"""救助物资: items, what comes in, what is given, lost or moved; each movement once, never below nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.trail import because
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.queries import county
from temporary_aid.models import (
    STOCK_COMES_IN,
    AidStage,
    Stock,
    StockEntry,
    StockEntryKind,
    StockItem,
)
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries.stock import ItemInStock, items_for
from temporary_aid.services.base import NotAllowed, check_told

__all__ = ["ItemData", "ItemInStock", "end_item", "give", "items_for", "lose", "move", "receive", "save_item"]

_RECEIVED = (StockEntryKind.RECEIVED, StockEntryKind.DONATED, StockEntryKind.RETURNED)


@transaction.atomic
def give(stage: AidStage, *, by: Staff, at: datetime, on: date) -> list[StockEntry]:
    """Take the goods of a stage out of its township's stock (发放出库), at the values that were approved; once.

    Whether the person may give and the stage may be given is the caller's duty.

    :raises NotAllowed: the stage has no goods, they left the stock already, or something is short (名称、差多少).
    """
    if not stage.items:
        raise NotAllowed(f"第{stage.serial}期没有列物资，请先写明物资和数量。", field="items")
    wanted: Counter[int] = Counter()
    for row in stage.items:
        wanted[row["item"]] += row["count"]
    stocks = _lock(stage.aid.area.township_code, wanted)
    if StockEntry.objects.filter(stage=stage, kind=StockEntryKind.GIVEN).exists():
        raise NotAllowed(f"第{stage.serial}期的物资已经出库，不能再发一次。")
    _check_enough(stage, wanted, stocks)
    return [
        _write(
            stocks[row["item"]],
            StockEntryKind.GIVEN,
            count=row["count"],
            unit_value=Decimal(row["unit_value"]),
            note=f"{stage.aid.number} 第{stage.serial}期",
            stage=stage,
            by=by,
            at=at,
            on=on,
        )
        for row in stage.items
    ]


def _check_enough(stage: AidStage, wanted: Counter[int], stocks: dict[int, Stock]) -> None:
    """
    :raises NotAllowed: something is short; all that is short is named.
    """
    names = {row["item"]: (row["name"], row["unit"]) for row in stage.items}
    short = []
    for item, count in wanted.items():
        there = stocks[item].count if item in stocks else 0
        if there < count:
            name, unit = names[item]
            short.append(f"{name}要{count}{unit}，现有{there}{unit}")
    if short:
        raise NotAllowed(f"物资库存不足：{'；'.join(short)}。请先入库或调入，或改发其他物资。", field="items")


@dataclass(frozen=True)
class ItemData:
    """What an item is (物资品种); ``unit_value`` in yuan."""

    name: str
    kind: str
    unit: str
    unit_value: Decimal


@transaction.atomic
def save_item(data: ItemData, *, item: StockItem | None = None, by: Staff) -> StockItem:
    """Enter or change an item (维护物资品种); what was given stays at the value of its day.

    :param item: the one that is changed; None for a new one.
    :raises NotPermitted: the person does not keep up the county's items.
    :raises NotAllowed: worth nothing, no name, or the name is taken.
    """
    _check_county(by)
    name = check_told(data.name, "请填物资名称。", field="name")
    if data.unit_value <= 0:
        raise NotAllowed("单价须大于0。", field="unit_value")
    row = item or StockItem()
    row.name, row.kind, row.unit, row.unit_value = name, data.kind, data.unit.strip(), data.unit_value
    try:
        with transaction.atomic(), because("维护物资品种"):
            row.save()
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        raise NotAllowed(f"已有名为“{name}”的物资，请改名或修改那一种。", field="name") from error
    return row


@transaction.atomic
def end_item(item: StockItem, *, by: Staff, on: date) -> None:
    """Stop using an item (停用): it is not planned any more; what is there can still be given, moved or written off.

    :raises NotPermitted: the person does not keep up the county's items.
    :raises NotAllowed: ended already.
    """
    _check_county(by)
    row = StockItem.objects.select_for_update().get(pk=item.pk)
    if row.ended_on is not None:
        raise NotAllowed(f"“{row.name}”已经停用。")
    row.ended_on = on
    with because("停用物资品种"):
        row.save(update_fields=["ended_on"])


@transaction.atomic
def receive(
    area: Area,
    item: StockItem,
    kind: StockEntryKind,
    *,
    count: int,
    unit_value: Decimal,
    note: str,
    stage: AidStage | None = None,
    by: Staff,
    at: datetime,
    on: date,
) -> StockEntry:
    """Goods come into a township's stock (入库、捐赠入库、退库).

    :param unit_value: what one is worth, yuan.
    :param stage: the stage that they were given in, of what comes back (退库).
    :raises NotPermitted: the person does not keep the township's stock.
    :raises NotAllowed: no count, no value, no note, a day to come, or the item is not in use.
    """
    if kind not in _RECEIVED:
        raise ValueError("a kind that does not come in from outside")
    check_keeper(area, by=by)
    if item.ended_on is not None and kind != StockEntryKind.RETURNED:
        raise NotAllowed(f"“{item.name}”已经停用，不再入库。", field="item")
    if unit_value <= 0:
        raise NotAllowed("单价须大于0。", field="unit_value")
    note = check_told(note, "请写明来源，例如采购单号、捐赠人。", field="note")
    with because(kind.label, note):
        stock = _stock_of(area, item)
        return _write(stock, kind, count=count, unit_value=unit_value, note=note, stage=stage, by=by, at=at, on=on)


@transaction.atomic
def lose(stock: Stock, *, count: int, reason: str, by: Staff, at: datetime, on: date) -> StockEntry:
    """Goods are spoilt, expired or missing (损耗报废).

    :raises NotPermitted: the person does not keep the township's stock.
    :raises NotAllowed: more than there are, no reason, or a day to come.
    """
    check_keeper(stock.area, by=by)
    reason = check_told(reason, "请写明损耗报废的原因。", field="reason")
    locked = _lock(stock.area.code, [stock.item_id])[stock.item_id]
    _check_left(locked, count)
    with because("损耗报废", reason):
        return _write(
            locked,
            StockEntryKind.LOST,
            count=count,
            unit_value=locked.item.unit_value,
            note=reason,
            by=by,
            at=at,
            on=on,
        )


@transaction.atomic
def move(
    stock: Stock, to: Area, *, count: int, note: str, by: Staff, at: datetime, on: date
) -> tuple[StockEntry, StockEntry]:
    """The county moves goods from one township to another (调拨): out here and in there, or neither.

    :raises NotPermitted: the person does not allocate in both townships.
    :raises NotAllowed: more than there are, the same township, no note, or a day to come.
    """
    for area in (stock.area, to):
        check_can_act(by, Permission.ALLOCATE_RESERVE, area=area)
    if to.pk == stock.area_id or to.level != AreaLevel.TOWNSHIP:
        raise NotAllowed("请选择另一个乡镇。", field="to")
    note = check_told(note, "请写明调拨的原因。", field="note")
    Stock.objects.get_or_create(area=to, item=stock.item)
    # Both rows in the order of their keys, so that two moves in opposite directions do not wait for one another.
    rows = Stock.objects.select_for_update(of=("self",)).select_related("area", "item").order_by("pk")
    found = {row.area_id: row for row in rows.filter(item=stock.item_id, area__in=(stock.area_id, to.pk))}
    source, target = found[stock.area_id], found[to.pk]
    _check_left(source, count)
    value = source.item.unit_value
    with because("调拨物资", note):
        out = _write(
            source,
            StockEntryKind.MOVED_OUT,
            count=count,
            unit_value=value,
            note=f"调往{to}：{note}"[:120],
            by=by,
            at=at,
            on=on,
        )
        came = _write(
            target,
            StockEntryKind.MOVED_IN,
            count=count,
            unit_value=value,
            note=f"{stock.area}调入：{note}"[:120],
            by=by,
            at=at,
            on=on,
        )
    return out, came


def _write(
    stock: Stock,
    kind: StockEntryKind,
    *,
    count: int,
    unit_value: Decimal,
    note: str,
    stage: AidStage | None = None,
    by: Staff,
    at: datetime,
    on: date,
) -> StockEntry:
    """Write a movement of a locked stock, numbered on, with the count after it; the database moves the count.

    :raises NotAllowed: no count, or a day to come.
    """
    if count <= 0:
        raise NotAllowed("数量须大于0。", field="count")
    if on > timezone.localdate(at):
        raise NotAllowed("日期不能晚于今天。", field="on")
    entry = StockEntry.objects.create(
        stock=stock,
        serial=stock.last_serial + 1,
        kind=kind,
        count=count,
        count_after=stock.count + (count if kind in STOCK_COMES_IN else -count),
        unit_value=unit_value,
        stage=stage,
        occurred_on=on,
        note=note,
        by=by,
        at=at,
    )
    stock.refresh_from_db(fields=["count", "last_serial"])
    return entry


def _lock(township_code: str, items: Iterable[int]) -> dict[int, Stock]:
    """By item a township's stocks, locked in the order of their keys; items it never had are left out."""
    rows = Stock.objects.select_for_update(of=("self",)).select_related("area", "item").order_by("pk")
    return {row.item_id: row for row in rows.filter(area__code=township_code, item__in=list(items))}


def _stock_of(area: Area, item: StockItem) -> Stock:
    """The township's stock of an item, locked; made where it is the first time."""
    made, _ = Stock.objects.get_or_create(area=area, item=item)
    return Stock.objects.select_for_update(of=("self",)).select_related("area", "item").get(pk=made.pk)


def _check_left(stock: Stock, count: int) -> None:
    """
    :raises NotAllowed: more than there are.
    """
    if count > stock.count:
        raise NotAllowed(
            f"物资库存不足：{stock.area}现有{stock.item.name}{stock.count}{stock.item.unit}，"
            f"不够{count}{stock.item.unit}。",
            field="count",
        )


def check_keeper(area: Area, *, by: Staff) -> None:
    """
    :raises NotPermitted: the person does not keep the township's stock.
    :raises NotAllowed: not a township.
    """
    check_can_act(by, Permission.KEEP_RESERVE, area=area)
    if area.level != AreaLevel.TOWNSHIP:
        raise NotAllowed("物资按乡镇保管，请选择乡镇。", field="area")


def _check_county(by: Staff) -> None:
    """
    :raises NotPermitted: the person does not keep up the county's items.
    """
    check_can_act(by, Permission.ALLOCATE_RESERVE, area=county())
