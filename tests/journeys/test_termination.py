"""Support of 特困 that ends: asked for by the person, disputed in the village, or after a death; through the pages."""

from datetime import date

import pytest

from benefits.models import Award
from organizations.permissions import Role
from tests.journeys.walk import Walk
from tests.support.browser import Page
from tests.support.cases import photo
from tests.support.crews import HUAYANG
from tests.support.factories import make_staff
from tests.support.terminations import support, supported_family

_SUBJECT = "发起终止"


@pytest.fixture
def award(walk: Walk) -> Award:
    return support(supported_family(walk.people).members.get(), walk.people)


def open_it(walk: Walk, award: Award, cause: str, **typed: str) -> Page:
    """From the family's page the clerk opens the termination, with its proof."""
    page = walk.at(walk.people.officer).open(f"/families/{award.household_id}/").click(_SUBJECT)
    page.says("胡德旺", award.number, "公示7天", "在普通高中、中等职业学校就读")
    values = {"cause": cause, "happened_on": str(walk.today), "facts": "外出投靠侄子，自愿退出。", **typed}
    return page.press(_SUBJECT, evidence=photo(), **values)


def propose(walk: Walk) -> None:
    """Verified in writing, proposed by the clerk, signed by the lead."""
    walk.do(walk.case_page(walk.people.officer), "登记核实情况", found="与本人、村委会核实，情况属实。")
    page = walk.case_page(walk.people.officer).click("拟初审意见").says("系统建议", "拟终止供养")
    page.press("拟初审意见", is_eligible="yes", opinion="情况属实，建议终止。").says("已办好")
    walk.do(walk.task(walk.people.lead, "签发初审意见"), "签发初审意见")


def publicise(walk: Walk) -> None:
    page = walk.task(walk.people.officer, "公示或报审核确认").says("拟终止供养")
    page = walk.do(page, "张贴公示", telephone="0563-8160000")
    walk.do(page, "上传公示照片", photos=[photo("公示.png")])


def decide(walk: Walk) -> Page:
    page = walk.task(walk.people.approver, "决定是否终止供养").click("决定终止")
    page.says("终止胡德旺的救助供养")
    return page.press("决定终止").says("“决定终止”已办好")


def test_somebody_leaves_of_their_own_will(walk: Walk, award: Award) -> None:
    people = walk.people
    open_it(walk, award, "voluntary", facts=" ").says("请填写具体情况")
    page = open_it(walk, award, "voluntary").says("终止已发起", "自愿申请退出救助供养", "特困・终止", "证明材料")
    assert not page.offers("家庭撤回申请") and not page.offers("终止办理")
    walk.at(people.officer).open(f"/families/{award.household_id}/").is_silent_about(_SUBJECT)
    walk.do(walk.task(people.officer, "启动调查核实"), "启动调查")
    propose(walk)
    walk.later()
    publicise(walk)
    sheet = walk.paper(people.officer, "support_end_sheet")
    assert "拟终止人员公示" in sheet and "胡德旺" in sheet
    assert "自愿" not in sheet and "侄子" not in sheet
    walk.close_publicity()
    decide(walk).says("决定终止", "次月起终止", "民发〔2021〕43号第二十七条").is_silent_about("村内公布", "不予确认")
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("stopped", walk.today.replace(day=1))
    notice = walk.paper(people.approver, "support_end_notice")
    for words in ("终止胡德旺的特困人员救助供养", "自愿申请退出救助供养", "第（六）项", "临时救助", "60日内", "6个月"):
        assert words in notice, words
    village = walk.paper(people.approver, "support_end_village")
    assert "临溪村村民委员会" in village and "请勿张贴" in village
    assert "决定终止" not in walk.paper(people.approver, "support_end_form")
    walk.deliver_everything()
    walk.at(people.officer).open(
        "/cases/",
    ).says("终止")
    walk.at(people.officer).open("/cases/?kind=termination").says("胡德旺", "决定终止")
    walk.at(people.officer).open("/cases/?kind=application").is_silent_about("胡德旺")
    walk.has_no_task(people.officer)


def test_a_dispute_is_looked_into_and_publicised_anew(walk: Walk, award: Award) -> None:
    people = walk.people
    open_it(walk, award, "imprisoned", facts="因盗窃罪被判处有期徒刑一年。")
    walk.do(walk.task(people.officer, "启动调查核实"), "启动调查")
    propose(walk)
    publicise(walk)
    walk.later()
    page = walk.case_page(people.officer).click("登记异议").says("15个工作日内决定", "重新公示")
    page.press("登记异议", raised_on=str(walk.today), content="听说已改判缓刑。").says("已办好")
    walk.do(walk.task(people.officer, "处理异议"), "就异议重新调查")
    walk.do(walk.case_page(people.officer), "填写异议处理结果", resolution="经法院核实，未改判，仍在监狱服刑。")
    propose(walk)
    publicise(walk)
    assert walk.case.publicities.count() == 2
    walk.close_publicity()
    decide(walk)
    assert "听说已改判缓刑" in walk.paper(people.approver, "support_end_form")


def test_after_a_death_it_says_from_when_nothing_may_be_paid(walk: Walk, award: Award) -> None:
    people = walk.people
    officer = walk.at(people.officer)
    page = officer.open(f"/families/{award.household_id}/life/death/")
    page.press("确认死亡", member=str(award.household.members.get().pk), on="2026-08-20")
    page = open_it(walk, award, "died", happened_on="2026-08-20", facts="8月20日在家中病故。")
    page.says("终止已发起", "死亡或者被宣告死亡").is_silent_about("办件不能再往下办")
    walk.do(walk.task(people.officer, "启动调查核实"), "启动调查")
    propose(walk)
    publicise(walk)
    walk.close_publicity()
    decide(walk).says("因死亡，从2026年9月起不得计发").is_silent_about("接着申请")
    notice = walk.paper(people.approver, "support_end_notice")
    assert "胡德旺的亲属" in notice and "自2026年9月起不再计发" in notice and "可以申请的其他救助" not in notice
    page = officer.home().click(f"核查待遇（成员死亡）：{award.household.number}")
    page.press("登记核查情况", finding="已决定终止。").says("核查情况已登记")


def test_support_that_goes_on_is_told_so(walk: Walk, award: Award) -> None:
    people = walk.people
    open_it(walk, award, "labour_capacity", facts="村民反映已能外出做工。")
    walk.do(walk.task(people.officer, "启动调查核实"), "启动调查")
    walk.do(walk.case_page(people.officer), "登记核实情况", found="年满71周岁，未做工。")
    page = walk.case_page(people.officer).click("拟初审意见").says("拟继续供养：按现在的资料")
    page.press("拟初审意见", is_eligible="no", opinion="建议继续供养。").says("已办好")
    walk.do(walk.task(people.lead, "签发初审意见"), "签发初审意见")
    page = walk.do(walk.task(people.officer, "公示或报审核确认").says("拟继续供养"), "报审核确认")
    page = walk.task(people.approver, "决定是否终止供养").click("决定继续供养").says("仍同时具备特困人员认定的三项条件")
    page.press("决定继续供养").says("已办好", "继续供养", "不变").is_silent_about("不予确认")
    assert "继续给予特困人员救助供养" in walk.paper(people.approver, "support_kept_notice")


def test_another_township_finds_no_such_award(walk: Walk, award: Award) -> None:
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))
    url = f"/cases/awards/{award.pk}/end/"
    assert walk.at(neighbour).open(url).status == 404
    assert walk.at(walk.people.lead).open(url).status == 403
    walk.at(walk.people.lead).open(f"/families/{award.household_id}/").is_silent_about(_SUBJECT)
    open_it(walk, award, "voluntary")
    walk.at(walk.people.officer).open(url).press(
        _SUBJECT, cause="means", happened_on=str(walk.today), facts="有退休金。", evidence=photo()
    ).says("正在办理，不能重复发起")
