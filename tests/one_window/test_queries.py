"""The assessment beside the page: fast, whole, and plain about what is missing."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from applications.rules.doors import Door, other_doors
from households import services
from one_window.facts import Missing, aside_of
from one_window.queries import intake_facts
from organizations.models import Staff
from tests.support.crews import HUAYANG, Crew
from tests.support.factories import AT, make_household, make_id_number
from tests.support.stories import Story, new_story

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def story(people: Crew) -> Story:
    return new_story(people=people)


def test_the_aside_answers_in_twelve_queries(
    story: Story, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    facts = intake_facts(story.household, on=ON)
    with django_assert_max_num_queries(12):
        aside = aside_of(facts)
    assert aside.card is not None
    assert [answer.scheme for answer in aside.card.answers] == ["最低生活保障", "低保边缘家庭", "特困人员救助供养"]
    assert aside.card.answers[0].headline == "每月2,143.00元"


def test_what_is_not_typed_yet_is_told(story: Story) -> None:
    assert aside_of(intake_facts(make_household(), on=ON)).missing == [
        Missing("四、财产还没有填，暂按没有财产试算", "property"),
        Missing("2026年的收入还没有填，暂按没有收入试算", "means"),
    ]
    facts = intake_facts(story.household, on=ON)
    assert aside_of(facts).missing == []
    facts = intake_facts(story.household, on=ON, year=2025)
    assert aside_of(facts).missing == [Missing("2025年的收入还没有填，暂按没有收入试算", "means")]


def test_facts_that_cannot_be_assessed_say_why_and_the_page_still_opens(story: Story, window: Client) -> None:
    person = story.household.members.get(relation="spouse").person
    person.birth_date = date(2027, 1, 1)
    person.save()
    assert aside_of(intake_facts(story.household, on=ON)).card is None
    page = window.get(f"/intake/{story.household.pk}/")
    assert page.status_code == 200
    assert "家庭资料还不能试算" in page.content.decode()


def test_the_page_costs_the_same_for_one_member_and_for_six(
    people: Crew, window: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    story = new_story(people=people)
    path = f"/intake/{story.household.pk}/"
    window.get(path)
    with django_assert_max_num_queries(200) as small:
        window.get(path)
    for _ in range(3):
        _add_child(story, people.officer)
    with django_assert_max_num_queries(len(small)):
        assert window.get(path).status_code == 200


def _add_child(story: Story, by: Staff) -> None:
    born = date(2012, 6, 1)
    data = services.MemberData(
        name="胡小石", relation="child", sex="male", birth_date=born, id_number=make_id_number(birth_date=born)
    )
    services.add_member(story.household, data=data, by=by, on=ON, at=AT)


def test_other_doors_follow_from_the_same_facts() -> None:
    result = {"dibao": {"outcome": "eligible"}, "marginal": {"outcome": "not_eligible"}, "tekun": []}
    doors = other_doors(
        result,
        schooling={"none", "senior_high"},
        disability_levels=frozenset({2}),
        has_serious_illness=True,
        asked_for=[],
        openable=["dibao"],
    )
    assert doors == [
        Door("最低生活保障", "加入本次申请", "dibao"),
        Door("教育：普通高中免学杂费、国家助学金", "转办县教体局"),
        Door("医疗：参保资助、医疗费用救助", "转办县医保局"),
        Door("残疾：重度残疾人护理补贴", "乡镇残联窗口"),
        Door("残疾：困难残疾人生活补贴", "乡镇残联窗口"),
    ]


def test_a_family_with_enough_is_sent_to_no_door() -> None:
    result = {"dibao": {"outcome": "not_eligible"}, "marginal": {"outcome": "not_eligible"}, "tekun": []}
    doors = other_doors(
        result,
        schooling={"undergraduate"},
        disability_levels=frozenset({4}),
        has_serious_illness=True,
        asked_for=["dibao"],
        openable=["dibao"],
    )
    assert doors == []


def test_a_recognised_family_is_sent_to_the_doors_that_its_status_opens() -> None:
    result = {"dibao": {"outcome": "not_eligible"}, "marginal": {"outcome": "not_eligible"}, "tekun": []}
    doors = other_doors(
        result,
        schooling={"senior_high"},
        disability_levels=frozenset(),
        has_serious_illness=True,
        asked_for=["rigid_expense_household"],
        openable=["dibao"],
        is_recognised=True,
    )
    assert doors == [
        Door("教育：普通高中免学杂费、国家助学金", "转办县教体局"),
        Door("医疗：参保资助、医疗费用救助", "转办县医保局"),
    ]


def test_beside_a_single_persons_award_the_family_is_offered_the_marginal_recognition() -> None:
    result = {"dibao": {"outcome": "eligible"}, "marginal": {"outcome": "eligible"}, "tekun": []}
    doors = other_doors(
        result,
        schooling=set(),
        disability_levels=frozenset(),
        has_serious_illness=False,
        asked_for=["dibao"],
        openable=["dibao", "marginal"],
    )
    assert doors == [Door("最低生活保障边缘家庭认定", "加入本次申请", "marginal")]


def test_a_scheme_without_terms_is_named_and_not_offered() -> None:
    result = {
        "dibao": {"outcome": "not_applicable"},
        "marginal": {"outcome": "not_eligible"},
        "tekun": [{"outcome": "eligible"}],
    }
    doors = other_doors(
        result, schooling=set(), disability_levels=frozenset(), has_serious_illness=False, asked_for=[], openable=[]
    )
    assert doors == [Door("特困人员救助供养", "请联系县民政局")]


def test_the_neighbours_drafts_are_not_listed(people: Crew, window: Client) -> None:
    story = new_story(township=HUAYANG)
    page = window.get("/intake/").content.decode()
    assert f"/intake/{story.household.pk}/" not in page
