"""A review from its opening to the decision, through the pages, by the people whose acts they are."""

from datetime import date

import pytest

from benefits.models import Award
from organizations.permissions import Role
from tests.journeys.walk import Walk
from tests.support.browser import Page
from tests.support.crews import HUAYANG
from tests.support.factories import answers_of, make_staff
from tests.support.reviews import REVIEWED, awarded, earn


@pytest.fixture
def award(walk: Walk) -> Award:
    return awarded(walk.people)


def open_it(walk: Walk, award: Award, yearly: str) -> Page:
    """The wife earns otherwise; the clerk opens the review from the family's page."""
    walk.go_to(REVIEWED)
    earn(award.household, walk.people, yearly)
    page = walk.at(walk.people.officer).open(f"/families/{award.household_id}/").click("发起复核")
    page.says("胡德旺家庭", award.number, "每月2,143.00元", "复核不公示")
    page = page.press("发起复核", cause="reported", cause_text="妻子换了工作。", changed="汪秋菊的工资有变化")
    return page.says("复核已发起", "低保・复核", "家庭报告变化", "妻子换了工作", "汪秋菊的工资有变化")


def look_into_it(walk: Walk, award: Award) -> None:
    """Signed for, checked by the county and visited, as an application is."""
    from households.services import record_consent  # noqa: PLC0415

    people, members = walk.people, award.household.members.select_related("person")
    signers = {m.pk: "胡德旺" if m.relation == "child" else "" for m in members}
    by, on = people.officer, walk.today
    record_consent(award.household, signed_on=on, signers=signers, supporters=answers_of(award.household), by=by, on=on)
    walk.do(walk.task(people.officer, "启动复核调查"), "启动调查")
    walk.do(walk.case_page(people.officer), "提请信息核对")
    walk.later(2)
    walk.answer_check()
    walk.visit()


def propose(walk: Walk, says: tuple[str, ...], **typed: str) -> Page:
    """What the page suggests is drafted by the clerk and signed by the lead."""
    page = walk.case_page(walk.people.officer).click("拟初审意见").says(*says)
    page.press("拟初审意见", opinion="经核对和入户，情况属实。", **typed).says("已办好")
    return walk.do(walk.task(walk.people.lead, "签发初审意见"), "签发初审意见")


def tell(walk: Walk) -> None:
    page = walk.task(walk.people.officer, "告知家庭或报审核确认")
    assert not page.offers("张贴公示") and not page.offers("报审核确认")
    walk.do(page, "告知家庭拟作的决定").says("举证异议")
    walk.later(4)


def decide(walk: Walk, *says: str) -> Page:
    page = walk.task(walk.people.officer, "告知家庭或报审核确认")
    walk.do(page, "报审核确认")
    page = walk.task(walk.people.approver, "确认复核结果")
    assert not page.offers("确认同意") and not page.offers("不予确认")
    walk.do(page.says(*says), "确认复核结果")
    return walk.case_page(walk.people.approver)


def test_nothing_clear_changed_and_the_award_goes_on(walk: Walk, award: Award) -> None:
    open_it(walk, award, "8700")
    page = walk.case_page(walk.people.officer).says("比对", "6,000.00元", "8,700.00元").is_silent_about("公示与异议")
    assert not page.offers("家庭撤回申请")
    look_into_it(walk, award)
    propose(walk, ("现行待遇", "维持", "没有明显变化"))
    decide(walk, "拟维持").says("维持", "不变，每月2,143.00元", "复核办结").is_silent_about("村内公布")
    assert award.versions.count() == 1
    notice = walk.paper(walk.people.approver, "review_notice")
    for words in ("维持", "每月2143.00元，金额不变", "变动75.00元", "60日内", "6个月", "下次核查不迟于"):
        assert words in notice, words
    form = walk.paper(walk.people.approver, "review_form")
    for words in ("动态核查表", "家庭报告变化", "166.66元→241.66元", "现发金额", "下次应核日"):
        assert words in form, words
    walk.at(walk.people.officer).open("/cases/?kind=review").says("胡德旺", "复核")
    walk.deliver_everything()
    walk.has_no_task(walk.people.officer)


def test_a_better_wage_cuts_what_is_paid(walk: Walk, award: Award) -> None:
    open_it(walk, award, "8718")
    look_into_it(walk, award)
    propose(walk, ("减发", "1,917.00元", "有明显变化"))
    tell(walk)
    decide(walk, "拟减发").says("减发", "从2026年12月起每月1,917.00元")
    notice = walk.paper(walk.people.approver, "adjustment_notice")
    for words in ("减发", "由每月2143.00元调整为每月1917.00元", "减少226.00元", "60日内", "第三十二条"):
        assert words in notice, words
    assert award.versions.latest("serial").from_month == date(2026, 12, 1)


def test_a_family_that_earns_well_is_stopped_in_writing(walk: Walk, award: Award) -> None:
    open_it(walk, award, "60000")
    look_into_it(walk, award)
    propose(walk, ("停发",))
    tell(walk)
    page = walk.case_page(walk.people.officer).click("家庭举证异议").says("重新查明")
    page.press("家庭举证异议", evidence="工资只有三个月。").says("已办好")
    propose(walk, ("停发",))
    tell(walk)
    decide(walk, "拟停发").says("停发", "发到2026年11月止")
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("stopped", date(2026, 11, 1))
    notice = walk.paper(walk.people.approver, "stop_notice")
    for words in ("自2026年12月起停发", "人均月收入1666.66元", "临时救助", "60日内", "签收人"):
        assert words in notice, words
    walk.at(walk.people.officer).open(f"/families/{award.household_id}/").is_silent_about("发起复核")
    walk.deliver_everything()


def test_a_family_above_the_standard_is_phased_out(walk: Walk, award: Award) -> None:
    open_it(walk, award, "36000")
    look_into_it(walk, award)
    page = walk.case_page(walk.people.officer).click("拟初审意见").says("渐退", "5个月", "建议5个月")
    page.press("拟初审意见", opinion="给予渐退。", phase_out_months="").says("渐退的须填渐退月数")
    page.press("拟初审意见", opinion="给予渐退。", phase_out_months="4").says("与系统建议不同，请写明理由")
    propose(walk, ("渐退",), phase_out_months="4", difference_reason="工作不稳定。")
    tell(walk)
    decide(walk, "拟渐退", "渐退4个月").says("渐退4个月，发到2027年3月止")
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("phase_out", date(2027, 3, 1))
    notice = walk.paper(walk.people.approver, "phaseout_notice")
    for words in ("给予4个月渐退期", "1.32倍", "自2026年12月至2027年3月", "每月发放2143.00元", "自2027年4月起停发"):
        assert words in notice, words


def test_it_is_called_off_with_a_reason(walk: Walk, award: Award) -> None:
    open_it(walk, award, "6000")
    officer = walk.people.officer
    walk.at(officer).open(f"/families/{award.household_id}/").is_silent_about("发起复核")
    page = walk.case_page(officer).click("撤销复核程序")
    page.press("撤销复核程序", reason=" ").says("请填写")
    page.press("撤销复核程序", reason="登记错了家庭。").says("已办好", "撤销复核")
    walk.at(officer).open(f"/families/{award.household_id}/").says("发起复核")


def test_another_township_finds_no_such_award(walk: Walk, award: Award) -> None:
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))
    url = f"/cases/awards/{award.pk}/review/"
    assert walk.at(neighbour).open(url).status == 404
    assert walk.at(walk.people.lead).open(url).status == 403
    open_it(walk, award, "6000")
    page = walk.at(walk.people.officer).open(url).press("发起复核", cause="complaint", cause_text="邻居反映。")
    page.says("正在办理，不能重复发起", "邻居反映。")
