"""A village assistant records a visit in the hand: four taps, a word where something is wrong, a photo."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from care.models import CarePoint, CareVisit
from tests.browser.conftest import _page
from tests.browser.test_phone import SMALL, THUMB, enter
from tests.care.builders import supported
from tests.support.crews import Crew, county_data, crew

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Page:
    yield from _page(chromium, "phone")  # type: ignore[misc]


@pytest.fixture
def people(county: None, transactional_db: None) -> Crew:
    county_data()
    return crew()


def test_a_visit_is_recorded_on_the_phone(people: Crew, phone: Page, live_server: LiveServer) -> None:
    award = supported(people, name="阿卜杜热合曼·买买提明", level="disabled")
    enter(phone, live_server, people.assistant)
    phone.goto(live_server.url)
    phone.get_by_role("link", name=re.compile("走访照料.*阿卜杜热合曼")).click()
    for part in ("饮食", "卫生", "健康"):
        phone.get_by_role("group", name=part).get_by_label("好").check()
    phone.get_by_role("group", name="住房安全").get_by_label("差").check()
    phone.get_by_label("照片").set_input_files({"name": "屋顶.png", "mimeType": "image/png", "buffer": PIXEL})
    phone.get_by_role("button", name="保存走访").click()
    expect(phone.get_by_text("选了“差”的，请写明发现的问题。").last).to_be_visible()
    expect(phone.get_by_role("group", name="住房安全").get_by_label("差")).to_be_checked()
    phone.get_by_label("发现的问题").fill("屋顶漏雨")
    phone.get_by_role("button", name="保存走访").click()
    expect(phone.get_by_text("走访已登记")).to_be_visible()
    expect(phone.get_by_text("屋顶漏雨").first).to_be_visible()
    visit = CareVisit.objects.get()
    assert (visit.award, visit.housing, visit.recorded_by) == (award, "poor", people.assistant)
    assert CarePoint.objects.get().problem == "屋顶漏雨"


def test_pages_of_care_fit_the_phone_and_the_thumb(people: Crew, phone: Page, live_server: LiveServer) -> None:
    award = supported(people, name="阿卜杜热合曼·买买提明", level="disabled")
    enter(phone, live_server, people.officer)
    faults = []
    acts = ("", "visit/", "agreement/", "report/")
    for path in ("/care/", "/care/?due=all", "/care/homes/", *(f"/care/{award.pk}/{act}" for act in acts)):
        answer = phone.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        over = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"{path} runs {over} over the edge")
        faults += [f"{path} {small}" for small in phone.evaluate(SMALL, THUMB)]
    assert faults == []
