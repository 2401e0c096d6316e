"""The assessment beside the intake page follows what is typed, in a real browser, and saves nothing."""

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from households import services as households
from households.models import Household, Income, Member
from organizations.models import Staff
from tests.browser.test_intake import clerk, sign_in
from tests.support.crews import crew, family
from tests.support.factories import AT, ON, make_id_number, terms_for

__all__ = ["clerk"]
pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def household(clerk: Staff) -> Household:
    """Three on 低保, and the head's father of 85 of whose supporters nobody has asked yet."""
    terms_for("tekun")
    people = crew()
    people.officer = clerk
    made = family(people)
    born = date(1941, 2, 3)
    data = households.MemberData(
        name="胡老爹", relation="parent", sex="male", birth_date=born, id_number=make_id_number(birth_date=born)
    )
    households.add_member(made, data=data, by=clerk, on=ON, at=AT)
    return made


def find_out_supporters(household: Household, clerk: Staff) -> None:
    father = household.members.get(relation="parent")
    households.save_supporters(father, rows=[], known_all=True, by=clerk, on=ON)


def open_intake(page: Page, live_server: LiveServer, clerk: Staff, household: Household) -> None:
    sign_in(page, live_server, clerk)
    page.goto(f"{live_server.url}/intake/{household.pk}/")
    page.wait_for_load_state()


def test_the_amount_of_a_mixed_family_follows_a_typed_income_and_nothing_is_saved(
    clerk: Staff, household: Household, screen: Page, live_server: LiveServer
) -> None:
    find_out_supporters(household, clerk)
    open_intake(screen, live_server, clerk, household)
    aside = screen.locator(".intake-aside")
    grants, said = aside.locator(".grants li"), aside.locator("#trial-said")
    expect(grants).to_have_count(2)
    expect(grants.nth(0)).to_contain_text("特困 胡老爹")
    expect(grants.nth(0)).to_contain_text("每月840.00元")
    expect(grants.nth(1)).to_contain_text("低保 其余3人")
    expect(grants.nth(1)).to_contain_text("每月2,143.00元")
    expect(said).to_have_text("按上次保存的内容试算")

    amount = screen.locator("[name=incomes-0-yearly_amount]")
    amount.fill("")
    amount.press_sequentially("12000")
    expect(grants.nth(1)).to_contain_text("每月1,643.00元")
    expect(grants.nth(0)).to_contain_text("每月840.00元")
    expect(said).to_contain_text("已按当前填写试算（未保存）")
    expect(amount).to_be_focused()
    expect(amount).to_have_value("12000")
    expect(screen.locator("#trial-short")).to_have_text("特困 胡老爹 每月840.00元；低保 其余3人 每月1,643.00元")
    assert Income.objects.get().yearly_amount == 6000
    overflow = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_what_is_missing_leads_to_its_field_and_a_scheme_is_taken_up(
    clerk: Staff, household: Household, desktop: Page, live_server: LiveServer
) -> None:
    open_intake(desktop, live_server, clerk, household)
    trial = desktop.locator("#trial")
    expect(trial).to_contain_text("待查明义务人")
    details = trial.locator("[data-keep-open=dibao-grounds]")
    details.locator("summary").click()

    trial.get_by_role("link", name="去填法定义务人").click()
    known = desktop.get_by_label("胡老爹", exact=True).last
    expect(known).to_be_focused()
    desktop.keyboard.press("Space")
    expect(trial.locator(".grants")).to_contain_text("特困 胡老爹")
    expect(known).to_be_focused()
    expect(details).to_have_attribute("open", "")

    tekun = desktop.locator("#application input[value=tekun]")
    expect(tekun).not_to_be_checked()
    trial.get_by_role("button", name=re.compile("加入.*特困")).click()
    expect(tekun).to_be_checked()
    expect(trial.locator("#join-tekun")).to_have_text("已选")
    expect(trial.locator("#join-tekun")).to_be_focused()

    # A faulty row is said and left out; removed rows are out at once.
    desktop.locator("[name=incomes-0-yearly_amount]").fill("六千")
    expect(trial).to_contain_text("收入第1行有错，暂按已保存的计入")
    desktop.locator("#members [data-row]").nth(2).get_by_role("button", name="移除", exact=True).click()
    expect(trial.locator(".grants")).to_contain_text("其余2人")
    desktop.locator("#members [data-row]").nth(2).get_by_role("button", name="撤销移除").click()
    desktop.locator("[name=incomes-0-yearly_amount]").fill("12000")
    expect(trial.locator(".grants")).to_contain_text("其余3人")
    assert Member.objects.get(relation="parent").supporters_known is False

    desktop.locator("[name=application-reason]").fill("年老、残疾")
    desktop.keyboard.press("Control+s")
    expect(desktop.get_by_role("status").filter(has_text="已保存").first).to_be_visible()
    expect(desktop.locator("#trial-said")).to_have_text("按上次保存的内容试算")
    assert sorted(household.intakes.get().cases.values_list("scheme", flat=True)) == ["dibao", "tekun"]


def test_signed_out_meanwhile_the_aside_says_so_and_what_is_typed_stays(
    clerk: Staff, household: Household, desktop: Page, live_server: LiveServer
) -> None:
    open_intake(desktop, live_server, clerk, household)
    Session.objects.all().delete()
    desktop.locator("[name=incomes-0-yearly_amount]").fill("12000")
    expect(desktop.locator("#trial-said")).to_have_text("登录已过期，试算没有更新")
    expect(desktop.locator("[name=incomes-0-yearly_amount]")).to_have_value("12000")
    desktop.context.set_offline(True)
    desktop.locator("[name=incomes-0-yearly_amount]").fill("13000")
    expect(desktop.locator("#trial-said")).to_have_text("网络不通，试算没有更新")
