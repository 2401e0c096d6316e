"""The page as it is typed, as the assessment's input: the same facts as once it is saved."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.http import urlencode

from eligibility.facts import facts_of, household_facts
from households import services as households
from households.models import Household
from one_window.forms import IntakeForms, on_the_page
from one_window.queries import intake_facts
from one_window.rules.offers import entitling
from tests.one_window.walking import open_page, save, with_row
from tests.support.crews import Crew
from tests.support.factories import AT, ON, make_id_number
from tests.support.stories import Story, new_story

pytestmark = pytest.mark.django_db
Document = dict[str, Any]
BORN = date(2012, 6, 1)


@pytest.fixture
def story(people: Crew) -> Story:
    return new_story(people=people)


def typed(household: Household, fields: Document) -> tuple[Document, list[str]]:
    """What the assessment is given of a page as sent, and what could not be taken."""
    facts = intake_facts(Household.objects.get(pk=household.pk), on=ON)
    page = on_the_page(IntakeForms(facts, QueryDict(urlencode(fields, doseq=True))))
    return facts_of(page.rows, on=ON), list(page.faults)


def by_place(document: Document) -> Document:
    """The document with places for references, so that somebody not saved yet is comparable."""
    places = {member["id"]: place for place, member in enumerate(document["members"])}
    members = [member | {"id": places[member["id"]]} for member in document["members"]]
    expenses = [row | {"member": places[row["member"]]} if "member" in row else row for row in document["expenses"]]
    return document | {"members": members, "expenses": expenses}


def test_an_untouched_page_says_what_is_recorded(story: Story, window: Client) -> None:
    document, faults = typed(story.household, open_page(window, story.household))
    assert document == household_facts(story.household, on=ON, year=2026)
    assert faults == []


def test_everything_typed_is_what_saving_records(story: Story, window: Client) -> None:
    head = story.household.members.get(relation="head")
    fields = open_page(window, story.household) | {
        "household-residence": "urban",
        "household-income_stable": "on",
        "members-0-disability_kind": "multiple",
        "members-0-disability_level": "1",
        "members-0-component_visual": "1",
        "members-0-unable_self_care": ["eating", "bathing"],
        "members-0-applies_alone": "on",
        "members-0-support_mode": "institutional",
        "members-2-tekun_since_minor": "on",
        "incomes-0-yearly_amount": "1.2万",
        "owned-financial_assets": "9000",
        "owned-vehicles": "1",
        f"known-known_{head.pk}": "on",
    }
    fields = with_row(fields, "members", name="胡小石", relation="child", id_number=make_id_number(birth_date=BORN))
    fields = with_row(fields, "incomes", member=str(head.pk), kind="pension", yearly_amount="100")
    fields = with_row(fields, "expenses", kind="medical", yearly_amount="4000", member=str(head.pk))
    fields = with_row(
        fields,
        "supporters",
        member=str(head.pk),
        name="胡兄",
        relation="兄",
        birth_date="1960-01-01",
        yearly_income="5",
        disability_kind="physical",
        disability_level="2",
    )
    document, faults = typed(story.household, fields)
    assert faults == []
    assert len(document["members"]) == 4
    assert save(window, story.household, fields, section="means").status_code == 302
    recorded = household_facts(Household.objects.get(pk=story.household.pk), on=ON, year=2026)
    assert by_place(document) == by_place(recorded)
    assert recorded["members"][0]["disability"]["components"] == [{"kind": "visual", "level": 1}]


def test_who_is_removed_is_out_with_what_is_theirs(story: Story, window: Client) -> None:
    wife = story.household.members.get(relation="spouse")
    fields = with_row(
        open_page(window, story.household), "expenses", kind="medical", yearly_amount="40", member=str(wife.pk)
    )
    document, _ = typed(story.household, fields | {"members-1-DELETE": "on"})
    assert wife.reference not in {member["id"] for member in document["members"]}
    assert document["expenses"] == []
    emptied, _ = typed(story.household, fields | {"incomes-0-DELETE": "on"})
    assert all(member["incomes"] == [] for member in emptied["members"])


def test_a_faulty_row_stays_as_recorded_or_out(story: Story, window: Client) -> None:
    fields = open_page(window, story.household)
    recorded = household_facts(story.household, on=ON, year=2026)
    wrong = with_row(fields, "members", name="胡小石", relation="child", id_number="34182420120601123") | {
        "incomes-0-yearly_amount": "六千",
        "members-0-disability_level": "",
        "owned-houses": "-1",
    }
    document, faults = typed(story.household, wrong)
    assert document == recorded
    assert faults == [
        "成员第1行没有填完，暂按已保存的计入",
        "成员第4行有错，暂未计入",
        "收入第1行有错，暂按已保存的计入",
        "四、财产有错，暂按已保存的计入",
    ]


def test_what_somebody_else_added_meanwhile_is_kept(story: Story, window: Client) -> None:
    fields = open_page(window, story.household)
    data = households.MemberData(
        name="胡小石", relation="child", sex="male", birth_date=BORN, id_number=make_id_number(birth_date=BORN)
    )
    added = households.add_member(story.household, data=data, by=story.people.officer, on=ON, at=AT)
    document, _ = typed(story.household, fields)
    assert added.reference in {member["id"] for member in document["members"]}


def test_schemes_go_by_the_words_of_the_contract() -> None:
    result = {
        "dibao": {"outcome": "not_eligible"},
        "marginal": {"outcome": "eligible"},
        "tekun": [{"outcome": "unknown"}, {"outcome": "eligible"}],
    }
    assert entitling(result, ["dibao", "tekun", "marginal", "rigid_expense_household"]) == ["tekun", "marginal"]
