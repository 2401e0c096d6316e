"""Pages of 救助物资: what townships keep, one item's movements, the county's list; each as the person meets it."""

from datetime import date
from typing import Any

import pytest
import tablib
from pytest_django import DjangoAssertNumQueries

from temporary_aid.models import Stock, StockEntry, StockItem
from temporary_aid.services import stock
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, LINXI
from tests.support.factories import area
from tests.temporary_aid.reserves import OPENED, Purse, noon, purse, quilt, stage_of
from tests.temporary_aid.test_reserve_pages import address, opened, words

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def quilts(reserve: Purse) -> StockItem:
    return quilt(reserve.officer)


def names(page: Any) -> list[tuple[str, str]]:
    return [(row.area.name, row.item.name) for row in page.context["page"]]


def test_the_county_keeps_the_list_and_the_township_its_stock(reserve: Purse) -> None:
    county, clerk = Desk(reserve.officer, on=TODAY), Desk(reserve.clerk, on=TODAY)
    sent = {"name": "棉被", "kind": "bedding", "unit": "床", "unit_value": "120"}
    county.post(address("add_stock_item"), sent)
    item = StockItem.objects.get()
    page = county.post(address("add_stock_item"), sent)
    assert errors_of(page) == {"name": ["已有名为“棉被”的物资，请改名或修改那一种。"]}
    county.post(address("edit_stock_item", item.pk), sent | {"unit_value": "150"})
    form = clerk.fetch(address("receive_stock")).context["form"]
    assert form["area"].initial == area(LINXI)
    came = {"area": area(LINXI).pk, "item": item.pk, "kind": "donated", "count": "6", "on": "2026-11-20"}
    assert errors_of(clerk.post(address("receive_stock"), came)) == {"note": ["请填写来源。"]}
    assert clerk.post(address("receive_stock"), came | {"note": "县慈善会"}).status_code == 302
    entry = StockEntry.objects.get()
    assert (entry.kind, entry.count_after, str(entry.unit_value)) == ("donated", 6, "150.00")
    listed = clerk.fetch(address("stock"))
    assert names(listed) == [("临溪镇", "棉被")]
    assert str(listed.context["value"]) == "900.00"


def test_a_township_receives_into_its_own_stock_only(reserve: Purse, quilts: StockItem) -> None:
    sent = {"area": area(HUAYANG).pk, "item": quilts.pk, "kind": "received", "count": "6", "on": "2026-11-20"}
    page = Desk(reserve.clerk, on=TODAY).post(address("receive_stock"), sent | {"note": "采购"})
    assert "area" in errors_of(page)
    assert not Stock.objects.exists()


def test_goods_are_written_off_by_the_township_and_moved_by_the_county(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 5)
    there = Stock.objects.get()
    clerk, county = Desk(reserve.clerk, on=TODAY), Desk(reserve.officer, on=TODAY)
    page = clerk.post(address("lose_stock", there.pk), {"count": "6", "on": "2026-11-20", "reason": "受潮"})
    assert errors_of(page) == {"count": ["物资库存不足：临溪镇现有棉被5床，不够6床。"]}
    clerk.post(address("lose_stock", there.pk), {"count": "1", "on": "2026-11-20", "reason": "受潮"})
    assert clerk.fetch(address("move_stock", there.pk)).status_code == 403
    sent = {"to": area(HUAYANG).pk, "count": "2", "on": "2026-11-20", "note": "支援"}
    assert county.post(address("move_stock", there.pk), sent).status_code == 302
    assert dict(Stock.objects.values_list("area__code", "count")) == {LINXI: 2, HUAYANG: 2}
    history = clerk.fetch(address("stock_history", there.pk))
    assert [(row.kind, row.count_after) for row in history.context["page"]] == [
        ("moved_out", 2),
        ("lost", 4),
        ("received", 5),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("临溪镇", "大米"), ("临溪镇", "棉被"), ("临溪镇", "毛毯")]),
        ("kind=food", [("临溪镇", "大米")]),
        ("show=there", [("临溪镇", "大米"), ("临溪镇", "棉被")]),
        ("show=short", [("临溪镇", "棉被"), ("临溪镇", "毛毯")]),
    ],
)
def test_stocks_are_cut_and_so_is_their_export(
    reserve: Purse, quilts: StockItem, query: str, found: list[tuple[str, str]]
) -> None:
    """Of quilts there are fewer than the open stages take; of blankets none is left."""
    rice = stock.save_item(stock.ItemData("大米", "food", "公斤", quilts.unit_value), by=reserve.officer)
    blankets = quilt(reserve.officer, name="毛毯")
    for item, count in ((quilts, 2), (rice, 9), (blankets, 1)):
        reserve.receive(item, count)
    there = Stock.objects.get(item=blankets)
    stock.lose(there, count=1, reason="虫蛀", by=reserve.clerk, at=noon(OPENED), on=OPENED)
    stage_of(reserve.aid(), (quilts, 3), (rice, 9))
    desk = Desk(reserve.clerk, on=TODAY)
    page = desk.fetch(f"{address('stock')}?{query}")
    assert sorted(names(page)) == sorted(found)
    assert "各期要3床，现有2床" in words(page)
    assert "大米各期要" not in words(page)
    sheet = tablib.Dataset().load(desk.post(f"{address('export_stock')}?{query}").content, format="xlsx")
    assert set(sheet["类别"]) <= {"被褥", "食品"}
    assert sorted(zip(sheet["乡镇"], sheet["物资"], strict=True)) == sorted(found)


def test_what_was_given_is_read_with_whom_it_was_given_to(reserve: Purse, quilts: StockItem) -> None:
    reserve.receive(quilts, 5)
    stage = stage_of(reserve.aid(), (quilts, 2))
    stock.give(stage, by=reserve.clerk, at=noon(OPENED), on=OPENED)
    there = Stock.objects.get()
    desk = Desk(reserve.clerk, on=TODAY)
    assert "许金宝" in words(desk.fetch(address("stock_history", there.pk)))
    answer = desk.post(address("export_stock_history", there.pk))
    row = tablib.Dataset().load(answer.content, format="xlsx").dict[0]
    assert (row["种类"], row["出库"], row["结存"], row["折价（元）"]) == ("发放", 2, "3", 240)
    assert (row["救助编号"], row["救助对象"]) == (stage.aid.number, "许金宝")


def test_an_item_is_ended_by_the_county_once(reserve: Purse, quilts: StockItem) -> None:
    desk = Desk(reserve.officer, on=TODAY)
    assert desk.post(address("end_stock_item", quilts.pk)).status_code == 302
    assert "2026年11月20日停用" in words(desk.fetch(address("stock_items")))
    desk.post(address("end_stock_item", quilts.pk))
    assert "“棉被”已经停用。" in words(desk.fetch(address("stock_items")))


def test_neighbours_do_not_find_the_stock(reserve: Purse, quilts: StockItem) -> None:
    neighbour = purse(HUAYANG)
    reserve.receive(quilts, 5)
    there, desk = Stock.objects.get(), Desk(neighbour.clerk, on=TODAY)
    assert names(desk.fetch(address("stock"))) == []
    for name in ("stock_history", "lose_stock"):
        assert desk.fetch(address(name, there.pk)).status_code == 404
    assert desk.post(address("export_stock_history", there.pk)).status_code == 404


def test_pages_do_not_ask_more_for_more_rows(
    reserve: Purse, quilts: StockItem, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("大米", "食用油", "毛毯"):
        reserve.receive(quilt(reserve.officer, name=name), 2)
    reserve.receive(quilts, 5)
    for _ in range(2):
        stock.give(stage_of(reserve.aid(), (quilts, 1)), by=reserve.clerk, at=noon(OPENED), on=OPENED)
    desk = opened(reserve.clerk)
    with django_assert_max_num_queries(20):
        desk.fetch(address("stock"))
    with django_assert_max_num_queries(16):
        desk.fetch(address("stock_history", Stock.objects.get(item=quilts).pk))
    with django_assert_max_num_queries(14):
        desk.fetch(address("stock_items"))
