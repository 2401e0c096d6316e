"""Opening an intake: whose it is, who applies, for which year."""

from datetime import timedelta
from typing import Any

import pytest

from applications import services
from applications.models import Intake
from applications.services import NotOpenable
from foundation.errors import ServiceError
from households import services as households
from households.models import Household
from tests.households.builders import data, register
from tests.support.crews import START, VILLAGES, Crew, county_data, crew, family, instant
from tests.support.stories import Story, new_story

pytestmark = pytest.mark.usefixtures("county")
LINXI = "341824101"


@pytest.fixture
def people() -> Crew:
    county_data()
    return crew()


@pytest.fixture
def household(people: Crew) -> Household:
    return family(people)


def open_intake(household: Household, people: Crew, **more: Any) -> Intake:
    terms = {
        "applicant": household.members.get(relation="head"),
        "channel": "window",
        "accounting_year": START.year,
        "reason": "残疾，收入低",
        "schemes": ["dibao"],
        "by": people.officer,
        "on": START,
    }
    return services.open_intake(household, **terms | more)


def neighbours(people: Crew) -> Household:
    return register(people.officer, code=VILLAGES[LINXI], head=data("汪大", "head"))


def test_an_agent_of_another_family_files_nothing(household: Household, people: Crew) -> None:
    agent = households.set_agent(neighbours(people), name="别家代理", relation="侄", by=people.officer, on=START)
    with pytest.raises(NotOpenable, match="代理人") as refusal:
        open_intake(household, people, channel="agent", agent=agent)
    assert refusal.value.field == "agent" and not Intake.objects.exists()


def test_an_agent_whose_mandate_has_ended_files_nothing(household: Household, people: Crew) -> None:
    agent = households.set_agent(household, name="王秀英", relation="表妹", by=people.officer, on=START)
    households.end_agent(household, by=people.officer, on=START)
    with pytest.raises(NotOpenable, match="现在委托的人"):
        open_intake(household, people, channel="agent", agent=agent)


def test_an_application_by_an_agent_names_one(household: Household, people: Crew) -> None:
    with pytest.raises(NotOpenable, match="请先填代理人") as refusal:
        open_intake(household, people, channel="agent")
    assert refusal.value.field == "channel"
    with pytest.raises(NotOpenable, match="申请方式"):
        open_intake(household, people, channel="pigeon")


@pytest.mark.parametrize(("year", "is_possible"), [(2027, False), (2026, True), (2024, True), (2023, False)])
def test_the_year_is_this_one_or_one_of_the_two_before(
    household: Household, people: Crew, year: int, is_possible: bool
) -> None:
    if is_possible:
        assert open_intake(household, people, accounting_year=year).accounting_year == year
        return
    with pytest.raises(NotOpenable, match="2024年至2026年") as refusal:
        open_intake(household, people, accounting_year=year)
    assert refusal.value.field == "accounting_year"


def test_an_ended_family_files_nothing(household: Household, people: Crew) -> None:
    relations = {member.pk: "other" for member in household.members.all()}
    into = neighbours(people)
    households.merge_households(
        household, into=into, relations=relations, by=people.officer, on=START, at=instant(START)
    )
    with pytest.raises(ServiceError, match="注销"):
        open_intake(household, people, applicant=into.members.get(relation="head"))


def test_a_draft_is_changed_by_the_same_rules(people: Crew) -> None:
    story = new_story(people=people)
    with pytest.raises(NotOpenable, match="2024年至2026年"):
        change(story, accounting_year=2099)
    with pytest.raises(NotOpenable, match="请先填代理人"):
        change(story, channel="agent")


def change(story: Story, **more: Any) -> None:
    terms = {
        "applicant": story.intake.applicant,
        "channel": "window",
        "accounting_year": 2026,
        "reason": "",
        "schemes": ["dibao"],
        "by": story.people.officer,
        "on": story.today,
    }
    services.change_draft(story.intake, **terms | more)


def test_a_consent_is_not_signed_in_days_to_come(household: Household, people: Crew) -> None:
    signers = {member.pk: "胡德旺" for member in household.members.all()}
    with pytest.raises(households.NotAllowedNow, match="晚于今天") as refusal:
        households.record_consent(
            household, signed_on=START + timedelta(days=1), signers=signers, by=people.officer, on=START
        )
    assert refusal.value.field == "signed_on"
