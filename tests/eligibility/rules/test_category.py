"""Rule 9: the suggested category, in the order of the rule."""

from typing import Any

import pytest

from tests.eligibility.families import MILD, SEVERE, dibao, member, spouse

ADULT = {"labour_capacity": "none"}


def category(*members: dict[str, Any], stable: bool = False) -> str:
    result = dibao(*members, income_stable=stable)
    assert result["outcome"] == "eligible"
    assert result["review_months"] == {"A": 12, "B": 12, "C": 6}[result["category"]]
    return result["category"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "C"),
        ({"labour_capacity": "full"}, "C"),
        ({"labour_capacity": "partial"}, "C"),
        ({"labour_capacity": "none"}, "C"),  # none of the others fits
        ({"serious_illness": True}, "A"),
        ({"serious_illness": True, "labour_capacity": "partial"}, "C"),  # unstable and able: C comes first
        ({"disability": SEVERE}, "A"),
        ({"disability": MILD}, "C"),  # derived able
        ({"disability": MILD, "labour_capacity": "none"}, "B"),
        ({"born": "2010-11-24"}, "B"),  # 15
        ({"born": "2010-11-23"}, "C"),  # 16, able
        ({"born": "2010-11-23", "schooling": "senior_high"}, "B"),
        ({"born": "2008-11-23", "schooling": "undergraduate"}, "C"),  # 18, at school, nothing else
        ({"born": "1966-11-23"}, "B"),
        ({"born": "1966-11-24"}, "C"),
    ],
)
def test_category_of_one_person_whose_income_is_not_stable(facts: dict[str, Any], expected: str) -> None:
    assert category(member(**facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "C"),
        ({"labour_capacity": "full", "serious_illness": True}, "A"),
        ({"disability": SEVERE}, "A"),
        ({"disability": {"kind": "psychiatric", "level": 3}}, "A"),
        ({"disability": MILD}, "B"),
        ({"born": "2008-11-24"}, "B"),
        ({"born": "2008-11-23"}, "C"),
        ({"born": "1966-11-23"}, "B"),
    ],
)
def test_category_where_no_marked_change_is_expected(facts: dict[str, Any], expected: str) -> None:
    assert category(member(**facts), stable=True) == expected


def test_one_member_who_can_work_makes_an_unstable_family_c() -> None:
    assert category(member(serious_illness=True), spouse()) == "C"
    assert category(member(serious_illness=True), spouse(), stable=True) == "A"
    assert category(member(serious_illness=True), spouse(**ADULT)) == "A"


def test_the_elderly_age_for_the_category_is_the_parameter() -> None:
    facts = {"born": "1966-11-23"}
    assert dibao(member(**facts), parameters={"elderly_age": 61})["category"] == "C"
    # Labour capacity is derived from 60 whatever the parameter.
    assert dibao(member(born="1966-11-24"), parameters={"elderly_age": 59}, income_stable=True)["category"] == "B"


def test_schooling_of_any_kind_derives_no_labour_capacity() -> None:
    for schooling in ("preschool", "compulsory", "senior_high", "vocational", "undergraduate", "postgraduate"):
        assert category(member(serious_illness=True), spouse(schooling=schooling)) == "A"
