"""A death or a departure in a family that receives 低保: on its page and on the task list until it is dealt with."""

from datetime import date

import pytest

from applications.rules.process import CaseState
from benefits.models import Award
from organizations.models import Staff
from organizations.permissions import Role
from tests.journeys.walk import Walk
from tests.support.crews import HUAYANG
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in


@pytest.fixture
def story(walk: Walk) -> Story:
    found = case_in(CaseState.APPROVED, people=walk.people)
    walk.go_to(found.today)
    return found


def test_a_death_stays_a_task_until_a_review_decides(walk: Walk, story: Story) -> None:
    officer, number = walk.at(walk.people.officer), Award.objects.get().number
    child = story.household.members.get(relation="child")
    page = officer.open(f"/families/{story.household.pk}/life/death/")
    page = page.press("确认死亡", member=str(child.pk), on="2026-09-20")
    page.says(
        f"待遇{number}需核查：成员死亡（胡小雨，2026年9月20日）", "从2026年10月起不得计发", "2026年12月20日前核查"
    )
    page = officer.home().click("核查待遇（成员死亡）：胡德旺")
    page.says("胡小雨：成员死亡（2026年9月20日）", "从2026年10月起不得计发", "一（三）", number, "胡德旺家庭")
    page.press("登记核查情况", finding=" ").says("请填写核查情况")
    page.press("登记核查情况", finding="已核实，报减发。").says("须在三个月内复核或者终止", "请发起复核或终止")
    officer.home().says("核查待遇（成员死亡）：胡德旺")


def test_a_departure_is_looked_into_and_the_finding_stays_on_the_page(walk: Walk, story: Story) -> None:
    officer = walk.at(walk.people.officer)
    child = story.household.members.get(relation="child")
    page = officer.open(f"/families/{story.household.pk}/life/leave/")
    page.press("确认成员离开", member=str(child.pk), reason="married_out", on=str(walk.today))
    page = officer.home().click("核查待遇（成员离开）：胡德旺")
    page = page.press("登记核查情况", finding="已核实，报减发。").says("核查情况已登记", "已核实，报减发。")
    assert not page.offers("登记核查情况")
    officer.home().is_silent_about("核查待遇")


def test_another_township_and_the_lead_have_no_such_task(walk: Walk, story: Story) -> None:
    officer = walk.at(walk.people.officer)
    child = story.household.members.get(relation="child")
    page = officer.open(f"/families/{story.household.pk}/life/leave/")
    page.press("确认成员离开", member=str(child.pk), reason="married_out", on=str(walk.today))
    check = Award.objects.get().checks.get()
    neighbour: Staff = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))
    for staff, status in ((neighbour, 404), (walk.people.lead, 403)):
        walk.at(staff).home().is_silent_about("核查待遇")
        assert walk.at(staff).open(f"/awards/checks/{check.pk}/").status == status
    walk.at(walk.people.lead).open(f"/families/{story.household.pk}/").says("需核查：成员离开（胡小雨")
