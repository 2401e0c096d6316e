"""A family above the standard: told before, heard, refused with figures; and one whose evidence turns the case."""

from tests.journeys.walk import Walk


def proposed_refusal(walk: Walk) -> None:
    walk.fill_in(walk.register_family(), yearly_wage="9万").says("不符合")
    walk.sign_and_register(walk.at(walk.people.officer).open(f"/intake/{walk.family.pk}/"))
    walk.accept()
    walk.deliver_everything()
    walk.later()
    walk.investigate()
    walk.later()
    walk.propose("收入超过标准，拟不予确认。")


def test_a_refusal_is_told_waits_and_its_notice_says_which_test_failed_and_by_how_much(walk: Walk) -> None:
    people = walk.people
    proposed_refusal(walk)
    page = walk.task(people.officer, "公示或告知申请人")
    assert not page.offers("张贴公示")
    page = walk.do(page, "告知拟不予确认").says("告知")
    early = page.press("报审核确认") if page.offers("报审核确认") else page
    early.is_silent_about("“报审核确认”已办好")
    walk.has_no_task(people.approver)
    walk.later(4)
    walk.do(walk.case_page(people.officer), "报审核确认")

    page = walk.task(people.approver, "审核确认")
    assert not page.offers("确认同意")
    walk.do(page, "不予确认").says("不予确认")
    notice = walk.paper(people.approver, "refusal_notice")
    # 90,000 yuan a year against 755 × 12 × 3 = 27,180: over by 62,820.
    for said in ("胡德旺", "90000.00元", "27180.00元", "超出62820.00元", "行政复议"):
        assert said in notice, notice
    assert walk.head_number not in notice
    walk.task(people.officer, "送达不予确认通知书")
    walk.deliver_everything()
    walk.has_no_task(people.officer)
    walk.at(people.approver).home().says("在保家庭（低保） 0 户 0 人")


def test_evidence_brought_in_time_takes_the_case_back_to_the_investigation(walk: Walk) -> None:
    people = walk.people
    proposed_refusal(walk)
    walk.do(walk.task(people.officer, "公示或告知申请人"), "告知拟不予确认")
    walk.later()
    page = walk.do(walk.case_page(people.officer), "申请人举证异议", evidence="饭店6月歇业，附停工证明。")
    page.says("拟初审意见", "饭店6月歇业，附停工证明。")
    window = walk.at(people.officer).open(f"/families/{walk.family.pk}/means/incomes/2026/")
    window.press("保存", **{"incomes-0-yearly_amount": "6000"}).says("6,000.00")
    assert not walk.propose("停工属实，拟同意。").offers("报审核确认")
    walk.task(people.officer, "公示或告知申请人").says("张贴公示")
