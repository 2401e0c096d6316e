"""A family's rows as the contract's facts, on real PostgreSQL."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from eligibility.facts import household_facts
from eligibility.rules import read_household
from households.models import Disability, Expense, Household, Income, Kinship, Member, Property, Supporter
from organizations.permissions import Role
from tests.eligibility.families import SAMPLE
from tests.support.factories import AT, ON, make_household, make_id_number, make_person, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
BORN = date(1975, 6, 1)


def add(household: Household, relation: str, *, name: str = "汪秋菊", born: date = BORN, **standing: Any) -> Member:
    person_facts = standing.pop("person", {})
    person = make_person(name=name, birth_date=born, id_number=make_id_number(birth_date=born), **person_facts)
    standing.setdefault("joined_on", date(2020, 1, 1))
    return Member.objects.create(household=household, person=person, relation=relation, order=9, **standing)


def facts_of(household: Household, *, on: date = ON, year: int = 2026) -> dict[str, Any]:
    document = household_facts(household, on=on, year=year)
    read_household(document | {"parameters": SAMPLE})
    return document


def facts_of_member(member: Member, **keys: Any) -> dict[str, Any]:
    rows = facts_of(member.household, **keys)["members"]
    return next(row for row in rows if row["id"] == member.reference)


def test_the_household_itself() -> None:
    document = facts_of(make_household(residence="urban", income_stable=True))
    assert {key: document[key] for key in ("on", "area", "residence", "income_stable", "expenses", "property")} == {
        "on": "2026-11-23",
        "area": "341824101200",
        "residence": "urban",
        "income_stable": True,
        "expenses": [],
        "property": {},
    }


def test_neither_names_nor_id_numbers_are_among_the_facts() -> None:
    household = make_household()
    member = add(household, "spouse")
    Supporter.objects.create(member=member, name="胡小军", relation="子", birth_date=BORN)
    text = json.dumps(facts_of(household), ensure_ascii=False)
    for person in (row.person for row in household.members.select_related("person")):
        assert person.name not in text
        assert person.id_number.reveal() not in text
    assert "胡小军" not in text


def test_a_member_in_full() -> None:
    household = make_household()
    member = add(
        household,
        "child",
        born=date(2004, 5, 5),
        lives_together=False,
        shares_support=True,
        cannot_live_alone=True,
        applies_alone=True,
        not_counted="in_prison",
        person={
            "sex": "female",
            "serious_illness": True,
            "schooling": "undergraduate",
            "labour_capacity": "partial",
            "unable_self_care": ["eating", "bathing"],
            "tekun_since_minor": True,
        },
    )
    assert facts_of_member(member) == {
        "id": f"m{member.pk}",
        "birth_date": "2004-05-05",
        "sex": "female",
        "relation": "child",
        "lives_together": False,
        "shares_support": True,
        "cannot_live_alone": True,
        "applies_alone": True,
        "not_counted": "in_prison",
        "serious_illness": True,
        "schooling": "undergraduate",
        "labour_capacity": "partial",
        "self_care": {
            "eating": False,
            "dressing": True,
            "in_out_of_bed": True,
            "toileting": True,
            "walking": True,
            "bathing": False,
        },
        "support_mode": "home_based",
        "tekun_since_minor": True,
        "incomes": [],
    }


def test_what_is_not_stated_is_left_out() -> None:
    member = add(make_household(), "spouse")
    left_out = {
        "shares_support",
        "not_counted",
        "labour_capacity",
        "disability",
        "spouse_id",
        "parent_ids",
        "supporters",
    }
    assert left_out.isdisjoint(facts_of_member(member))


def test_supporters_are_stated_only_where_staff_know_them_all() -> None:
    member = add(make_household(), "parent")
    Supporter.objects.create(
        member=member,
        name="胡小军",
        relation="子",
        birth_date=date(1960, 1, 1),
        status="dibao",
        disability_kind="physical",
        disability_level=2,
        yearly_income=Decimal("1200.50"),
        incapacity="in_prison",
        property_within_limit=False,
    )
    Supporter.objects.create(member=member, name="旧", relation="子", birth_date=BORN, ended_on=ON)
    assert "supporters" not in facts_of_member(member)
    Member.objects.filter(pk=member.pk).update(supporters_known=True)
    assert facts_of_member(member)["supporters"] == [
        {
            "birth_date": "1960-01-01",
            "status": "dibao",
            "disability": {"kind": "physical", "level": 2},
            "yearly_income": "1200.50",
            "incapacity": "in_prison",
            "property_within_limit": False,
        }
    ]


def test_nobody_outside_is_stated_as_an_empty_list() -> None:
    assert facts_of_member(add(make_household(), "parent", supporters_known=True))["supporters"] == []


def test_only_the_accounting_year_and_rows_in_force_count() -> None:
    household = make_household()
    member, clerk = add(household, "spouse"), make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    rows = [
        ("wage", 2026, "18000.00", {}),
        ("pension", 2025, "9.00", {}),
        ("business", 2026, "7.00", {"voided_at": AT, "voided_reason": "录入人删除"}),
    ]
    for kind, year, amount, void in rows:
        Income.objects.create(
            member=member, kind=kind, year=year, yearly_amount=Decimal(amount), entered_by=clerk, **void
        )
        Expense.objects.create(
            household=household,
            member=member,
            kind="medical",
            year=year,
            yearly_amount=Decimal(amount),
            entered_by=clerk,
            **void,
        )
    Expense.objects.create(household=household, kind="education", year=2026, yearly_amount=1, entered_by=clerk)
    assert facts_of_member(member)["incomes"] == [{"kind": "wage", "yearly": "18000.00"}]
    assert facts_of(household)["expenses"] == [
        {"kind": "medical", "yearly": "18000.00", "member": member.reference},
        {"kind": "education", "yearly": "1.00"},
    ]
    assert facts_of_member(member, year=2025)["incomes"] == [{"kind": "pension", "yearly": "9.00"}]


def test_property_in_figures() -> None:
    household = make_household()
    Property.objects.create(
        household=household, financial_assets=Decimal("12000"), vehicles=1, vehicle_value=Decimal("3.5"), houses=2
    )
    assert facts_of(household)["property"] == {
        "financial_assets": "12000.00",
        "vehicles": 1,
        "vehicle_value": "3.50",
        "houses": 2,
        "businesses": 0,
    }


def test_a_multiple_disability_brings_its_components_any_other_does_not() -> None:
    household = make_household()
    one, two = add(household, "spouse"), add(household, "sibling", name="胡二")
    parts = [{"kind": "visual", "level": 1}]
    Disability.objects.create(person=one.person, kind="multiple", level=2, components=parts)
    Disability.objects.create(person=two.person, kind="physical", level=2, components=parts)
    assert facts_of_member(one)["disability"] == {"kind": "multiple", "level": 2, "components": parts}
    assert facts_of_member(two)["disability"] == {"kind": "physical", "level": 2}


def test_a_disability_that_ended_is_no_longer_one() -> None:
    member = add(make_household(), "spouse")
    Disability.objects.create(person=member.person, kind="physical", level=2, ended_on=date(2026, 6, 1))
    assert "disability" not in facts_of_member(member)
    household = member.household
    household.members.update(joined_on=date(2020, 1, 1))
    assert facts_of_member(member, on=date(2026, 5, 31))["disability"] == {"kind": "physical", "level": 2}


def test_recorded_kin_are_named_by_reference() -> None:
    household = make_household()
    wife, boy = add(household, "spouse"), add(household, "child", name="胡小", born=date(2015, 1, 1))
    outsider = make_person(name="前夫")
    Kinship.objects.create(person=wife.person, relative=outsider, kind="spouse", ended_on=date(2024, 1, 1))
    Kinship.objects.create(person=boy.person, relative=wife.person, kind="parent")
    Kinship.objects.create(person=boy.person, relative=outsider, kind="parent")
    assert facts_of_member(boy)["parent_ids"] == [wife.reference]
    assert "spouse_id" not in facts_of_member(wife)


def test_parents_recorded_outside_the_family_leave_nobody_inside() -> None:
    boy = add(make_household(), "child", name="胡小", born=date(2015, 1, 1))
    Kinship.objects.create(person=boy.person, relative=make_person(name="生父"), kind="parent")
    assert facts_of_member(boy)["parent_ids"] == []


def test_who_left_or_joins_later_is_not_in_the_family_on_the_day() -> None:
    household = make_household()
    gone = add(household, "sibling", left_on=ON, left_reason="moved")
    later = add(household, "grandchild", name="新生", joined_on=date(2026, 11, 24))
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    Expense.objects.create(
        household=household, member=gone, kind="medical", year=2026, yearly_amount=5, entered_by=clerk
    )
    document = facts_of(household)
    assert {gone.reference, later.reference}.isdisjoint(row["id"] for row in document["members"])
    assert document["expenses"] == []


@pytest.mark.parametrize("size", [1, 3, 8])
def test_queries_do_not_grow_with_the_family(size: int, django_assert_num_queries: Any) -> None:
    household = make_household()
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    for place in range(size):
        member = add(household, "sibling", name=f"胡{place}", supporters_known=True)
        Disability.objects.create(person=member.person, kind="physical", level=2)
        Kinship.objects.create(person=member.person, relative=make_person(name="外"), kind="parent")
        Supporter.objects.create(member=member, name="外", relation="子", birth_date=BORN)
        Income.objects.create(member=member, kind="wage", year=2026, yearly_amount=1, entered_by=clerk)
    household = Household.objects.get(pk=household.pk)
    # Area, members with people, disabilities, kin, incomes, supporters, spending, property.
    with django_assert_num_queries(8):
        household_facts(household, on=ON, year=2026)
