"""Stages of aid in the hand: every page fits the phone and the thumb, a visit is recorded on it, a stage is paid."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from temporary_aid.models import AidVisit
from tests.browser.conftest import _page
from tests.browser.test_phone import SMALL, THUMB, enter
from tests.support.crews import county_data
from tests.temporary_aid.granted import Helped, helped, in_stages

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Page:
    yield from _page(chromium, "phone")  # type: ignore[misc]


@pytest.fixture
def story(county: None, transactional_db: None) -> Helped:
    """Three stages, of which the first is paid, the second waits for its visit."""
    county_data()
    made = helped(*in_stages("800.00", "400.00", "360.00"))
    made.pay()
    return made


def test_pages_of_stages_fit_the_phone_and_the_thumb(story: Helped, phone: Page, live_server: LiveServer) -> None:
    enter(phone, live_server, story.people.officer)
    aid, stage = f"/temporary-aid/{story.aid.pk}/", f"/temporary-aid/stages/{story.stage(2).pk}/"
    faults = []
    for path in (
        "/temporary-aid/stages/?show=all",
        "/temporary-aid/stages/?show=paid",
        "/temporary-aid/figures/?year=2026",
        *(f"{aid}{act}/" for act in ("visit", "cancel-rest", "follow-up", "close")),
        f"{stage}visit/",
        f"{stage}pay/",
    ):
        answer = phone.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, path
        over = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"{path} runs {over} over the edge")
        faults += [f"{path} {small}" for small in phone.evaluate(SMALL, THUMB)]
    assert faults == []


def test_a_stage_is_visited_on_the_phone_and_paid_at_the_desk(
    story: Helped, phone: Page, live_server: LiveServer
) -> None:
    enter(phone, live_server, story.people.assistant)
    phone.goto(f"{live_server.url}/temporary-aid/{story.aid.pk}/")
    phone.get_by_role("link", name="本期走访").first.click()
    phone.get_by_label("走访情况").fill("正房还没有封顶")
    phone.get_by_role("button", name="保存走访").click()
    expect(phone.get_by_text("请选择仍然困难或困难已缓解。").last).to_be_visible()
    phone.get_by_label("仍然困难").check()
    phone.get_by_label("条件已满足").check()
    phone.get_by_label("照片").set_input_files({"name": "房屋.png", "mimeType": "image/png", "buffer": PIXEL})
    phone.get_by_role("button", name="保存走访").click()
    expect(phone.get_by_text("走访已登记")).to_be_visible()
    visit = AidVisit.objects.get()
    assert (visit.stage, visit.finding, visit.photo is not None) == (story.stage(2), "正房还没有封顶", True)
    enter(phone, live_server, story.people.officer)
    phone.goto(f"{live_server.url}/temporary-aid/{story.aid.pk}/")
    phone.get_by_role("button", name="确认本期").click()
    expect(phone.get_by_text("确认发放许金宝的第2期，400.00元？")).to_be_visible()
    phone.get_by_role("button", name="确认", exact=True).click()
    phone.get_by_role("link", name="登记发放").click()
    phone.get_by_label("领取人").fill("许金宝")
    phone.get_by_label("凭证号").fill("现付1013")
    phone.get_by_label("第二经办人").fill("章建国")
    phone.get_by_role("button", name="登记发放").click()
    expect(phone.get_by_text("第2期400.00元已登记发放给许金宝。")).to_be_visible()
    assert story.stage(2).state == "paid"
