"""救助物资: counts follow the movements, goods of a stage leave once, what is short is named."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from foundation.errors import NotPermitted
from temporary_aid.models import Stock, StockEntry, StockEntryKind, StockItem
from temporary_aid.queries.stock import needed_by_stages
from temporary_aid.services import NotAllowed, stock
from tests.support.crews import HUAYANG, LINXI, VILLAGES
from tests.support.factories import area
from tests.temporary_aid.reserves import OPENED, Purse, noon, purse, quilt, stage_of

pytestmark = pytest.mark.django_db
VILLAGE = VILLAGES[LINXI]


@pytest.fixture
def quilts(reserve: Purse) -> StockItem:
    return quilt(reserve.officer)


def give(stage: object, reserve: Purse) -> list[StockEntry]:
    return stock.give(stage, by=reserve.clerk, at=noon(OPENED), on=OPENED)  # type: ignore[arg-type]


def test_goods_of_a_stage_leave_the_stock_at_the_value_that_was_approved(reserve: Purse, quilts: StockItem) -> None:
    rice = quilt(reserve.officer, name="大米", value="3.50", unit="公斤")
    reserve.receive(quilts, 5)
    reserve.receive(rice, 100)
    aid = reserve.aid()
    stage = stage_of(aid, (quilts, 2), (rice, 25))
    stock.save_item(stock.ItemData("棉被", "bedding", "床", Decimal("150.00")), item=quilts, by=reserve.officer)
    given = give(stage, reserve)
    assert [(row.kind, row.count, row.count_after, row.unit_value) for row in given] == [
        ("given", 2, 3, Decimal("120.00")),
        ("given", 25, 75, Decimal("3.50")),
    ]
    assert sum(row.count * row.unit_value for row in given) == stage.amount == Decimal("327.50")
    assert given[0].note == f"{aid.number} 第1期"


def test_goods_leave_once(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 5)
    stage = stage_of(reserve.aid(), (quilts, 2))
    give(stage, reserve)
    with pytest.raises(NotAllowed, match="已经出库，不能再发一次"):
        give(stage, reserve)
    assert Stock.objects.get().count == 3


def test_all_that_is_short_is_named_and_nothing_leaves(reserve: Purse, quilts: StockItem) -> None:
    rice = quilt(reserve.officer, name="大米", value="3.50", unit="公斤")
    oil = quilt(reserve.officer, name="食用油", value="60.00", unit="桶")
    reserve.receive(quilts, 1)
    reserve.receive(oil, 9)
    with pytest.raises(NotAllowed) as refused:
        give(stage_of(reserve.aid(), (quilts, 2), (rice, 25), (oil, 1)), reserve)
    assert refused.value.message == (
        "物资库存不足：棉被要2床，现有1床；大米要25公斤，现有0公斤。请先入库或调入，或改发其他物资。"
    )
    assert not StockEntry.objects.filter(kind="given").exists()


def test_an_item_listed_twice_is_counted_together(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 3)
    with pytest.raises(NotAllowed, match="棉被要4床，现有3床"):
        give(stage_of(reserve.aid(), (quilts, 2), (quilts, 2)), reserve)
    assert [row.count_after for row in give(stage_of(reserve.aid(), (quilts, 2), (quilts, 1)), reserve)] == [1, 0]


def test_the_last_one_may_be_given(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 2)
    assert give(stage_of(reserve.aid(), (quilts, 2)), reserve)[0].count_after == 0


def test_a_stage_without_goods_has_none_to_give(reserve: Purse) -> None:
    with pytest.raises(NotAllowed, match="没有列物资"):
        give(stage_of(reserve.aid()), reserve)


def test_what_a_township_has_of_every_item_in_use(reserve: Purse, quilts: StockItem) -> None:
    quilt(reserve.officer, name="毛毯", value="80.00")
    old = quilt(reserve.officer, name="军大衣", value="90.00", unit="件")
    reserve.receive(quilts, 5)
    stock.end_item(old, by=reserve.officer, on=OPENED)
    found = [(row.name, row.count, row.unit, row.unit_value) for row in stock.items_for(area(VILLAGE))]
    assert found == [("棉被", 5, "床", Decimal("120.00")), ("毛毯", 0, "床", Decimal("80.00"))]
    assert {row.count for row in stock.items_for(area(HUAYANG))} == {0}


def test_what_the_open_stages_still_take(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 1)
    stage_of(reserve.aid(), (quilts, 2))
    stage_of(reserve.aid(), (quilts, 3))
    everywhere = [area(VILLAGE), area(LINXI)]
    assert needed_by_stages(everywhere) == {(LINXI, quilts.pk): 5}
    assert needed_by_stages([area(HUAYANG)]) == {}


@pytest.mark.parametrize("kind", [StockEntryKind.RECEIVED, StockEntryKind.DONATED, StockEntryKind.RETURNED])
def test_goods_come_in_with_where_they_come_from(reserve: Purse, quilts: StockItem, kind: StockEntryKind) -> None:
    def receive(note: str, count: int = 4) -> StockEntry:
        return stock.receive(
            area(LINXI),
            quilts,
            kind,
            count=count,
            unit_value=Decimal("100.00"),
            note=note,
            by=reserve.clerk,
            at=noon(OPENED),
            on=OPENED,
        )

    assert (receive("县慈善会").count_after, receive("县慈善会").count_after) == (4, 8)
    with pytest.raises(NotAllowed, match="请写明来源"):
        receive(" ")
    with pytest.raises(NotAllowed, match="数量须大于0"):
        receive("县慈善会", 0)


def test_an_ended_item_comes_in_no_more_but_may_come_back_and_be_given(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 2)
    stock.end_item(quilts, by=reserve.officer, on=OPENED)
    quilts.refresh_from_db()
    with pytest.raises(NotAllowed, match="已经停用，不再入库"):
        reserve.receive(quilts, 1)
    assert give(stage_of(reserve.aid(), (quilts, 1)), reserve)[0].count_after == 1
    with pytest.raises(NotAllowed, match="已经停用"):
        stock.end_item(quilts, by=reserve.officer, on=OPENED)


def test_what_is_lost_is_written_off_with_a_reason(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 2)
    there = Stock.objects.get()

    def lose(count: int, reason: str = "受潮霉变", on: date = OPENED) -> StockEntry:
        return stock.lose(there, count=count, reason=reason, by=reserve.clerk, at=noon(OPENED), on=on)

    with pytest.raises(NotAllowed, match="现有棉被2床，不够3床"):
        lose(3)
    with pytest.raises(NotAllowed, match="请写明损耗报废的原因"):
        lose(1, " ")
    with pytest.raises(NotAllowed, match="不能晚于今天"):
        lose(1, on=date(2026, 9, 2))
    assert lose(2).count_after == 0


def test_the_county_moves_goods_from_one_township_to_another(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 5)
    there = Stock.objects.get()

    def move(to: str, count: int) -> object:
        return stock.move(there, area(to), count=count, note="支援", by=reserve.officer, at=noon(OPENED), on=OPENED)

    move(HUAYANG, 3)
    counts = dict(Stock.objects.values_list("area__code", "count"))
    assert counts == {LINXI: 2, HUAYANG: 3}
    rows = StockEntry.objects.exclude(kind="received").order_by("pk").values_list("kind", "count", "note")
    assert list(rows) == [("moved_out", 3, "调往华阳镇：支援"), ("moved_in", 3, "临溪镇调入：支援")]
    for to in (LINXI, VILLAGE):
        with pytest.raises(NotAllowed, match="请选择另一个乡镇"):
            move(to, 1)
    with pytest.raises(NotAllowed, match="不够3床"):
        move(HUAYANG, 3)
    assert dict(Stock.objects.values_list("area__code", "count")) == counts


def test_townships_keep_their_own_stock_and_the_county_the_list(reserve: Purse, quilts: StockItem) -> None:
    neighbour = purse(HUAYANG)
    reserve.receive(quilts, 5)
    there = Stock.objects.get()
    with pytest.raises(NotPermitted):
        stock.lose(there, count=1, reason="霉", by=neighbour.clerk, at=noon(OPENED), on=OPENED)
    with pytest.raises(NotPermitted):
        stock.move(there, area(HUAYANG), count=1, note="借", by=reserve.clerk, at=noon(OPENED), on=OPENED)
    with pytest.raises(NotPermitted):
        quilt(reserve.clerk, name="毛毯")
    with pytest.raises(NotPermitted):
        stock.end_item(quilts, by=reserve.clerk, on=OPENED)


def test_an_item_has_a_name_of_its_own_and_is_worth_something(reserve: Purse, quilts: StockItem) -> None:
    with pytest.raises(NotAllowed, match="已有名为“棉被”的物资") as refused:
        quilt(reserve.officer)
    assert refused.value.field == "name"
    with pytest.raises(NotAllowed, match="单价须大于0"):
        quilt(reserve.officer, name="毛毯", value="0")


def test_counts_are_not_written_past_the_movements(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 5)
    with pytest.raises(DatabaseError, match="moved by its entries only"), transaction.atomic():
        Stock.objects.update(count=99)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        StockEntry.objects.update(count=99)
