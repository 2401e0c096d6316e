"""特困 in the common case machine: its clocks, publicity anew, opening person by person, what is granted; F43."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications import services
from applications.queries import CaseFile
from applications.services import ProposalData
from benefits.models import Award
from benefits.services import first_month
from documents.models import DocumentKind
from documents.services import archived_pdf
from households import services as households
from households.services import MemberData
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from tests.documents.reading import text_of
from tests.support.cases import Desk, errors_of
from tests.support.crews import START, Crew, county_data, crew, instant
from tests.support.factories import make_id_number
from tests.support.stories import Story, refusal_to_confirming
from tests.support.tekun import (
    OLD_MAN,
    beside,
    family_with_father,
    know_supporters,
    old_man,
    tekun_story,
    to_confirming,
    to_investigating,
)

pytestmark = pytest.mark.usefixtures("county")


def after(day: date, working_days: int) -> date:
    return working_calendar().add(day, working_days).on


def paper(story: Story, kind: DocumentKind) -> str:
    document = story.case.documents.get(document__kind=kind, document__voided_on=None).document
    return text_of(archived_pdf(document)).replace("\n", "").replace(" ", "")


def test_the_opinion_is_due_fifteen_working_days_after_acceptance_in_all() -> None:
    story = tekun_story().sign_papers().submit().accept()
    assert story.refresh().due_on is None
    assert story.case.state_due_on == after(START, 3)
    story.later(2).start()
    assert story.refresh().state_due_on == after(START, 15)
    notice = paper(story, DocumentKind.ACCEPTANCE_NOTICE)
    assert "自受理之日起15个工作日内完成调查核实、提出初审意见（民发〔2021〕43号第十三条）" in notice
    assert "初审意见在村（社区）公示7天（民发〔2021〕43号第十五条）" in notice
    promised = after(after(START, 15) + timedelta(days=7), 15)
    assert f"合计不晚于{promised.year}年{promised.month}月{promised.day}日办结" in notice


def test_after_an_objection_the_new_opinion_is_publicised_seven_days_anew() -> None:
    story = to_investigating(tekun_story()).later().draft().sign().later().publicise().photograph().later().object()
    objected_on = story.today
    services.reinvestigate(story.refresh(), by=story.people.officer, on=story.later().today)
    assert story.refresh().state_due_on == after(objected_on, 15)
    story.resolve().draft().sign()
    assert story.refresh().state_due_on == after(story.today, 3)
    first = story.case.publicities.get()
    assert first.closed_on is None and first.last_day > story.today
    assert CaseFile(story.case, on=story.today).lacks == []
    story.publicise().photograph()
    second, first = story.case.publicities.all()
    assert (first.closed_on, first.taken_back) == (story.today, False)
    assert (second.last_day - second.first_day).days == 6 and second.first_day == story.today + timedelta(days=1)
    assert CaseFile(story.refresh(), on=story.today).publicised_anew == {second.pk}
    story.wait_publicity().close()
    assert story.refresh().state_due_on == after(story.today, 15)


def test_taking_the_new_posting_back_leaves_the_first_one_on_the_wall() -> None:
    story = to_investigating(tekun_story()).later().draft().sign().later().publicise().photograph().later().object()
    services.reinvestigate(story.refresh(), by=story.people.officer, on=story.today)
    story.resolve().draft().sign().publicise()
    services.take_back(story.refresh(), by=story.people.officer, on=story.today)
    assert [(row.closed_on, row.taken_back) for row in story.case.publicities.order_by("pk")] == [
        (None, False),
        (story.today, True),
    ]


def test_each_person_is_granted_an_award_of_basic_living_and_care() -> None:
    story = to_confirming(tekun_story())
    story.later().approve()
    award = Award.objects.get(scheme="tekun")
    version = award.versions.get()
    assert (version.care_level, version.support_mode, version.basis) == ("semi_disabled", "home_based", "person")
    assert version.care_monthly_amount > 0 and not version.category
    kinds = set(story.case.documents.values_list("document__kind", flat=True))
    assert kinds == {
        "acceptance_notice",
        "visit_form",
        "selfcare_form",
        "publicity_sheet",
        "tekun_form",
        "approval_notice",
    }
    notice = paper(story, DocumentKind.APPROVAL_NOTICE)
    assert "认定下列1人为特困人员" in notice and "半失能" in notice and "分散供养" in notice
    assert "类别" not in notice and "保障金" not in notice
    form = paper(story, DocumentKind.TEKUN_FORM)
    assert "特困人员救助供养审批表" in form and "三条件佐证" in form and "民发〔2021〕43号第五条" in form
    sheet = paper(story, DocumentKind.PUBLICITY_SHEET)
    assert OLD_MAN in sheet and "拟认定人数" in sheet and "半失能" not in sheet
    assert CaseFile(story.refresh(), on=story.today).award == award


# --- Opening -----------------------------------------------------------------------------------------------------


def test_who_has_an_award_is_told_by_name_that_nobody_is_left_to_apply() -> None:
    story = to_confirming(tekun_story())
    story.later().approve()
    with pytest.raises(services.NotOpenable, match=f"{OLD_MAN}都已在享受特困"):
        tekun_story(story.household, people=story.people)


def test_a_person_with_an_award_is_neither_suggested_nor_proposed_again() -> None:
    story = to_confirming(tekun_story())
    story.later().approve()
    marry(story)
    again = to_investigating(tekun_story(story.household, people=story.people, on=story.today))
    assert [row.person.name for row in CaseFile(again.refresh(), on=again.today).proposable] == ["程桂英"]
    assert CaseFile(again.case, on=again.today).lacks == []
    with pytest.raises(services.SelfCareNotValid, match=f"{OLD_MAN}已是特困人员，不用在这次申请里评估"):
        again.assess(again.household.members.get(person__name=OLD_MAN))
    data = again.suggested()
    assert {row.member.person.name for row in data.persons} == {OLD_MAN, "程桂英"}
    with pytest.raises(services.NotProposable, match=f"{OLD_MAN}已是特困人员"):
        again.draft(data)
    only = [row for row in data.persons if row.member.person.name != OLD_MAN]
    again.draft(replace(data, persons=only, monthly_amount=only[0].monthly_amount))
    assert again.case.proposals.get().difference_reason == ""


def marry(story: Story) -> None:
    """An old wife joins him, whom nobody outside owes support either."""
    born = date(1952, 8, 1)
    data = MemberData(
        name="程桂英",
        relation="spouse",
        sex="female",
        birth_date=born,
        id_number=make_id_number(birth_date=born, male=False),
        facts={},
    )
    by = story.people.officer
    wife = households.add_member(story.household, data=data, by=by, on=story.today, at=instant(story.today))
    know_supporters(wife, story.people, on=story.today)


# --- 低保 and 特困 in one family ---------------------------------------------------------------------------------


def test_one_intake_leads_to_two_awards_with_different_people() -> None:
    county_data()
    people = crew()
    both = [Scheme.DIBAO, Scheme.TEKUN]
    story = tekun_story(family_with_father(people), people=people, schemes=both)
    of_family = beside(story, Scheme.DIBAO)
    to_confirming(story)
    of_family.today = START
    of_family.submit().accept().later().start().ask_check().later(2).answer_check().visit().later().draft().sign()
    of_family.later().publicise().photograph().wait_publicity().close()
    story.later().approve()
    of_family.today = story.today
    of_family.approve()
    covered = {award.scheme: {row.person.name for row in award.persons.all()} for award in Award.objects.all()}
    assert covered == {"tekun": {OLD_MAN}, "dibao": {"胡德旺", "汪秋菊", "胡小雨"}}


def test_who_is_on_dibao_with_others_is_named_before_the_case_is_sent_up() -> None:
    county_data()
    people = crew()
    household = family_with_father(people)
    father = household.members.get(person__name=OLD_MAN)
    households.save_supporters(father, rows=[], known_all=False, by=people.officer, on=START)
    family_case = tekun_story(household, people=people, schemes=[Scheme.DIBAO, Scheme.TEKUN])
    dibao = beside(family_case, Scheme.DIBAO)
    dibao.sign_papers().submit().accept().later().start().ask_check().later(2).answer_check().visit().later()
    dibao.draft().sign().later().publicise().photograph().wait_publicity().close().later().approve()
    know_supporters(father, people, on=dibao.today)
    story = family_case
    story.today = dibao.today
    story.submit().accept().later().start()
    page = Desk(people.officer, on=story.today).get("detail", story.case.pk).content.decode()
    assert f"{OLD_MAN}正在享受本户的低保" in page
    story.ask_check().later(2).answer_check().visit().assess_all().later().draft().sign().later()
    story.publicise().photograph().wait_publicity().close()
    story.draw_and_check()
    (lack,) = CaseFile(story.refresh(), on=story.today).lacks
    assert lack.text == f"{OLD_MAN}还在本户的低保待遇里，请先办理低保复核减出，再确认特困供养"
    with pytest.raises(services.NotNow, match="请先办理低保复核"):
        story.later().approve()


# --- What is not found out yet -----------------------------------------------------------------------------------


def test_nobody_is_refused_or_recognised_silently_while_supporters_are_unknown() -> None:
    people = crew_of_county()
    story = to_investigating(tekun_story(old_man(people, known=False), people=people))
    story.assess()
    refusal = ProposalData(is_eligible=False, opinion="不符合条件。")
    with pytest.raises(services.NotProposable, match="没有查明") as refused:
        story.draft(refusal)
    assert refused.value.field == "difference_reason"
    page = Desk(people.officer, on=story.today).open_act(story, "draft-proposal")
    assert "待查明" in page.content.decode() and "有无家庭以外的法定义务人尚未查明" in page.content.decode()
    typed = {
        f"{name}_{story.case.applicant_id}": value
        for name, value in {
            "person": "on",
            "level": "semi_disabled",
            "mode": "home_based",
            "amount": "982",
            "care": "54",
        }.items()
    }
    desk = Desk(people.officer, on=story.today)
    sent = desk.typed(page, is_eligible="yes", opinion="拟同意。", **typed)
    refused_page = desk.send(story, "draft-proposal", sent)
    assert refused_page.status_code == 422 and "difference_reason" in errors_of(refused_page)
    assert desk.send(story, "draft-proposal", sent | {"difference_reason": "村里证明无子女。"}).status_code == 302
    assert story.case.proposals.get().monthly_amount == Decimal("1036.00")


def test_a_refusal_says_of_the_applicant_what_is_wanting() -> None:
    people = crew_of_county()
    story = to_investigating(tekun_story(old_man(people, born=date(1981, 3, 12)), people=people))
    story.later().draft().sign()
    refusal_to_confirming(story)
    story.draw_and_check()
    services.refuse(story.refresh(), opinion="不予确认", by=people.approver, on=story.later().today)
    notice = paper(story, DocumentKind.REFUSAL_NOTICE)
    assert f"{OLD_MAN}45周岁，没有登记残疾" in notice and "民发〔2021〕43号第五条" in notice
    assert "人均" not in notice and "成员“" not in notice
    assert story.case.documents.filter(document__kind="tekun_form").exists()


def crew_of_county() -> Crew:
    county_data()
    return crew()


def test_a_single_old_mans_dibao_ends_with_the_month_before_his_support_begins() -> None:
    county_data()
    people = crew()
    household = old_man(people, known=False)
    story = tekun_story(household, people=people, schemes=[Scheme.DIBAO, Scheme.TEKUN])
    dibao = beside(story, Scheme.DIBAO)
    dibao.sign_papers().submit().accept().later().start().ask_check().later(2).answer_check().visit().later()
    dibao.draft().sign().later().publicise().photograph().wait_publicity().close().later().approve()
    know_supporters(household.members.get(), people, on=dibao.today)
    story.today = dibao.today
    story.submit().accept().later().start().ask_check().later(2).answer_check().visit().assess_all().later()
    story.draft().sign().later().publicise().photograph().wait_publicity().close().draw_and_check()
    assert CaseFile(story.refresh(), on=story.today).lacks == []
    story.later().approve()
    old, new = Award.objects.order_by("pk")
    assert (old.scheme, old.state, old.ends_month) == ("dibao", "stopped", story.today.replace(day=1))
    assert (new.scheme, new.starts_month) == ("tekun", first_month(story.today))


def test_a_minors_recognition_goes_on_whatever_the_age_for_a_new_one() -> None:
    people = crew_of_county()
    story = to_investigating(tekun_story(old_man(people, born=date(2013, 3, 12)), people=people))
    chosen = {"member": story.head(), "choice": "tekun", "chosen_on": story.today, "chosen_by": "胡建国"}
    services.choose_support(story.case, by=people.officer, on=story.today, **chosen)
    story.later().draft().sign().later().publicise().photograph().wait_publicity().close().draw_and_check()
    assert not story.household.members.get().person.tekun_since_minor
    story.later().approve()
    assert story.household.members.get().person.tekun_since_minor
