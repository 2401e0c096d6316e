"""备用金 and 救助物资 in the hand: every page fits the phone and the thumb, and a month is closed on it."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from temporary_aid.models import Reconciliation, Stock
from temporary_aid.services import stock
from tests.browser.conftest import _page
from tests.browser.test_phone import SMALL, THUMB, enter
from tests.support.crews import county_data
from tests.temporary_aid.reserves import OPENED, SEPTEMBER, Purse, noon, purse, quilt, stage_of

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Page:
    yield from _page(chromium, "phone")  # type: ignore[misc]


@pytest.fixture
def held(county: None, transactional_db: None) -> Purse:
    """A reserve with every kind of movement, an open request and something on the shelf."""
    county_data()
    made = purse()
    made.allocate(50000)
    made.slip(made.spend(2340))
    made.withdraw(40000)
    item = quilt(made.officer)
    made.receive(item, 5)
    stock.give(stage_of(made.aid(), (item, 2)), by=made.clerk, at=noon(OPENED), on=OPENED)
    return made


def test_pages_of_the_reserve_fit_the_phone_and_the_thumb(held: Purse, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, held.clerk)
    fund, shelf = f"/temporary-aid/reserve/{held.fund.pk}/", f"/temporary-aid/stock/{Stock.objects.get().pk}/"
    month = f"{fund}months/2026-9/"
    faults = []
    for path in (
        fund,
        f"{fund}months/",
        month,
        f"{month}prepare/",
        "/temporary-aid/reserve/requests/",
        "/temporary-aid/stock/",
        "/temporary-aid/stock/receive/",
        "/temporary-aid/stock/items/",
        shelf,
        f"{shelf}lose/",
    ):
        answer = phone.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        over = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"{path} runs {over} over the edge")
        faults += [f"{path} {small}" for small in phone.evaluate(SMALL, THUMB)]
    assert faults == []


def test_a_month_is_prepared_and_signed_on_the_page(held: Purse, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, held.clerk)
    month = f"{live_server.url}/temporary-aid/reserve/{held.fund.pk}/months/2026-9/"
    phone.goto(f"{month}prepare/")
    phone.get_by_label("库存现金").fill("660")
    phone.get_by_label("银行存款").fill("6000")
    phone.get_by_role("button", name="编制对账表").click()
    expect(phone.get_by_text("相差1,000.00元，请写明差异").last).to_be_visible()
    expect(phone.get_by_label("库存现金")).to_have_value("660")
    phone.get_by_label("银行存款").fill("7000")
    phone.get_by_role("button", name="编制对账表").click()
    expect(phone.get_by_text("对账表已编制")).to_be_visible()
    phone.context.clear_cookies()
    enter(phone, live_server, held.lead)
    phone.goto(month)
    phone.locator("summary", has_text="签认对账表").click()
    phone.locator(".ask-sheet").get_by_role("button", name="签认对账表").click()
    expect(phone.get_by_text("已签认，这个月不再记账")).to_be_visible()
    assert Reconciliation.objects.get(month=SEPTEMBER).signed_by == held.lead
