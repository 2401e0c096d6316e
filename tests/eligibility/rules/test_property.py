"""Rule 4: the property test (F57 §14); every limit inclusive."""

from typing import Any

import pytest

from tests.eligibility.families import assessed, child, member, spouse

SEVERE_OR_ILL: list[dict[str, Any]] = [
    {"disability": {"kind": "hearing", "level": 2}},
    {"disability": {"kind": "psychiatric", "level": 3}},
    {"disability": {"kind": "multiple", "level": 3, "components": [{"kind": "speech", "level": 2}]}},
    {"serious_illness": True},
]
NOT_SEVERE: list[dict[str, Any]] = [
    {},
    {"disability": {"kind": "physical", "level": 3}},
    {"disability": {"kind": "multiple", "level": 3}},
]


def holds(*members: dict[str, Any], **owned: Any) -> bool:
    return assessed(*members, property=owned)["household"]["property_ok"]


@pytest.mark.parametrize(
    ("owned", "expected"),
    [
        ({}, True),
        ({"vehicles": 1, "vehicle_value": "80000.00"}, True),
        ({"vehicles": 2, "vehicle_value": "10000"}, False),
        ({"vehicles": 1, "vehicle_value": "80000.01"}, False),
        ({"houses": 1}, True),
        ({"houses": 2}, False),
        ({"businesses": 0}, True),
        ({"businesses": 1}, False),
        ({"financial_assets": "25200.00"}, True),  # 36 × 700
        ({"financial_assets": "25200.01"}, False),
    ],
)
def test_limits_are_inclusive(owned: dict[str, Any], expected: bool) -> None:
    assert holds(member(), **owned) is expected


def test_property_left_out_is_none() -> None:
    assert assessed(member())["household"]["property_ok"] is True


def test_financial_assets_are_shared_among_the_counted() -> None:
    family = (member(), spouse(), child(), member("x", "other"))  # three counted: 3 × 25200
    assert holds(*family, financial_assets="75600.00")
    assert not holds(*family, financial_assets="75600.01")


@pytest.mark.parametrize("facts", SEVERE_OR_ILL)
def test_a_severely_disabled_or_ill_counted_member_raises_the_limit(facts: dict[str, Any]) -> None:
    assert holds(member(), spouse(**facts), financial_assets="67200.00")  # 48 × 700 × 2
    assert not holds(member(), spouse(**facts), financial_assets="67200.01")


@pytest.mark.parametrize("facts", NOT_SEVERE)
def test_other_members_do_not(facts: dict[str, Any]) -> None:
    assert holds(member(), spouse(**facts), financial_assets="50400.00")  # 36 × 700 × 2
    assert not holds(member(), spouse(**facts), financial_assets="50400.01")


def test_a_severely_disabled_person_who_is_not_counted_does_not_raise_the_limit() -> None:
    assert not holds(member(), spouse(serious_illness=True, not_counted="in_prison"), financial_assets="25200.01")


def test_a_tekun_member_still_counts_for_the_limit() -> None:
    # Rule 4 goes by counted members, not by the remaining ones.
    elder = member("p", "parent", "1940-01-01", supporters=[], parent_ids=[])
    head = member(disability={"kind": "hearing", "level": 1})
    result = assessed(head, elder, property={"financial_assets": "67200.00"})
    assert result["household"]["tekun_members"] == ["p"]
    assert result["household"]["property_ok"] is True
