"""小额先行救助 on a phone: a village enters the fire in one form with a photo, the township pays, the papers follow."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Staff
from temporary_aid.models import ReserveFund, TemporaryAid
from temporary_aid.services import reserve
from tests.browser.conftest import _page
from tests.browser.test_care import PIXEL
from tests.browser.test_phone import SMALL, THUMB, enter
from tests.support.crews import LINXI, Crew, county_data, crew
from tests.support.factories import area

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]
PICTURE: FilePayload = {"name": "现场.png", "mimeType": "image/png", "buffer": PIXEL}


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    yield from _page(chromium, "phone")


@pytest.fixture
def people(county: None, transactional_db: None) -> Crew:
    """Who works in 临溪镇, whose reserve has 10,000.00 in it."""
    county_data()
    people, now = crew(), timezone.now()
    on = timezone.localdate(now)
    fund = reserve.open_fund(area(LINXI), opened_on=on, by=people.visitor, at=now)
    told: dict[str, Any] = {"note": "年初拨入", "voucher": "拨字1号", "by": people.visitor, "at": now, "on": on}
    reserve.allocate(fund, amount=Decimal("10000.00"), **told)
    return people


def become(phone: Page, live_server: LiveServer, staff: Staff, path: str) -> None:
    """Hand the phone over."""
    phone.context.clear_cookies()
    enter(phone, live_server, staff)
    phone.goto(live_server.url + path)


def fits(phone: Page) -> list[str]:
    over = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    runs = [f"{phone.url} runs {over} over the edge"] if over > 0 else []
    return runs + [f"{phone.url} {small}" for small in phone.evaluate(SMALL, THUMB)]


def village_enters(phone: Page, reported: datetime) -> list[str]:
    """In one form, with a photo; what is missing is asked for, and what was typed is still there."""
    faults = fits(phone)
    phone.get_by_label("谁遇到困难").fill("许金宝")
    phone.get_by_label("没有证号的原因").select_option(label="证件遗失")
    phone.get_by_role("group", name="出了什么事").get_by_label("火灾").check()
    phone.get_by_role("group", name="困难程度").get_by_label(re.compile("较重")).check()
    expect(phone.get_by_label("建议金额（元）")).to_have_value("2,340.00")
    phone.get_by_label("在哪里").fill("一组7号")
    phone.get_by_label("首次报告时间").fill(f"{reported:%Y-%m-%dT%H:%M}")
    phone.get_by_role("button", name="登记并提请先行救助").click()
    expect(phone.get_by_role("group", name="出了什么事").get_by_label("火灾")).to_be_checked()
    expect(phone.get_by_label("谁遇到困难")).to_have_value("许金宝")
    phone.get_by_label("一句话说明情况").fill("夜里失火，烧了两间房")
    phone.get_by_label("现场照片").set_input_files(PICTURE)
    phone.get_by_role("button", name="登记并提请先行救助").click()
    expect(phone.get_by_text("已登记，并已提请乡镇先行救助")).to_be_visible()
    return faults + fits(phone)


def township_pays(phone: Page) -> list[str]:
    phone.get_by_role("link", name="先行救助", exact=True).click()
    expect(phone.get_by_text("10,000.00")).to_be_visible()
    faults = fits(phone)
    phone.get_by_label("第二经办人").fill("胡玉兰")
    phone.get_by_role("button", name="确认已发放").click()
    expect(phone.get_by_text("先行救助已登记")).to_be_visible()
    expect(phone.get_by_text(re.compile("XX20")).first).to_be_visible()
    return faults + fits(phone)


def papers_follow(phone: Page) -> list[str]:
    phone.get_by_role("link", name="提交补充说明").click()
    phone.get_by_label("核实情况").fill("失火属实，三口人")
    phone.get_by_label("补签字盖章的材料").set_input_files(
        [PICTURE, FilePayload(name="签字.png", mimeType="image/png", buffer=PIXEL)]
    )
    faults = fits(phone)
    phone.get_by_role("button", name="提交补充说明").click()
    expect(phone.get_by_text("补充说明已提交")).to_be_visible()
    return faults


def approver_accepts(phone: Page) -> list[str]:
    phone.get_by_role("link", name="审核补充说明").click()
    expect(phone.get_by_text("失火属实，三口人")).to_be_visible()
    faults = fits(phone)
    phone.get_by_role("button", name="审核通过").click()
    expect(phone.get_by_text("补充说明已审核通过")).to_be_visible()
    return faults


def test_a_fire_is_entered_paid_and_its_papers_follow(people: Crew, phone: Page, live_server: LiveServer) -> None:
    last_night = (timezone.localtime() - timedelta(hours=9)).replace(second=0, microsecond=0)
    become(phone, live_server, people.assistant, "/temporary-aid/quick/")
    faults = village_enters(phone, last_night)
    aid = TemporaryAid.objects.get()
    assert (aid.state, aid.first_reported_at) == ("advance_asked", last_night)
    become(phone, live_server, people.officer, f"/temporary-aid/{aid.pk}/")
    faults += township_pays(phone)
    assert str(ReserveFund.objects.get().balance) == "7660.00"
    faults += papers_follow(phone)
    become(phone, live_server, people.lead, f"/temporary-aid/{aid.pk}/")
    faults += approver_accepts(phone)
    aid = TemporaryAid.objects.get()
    assert (aid.state, str(aid.amount), aid.decided_by) == ("approved", "2340.00", people.lead)
    for path in ("reports/", f"reports/{aid.report_id}/", "advances/"):
        phone.goto(f"{live_server.url}/temporary-aid/{path}")
        faults += fits(phone)
    become(phone, live_server, people.officer, "/temporary-aid/reports/add/")
    assert faults + fits(phone) == []
