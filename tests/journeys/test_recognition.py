"""低保边缘 through the pages: from the window to the notice, until the recognition ends; and beside a single person."""

from datetime import timedelta

from benefits.models import Recognition
from organizations.permissions import Role
from tests.journeys.walk import Walk
from tests.support.browser import Browser
from tests.support.cases import photo
from tests.support.crews import HUAYANG, START
from tests.support.factories import make_staff

# 30,000 ÷ 12 ÷ 3 = 833.33 a month: not below 755, below 1,132.50.
WAGE = "30000"


def ask(walk: Walk, *schemes: str) -> None:
    """The family's means and what it asks for, typed in at the window; its papers signed."""
    page = walk.fill_in(walk.register_family(), yearly_wage=WAGE)
    page = page.press("打印申请材料并登记", **{"application-schemes": list(schemes), "application-reason": "收入低"})
    papers = {kind: photo() for kind in ("application_form", "authorization_letter", "commitment_letter")}
    page.press("上传签字件", **papers).press("登记申请").says("申请已登记")


def test_a_marginal_family_is_recognised_reminded_and_at_last_not_recognised(walk: Walk) -> None:
    people = walk.people
    ask(walk, "marginal")
    walk.accept()
    walk.deliver_everything()
    walk.later()
    walk.investigate()
    walk.later()
    form = walk.case_page(people.officer).click("拟初审意见")
    form.says("只认定身份，不发放保障金", "12个月").is_silent_about("月保障金")
    walk.do(walk.case_page(people.officer), "拟初审意见", opinion="情况属实，拟认定。")
    walk.do(walk.task(people.lead, "签发初审意见"), "签发初审意见").says("认定为最低生活保障边缘家庭")
    walk.later()
    walk.publicise()
    walk.close_publicity()
    walk.later()
    page = walk.task(people.approver, "审核确认").click("确认同意").says("有效期12个月，不发放保障金")
    page.press("确认同意", opinion="同意").says("“确认同意”已办好")
    made = Recognition.objects.get()

    walk.deliver_everything()
    walk.has_no_task(people.officer)
    notice = walk.paper(people.officer, "approval_notice")
    assert f"至{made.last_day.year}年{made.last_day.month}月{made.last_day.day}日" in notice
    listed = walk.at(people.officer).open("/awards/recognitions/").says("胡德旺", made.number, "有效")
    listed.is_silent_about(walk.head_number)
    walk.at(people.officer).open(f"/families/{walk.family.pk}/").says(made.number, "认定人员")
    walk.case_page(people.officer).says(made.number)
    elsewhere = Browser(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="曹月梅", on=START))
    elsewhere.open("/awards/recognitions/").says("这里会列出辖区内认定").is_silent_about("胡德旺", made.number)
    assert elsewhere.open(f"/cases/{walk.case.pk}/").status == 404

    walk.go_to(made.last_day - timedelta(days=30))
    walk.task(people.officer, "提醒续期（低保边缘认定到期）")
    walk.go_to(made.last_day + timedelta(days=1))
    walk.has_no_task(people.officer)
    walk.at(people.officer).open("/awards/recognitions/?standing=ended").says(made.number, "已到期")
    walk.at(people.officer).open("/awards/recognitions/?standing=in_force").is_silent_about(made.number)


def test_a_severely_disabled_person_of_a_marginal_family_is_covered_alone(walk: Walk) -> None:
    people = walk.people
    ask(walk, "dibao")
    walk.accept()
    walk.later()
    walk.investigate()
    walk.later()
    walk.case_page(people.officer).click("拟初审意见").says("建议参照单人户纳入，保障对象为胡德旺", "低保边缘家庭认定")
    walk.propose()
    walk.later()
    walk.publicise()
    sheet = walk.paper(people.officer, "publicity_sheet")
    assert "胡德旺" in sheet
    assert "755.00" in sheet
    for told in ("单人", "残", "病", "汪秋菊", "A类"):
        assert told not in sheet, told
    walk.close_publicity()
    walk.later()
    walk.do(walk.task(people.approver, "审核确认"), "确认同意", opinion="同意")
    walk.do(walk.task(people.officer, "在村内公布"), "登记村内公布")
    posted = walk.paper(people.officer, "announcement_sheet")
    for told in ("单人", "残", "病", "汪秋菊", "A类"):
        assert told not in posted, told
    notice = walk.paper(people.officer, "approval_notice")
    assert "您家庭不整户纳入；按照规定参照单人户纳入，保障对象为胡德旺（共1人）" in notice
