"""Numbers of the reserve overview lead to lists that come to them; lists beside it are filtered and exported."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import tablib

from organizations.models import AccessRecord
from temporary_aid import services
from temporary_aid.services import stock
from tests.benefits.builders import set_parameter
from tests.support.aid import VILLAGES, photo
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, LINXI, crew
from tests.support.factories import area
from tests.temporary_aid.reserves import OCTOBER, SEPTEMBER, Purse, purse, quilt
from tests.temporary_aid.test_reserve_pages import TODAY, address, words

pytestmark = pytest.mark.django_db


def exported(desk: Desk, name: str, query: str, *args: Any) -> list[dict[str, Any]]:
    answer = desk.post(f"{address(name, *args)}?{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = tablib.Dataset().load(answer.content, format="xlsx").dict
    return found


def link(page: str, shown: str) -> str:
    """Where a number of a page leads."""
    found = re.search(rf'<a href="([^"]+)">{re.escape(shown)}</a>', page)
    assert found, shown
    return unescape(found[1])


@pytest.fixture
def busy(reserve: Purse) -> Purse:
    """Two reserves: 临溪镇's low and overdue, 华阳镇's in order but for October."""
    neighbour = purse(HUAYANG)
    neighbour.allocate(20000)
    neighbour.spend(300, on=date(2026, 11, 5))
    neighbour.sign(neighbour.prepare(SEPTEMBER, cash=20000))
    reserve.allocate(50000)
    reserve.withdraw(37000)
    reserve.spend(2000, on=date(2026, 10, 9))
    reserve.spend("1000.01", on=date(2026, 11, 3))
    return reserve


def test_every_number_of_the_overview_leads_to_a_list_that_comes_to_it(busy: Purse) -> None:
    county = Desk(busy.officer, on=TODAY)
    page = county.fetch(address("reserve")).content.decode()
    # 50,000 − 37,000 − 3,000.01 + 20,000 − 300.
    assert "相抵29,699.99元" in re.sub(r"<[^>]+>| ", "", words(county.fetch(link(page, "29,699.99"))))
    of_month = county.fetch(link(page, "1,300.01"))
    assert str(of_month.context["sums"].went_out) == "1300.01"
    of_year = county.fetch(link(page, "3,300.01"))
    assert str(of_year.context["sums"].went_out) == "3300.01"
    # A township's own.
    own = county.fetch(link(page, "1,000.01"))
    assert (str(own.context["sums"].went_out), own.context["page"].paginator.count) == ("1000.01", 1)
    assert str(county.fetch(link(page, "3,000.01")).context["sums"].went_out) == "3000.01"
    for shown, townships in (("1个乡镇", [LINXI]), ("3份", [HUAYANG, LINXI]), ("逾期的1个乡镇", [LINXI])):
        found = county.fetch(address("reserve") + link(page, shown))
        assert sorted(row.area.code for row in found.context["rows"]) == sorted(townships), shown
    assert sum(len(row.unsigned) for row in county.fetch(f"{address('reserve')}?show=unsigned").context["rows"]) == 3


def test_the_overview_is_exported_as_it_is_cut(busy: Purse) -> None:
    county = Desk(busy.officer, on=TODAY)
    assert [row["乡镇"] for row in exported(county, "export_reserve", "show=low")] == ["临溪镇"]
    assert len(county.fetch(f"{address('reserve')}?show=without").context["rows"]) == 9
    assert county.fetch(f"{address('reserve')}?show=x").status_code == 422
    assert county.post(f"{address('export_reserve')}?show=x").status_code == 400


@pytest.mark.parametrize(
    ("query", "serials"),
    [
        (f"township={LINXI}", [4, 3, 2, 1]),
        (f"township={LINXI}&kind=advance", [4, 3]),
        ("kind=advance&since=2026-11-01", [2, 4]),
        ("until=2026-09-30&kind=withdrawal", [2]),
    ],
)
def test_entries_of_all_reserves_are_cut_and_exported_so(busy: Purse, query: str, serials: list[int]) -> None:
    county = Desk(busy.officer, on=TODAY)
    page = county.fetch(f"{address('reserve_entries')}?{query}")
    assert [row.serial for row in page.context["page"]] == serials
    assert [int(row["序号"]) for row in exported(county, "export_reserve_entries", query)] == serials
    assert AccessRecord.objects.latest("pk").reason == f"导出备用金流水{len(serials)}笔"


def test_a_township_sees_its_own_entries_only(busy: Purse) -> None:
    page = Desk(busy.clerk, on=TODAY).fetch(address("reserve_entries"))
    assert {row.fund.area.code for row in page.context["page"]} == {LINXI}
    assert Desk(busy.officer, on=TODAY).fetch(f"{address('reserve_entries')}?kind=x").status_code == 422


def test_signed_months_are_cut_by_year_and_exported(reserve: Purse) -> None:
    reserve.allocate(5000)
    for month in (SEPTEMBER, OCTOBER):
        reserve.sign(reserve.prepare(month, cash=5000))
    desk, pk = Desk(reserve.clerk, on=TODAY), reserve.fund.pk
    assert len(desk.fetch(f"{address('reserve_months', pk)}?year=2026").context["page"]) == 2
    assert "没有符合条件的对账表" in words(desk.fetch(f"{address('reserve_months', pk)}?year=2025"))
    rows = exported(desk, "export_reserve_months", "year=2026", pk)
    assert [(row["月份"], row["期末（元）"]) for row in rows] == [("2026-10", "5000.00"), ("2026-09", "5000.00")]
    assert desk.fetch(f"{address('reserve_months', pk)}?year=x").status_code == 422


def test_items_are_cut_by_name_kind_and_state_and_exported(reserve: Purse) -> None:
    stock.end_item(quilt(reserve.officer), by=reserve.officer, on=TODAY)
    data = stock.ItemData("大米", "food", "公斤", Decimal("6.00"))
    stock.save_item(data, item=None, by=reserve.officer)
    desk = Desk(reserve.officer, on=TODAY)
    for query, names in (
        ("", ["大米", "棉被"]),
        ("q=米", ["大米"]),
        ("kind=bedding", ["棉被"]),
        ("state=in_use", ["大米"]),
        ("state=ended", ["棉被"]),
    ):
        assert [item.name for item in desk.fetch(f"{address('stock_items')}?{query}").context["page"]] == names
        assert [row["名称"] for row in exported(desk, "export_stock_items", query)] == names
    assert desk.fetch(f"{address('stock_items')}?state=x").status_code == 422


def test_entrustments_are_cut_by_place_and_state_and_exported(reserve: Purse) -> None:
    set_parameter("village_temp_limit", "2")
    approver = crew(LINXI).approver
    for township, since, until in ((LINXI, "2026-11-01", "2026-11-19"), (HUAYANG, "2026-11-20", None)):
        data = services.EntrustmentData(
            date.fromisoformat(since),
            date.fromisoformat(until) if until else None,
            "绩民〔2026〕18号",
            photo("文件.jpg"),
        )
        services.entrust_village(area(VILLAGES[township]), data, by=approver, on=date(2026, 11, 1))
    desk = Desk(approver, on=TODAY)
    for query, found in (
        ("", [(HUAYANG, "委托中"), (LINXI, "已到期")]),
        ("state=in_force", [(HUAYANG, "委托中")]),
        ("state=ended", [(LINXI, "已到期")]),
        ("state=later", []),
        (f"township={LINXI}", [(LINXI, "已到期")]),
    ):
        page = desk.fetch(f"{address('entrustments')}?{query}")
        listed = {(row.area.code[:9], state[0]) for row, state, _ in page.context["rows"]}
        assert listed == set(found), query
        rows = exported(desk, "export_entrustments", query)
        assert {row["状态"] for row in rows} == {state for _, state in found}
    assert desk.fetch(f"{address('entrustments')}?state=x").status_code == 422
