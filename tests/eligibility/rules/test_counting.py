"""Rule 2: who is counted (F57 §7)."""

from typing import Any

import pytest

from tests.eligibility.families import assessed, child, member, spouse

AWAY = {"lives_together": False, "shares_support": False}


def counted(*members: dict[str, Any]) -> list[str]:
    return assessed(*members)["household"]["counted"]


@pytest.mark.parametrize("reason", ["clergy_away_3y", "in_prison", "in_compulsory_rehab", "declared_missing"])
@pytest.mark.parametrize("relation", ["spouse", "child", "parent"])
def test_nobody_in_an_excluded_circumstance_is_counted(reason: str, relation: str) -> None:
    assert counted(member(), member("x", relation, "2015-01-01", not_counted=reason)) == ["a"]


def test_a_head_may_be_excluded_too() -> None:
    assert counted(member(not_counted="in_prison"), spouse()) == ["b"]


@pytest.mark.parametrize("facts", [{}, AWAY, {"lives_together": False}, {"shares_support": False}])
def test_head_spouse_and_minor_child_count_wherever_they_live(facts: dict[str, bool]) -> None:
    assert counted(member(**facts), spouse(**facts), child(**facts)) == ["a", "b", "c"]


@pytest.mark.parametrize(("born", "is_counted"), [("2008-11-23", False), ("2008-11-24", True)])
def test_a_child_is_a_minor_until_the_day_before_turning_eighteen(born: str, is_counted: bool) -> None:
    assert counted(member(), child(born=born, **AWAY)) == (["a", "c"] if is_counted else ["a"])


@pytest.mark.parametrize(
    ("schooling", "is_counted"),
    [
        ("none", False),
        ("preschool", False),
        ("compulsory", True),
        ("senior_high", True),
        ("vocational", True),
        ("undergraduate", True),
        ("postgraduate", False),
    ],
)
def test_an_adult_child_away_counts_while_in_schooling_up_to_a_first_degree(schooling: str, is_counted: bool) -> None:
    assert counted(member(), child(born="2004-01-01", schooling=schooling, **AWAY)) == (
        ["a", "c"] if is_counted else ["a"]
    )


def test_an_adult_child_who_cannot_live_alone_counts_wherever_they_live() -> None:
    assert counted(member(), child(born="1996-01-01", cannot_live_alone=True, **AWAY)) == ["a", "c"]


@pytest.mark.parametrize("relation", ["child", "parent", "grandchild", "grandparent", "sibling"])
@pytest.mark.parametrize(
    ("facts", "is_counted"),
    [
        ({}, True),
        ({"lives_together": False}, False),
        ({"shares_support": False}, False),
        (AWAY, False),
    ],
)
def test_everyone_else_counts_with_both_a_duty_and_a_common_life(
    relation: str, facts: dict[str, bool], is_counted: bool
) -> None:
    assert counted(member(), member("x", relation, "1990-01-01", **facts)) == (["a", "x"] if is_counted else ["a"])


@pytest.mark.parametrize(
    ("facts", "is_counted"),
    [({}, False), ({"shares_support": True}, True), ({"shares_support": True, "lives_together": False}, False)],
)
def test_an_other_person_counts_only_where_staff_found_a_duty(facts: dict[str, bool], is_counted: bool) -> None:
    assert counted(member(), member("x", "other", **facts)) == (["a", "x"] if is_counted else ["a"])


def test_a_minor_who_is_no_child_of_the_head_counts_like_everyone_else() -> None:
    assert counted(member(), member("x", "grandchild", "2015-01-01", **AWAY)) == ["a"]


def test_nobody_counted_is_not_applicable_and_fails_the_property_test() -> None:
    result = assessed(member(not_counted="in_prison"))
    assert result["household"] == {
        "counted": [],
        "tekun_members": [],
        "remaining": [],
        "yearly_income": "0.00",
        "rigid_deduction": "0.00",
        "employment_deduction": "0.00",
        "per_capita_monthly": None,
        "property_ok": False,
    }
    assert (result["dibao"]["outcome"], result["dibao"]["reason"]) == ("not_applicable", "nobody_counted")
    assert result["marginal"] == {"outcome": "not_eligible"}
    assert result["tekun"] == []
