"""Choosing many cases in a real browser, with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.rules.process import CaseState
from organizations.models import Staff
from tests.browser.test_intake import sign_in
from tests.support.crews import crew
from tests.support.stories import case_in, new_story

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def clerk(county: None, transactional_db: None) -> Staff:
    people = crew()
    case_in(CaseState.ACCEPTED, people=people)
    new_story(people=people)
    return people.officer


def test_the_buttons_follow_what_is_chosen(screen: Page, live_server: LiveServer, clerk: Staff) -> None:
    sign_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/cases/?sort=state")
    printing = screen.get_by_role("button", name="打印通知书")
    expect(printing).to_be_disabled()
    accepted, draft = screen.locator("[name=case][data-state=accepted]"), screen.locator("[data-state=draft]")
    draft.check()
    expect(printing).to_be_disabled()
    screen.get_by_label("全选本页").focus()
    screen.keyboard.press("Space")
    expect(accepted).to_be_checked()
    expect(screen.get_by_text("已选 2 件")).to_be_visible()
    printing.press("Enter")
    expect(screen.get_by_role("heading", level=1)).to_have_text("打印通知书")
    expect(screen.get_by_role("button", name="打印（1件）")).to_be_visible()
    screen.get_by_role("link", name="返回，不办理").click()
    expect(screen).to_have_url(f"{live_server.url}/cases/?sort=state")


def test_all_of_a_page_are_chosen_without_scripts(chromium: Browser, live_server: LiveServer, clerk: Staff) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, clerk)
    page.goto(f"{live_server.url}/cases/")
    page.get_by_role("link", name="全选本页").click()
    expect(page.locator("[data-state=accepted]")).to_be_checked()
    page.get_by_role("button", name="打印通知书").click()
    expect(page.get_by_role("button", name="打印（1件）")).to_be_visible()
    context.close()
