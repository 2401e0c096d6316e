"""A family that is entitled, from the ID card at the window to the paper in its hands."""

from datetime import date

from tests.journeys.walk import TELEPHONE, Walk

# 755 yuan a month in 2026; 6,000 ÷ 12 = 500 a month: 755 × 3 − 500 = 1,765. A severe disability adds 30 % of 755,
# 226.50 → 227, a child at school 20 %, 151: 2,143 a month together.
MONTHLY = "2,143.00"


def test_a_family_goes_from_the_window_to_the_notice_in_its_hands(walk: Walk) -> None:
    people = walk.people
    page = walk.fill_in(walk.register_family()).says("已保存", "整户符合", f"每月{MONTHLY}元")
    page.is_silent_about(walk.head_number)
    page = walk.sign_and_register(page).says("胡德旺", "汪秋菊", "胡小雨", f"{walk.head_number[:4]}****")

    walk.accept().says("启动调查")
    notice = walk.paper(people.officer, "acceptance_notice")
    assert "胡德旺" in notice
    assert "2026年9月7日" in notice
    walk.deliver_everything()
    walk.later()
    walk.investigate()
    walk.has_no_task(people.operator)
    walk.later()
    assert not walk.propose().offers("张贴公示")
    walk.has_no_task(people.lead)
    walk.later()
    walk.publicise().says("9月15日", "9月21日")
    sheet = walk.paper(people.officer, "publicity_sheet")
    assert "胡德旺" in sheet
    assert "2143.00" in sheet
    assert TELEPHONE in sheet
    for told in ("残疾", walk.head_number, "6217000000000019", "汪秋菊"):
        assert told not in sheet
    walk.has_no_task(people.officer)

    walk.close_publicity()
    walk.later()
    page = walk.task(people.approver, "审核确认").says("未发现不一致", "情况属实，拟同意。").click("确认同意")
    page.says("从2026年10月起每月发放2,143.00元，保障胡德旺、汪秋菊、胡小雨")
    page.press("确认同意", opinion="同意").says("“确认同意”已办好", MONTHLY)
    walk.has_no_task(people.approver)

    walk.later()
    walk.do(walk.task(people.officer, "在村内公布"), "登记村内公布")
    notice = walk.paper(people.officer, "approval_notice")
    assert "2026年10月" in notice
    assert "2143.00" in notice
    walk.deliver_everything()
    walk.has_no_task(people.officer)
    walk.case_page(people.officer).says("直接送达", "确认同意")
    walk.at(people.approver).home().says("在保家庭（低保） 0 户 0 人", "下月起 +1 户", "确认同意1 件")
    walk.go_to(date(2026, 10, 8))
    walk.at(people.approver).home().says("在保家庭（低保） 1 户 3 人", f"本月应发 {MONTHLY} 元")
