"""Every link of the page of figures is opened, and the total of its list compared with the number that was clicked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organizations.models import Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.queries.stages import StageFilter, list_stages, paid_totals
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment
from tests.benefits.builders import set_parameter
from tests.support.aid import HUAYANG, LINXI, SHANGHAI
from tests.temporary_aid.reached import pay_everybody

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
_CELL = re.compile(r'<td data-label="(?P<label>[^"]+)" class="num">\s*<a href="(?P<to>[^"]+)">(?P<said>[^<]*)</a>')
_TOTALS = {
    "次数": r"共(\d+)件",
    "户数": r"共(\d+)件",
    "人次": r"，([\d,]+)人次",
    "资金（元）": r"发放([\d,.]+)元",
    "实物服务（元）": r"发放([\d,.]+)元",
    "其中已退回（元）": r"其中已退回([\d,.]+)元",
    "户均（元）": r"户均([\d,.]+)元",
    "首次到手": r"共(\d+)件",
    "中位数（小时）": r"中位数([\d.]+)小时",
    "90分位（小时）": r"90分位([\d.]+)小时",
    "时限内": r"共(\d+)件",
    "超时": r"共(\d+)件",
}
"""Where the list that a column leads to says its own total."""


@dataclass(frozen=True)
class Linked:
    """A number of the page and where it leads."""

    label: str
    said: str
    to: str


@pytest.fixture
def staff() -> Iterator[Staff]:
    """Money, goods, stages of two months, a follow-up, spending, and money that came back over both months."""
    seen = pay_everybody()
    staged = TemporaryAid.objects.get(stages__amount=Decimal("1000.00"))
    assert staged.decided_by is not None
    assert staged.proposed_by is not None
    at = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
    owed = order_recoupment(staged, due_amount=Decimal("1200.00"), reason="保险已赔付", by=staged.decided_by, at=at)
    data = RepaymentData(amount=Decimal("1200.00"), repaid_on=at.date(), voucher="退1", to_reserve=False)
    record_repayment(owed, data=data, by=staged.proposed_by, at=at)
    with time_machine.travel(datetime(2026, 11, 20, 2, tzinfo=UTC), tick=True):
        yield seen


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def numbers_of(client: Client, **query: str) -> list[Linked]:
    response = client.get(reverse("temporary_aid:figures"), query)
    assert response.status_code == 200
    found = _CELL.finditer(response.content.decode())
    return [Linked(row["label"], row["said"].strip(), unescape(row["to"])) for row in found]


def total_of(client: Client, number: Linked) -> str | None:
    """What the list itself says it comes to; None where it lists nothing."""
    response = client.get(number.to)
    assert response.status_code == 200, number
    found = re.search(_TOTALS[number.label], response.content.decode())
    return found[1] if found else None


@pytest.mark.parametrize(
    "query", [{}, {"month": "9"}, {"month": "10"}, {"kind": "urgent"}, {"township": HUAYANG}, {"township": LINXI}]
)
def test_the_list_behind_every_number_comes_to_it(staff: Staff, query: dict[str, str]) -> None:
    client = browser(staff)
    numbers = numbers_of(client, **query)
    assert {number.label for number in numbers} == set(_TOTALS)
    opened: dict[tuple[str, str], str | None] = {}
    for number in numbers:
        key = (number.label, number.to)
        if key not in opened:
            opened[key] = total_of(client, number)
        said = number.said.split("（")[0]
        # A list without rows says no total.
        assert Decimal((opened[key] or "0").replace(",", "")) == Decimal(said.replace(",", "")), number


def test_what_came_back_is_told_by_stage_in_the_order_of_payment(staff: Staff) -> None:
    # 1,200.00 of 1,000.00 in September and 560.00 in October: all of the first, 200.00 of the second.
    wanted = StageFilter(show="paid", returned="yes")
    rows = list(list_stages(staff, wanted, sort="paid"))
    assert [(row.amount, row.returned_amount) for row in rows] == [
        (Decimal("1000.00"), Decimal("1000.00")),
        (Decimal("560.00"), Decimal("200.00")),
    ]
    october = StageFilter(show="paid", paid_month=date(2026, 10, 1))
    assert paid_totals(staff, october).returned == Decimal("200.00")
    other = list_stages(staff, StageFilter(show="paid", township=HUAYANG))
    assert {row.returned_amount for row in other} == {Decimal("0.00")}


def test_goods_are_listed_apart_from_money(staff: Staff) -> None:
    goods = paid_totals(staff, StageFilter(show="paid", form="goods", paid_year=2026))
    assert (goods.count, goods.families, goods.amount) == (1, 1, Decimal("400.00"))
    assert paid_totals(staff, StageFilter(show="paid", paid_year=2025)).count == 0


def test_the_lists_show_people_and_hours_of_spending_too(staff: Staff) -> None:
    client = browser(staff)
    helped = {"helped_month": "2026-10", "kind": "expenditure"}
    aids = client.get(reverse("temporary_aid:list"), helped).content.decode()
    assert "480.0小时到手" in aids
    assert '<td data-label="家庭人口" class="num">4</td>' in aids
    paid = {"show": "paid", "paid_month": "2026-10", "kind": "expenditure"}
    stages = client.get(reverse("temporary_aid:stages"), paid).content.decode()
    assert '<td data-label="家庭人口" class="num">4</td>' in stages
    assert re.search(r'data-label="报告到首次到手" class="num">\s*480\.0小时', stages)


def test_a_township_opens_its_months_and_a_month_its_townships(staff: Staff) -> None:
    client = browser(staff)
    page = client.get(reverse("temporary_aid:figures"), {"year": "2026"}).content.decode()
    to_township = re.search(rf'<a href="([^"]*township={LINXI})">临溪镇</a>', page)
    to_month = re.search(r'<a href="([^"]*month=10)">10月</a>', page)
    assert to_township
    assert to_month
    inside = client.get(unescape(to_township[1])).content.decode()
    assert ("按月份" in inside, "华阳镇</" in inside.split("按乡镇")[1]) == (True, False)
    month = client.get(unescape(to_month[1])).content.decode()
    assert "2026年10月临时救助统计" in month
    assert "华阳镇" in month.split("按乡镇")[1]
    assert "data-print" in page


def test_the_average_stands_beside_the_bases_that_the_policy_names(staff: Staff) -> None:
    page = browser(staff).get(reverse("temporary_aid:figures")).content.decode()
    # 临溪镇: 7,840.05 ÷ 4 ÷ 780 = 2.51 of 2–4; 华阳镇: 1,600.00 ÷ 780 = 2.05, and 3,000.00 ÷ 780 = 3.85 of 2–10.
    assert "2.51倍（2—4）" in page
    assert "2.05倍（2—4）" in page
    assert "3.85倍（2—10）" in page
    assert "低于标准" not in page
    set_parameter("urgent_multiplier", {"min": "2.3", "max": "4"})
    marked = browser(staff).get(reverse("temporary_aid:figures")).content.decode()
    assert re.search(r"2\.05倍（2\.3—4）</span>\s*<span[^>]*>低于标准", marked)
    assert "2.51倍（2.3—4）" in marked
    # A month may hold one stage of several: 7,320.05 ÷ 5 ÷ 780 = 1.88 says nothing of the aids.
    assert "1.88倍" not in marked
    assert "倍（" not in browser(staff).get(reverse("temporary_aid:figures"), {"month": "9"}).content.decode()


def test_the_lists_behind_the_figures_cost_the_same_whatever_they_show(
    staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(staff)
    address = reverse("temporary_aid:stages")
    client.get(address)
    for query in ({"show": "paid", "paid_year": "2026"}, {"show": "paid", "paid_month": "2026-10", "returned": "yes"}):
        with django_assert_max_num_queries(22):
            client.get(address, query)
