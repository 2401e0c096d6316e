"""Every form page by keyboard: F2 and Ctrl+S save, Enter goes on, an ID-card reader types like a keyboard."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from applications.rules.process import CaseState
from organizations.models import Staff
from tests.support.crews import county_data
from tests.support.factories import make_id_number
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]
LOOKUPS = ("/lookup/",)


@pytest.fixture
def story(county: None, transactional_db: None) -> Story:
    county_data()
    return case_in(CaseState.INVESTIGATING)


def enter(page: Page, live_server: LiveServer, staff: Staff) -> None:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def hold_back(page: Page) -> list[str]:
    """Keep what the page sends from the server; the addresses that it would have gone to."""
    sent: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method != "POST" or route.request.url.endswith(LOOKUPS):
            route.continue_()
            return
        sent.append(route.request.url)
        route.fulfill(status=204)

    page.route("**/*", answer)
    return sent


FORM_PAGES: list[Callable[[Any, Any], str]] = [
    lambda home, case: f"/families/{home.pk}/edit/",
    lambda home, case: f"/families/{home.pk}/members/add/",
    lambda home, case: f"/families/{home.pk}/members/{home.members.first().pk}/",
    lambda home, case: f"/families/{home.pk}/members/{home.members.first().pk}/supporters/",
    lambda home, case: f"/families/{home.pk}/means/incomes/2026/",
    lambda home, case: f"/families/{home.pk}/property/",
    lambda home, case: f"/families/{home.pk}/bank-account/",
    lambda home, case: f"/families/{home.pk}/consent/",
    lambda home, case: f"/families/{home.pk}/attachments/add/",
    lambda home, case: f"/families/{home.pk}/life/birth/",
    lambda home, case: "/families/register/",
    lambda home, case: "/intake/new/",
    lambda home, case: f"/intake/{home.pk}/",
    lambda home, case: f"/cases/{case.pk}/acts/record-visit/",
    lambda home, case: "/account/password/",
]


def test_f2_and_ctrl_s_save_on_every_form_page(story: Story, desktop: Page, live_server: LiveServer) -> None:
    enter(desktop, live_server, story.people.officer)
    sent = hold_back(desktop)
    deaf = []
    for address in FORM_PAGES:
        path = address(story.household, story.case)
        for key in ("F2", "Control+s"):
            answer = desktop.goto(live_server.url + path)
            assert answer is not None
            assert answer.status == 200, path
            # What the browser itself would ask for is not what is tried here.
            desktop.evaluate("for (const form of document.forms) form.noValidate = true")
            before = len(sent)
            desktop.keyboard.press(key)
            desktop.wait_for_timeout(150)
            if len(sent) != before + 1:
                deaf.append((path, key))
    assert deaf == []


def test_an_id_card_reader_fills_the_field_and_sends_nothing(
    story: Story, desktop: Page, live_server: LiveServer
) -> None:
    enter(desktop, live_server, story.people.officer)
    sent = hold_back(desktop)
    number = make_id_number(birth_date=date(1972, 5, 20), male=False)
    desktop.goto(f"{live_server.url}/intake/{story.household.pk}/")
    desktop.get_by_role("button", name="添加成员").click()
    row = desktop.locator("#members [data-row]").last
    row.locator("[name$='-id_number']").focus()
    desktop.keyboard.type(number)
    desktop.keyboard.press("Enter")
    expect(row).to_contain_text("女，54周岁")
    expect(row.locator("[name$='-id_number']")).to_have_value(number)
    expect(row.locator("[name$='-health']")).to_be_focused()

    desktop.locator("[name=agent-id_number]").focus()
    desktop.keyboard.type(number)
    desktop.keyboard.press("Enter")
    expect(desktop.locator("[name=agent-phone]")).to_be_focused()

    desktop.goto(f"{live_server.url}/intake/new/")
    desktop.locator("[name=head-id_number]").focus()
    desktop.keyboard.type(number)
    desktop.keyboard.press("Enter")
    expect(desktop.locator("[name=head-birth_date]")).to_have_value("1972-05-20")
    assert sent == []


def test_enter_walks_along_the_row_past_what_is_closed_to_the_next_one(
    story: Story, desktop: Page, live_server: LiveServer
) -> None:
    enter(desktop, live_server, story.people.officer)
    sent = hold_back(desktop)
    desktop.goto(f"{live_server.url}/intake/{story.household.pk}/")
    rows = desktop.locator("#members [data-row]")
    count = rows.count()
    rows.last.locator("[name$='-schooling']").focus()
    desktop.keyboard.press("Enter")
    expect(rows.last.locator("[name$='-employment']")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("button", name="添加成员")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(rows).to_have_count(count + 1)
    expect(rows.last.locator("[name$='-name']")).to_be_focused()
    desktop.keyboard.type("汪秋菊")
    desktop.keyboard.press("Enter")
    expect(rows.last.locator("[name$='-relation']")).to_be_focused()
    assert sent == []


def test_a_slash_typed_into_a_field_stays_there(story: Story, desktop: Page, live_server: LiveServer) -> None:
    enter(desktop, live_server, story.people.officer)
    desktop.goto(f"{live_server.url}/intake/{story.household.pk}/")
    address = desktop.locator("[name=household-address]")
    address.fill("")
    address.press_sequentially("1/2组")
    expect(address).to_have_value("1/2组")
    address.blur()
    desktop.keyboard.press("/")
    expect(desktop.locator("[data-search]")).to_be_focused()
