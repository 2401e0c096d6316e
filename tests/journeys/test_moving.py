"""A family moves from one township to the other: sent by one clerk, taken in by the other."""

from datetime import date

import pytest

from applications import services as applications
from applications.rules.process import CaseState
from benefits.models import Award
from households import services as households
from organizations.models import Staff
from organizations.permissions import Role
from tests.households.builders import data
from tests.journeys.walk import Walk
from tests.support.browser import Browser
from tests.support.crews import HUAYANG, START, VILLAGES, instant
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in, new_story

NAMES = ("胡德旺", "汪秋菊", "胡小雨", "一组12号")


@pytest.fixture
def receiver(walk: Walk) -> Staff:
    """A clerk of 华阳镇."""
    return make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))


def send(walk: Walk, story: Story) -> None:
    family = f"/families/{story.household.pk}/"
    page = walk.at(walk.people.officer).open(f"{family}life/move/")
    page.says("胡德旺家庭", "3人", "由迁入乡镇接收后才转过去")
    page = page.press("确认迁移", area=str(area(VILLAGES[HUAYANG]).pk), address="华阳新村8号")
    page.says("已转出，等待华阳镇接收", "接收以前仍由本乡镇管理", "胡德旺")


def test_a_family_with_an_application_moves_and_the_application_goes_on_there(walk: Walk, receiver: Staff) -> None:
    story = case_in(CaseState.SUBMITTED, people=walk.people)
    family, case = f"/families/{story.household.pk}/", f"/cases/{story.case.pk}/"
    sender, other = walk.at(walk.people.officer), walk.at(receiver)
    send(walk, story)
    home = other.home().is_silent_about(*NAMES)
    assert other.open(family).status == other.open(case).status == 404
    page = home.click(f"接收迁入家庭：{story.household.number}").is_silent_about(*NAMES)
    page.says(story.household.number, "临溪镇", "3")
    page = page.click("接收").is_silent_about(*NAMES).says(story.household.number, "3人", "接收后不能退回")
    page = page.press("确认接收家庭").says("接收家庭已办理", "胡德旺", "华阳新村8号")
    other.open(case).says("受理", "迁移")
    other.home().click("审查材料并受理：胡德旺")
    assert sender.open(family).status == sender.open(case).status == 404
    sender.home().is_silent_about("胡德旺")
    assert applications.accept(story.refresh(), by=receiver, on=story.today).area.code == VILLAGES[HUAYANG]


def test_the_receiver_declines_and_the_sender_sees_why(walk: Walk, receiver: Staff) -> None:
    story = new_story(people=walk.people)
    send(walk, story)
    page = walk.at(receiver).open("/families/transfers/").click("退回")
    page.press("确认退回转出", reason="").says("请填写退回原因")
    page.press("确认退回转出", reason="没有在本乡镇居住").says("没有等待接收的家庭")
    walk.at(walk.people.officer).open(f"/families/{story.household.pk}/").says(
        "华阳镇于2026年9月7日退回了这个家庭的转出：没有在本乡镇居住"
    )
    send(walk, story)
    page = walk.at(walk.people.officer).open(f"/families/{story.household.pk}/").click("撤回转出")
    page.says("胡德旺家庭", story.household.number).press("确认撤回转出").says("撤回转出已办理", "胡德旺")
    walk.at(receiver).open("/families/transfers/").says("没有等待接收的家庭")


def test_with_an_accepted_case_a_family_finishes_here_first(walk: Walk) -> None:
    story = case_in(CaseState.ACCEPTED, people=walk.people)
    walk.go_to(story.today)
    page = walk.at(walk.people.officer).open(f"/families/{story.household.pk}/life/move/")
    page = page.press("确认迁移", area=str(area(VILLAGES[HUAYANG]).pk), address="华阳新村8号")
    page.says(f"该家庭有正在办理的低保申请（{story.case.number}），请先办结或撤回")
    assert "华阳新村8号" in page.html


def test_after_the_decision_the_award_goes_along_and_the_case_stays_as_it_was(walk: Walk, receiver: Staff) -> None:
    story = case_in(CaseState.APPROVED, people=walk.people)
    walk.go_to(story.today)
    send(walk, story)
    other: Browser = walk.at(receiver)
    page = other.open("/families/transfers/").click("接收").press("确认接收家庭")
    page.says("胡德旺", Award.objects.get().number, "迁入以前：临溪镇低保申请（确认同意），案卷在原乡镇")
    assert other.open(f"/cases/{story.case.pk}/").status == 404
    newborn = data("胡新生", "child", id_number="", sex="male", birth_date=START, missing_id_reason="newborn")
    walk.later()
    story.household.refresh_from_db()
    households.add_member(story.household, data=newborn, by=receiver, on=walk.today, at=instant(walk.today))
    former = walk.at(walk.people.officer)
    assert former.open(f"/families/{story.household.pk}/").status == 404
    former.open(f"/cases/{story.case.pk}/").says("确认同意", "胡德旺", "已迁往华阳镇", "（3人）").is_silent_about(
        "华阳新村8号", "胡新生"
    )
    former.open("/cases/").is_silent_about("胡新生", "华阳新村8号")
