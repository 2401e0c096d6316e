"""Rule 8: amounts, each rounding and each base (F57 §23, §27)."""

from typing import Any

import pytest

from tests.eligibility.families import SEVERE, child, dibao, member, pension, spouse, wage


def amount(*members: dict[str, Any], **parameters: Any) -> str:
    result = dibao(*members, parameters=parameters)
    assert result["outcome"] == "eligible"
    return result["monthly_amount"]


@pytest.mark.parametrize(
    ("yearly", "half_up_to_yuan", "up_to_yuan", "half_up_to_fen"),
    [
        ("0.00", "700.00", "700.00", "700.00"),
        ("6.00", "700.00", "700.00", "699.50"),  # 699.50
        ("6.12", "699.00", "700.00", "699.49"),
        ("5.88", "700.00", "700.00", "699.51"),
        ("11.88", "699.00", "700.00", "699.01"),
        ("12.00", "699.00", "699.00", "699.00"),
        ("0.06", "700.00", "700.00", "700.00"),  # 699.995 → 700.00
        ("0.07", "700.00", "700.00", "699.99"),  # 699.99416…
    ],
)
def test_each_rounding(yearly: str, half_up_to_yuan: str, up_to_yuan: str, half_up_to_fen: str) -> None:
    head = member(incomes=wage(yearly))
    assert amount(head, amount_rounding="half_up_to_yuan") == half_up_to_yuan
    assert amount(head, amount_rounding="up_to_yuan") == up_to_yuan
    assert amount(head, amount_rounding="half_up_to_fen") == half_up_to_fen


def test_the_difference_is_reckoned_without_rounding_the_per_capita_income() -> None:
    # 670 × 3 − 1000.50 = 1009.50 → 1010
    family = (member(), spouse(incomes=wage("12006.00")), member("x", "sibling", "1990-01-01"))
    assert amount(*family, dibao_monthly_standard="670.00") == "1010.00"


@pytest.mark.parametrize(
    ("yearly", "minimum", "expected"),
    [
        ("8399.99", "1.00", "1.00"),
        ("8388.00", "1.00", "1.00"),
        ("8387.99", "1.00", "1.00"),  # 1.0008…
        ("8399.99", "0.00", "0.00"),
        ("8399.99", "20.50", "21.00"),
        ("8000.00", "20.00", "33.00"),  # 33.33
    ],
)
def test_the_least_amount_comes_before_the_rounding(yearly: str, minimum: str, expected: str) -> None:
    assert amount(member(incomes=wage(yearly)), minimum_monthly_amount=minimum) == expected


ILL: dict[str, Any] = {"serious_illness": True}


@pytest.mark.parametrize(
    ("facts", "topup"),
    [
        ({}, 0),
        (ILL, 210),
        ({"disability": SEVERE}, 210),
        ({"disability": {"kind": "intellectual", "level": 3}}, 210),
        ({"disability": {"kind": "physical", "level": 3}}, 0),
        ({"born": "2008-11-24"}, 140),
        ({"born": "2008-11-23"}, 0),
        ({"born": "1966-11-23"}, 140),
        ({"born": "1966-11-24"}, 0),
        ({"born": "1966-11-23", **ILL}, 210),  # the higher one, not both
    ],
)
def test_topups_on_the_standard(facts: dict[str, Any], topup: int) -> None:
    # With an able spouse nobody is tekun; 1400 for two.
    assert amount(member(**facts), spouse()) == f"{1400 + topup}.00"


@pytest.mark.parametrize(("elderly_age", "topup"), [(59, 140), (60, 140), (61, 0), (70, 0)])
def test_the_elderly_age_is_a_parameter(elderly_age: int, topup: int) -> None:
    assert amount(member(born="1966-11-23"), spouse(), elderly_age=elderly_age) == f"{1400 + topup}.00"


def test_topups_on_the_own_benefit_go_by_the_unrounded_difference() -> None:
    # difference 1400 − 1000.10/12 = 1316.658…; a head 658.329…; a: 197.49… → 197, b: 131.66… → 132
    family = (member(**ILL), child(incomes=[{"kind": "other_transfer", "yearly": "1000.10"}]))
    assert amount(*family, topup_base="own_benefit") == "1646.00"  # 1317 + 197 + 132


def test_topups_on_the_own_benefit_go_by_the_least_amount_where_that_holds() -> None:
    # least amount 100 for one ill person: 30% of 100
    head = member(**ILL, incomes=pension("8399.00"))
    assert amount(head, minimum_monthly_amount="100.00", topup_base="own_benefit") == "130.00"


@pytest.mark.parametrize(("standard", "topup"), [("605.00", 182), ("601.00", 180), ("603.33", 181)])
def test_topups_round_half_up_to_the_yuan(standard: str, topup: int) -> None:
    # 605 × 30% = 181.5 → 182; 601 × 30% = 180.3; 603.33 × 30% = 180.999
    parameters = {"dibao_monthly_standard": standard, "amount_rounding": "half_up_to_fen"}
    whole, _, fen = amount(member(**ILL), **parameters).partition(".")
    assert f"{int(whole) - topup}.{fen}" == standard


def test_each_topup_is_rounded_by_itself() -> None:
    # 601.5 × 30% = 180.45 → 180, twice 360; together it would be 360.9 → 361
    assert amount(member(**ILL), spouse(**ILL), dibao_monthly_standard="601.50") == "1563.00"


def test_the_screens_family() -> None:
    head = member(born="1968-03-12", disability=SEVERE)
    wife = spouse(born="1972-02-02", incomes=wage("18000"))
    daughter = child(born="2010-05-05", schooling="senior_high")
    result = dibao(head, wife, daughter, expenses=[{"kind": "medical", "yearly": "6000"}])
    # 700 × 3 − 1000 = 1100, + 210 + 140
    assert (result["monthly_amount"], result["category"], result["review_months"]) == ("1450.00", "C", 6)


# --- single person -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "rounding", "expected"),
    [
        ("0.00", "half_up_to_yuan", "700.00"),
        ("1206.00", "half_up_to_yuan", "600.00"),  # 599.50
        ("1206.12", "half_up_to_yuan", "599.00"),
        ("1206.12", "up_to_yuan", "600.00"),
        ("1206.12", "half_up_to_fen", "599.49"),
        ("8399.99", "half_up_to_yuan", "1.00"),
    ],
)
def test_single_person_amounts_have_no_topup(own: str, rounding: str, expected: str) -> None:
    head = member(serious_illness=True, incomes=pension(own))
    assert amount(head, spouse(incomes=wage("16800")), amount_rounding=rounding) == expected


def test_single_person_amounts_are_rounded_one_by_one_and_summed() -> None:
    # 599.50 → 600 twice; together 1199
    ill = {"serious_illness": True, "incomes": pension("1206.00")}
    family = (member(**ill), spouse(incomes=wage("25000")), child(**ill))
    assert amount(*family) == "1200.00"
