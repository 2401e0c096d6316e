"""Rules 5 to 7: 低保 applied for and reviewed, and the marginal family."""

from typing import Any

import pytest

from tests.eligibility.families import SEVERE, assessed, child, dibao, member, pension, review, spouse, wage

Json = dict[str, Any]
OLD = "1950-01-01"


# --- application ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yearly", "outcome"), [("8399.99", "eligible"), ("8400.00", "not_eligible"), ("8400.01", "not_eligible")]
)
def test_a_family_of_one_is_eligible_below_the_standard_only(yearly: str, outcome: str) -> None:
    assert dibao(member(incomes=wage(yearly)))["outcome"] == outcome


@pytest.mark.parametrize(("yearly", "outcome"), [("25199.99", "eligible"), ("25200.00", "not_eligible")])
def test_comparison_is_exact_though_the_shown_figure_is_cut(yearly: str, outcome: str) -> None:
    # 25199.99 ÷ 36 = 699.9997…
    result = assessed(member(), spouse(incomes=wage(yearly)), child())
    assert result["dibao"]["outcome"] == outcome


def test_the_answer_for_a_household() -> None:
    assert dibao(member(incomes=wage("1200")), spouse()) == {
        "outcome": "eligible",
        "reason": None,
        "basis": "household",
        "persons": ["a", "b"],
        "category": "C",
        "review_months": 6,
        "monthly_amount": "1300.00",  # 1400 − 100
        "change": None,
        "phase_out_months": None,
        "single_person_candidates": [],
    }


def test_a_refusal_says_nothing_else() -> None:
    assert dibao(member(incomes=wage("20000"))) == {
        "outcome": "not_eligible",
        "reason": None,
        "basis": None,
        "persons": [],
        "category": None,
        "review_months": None,
        "monthly_amount": None,
        "change": None,
        "phase_out_months": None,
        "single_person_candidates": [],
    }


def test_property_above_a_limit_refuses_even_without_income_and_for_one_person_alone() -> None:
    assert dibao(member(), property={"houses": 2})["outcome"] == "not_eligible"
    ill = member(serious_illness=True)
    assert dibao(ill, spouse(incomes=wage("20000")), property={"houses": 2})["outcome"] == "not_eligible"


def test_all_tekun_is_not_applicable() -> None:
    result = dibao(member(born=OLD, supporters=[]))
    assert (result["outcome"], result["reason"], result["persons"]) == ("not_applicable", "all_tekun", [])


def test_tekun_members_are_not_covered_by_the_household_award() -> None:
    elder = member("p", "parent", "1940-01-01", supporters=[])
    head = member(disability={"kind": "hearing", "level": 1})
    assert dibao(head, elder)["persons"] == ["a"]


# --- single person -------------------------------------------------------------------------------------------------


def alone(head: Json, *, others: str, **keys: Any) -> Json:
    """The answer for a head whose spouse earns ``others`` a year."""
    return dibao(head, spouse(incomes=wage(others)), **keys)


@pytest.mark.parametrize(
    ("others", "outcome"),
    [
        ("16800.00", "eligible"),  # per-capita 700.00
        ("25199.99", "eligible"),  # just below 1.5 × 700 × 12 × 2
        ("25200.00", "not_eligible"),
    ],
)
@pytest.mark.parametrize("facts", [{"disability": SEVERE}, {"serious_illness": True}])
def test_severely_disabled_or_ill_people_of_a_family_below_the_marginal_limit(
    facts: Json, others: str, outcome: str
) -> None:
    result = alone(member(**facts), others=others)
    assert result["outcome"] == outcome
    assert result["persons"] == (["a"] if outcome == "eligible" else [])
    assert result["basis"] == ("single_person" if outcome == "eligible" else None)


@pytest.mark.parametrize(("own", "outcome"), [("8399.99", "eligible"), ("8400.00", "not_eligible")])
def test_their_own_income_stays_below_the_standard(own: str, outcome: str) -> None:
    assert alone(member(serious_illness=True, incomes=pension(own)), others="12000")["outcome"] == outcome


ALONE = {"applies_alone": True, "disability": SEVERE, "born": "2008-11-23"}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "eligible"),
        ({"applies_alone": False}, "not_eligible"),
        ({"born": "2008-11-24"}, "not_eligible"),
        ({"disability": {"kind": "physical", "level": 3}}, "not_eligible"),
        ({"disability": {"kind": "physical", "level": 3}, "serious_illness": True}, "not_eligible"),
        ({"incomes": wage("0.01")}, "not_eligible"),
        ({"incomes": [{"kind": "business", "yearly": "0.01"}]}, "not_eligible"),
        ({"incomes": pension("8399.99")}, "eligible"),
        ({"incomes": pension("8400.00")}, "not_eligible"),
        ({"incomes": wage("0.00")}, "eligible"),
    ],
)
def test_an_adult_severely_disabled_person_without_work_may_apply_alone_whatever_the_family_has(
    facts: Json, outcome: str
) -> None:
    assert alone(member(**ALONE | facts), others="90000")["outcome"] == outcome


def test_several_may_pass() -> None:
    members = (member(incomes=wage("30000")), spouse(serious_illness=True), child(disability=SEVERE))
    result = dibao(*members)
    assert result["persons"] == ["b", "c"]
    assert (result["category"], result["review_months"], result["monthly_amount"]) == ("A", 12, "1400.00")


# --- review of a household award -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yearly", "outcome"),
    [
        ("8399.99", "continue"),
        ("8400.00", "phase_out"),
        ("16799.99", "phase_out"),
        ("16800.00", "stop"),
    ],
)
def test_review_of_a_household_award(yearly: str, outcome: str) -> None:
    assert review(member(incomes=wage(yearly)), persons=["a"])["outcome"] == outcome


@pytest.mark.parametrize(("yearly", "outcome"), [("8400.00", "stop"), ("8400.01", "phase_out")])
def test_the_standard_itself_is_outside_phase_out_where_the_parameter_says_so(yearly: str, outcome: str) -> None:
    result = review(member(incomes=wage(yearly)), persons=["a"], parameters={"phase_out_lower_inclusive": False})
    assert result["outcome"] == outcome


def test_phase_out_keeps_the_amount_now_paid() -> None:
    assert review(member(incomes=wage("9000")), spouse(incomes=wage("9000")), persons=["b", "a"], amount="512.5") == {
        "outcome": "phase_out",
        "reason": None,
        "basis": "household",
        "persons": ["a", "b"],
        "category": None,
        "review_months": None,
        "monthly_amount": "512.50",
        "change": None,
        "phase_out_months": [1, 6],
        "single_person_candidates": [],
    }


@pytest.mark.parametrize("gone", ["left", "b"])
def test_phase_out_leaves_the_amount_to_staff_when_a_covered_person_does_not_remain(gone: str) -> None:
    members = (member(incomes=wage("9000")), spouse(not_counted="in_prison"))
    result = review(*members, persons=["a", gone])
    assert (result["outcome"], result["monthly_amount"], result["persons"]) == ("phase_out", None, ["a"])


def test_a_person_new_in_the_family_does_not_disturb_the_phase_out_amount() -> None:
    assert review(member(incomes=wage("20000")), child(), persons=["a"])["monthly_amount"] == "500.00"


def test_property_above_a_limit_stops_the_award_without_candidates() -> None:
    result = review(member(serious_illness=True), persons=["a"], property={"houses": 2})
    assert (result["outcome"], result["single_person_candidates"], result["basis"]) == ("stop", [], None)


@pytest.mark.parametrize(("others", "outcome"), [("20000", "phase_out"), ("90000", "stop")])
def test_who_could_be_covered_alone_is_reported(others: str, outcome: str) -> None:
    head = member(disability=SEVERE, applies_alone=True)
    result = review(head, spouse(incomes=wage(others)), persons=["a", "b"])
    assert (result["outcome"], result["single_person_candidates"]) == (outcome, ["a"])


def test_candidates_of_an_ill_person_end_at_the_marginal_limit() -> None:
    below = review(member(serious_illness=True), spouse(incomes=wage("25199.99")), persons=["a", "b"])
    at = review(member(serious_illness=True), spouse(incomes=wage("25200.00")), persons=["a", "b"])
    assert (below["outcome"], below["single_person_candidates"]) == ("phase_out", ["a"])
    assert (at["outcome"], at["single_person_candidates"]) == ("phase_out", [])


@pytest.mark.parametrize(("amount", "change"), [("599.99", "raise"), ("600.00", "none"), ("600.01", "cut")])
def test_continue_says_how_the_amount_changes(amount: str, change: str) -> None:
    result = review(member(incomes=wage("1200")), persons=["a"], amount=amount)
    assert (result["outcome"], result["monthly_amount"], result["change"]) == ("continue", "600.00", change)
    assert (result["basis"], result["category"], result["review_months"]) == ("household", "C", 6)


def test_review_of_a_family_where_nobody_remains() -> None:
    result = review(member(born=OLD, supporters=[]), persons=["a"])
    assert (result["outcome"], result["reason"], result["monthly_amount"]) == ("not_applicable", "all_tekun", None)
    assert review(member(not_counted="in_prison"), persons=["a"])["reason"] == "nobody_counted"


# --- review of a single-person award -------------------------------------------------------------------------------


def single_review(head: Json, others: str, **keys: Any) -> Json:
    return review(head, spouse(incomes=wage(others)), persons=["a"], award_basis="single_person", **keys)


@pytest.mark.parametrize(
    ("others", "outcome", "basis", "persons"),
    [
        ("16799.99", "continue", "household", ["a", "b"]),
        ("16800.00", "continue", "single_person", ["a"]),
        ("25199.99", "continue", "single_person", ["a"]),
        ("25200.00", "stop", None, []),
    ],
)
def test_review_of_a_single_person_award(others: str, outcome: str, basis: str | None, persons: list[str]) -> None:
    result = single_review(member(serious_illness=True), others)
    assert (result["outcome"], result["basis"], result["persons"]) == (outcome, basis, persons)
    assert result["single_person_candidates"] == []
    assert result["phase_out_months"] is None


def test_a_single_person_award_is_never_phased_out() -> None:
    assert single_review(member(), "20000")["outcome"] == "stop"


def test_a_single_person_award_compares_its_own_sum() -> None:
    result = single_review(member(serious_illness=True, incomes=pension("1200")), "20000", amount="700")
    assert (result["monthly_amount"], result["change"], result["category"]) == ("600.00", "cut", "A")


# --- marginal ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yearly", "outcome"),
    [
        ("8399.99", "not_eligible"),
        ("8400.00", "eligible"),
        ("12599.99", "eligible"),
        ("12600.00", "not_eligible"),
    ],
)
def test_marginal_family(yearly: str, outcome: str) -> None:
    assert assessed(member(incomes=wage(yearly)))["marginal"] == {"outcome": outcome}


def test_marginal_stands_beside_a_single_person_award_and_beside_a_review() -> None:
    result = assessed(member(serious_illness=True), spouse(incomes=wage("20000")))
    assert (result["dibao"]["basis"], result["marginal"]["outcome"]) == ("single_person", "eligible")
    keys: Json = {"event": "review", "current_persons": ["a"], "current_monthly_amount": "500"}
    assert assessed(member(incomes=wage("9000")), **keys)["marginal"]["outcome"] == "eligible"


def test_property_above_a_limit_is_no_marginal_family() -> None:
    assert assessed(member(incomes=wage("9000")), property={"businesses": 1})["marginal"]["outcome"] == "not_eligible"


def test_a_multiplier_with_fractions_is_compared_exactly() -> None:
    # 1.333 × 8400 = 11197.20
    parameters = {"marginal_multiplier": "1.333"}
    assert assessed(member(incomes=wage("11197.19")), parameters=parameters)["marginal"]["outcome"] == "eligible"
    assert assessed(member(incomes=wage("11197.20")), parameters=parameters)["marginal"]["outcome"] == "not_eligible"
