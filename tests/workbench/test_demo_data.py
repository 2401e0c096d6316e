"""The demo's data: invented, the same every time, every circumstance and every state, through the services."""

import io
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from foundation.identity import age_on, check_digit, luhn_valid
from households.models import Household
from organizations.permissions import Role
from organizations.queries import working_calendar
from tests.support.factories import make_household
from workbench.demo_data import plan_families
from workbench.demo_data.officers import DELEGATED, SHOWN, accounts
from workbench.demo_data.plans import FamilyPlan
from workbench.demo_data.stories import Act, days_of, story_of
from workbench.management.commands.load_demo import villages

ON = date(2026, 11, 23)


@pytest.fixture
def plans(county: None) -> tuple[FamilyPlan, ...]:
    return plan_families(villages(), on=ON)


def people(plans: tuple[FamilyPlan, ...]) -> list[Any]:
    return [person for plan in plans for person in plan.people]


# --- Plans -----------------------------------------------------------------------------------------------------
def test_the_same_families_are_invented_every_time(plans: tuple[FamilyPlan, ...]) -> None:
    assert plan_families(villages(), on=ON) == plans
    assert plan_families(villages(), on=ON, seed=1) != plans


def test_every_township_and_most_villages_have_families(plans: tuple[FamilyPlan, ...]) -> None:
    assert len(plans) >= 60
    assert len({plan.village_code[:9] for plan in plans}) == 11
    assert len({plan.village_code for plan in plans}) > 45
    assert len({plan.key for plan in plans}) == len(plans)


def test_no_number_could_be_a_real_person_s(plans: tuple[FamilyPlan, ...]) -> None:
    numbers = [person.id_number for person in people(plans) if person.id_number]
    numbers += [item.facts["id_number"] for person in people(plans) for item in person.supporters]
    numbers += [plan.agent.id_number for plan in plans if plan.agent]
    assert {number[:6] for number in numbers} == {"341899"}
    assert [number for number in numbers if check_digit(number[:17]) != number[17]] == []
    assert len(set(numbers)) == len(numbers)
    assert all(luhn_valid(plan.account) and plan.account.startswith("623999") for plan in plans)


def test_numbers_say_birth_date_and_sex(plans: tuple[FamilyPlan, ...]) -> None:
    wrong = [
        person.name
        for person in people(plans)
        if person.id_number
        and (
            person.id_number[6:14] != f"{person.birth_date:%Y%m%d}"
            or (person.sex == "male") != (int(person.id_number[16]) % 2 == 1)
        )
    ]
    assert wrong == []


def test_every_kind_of_circumstance_is_there(plans: tuple[FamilyPlan, ...]) -> None:
    everybody = people(plans)
    assert {person.missing_id_reason for person in everybody} >= {"newborn", "lost", "unregistered"}
    assert {person.standing.get("not_counted") for person in everybody} >= {"in_prison", "clergy_away_3y"}
    assert {person.facts.get("schooling") for person in everybody} >= {
        "preschool",
        "compulsory",
        "senior_high",
        "vocational",
        "undergraduate",
    }
    assert {person.relation for person in everybody} >= {
        "head",
        "spouse",
        "child",
        "parent",
        "grandchild",
        "grandparent",
        "sibling",
    }
    disabilities = [person.disability for person in everybody if person.disability]
    assert {item["kind"] for item in disabilities} >= {
        "visual",
        "speech",
        "physical",
        "intellectual",
        "psychiatric",
        "multiple",
    }
    assert {item["level"] for item in disabilities} == {1, 2, 3}
    assert {row.kind for person in everybody for row in person.expenses} == {
        "medical",
        "disability",
        "education",
        "employment",
    }
    assert {plan.facts.get("registration_kind") for plan in plans} >= {"residence_permit", "separated", "non_local"}
    assert {plan.facts["residence"] for plan in plans} == {"urban", "rural"}
    assert any(plan.agent for plan in plans)
    # A near relative (近亲属): spouse, parent, child, brother or sister, grandparent, grandchild; an uncle is none.
    assert {plan.relative.relation for plan in plans if plan.relative} == {"sibling"}
    assert any(plan.payee and plan.payee.kind == "guardian" for plan in plans)
    assert any(person.supporters for person in everybody)
    assert any(person.standing.get("applies_alone") for person in everybody)
    assert any(plan.property["financial_assets"] > 100000 for plan in plans)


def test_an_address_does_not_say_the_village_again(plans: tuple[FamilyPlan, ...]) -> None:
    names = {code: name for code, name, _ in villages()}
    assert [plan.key for plan in plans if names[plan.village_code] in plan.facts["address"]] == []


def test_names_are_hard_on_printers_and_columns(plans: tuple[FamilyPlan, ...]) -> None:
    names = {person.name for person in people(plans)}
    assert any("㛃" in name for name in names)
    assert any("䶮" in name for name in names)
    assert any("·" in name and len(name) > 10 for name in names)


def test_nobody_changes_age_within_the_story(plans: tuple[FamilyPlan, ...]) -> None:
    grown = [person for person in people(plans) if age_on(person.birth_date, on=ON) > 1]
    before, after = date(2026, 8, 1), date(2026, 12, 20)
    assert [p.name for p in grown if age_on(p.birth_date, on=before) != age_on(p.birth_date, on=after)] == []


@pytest.mark.parametrize("on", [ON, date(2026, 10, 4), date(2027, 2, 28)])
def test_steps_fall_on_working_days_and_not_after_today(plans: tuple[FamilyPlan, ...], on: date) -> None:
    calendar = working_calendar()
    told = [(plan, story) for number, plan in enumerate(plans) if (story := story_of(plan, number))]
    assert len(told) > 40
    for plan, story in told:
        days = days_of(story, on=on, calendar=calendar)
        assert list(days) == sorted(days), plan.key
        assert days[-1] <= on, plan.key
        assert all(calendar.is_working(day) for day in days), plan.key
        posted = days[0]
        for step, day in zip(story.steps, days, strict=True):
            posted = day if step.act is Act.PUBLICISE else posted
            assert step.act is not Act.CLOSE_PUBLICITY or (day - posted).days >= 8, plan.key


def test_every_role_has_an_account_in_the_shown_places() -> None:
    made = accounts()
    assert len({account.number for account in made}) == len({account.name for account in made}) == len(made)
    assert {account.role for account in made} == set(Role)
    for township in SHOWN:
        assert {account.role for account in made if account.area_code == township} == {
            Role.TOWNSHIP_OFFICER,
            Role.TOWNSHIP_APPROVER,
            Role.VILLAGE_ASSISTANT,
        }
    assert DELEGATED in SHOWN


# --- Loading ---------------------------------------------------------------------------------------------------
def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def load(*arguments: str) -> str:
    output = io.StringIO()
    call_command("load_demo", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def standards(county: None) -> None:
    call_command("load_parameters", verbosity=0, stdout=io.StringIO())


def test_a_database_with_families_is_left_alone(standards: None) -> None:
    make_household()
    before = counts()
    with pytest.raises(CommandError, match="已有家庭"):
        load()
    assert counts() == before


def test_production_takes_no_demo_data(standards: None, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="生产环境"):
        load()
    assert not Household.objects.exists()
