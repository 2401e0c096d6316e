"""Turns that a case may take: papers that are missing, an objection, a return, a delegation, a near relative."""

from datetime import date, timedelta

from organizations.models.delegations import Scheme
from organizations.services import delegate_confirmation
from tests.journeys.walk import Walk
from tests.support.cases import photo
from tests.support.crews import LINXI
from tests.support.factories import area

VISIT = {
    "living_conditions": "砖瓦房两间。",
    "facts_found": "与申报一致。",
    "agrees_with_declaration": "yes",
}


def test_what_is_missing_is_listed_once_and_brought_in_two_visits(walk: Walk) -> None:
    people = walk.people
    page = walk.fill_in(walk.register_family())
    page = page.press("打印申请材料并登记", **{"application-reason": "残疾，收入低"})
    page = page.press("登记申请").says("申请已登记", "缺签字")
    page = page.click("一次性告知补正")
    rows = {"items-TOTAL_FORMS": "4", "items-3-name": "收入证明", "items-3-note": "汪秋菊近12个月"}
    page.press("一次性告知补正", **rows).says("“一次性告知补正”已办好", "补正材料未收到：收入证明")
    notice = walk.paper(people.officer, "supplement_notice")
    for name in ("申请表", "核查授权书", "承诺书", "收入证明", "汪秋菊近12个月"):
        assert name in notice
    walk.deliver_everything()

    walk.later(2)
    page = walk.task(people.officer, "等待补正材料")
    assert not page.offers("一次性告知补正")
    for kind in ("application_form", "commitment_letter"):
        page = walk.do(page, "上传签字材料", kind=kind, scan=photo())
    for name in ("申请表", "承诺书（告知承诺书）"):
        page = walk.do(page, "收到补正材料", item=item(walk, name))
    page.says("这一步还缺")

    walk.later(3)
    page = walk.case_page(people.officer)
    page = walk.do(page, "上传签字材料", kind="authorization_letter", scan=photo())
    for name in ("核查授权书", "收入证明"):
        page = walk.do(page, "收到补正材料", item=item(walk, name), attachment=photo())
    assert not page.offers("启动调查")
    consent = page.click("登记核查授权")
    parents, child = walk.family.members.exclude(relation="child"), walk.family.members.get(relation="child")
    signers = {f"signed_{member.pk}": "on" for member in parents} | {f"guardian_{child.pk}": "胡德旺"}
    consent.press("保存", signed_on=walk.today.isoformat(), **signers).says("核查授权已登记")
    walk.do(walk.case_page(people.officer), "受理").says("启动调查")


def item(walk: Walk, name: str) -> str:
    return str(walk.case.supplement_notice.items.get(name=name).pk)


def test_an_objection_is_looked_into_and_the_case_goes_straight_up(walk: Walk) -> None:
    people = walk.people
    walk.apply()
    walk.accept()
    walk.deliver_everything()
    walk.later()
    walk.investigate()
    walk.later()
    walk.propose()
    walk.later()
    walk.publicise()
    walk.later(2)
    page = walk.do(
        walk.case_page(people.officer), "登记异议", content="他家儿子在外地打工有收入。", raised_by_name="邻居甲"
    )
    page.says("他家儿子在外地打工有收入。")
    page = walk.do(walk.task(people.officer, "处理异议"), "就异议重新调查")
    assert not page.offers("签发初审意见")
    page = walk.do(page, "填写异议处理结果", resolution="其子已分户，异议不成立。").says("其子已分户，异议不成立。")
    walk.later()
    walk.propose("异议不成立，拟同意。")
    page = walk.task(people.officer, "公示或告知申请人").says("次日起才能报审核确认")
    assert not page.offers("张贴公示")
    walk.go_to(walk.case.publicities.get().last_day + timedelta(days=1))
    walk.do(walk.case_page(people.officer), "报审核确认")
    walk.later()
    page = walk.task(people.approver, "审核确认").says("他家儿子在外地打工有收入。", "其子已分户，异议不成立。")
    walk.do(page, "确认同意").says("2,143.00")


def test_the_county_returns_a_case_saying_what_is_missing(walk: Walk) -> None:
    people = walk.people
    walk.to_confirming()
    page = walk.task(people.approver, "审核确认")
    walk.do(page, "退回补查", missing="请补查妻子的务工收入。")
    walk.has_no_task(people.approver)
    page = walk.task(people.officer, "补查").says("请补查妻子的务工收入。", "退回补查")
    walk.do(page, "继续调查")
    walk.visit()
    walk.later()
    walk.propose("已补查，收入属实，拟同意。")
    page = walk.task(people.officer, "公示或告知申请人")
    assert not page.offers("张贴公示"), "nothing changed: the village was told already"
    walk.do(page, "报审核确认")
    walk.later()
    walk.do(walk.task(people.approver, "审核确认"), "确认同意").says("2,143.00")


def test_in_a_delegated_township_the_clerk_signs_the_lead_confirms_and_the_county_looks_on(walk: Walk) -> None:
    people = walk.people
    delegate_confirmation(
        area(LINXI), scheme=Scheme.DIBAO, starts_on=date(2026, 1, 1), document_number="绩民〔2026〕1号"
    )
    walk.to_confirming(signer=people.officer)
    walk.has_no_task(people.approver)
    page = walk.case_page(people.approver)
    assert not page.offers("确认同意")
    assert not walk.case_page(people.officer).offers("确认同意")
    walk.do(walk.task(people.lead, "审核确认"), "确认同意").says("2,143.00")
    assert "临溪镇人民政府" in walk.paper(people.lead, "approval_notice")


def test_a_near_relatives_case_waits_for_the_countys_own_visit(walk: Walk) -> None:
    people = walk.people
    page = walk.fill_in(walk.register_family())
    page = page.press("打印申请材料并登记", **{"application-reason": "残疾，收入低"})
    page = page.press(
        "登记备案",
        member=str(walk.family.members.get(relation="head").pk),
        relation="sibling",
        relative_name="胡德全",
        relative_unit="临溪村",
        relative_position="村委会主任",
    ).says("胡德全", "近亲属备案表")
    papers = ("application_form", "authorization_letter", "commitment_letter", "relative_record")
    page.press("上传签字件", **{kind: photo() for kind in papers}).press("登记申请").says("申请已登记")
    walk.accept()
    walk.deliver_everything()
    walk.later()
    walk.investigate()
    walk.later()
    walk.propose()
    walk.later()
    walk.publicise()
    walk.close_publicity()
    walk.later()
    page = walk.task(people.approver, "审核确认").says("确认前须由县民政局工作人员入户调查")
    assert not page.offers("确认同意")
    page = walk.task(people.visitor, "县民政局入户")
    visitors = [str(people.visitor.pk), str(people.second_visitor.pk)]
    walk.do(page, "登记县级入户", visitors=visitors, photos=[photo()], **VISIT)
    walk.has_no_task(people.visitor)
    walk.do(walk.task(people.approver, "审核确认"), "确认同意").says("2,143.00")
