"""保障选择: a minor has either 特困 or the support of orphans and de facto orphans; F43 §9."""

from datetime import timedelta
from typing import Any

import pytest

from applications import services
from applications.models import SupportChoice
from applications.queries import CaseFile, lacks_before_proposal, suggested
from applications.rules.process import CaseState
from eligibility.services import assess_with_facts
from tests.support.cases import Desk, errors_of, photo
from tests.support.crews import HUAYANG, crew
from tests.support.tekun import TekunStory, child, tekun_case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState


@pytest.fixture
def story() -> TekunStory:
    people = crew()
    return tekun_case_in(S.INVESTIGATING, people=people, household=child(people)).assess()


def choose(story: TekunStory, choice: str = "tekun", **values: Any) -> SupportChoice:
    given: dict[str, Any] = {"chosen_on": story.today, "chosen_by": "汪建国", "member": story.head()}
    return services.choose_support(story.case, choice=choice, by=story.people.officer, on=story.today, **given | values)


def test_a_minor_without_a_choice_is_not_proposed(story: TekunStory) -> None:
    (lack,) = lacks_before_proposal(story.refresh(), on=story.today)
    assert lack.text.endswith("：汪小龙") and lack.anchor == "support-choice"
    with pytest.raises(services.NotProposable, match="保障选择"):
        story.draft()
    choose(story)
    story.draft()
    assert story.refresh().awaits_signature


def test_who_chose_the_other_support_is_not_suggested_and_not_proposed(story: TekunStory) -> None:
    choose(story, "child_support")
    facts, found = assess_with_facts(story.household, on=story.today, year=story.intake.accounting_year)
    assert not suggested(story.case, found.as_dict(), facts).is_eligible
    assert lacks_before_proposal(story.refresh(), on=story.today) == []
    with pytest.raises(services.NotProposable, match="已选择孤儿、事实无人抚养儿童保障，不再认定"):
        story.draft()


def test_the_latest_choice_counts_and_hands_a_draft_back(story: TekunStory) -> None:
    choose(story, "child_support")
    choose(story)
    story.draft()
    choose(story, "child_support")
    assert not story.refresh().awaits_signature
    (row,) = CaseFile(story.case, on=story.today).support_choices
    assert row.choice == "child_support"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"choice": "both"}, "请选择保障项目"),
        ({"chosen_by": " "}, "监护人"),
        ({"chosen_on": "tomorrow"}, "不能晚于今天"),
    ],
)
def test_a_choice_that_is_not_whole_is_refused(story: TekunStory, values: dict[str, Any], said: str) -> None:
    if values.get("chosen_on"):
        values = {"chosen_on": story.today + timedelta(1)}
    with pytest.raises(services.NotNow, match=said):
        choose(story, **values)


def test_who_is_of_age_makes_no_choice() -> None:
    story = tekun_case_in(S.INVESTIGATING)
    with pytest.raises(services.NotNow, match="已满18周岁"):
        choose(story)
    desk = Desk(story.people.officer, on=story.today)
    assert desk.open_act(story, "record-support-choice").status_code == 302


def test_the_page_records_it_and_the_proposal_says_why_somebody_is_left_out(story: TekunStory) -> None:
    desk = Desk(story.people.officer, on=story.today)
    refused = desk.act(story, "record-support-choice", choice="child_support")
    assert list(errors_of(refused)) == ["chosen_by"]
    paper = photo("选择书.png")
    done = desk.act(story, "record-support-choice", choice="child_support", chosen_by="汪建国", paper=paper)
    assert done.status_code == 302
    scan = SupportChoice.objects.get(case=story.case).scan
    assert scan is not None and scan.household == story.household
    page = desk.get("detail", story.case.pk).content.decode()
    assert "选择孤儿、事实无人抚养儿童保障" in page and "监护人汪建国" in page
    form = desk.open_act(story, "draft-proposal")
    assert "汪小龙已选择孤儿、事实无人抚养儿童保障（汪建国" in form.content.decode()
    assert form.context["form"].suggestion.persons == ()


def test_another_township_does_not_find_the_act(story: TekunStory) -> None:
    assert Desk(crew(HUAYANG).officer, on=story.today).open_act(story, "record-support-choice").status_code == 404
