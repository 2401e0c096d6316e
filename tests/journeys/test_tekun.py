"""特困 through the pages: an old man alone with an objection and publicity anew; a family with two schemes at once."""

from datetime import date, timedelta

import pytest

from benefits.models import Award
from tests.journeys.tekun_walk import FATHER, TekunWalk
from tests.journeys.walk import Walk
from tests.support.crews import HUAYANG, crew
from tests.support.factories import make_id_number


@pytest.fixture
def tekun(walk: Walk) -> TekunWalk:
    return TekunWalk(walk.clock, walk.people)


def test_an_old_man_is_recognised_after_an_objection_and_publicity_anew(tekun: TekunWalk) -> None:
    people = tekun.people
    tekun.head_number = make_id_number(birth_date=date(1950, 3, 12))
    page = tekun.register_family()
    page = tekun.without_supporters(page, tekun.family.members.get())
    tekun.sign_and_register_for(page, ["tekun"])
    tekun.investigated()
    tekun.case_page(people.officer).says("还没有做生活自理能力评估")
    tekun.assessed("胡德旺")
    assert "15个工作日内完成调查核实" in tekun.paper(people.officer, "acceptance_notice")
    tekun.case_page(people.officer).click("拟初审意见").says("符合", "三项条件同时具备", "月供养金")
    tekun.opinion()
    tekun.posted()

    tekun.later()
    tekun.step(
        people.officer,
        "登记异议",
        raised_on=tekun.today.isoformat(),
        content="有侄子在外地打工。",
        raised_by_name="邻居",
    )
    tekun.step(people.officer, "就异议重新调查")
    tekun.step(people.officer, "填写异议处理结果", resolution="侄子不是法定义务人。")
    tekun.opinion()
    tekun.case_page(people.officer).click("张贴公示").says("公示有异议后重新公示", "重新计满规定天数")
    tekun.posted()
    tekun.case_page(people.officer).says("重新公示")
    first, second = tekun.case.publicities.order_by("pk")
    assert first.closed_on == tekun.today and second.last_day == tekun.today + timedelta(days=7)
    tekun.to_the_day_after_publicity()
    tekun.sent_up()
    tekun.later()
    tekun.case_page(people.approver).says("抽查")
    tekun.drawn()
    tekun.case_page(people.approver).click("确认同意").says("每月发放供养金", "每人一份待遇")
    tekun.confirmed().says("月供养金", "基本生活", "分散供养")
    assert "认定下列1人为特困人员" in tekun.paper(people.officer, "approval_notice")
    assert "三条件佐证" in tekun.paper(people.officer, "tekun_form")
    tekun.later()
    tekun.step(people.officer, "登记村内公布")
    sheet = tekun.paper(people.officer, "announcement_sheet")
    assert "认定人数" in sheet and "自理" not in sheet


def test_a_family_and_its_old_father_get_two_awards_from_one_intake(tekun: TekunWalk) -> None:
    page = tekun.add_father(tekun.fill_in(tekun.register_family()))
    tekun.sign_and_register_for(page, ["dibao", "tekun"])
    tekun.each(tekun.accepted)
    tekun.later()
    tekun.each(tekun.started)
    tekun.later(2)
    tekun.each(tekun.checked)
    tekun.later()
    tekun.assessed(FATHER)
    tekun.each(tekun.opinion, tekun.posted)
    tekun.to_the_day_after_publicity()
    tekun.each(tekun.sent_up)
    tekun.later()
    tekun.drawn()
    # Deciding one does not change what the other rests on.
    tekun.each(tekun.confirmed)
    tekun.case_page(tekun.people.officer).says(FATHER, "月供养金")
    covered = {award.scheme: {row.person.name for row in award.persons.all()} for award in Award.objects.all()}
    assert covered == {"tekun": {FATHER}, "dibao": {"胡德旺", "汪秋菊", "胡小雨"}}
    stranger = crew(HUAYANG).officer
    for scheme in ("dibao", "tekun"):
        tekun.scheme = scheme
        assert tekun.at(stranger).open(f"/cases/{tekun.case.pk}/").status == 404
