"""The clerk's intake in a real browser, at the desk and in the hand, by keyboard where a keyboard is."""

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import Case
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.browser.test_login import PASSWORD
from tests.support.crews import county_data
from tests.support.factories import make_id_number, make_staff

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def clerk(county: None, transactional_db: None) -> Staff:
    county_data()
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=date(2026, 1, 1))


def sign_in(page: Page, live_server: LiveServer, clerk: Staff) -> None:
    page.goto(live_server.url)
    page.get_by_label("工号").fill(clerk.staff_number)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("今天要办的")
    page.wait_for_load_state()  # keys work once the deferred scripts have run


def register_family(page: Page) -> None:
    page.get_by_role("link", name="受理一户").first.click()
    page.get_by_label("身份证号或姓名").fill(make_id_number(birth_date=date(1968, 3, 12)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("没有登记过")
    page.wait_for_load_state()
    expect(page.get_by_label("出生日期")).to_have_value("1968-03-12")
    page.locator("[name=head-name]").fill("胡德旺")
    page.locator("[name=family-area]").select_option(label="临溪村")
    page.locator("[name=family-address]").fill("一组12号")
    page.keyboard.press("F2")
    expect(page.get_by_role("heading", level=1)).to_have_text("胡德旺 家庭")
    page.wait_for_load_state()


def test_a_family_is_taken_in_and_assessed_beside_the_page(clerk: Staff, screen: Page, live_server: LiveServer) -> None:
    sign_in(screen, live_server, clerk)
    register_family(screen)
    expect(screen.locator(".intake-aside")).to_contain_text("四、财产还没有填")

    # A row by the button that Enter reaches; the number fills birth date and sex by itself.
    screen.get_by_role("button", name="添加成员").click()
    row = screen.locator("#members [data-row]").last
    row.locator("[name$='-name']").fill("汪秋菊")
    row.locator("[name$='-relation']").select_option("spouse")
    number = row.locator("[name$='-id_number']")
    number.fill(Household.objects.get().members.get().person.id_number.reveal())
    number.blur()
    expect(row).to_contain_text("不必重新登记")
    number.fill(make_id_number(birth_date=date(1972, 5, 20), male=False))
    expect(row).to_contain_text("女，54周岁")
    screen.get_by_label("金融资产（元）").fill("1.2万")
    expect(screen.locator("#property")).to_contain_text("＝ 12,000.00元")

    screen.keyboard.press("Control+s")
    expect(screen.get_by_role("status").filter(has_text="已保存").first).to_be_visible()
    expect(screen.locator("#members [data-row]")).to_have_count(2)
    expect(screen.locator(".intake-aside")).not_to_contain_text("四、财产还没有填")
    expect(screen.locator(".intake-aside")).to_contain_text("整户符合")
    overflow = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0

    screen.get_by_label("申请理由").fill("残疾，收入低")
    screen.keyboard.press("F2")
    expect(screen.locator("#papers")).to_be_in_viewport()
    expect(screen.locator("#papers")).to_contain_text("核查授权书")
    assert Case.objects.get().state == "draft"


def test_a_fault_keeps_what_was_typed_and_leaving_warns(clerk: Staff, desktop: Page, live_server: LiveServer) -> None:
    sign_in(desktop, live_server, clerk)
    register_family(desktop)
    desktop.get_by_label("金融资产（元）").fill("-5")
    desktop.locator("[name=household-address]").fill("二组8号")
    desktop.keyboard.press("Control+s")
    expect(desktop.get_by_role("alert").first).to_contain_text("金额不能是负数")
    expect(desktop.locator("[name=household-address]")).to_have_value("二组8号")
    expect(desktop.get_by_role("main")).to_contain_text("没有错的部分已经保存")
    expect(desktop.locator("#property")).to_contain_text("未保存")
    expect(desktop.locator("#family")).not_to_contain_text("未保存")
    assert Household.objects.get().address == "二组8号"
    desktop.get_by_role("alert").get_by_role("link").first.click()
    expect(desktop.get_by_label("金融资产（元）")).to_be_focused()

    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    desktop.on("dialog", stay)
    desktop.get_by_role("link", name="工作台").first.click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("今天要办的")
    assert asked == ["beforeunload"]


def test_a_row_is_copied_removed_and_brought_back(clerk: Staff, desktop: Page, live_server: LiveServer) -> None:
    sign_in(desktop, live_server, clerk)
    register_family(desktop)
    desktop.get_by_role("button", name="添加收入").click()
    row = desktop.locator("#means [data-rows][data-prefix=incomes] [data-row]")
    expect(row).to_have_count(1)
    row.locator("[name$='-label']").fill("帮工")
    row.get_by_role("button", name="复制").click()
    expect(row).to_have_count(2)
    expect(row.last.locator("[name$='-label']")).to_have_value("帮工")
    row.last.get_by_role("button", name="移除", exact=True).click()
    expect(row.last).to_have_class(re.compile("is-removed"))
    row.last.get_by_role("button", name="撤销移除").click()
    expect(row.last).not_to_have_class(re.compile("is-removed"))


def test_without_a_way_to_the_server_everything_typed_stays(
    clerk: Staff, desktop: Page, live_server: LiveServer
) -> None:
    sign_in(desktop, live_server, clerk)
    register_family(desktop)
    desktop.get_by_label("金融资产（元）").fill("800")
    desktop.context.set_offline(True)
    desktop.keyboard.press("Control+s")
    expect(desktop.get_by_role("alert")).to_contain_text("网络不通，还没有保存")
    expect(desktop.get_by_label("金融资产（元）")).to_have_value("800")
    expect(desktop.get_by_label("金融资产（元）")).to_be_focused()
    desktop.context.set_offline(False)

    asked: list[str] = []
    desktop.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desktop.get_by_role("link", name="工作台").first.click(no_wait_after=True)
    expect(desktop.get_by_label("金融资产（元）")).to_have_value("800")
    assert asked == ["beforeunload"]
    desktop.keyboard.press("Control+s")
    expect(desktop.get_by_role("status").filter(has_text="已保存").first).to_be_visible()
    assert Household.objects.get().property.financial_assets == 800


def test_signed_out_meanwhile_the_page_waits_and_is_saved_after_signing_in_again(
    clerk: Staff, desktop: Page, live_server: LiveServer
) -> None:
    sign_in(desktop, live_server, clerk)
    register_family(desktop)
    desktop.get_by_label("金融资产（元）").fill("800")
    Session.objects.all().delete()
    desktop.keyboard.press("Control+s")
    expect(desktop.get_by_role("alert")).to_contain_text("登录已过期，还没有保存")
    with desktop.context.expect_page() as opened:
        desktop.get_by_role("link", name="在新窗口登录").click()
    sign_in(opened.value, live_server, clerk)
    opened.value.close()
    desktop.get_by_label("金融资产（元）").focus()
    desktop.keyboard.press("Control+s")
    expect(desktop.get_by_role("status").filter(has_text="已保存").first).to_be_visible()
    assert Household.objects.get().property.financial_assets == 800
