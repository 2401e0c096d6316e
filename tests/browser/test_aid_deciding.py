"""Aid at the desk and on the phone: the suggestion as it is typed, stages as rows, pages that fit hand and thumb."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation.trail import acting
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from tests.browser.conftest import _page
from tests.browser.test_phone import SMALL, THUMB, enter
from tests.support.aid import aid_data
from tests.support.crews import Crew, county_data, crew
from tests.temporary_aid.builders import proposal

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Page:
    yield from _page(chromium, "phone")  # type: ignore[misc]


@pytest.fixture
def people(county: None, transactional_db: None) -> Crew:
    county_data()
    return crew()


def opened(people: Crew) -> TemporaryAid:
    """A fire of an hour ago."""
    now = timezone.now()
    data = aid_data(first_reported_at=now - timedelta(hours=1), occurred_on=timezone.localdate(now) - timedelta(days=1))
    with acting(actor="system:test"):
        return services.open_aid(data, by=people.officer, at=now)


def test_the_suggestion_follows_cause_and_grade_while_they_are_chosen(
    people: Crew, screen: Page, live_server: LiveServer
) -> None:
    enter(screen, live_server, people.officer)
    screen.goto(f"{live_server.url}/temporary-aid/open/new/")
    box = screen.locator("#suggestion")
    expect(box).to_contain_text("选择事由和困难程度以后")
    screen.get_by_label("事由").select_option("fire")
    screen.get_by_label("困难程度").select_option("severe")
    # 4 × 780.
    expect(box).to_contain_text("3,120.00")
    expect(box).to_contain_text("本地做法")
    screen.get_by_label("困难程度").select_option("light")
    expect(box).to_contain_text("1,560.00")


def test_stages_are_added_as_rows_and_their_sum_is_told_as_it_is_typed(
    people: Crew, screen: Page, live_server: LiveServer
) -> None:
    aid = opened(people)
    enter(screen, live_server, people.officer)
    screen.goto(f"{live_server.url}/temporary-aid/{aid.pk}/propose/")
    first = screen.locator("[name=stages-0-amount]")
    expect(first).to_have_value("2,340.00")
    first.fill("1340")
    screen.locator("[name=stages-1-form]").select_option("money")
    screen.locator("[name=stages-1-amount]").fill("1000")
    expect(screen.locator("#suggestion")).to_contain_text("现填 2,340.00")
    screen.get_by_role("button", name="添加一期").click()
    screen.locator("[name=stages-2-form]").select_option("money")
    screen.locator("[name=stages-2-amount]").fill("780.01")
    expect(screen.locator("#suggestion")).to_contain_text("超过上限3,120.00元，须先提请一事一议")
    screen.locator("[name=stages-2-amount]").fill("780")
    screen.get_by_label("与建议金额不同的理由").fill("伤者住院")
    screen.get_by_label("救助意见").fill("情况属实")
    screen.get_by_role("button", name="保存").click()
    expect(screen.get_by_text("已提出，等待审批")).to_be_visible()
    aid.refresh_from_db()
    assert (aid.state, len(aid.plan)) == ("proposed", 3)


def test_pages_of_aid_fit_the_phone_and_the_thumb(people: Crew, phone: Page, live_server: LiveServer) -> None:
    aid, waiting = opened(people), opened(people)
    with acting(actor="system:test"):
        services.propose_aid(waiting, proposal(), by=people.officer, at=timezone.now())
    faults = []
    own = [f"{aid.pk}/{act}" for act in ("", "mend/", "propose/", "withdraw/", "link/", "files/add/")]
    pages = {
        people.officer: ["", "?q=许", "open/", "open/new/", "entrustments/", *own],
        people.lead: [f"{waiting.pk}/{act}" for act in ("", "approve/", "send-back/", "refuse/")],
        people.visitor: [f"{aid.pk}/meeting/"],
        people.approver: ["entrustments/add/"],
    }
    for staff, paths in pages.items():
        phone.context.clear_cookies()
        enter(phone, live_server, staff)
        for path in paths:
            answer = phone.goto(f"{live_server.url}/temporary-aid/{path}")
            assert answer is not None
            assert answer.status == 200, path
            over = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                faults.append(f"{path} runs {over} over the edge")
            faults += [f"{path} {small}" for small in phone.evaluate(SMALL, THUMB)]
    assert faults == []


def test_an_approval_takes_one_page_and_one_key(people: Crew, desktop: Page, live_server: LiveServer) -> None:
    aid = opened(people)
    with acting(actor="system:test"):
        services.propose_aid(aid, proposal(), by=people.officer, at=timezone.now())
    enter(desktop, live_server, people.lead)
    desktop.goto(f"{live_server.url}/temporary-aid/{aid.pk}/")
    desktop.get_by_role("link", name="审批", exact=True).click()
    expect(desktop.get_by_role("button", name=re.compile("同意救助2,340.00元"))).to_be_visible()
    desktop.keyboard.press("F2")
    expect(desktop.get_by_text("已批准2,340.00元")).to_be_visible()
