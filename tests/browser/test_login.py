"""The door of the house at the desk and in the hand."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.permissions import Role
from tests.support.factories import make_staff

pytestmark = pytest.mark.usefixtures("county")
PASSWORD = "Correct-Horse-88"


def test_a_clerk_logs_in_sees_who_she_is_and_logs_out(screen: Page, live_server: LiveServer) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    screen.goto(live_server.url)
    expect(screen).to_have_title(re.compile("登录"))
    screen.get_by_label("工号").fill(clerk.staff_number)
    screen.get_by_label("密码").fill("wrong")
    screen.get_by_role("button", name="登录").click()
    expect(screen.get_by_role("alert")).to_contain_text("工号或密码不对")
    expect(screen.get_by_label("工号")).to_have_value(clerk.staff_number)
    screen.get_by_label("密码").fill(PASSWORD)
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("heading", level=1)).to_have_text("今天要办的")
    header = screen.get_by_role("banner")
    expect(header).to_contain_text("乡镇经办人")
    overflow = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    header.get_by_text(clerk.name).first.click()
    header.get_by_role("button", name="退出登录").click()
    expect(screen).to_have_title(re.compile("登录"))


def test_a_slash_goes_to_the_search_and_a_search_answers(desktop: Page, live_server: LiveServer) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    desktop.goto(f"{live_server.url}/account/login/")
    desktop.get_by_label("工号").fill(clerk.staff_number)
    desktop.get_by_label("密码").fill(PASSWORD)
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("今天要办的")
    desktop.wait_for_load_state()  # keys work once the deferred scripts have run
    desktop.keyboard.press("/")
    expect(desktop.get_by_label("按姓名、身份证号或办件号查找")).to_be_focused()
    desktop.keyboard.type("胡德旺")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("胡德旺")
    expect(desktop.get_by_role("main")).to_contain_text("没有找到")
