"""Pages in the hand: nothing runs over the edge, and whatever is touched is as large as a thumb."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.rules.process import CaseState
from households import services
from households.services import MemberData
from organizations.models import Staff
from tests.browser.conftest import _page
from tests.support.crews import county_data, instant
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]
LONG = (
    "阿卜杜热合曼·买买提明",
    "努尔曼古丽·阿卜杜热合曼",
    "买买提艾力·阿卜杜热合曼",
    "迪丽努尔·艾合买提",
    "王䶮",
    "李㛃",
    "欧阳春晓",
)
ADDRESS = "下五都村委会第十二村民小组原供销社旧址后排安置点二期三幢一单元五〇二室（水库移民安置区）"
THUMB = 40

SMALL = """(thumb) => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
  .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .skip-link, thead, p"))
  .filter((element) => !(element.matches("input[type=checkbox], input[type=radio]") && element.labels.length))
  .map((element) => [element.getBoundingClientRect(), element])
  .filter(([box]) => box.width > 0 && box.height > 0 && box.height < thumb)
  .map(([box, item]) => `${item.tagName} ${item.className} ${item.innerText || item.name} ${box.height}`)"""


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Page:
    yield from _page(chromium, "phone")  # type: ignore[misc]


@pytest.fixture
def story(county: None, transactional_db: None) -> Story:
    """A case of a family of ten with long names and a long address."""
    county_data()
    story = case_in(CaseState.INVESTIGATING)
    household, officer, on = story.household, story.people.officer, story.today
    for number, name in enumerate(LONG):
        someone = MemberData(
            name=name,
            relation="other",
            sex="male",
            birth_date=date(1980 + number, 1, 2),
            missing_id_reason="lost",
            facts={"health": "good"},
        )
        services.add_member(household, data=someone, by=officer, on=on, at=instant(on))
    household.refresh_from_db()
    services.change_facts(household, facts={"address": ADDRESS}, by=officer, version=household.version)
    return story


def enter(page: Page, live_server: LiveServer, staff: Staff) -> None:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def test_pages_fit_the_phone_and_the_thumb(story: Story, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, story.people.officer)
    home, case = story.household.pk, story.case.pk
    faults = []
    for path in (
        "/",
        "/intake/",
        f"/intake/{home}/",
        "/families/",
        f"/families/{home}/",
        f"/families/{home}/edit/",
        f"/families/{home}/members/add/",
        f"/families/{home}/consent/",
        "/cases/",
        f"/cases/{case}/",
        f"/cases/{case}/acts/record-visit/",
        "/parameters/",
    ):
        answer = phone.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        over = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"{path} runs {over} over the edge")
        faults += [f"{path} {small}" for small in phone.evaluate(SMALL, THUMB)]
        expect(phone.get_by_role("navigation", name="常用")).to_be_visible()
    assert faults == []


def test_a_long_name_is_read_whole_on_the_intake_page(story: Story, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, story.people.officer)
    phone.goto(f"{live_server.url}/intake/{story.household.pk}/")
    for size in ({"width": 390, "height": 844}, {"width": 1366, "height": 768}):
        phone.set_viewport_size(size)  # type: ignore[arg-type]
        hidden = phone.evaluate(
            """() => [...document.querySelectorAll("#members [data-row] [name$='-name']")]
                 .filter((field) => field.scrollWidth > field.clientWidth + 1).map((field) => field.value)"""
        )
        assert hidden == [], size


def test_the_camera_opens_where_papers_are_handed_in(story: Story, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, story.people.officer)
    phone.goto(f"{live_server.url}/cases/{story.case.pk}/acts/record-visit/")
    button = phone.get_by_role("button", name="拍照").first
    with phone.expect_file_chooser() as chosen:
        button.click()
    assert chosen.value.element.get_attribute("type") == "file"


def test_the_long_case_page_is_found_through_on_a_phone(story: Story, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, story.people.officer)
    phone.goto(f"{live_server.url}/cases/{story.case.pk}/")
    steps = phone.get_by_role("list", name="办理进度")
    assert steps.evaluate("list => list.scrollWidth - list.clientWidth") <= 0
    for step in steps.get_by_role("listitem").all():
        box = step.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert step.evaluate("item => item.scrollWidth - item.clientWidth") <= 1
    phone.mouse.wheel(0, 4000)
    menu = phone.get_by_role("navigation", name="本页内容")
    expect(menu).to_be_in_viewport()
    menu.get_by_role("link", name="决定").click()
    heading = phone.get_by_role("heading", name="决定")
    expect(heading).to_be_in_viewport()
    below_menu = "([menu, heading]) => heading.getBoundingClientRect().top - menu.getBoundingClientRect().bottom"
    assert phone.evaluate(below_menu, [menu.element_handle(), heading.element_handle()]) >= 0
    expect(menu).to_be_in_viewport()
