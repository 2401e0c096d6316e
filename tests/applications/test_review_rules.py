"""The band of no clear change and what a review comes to, to the boundary; handbook 3.2, contract rule 6."""

from decimal import Decimal
from typing import Any

import pytest

from applications.rules.matters.dibao_review import further, suggest
from applications.rules.matters.tekun_review import cause_of
from applications.rules.reviews import CLAUSES, PAID_ON, RESULTS_OF, ReviewResult, band_of, means_of, result_of_amount
from applications.services.outcomes.dibao_review import KINDS as KINDS_WRITTEN
from applications.services.outcomes.tekun_review import KINDS as TEKUN_KINDS

PERSONS = ["m1", "m2", "m3"]


def result_of(yearly: str = "6000.00", **dibao: Any) -> dict[str, Any]:
    """An assessment of three people with S of 755 yuan."""
    means = {"yearly_income": yearly, "rigid_deduction": "0.00", "employment_deduction": "0.00"}
    months = {"phase_out_min_months": 1, "phase_out_max_months": 6}
    above = {"phase_out_multiplier": "2", "phase_out_lower_inclusive": True}
    return {
        "parameters": {"dibao_monthly_standard": "755.00", **months, **above},
        "household": {"remaining": PERSONS, "tekun_members": [], "per_capita_monthly": "0.00", **means},
        "dibao": {
            "outcome": "continue",
            "reason": None,
            "basis": "household",
            "category": "C",
            "persons": PERSONS,
            "monthly_amount": "2000.00",
            "phase_out_months": None,
            **dibao,
        },
        "findings": [],
    }


AWARD = {
    "monthly_amount": "2143.00",
    "persons": PERSONS,
    "category": "C",
    "basis": "household",
    "covered": [{"member": key, "topup_monthly_amount": "0.00", "topup_class": ""} for key in PERSONS],
}
BEFORE = {"on": "2026年9月7日", "standard": "755.00", "rate": "0.10", "yearly": "6000.00", "heads": 3}


def beside(**more: Any) -> dict[str, Any]:
    return {
        "award": AWARD,
        "before": BEFORE,
        "is_gone": False,
        "phase_outs": 0,
        "phase_outs_per_coverage": 1,
        "phase_out_months": None,
        "phase_out_requires_employment": False,
        **more,
    }


FACTS: dict[str, Any] = {"members": [{"id": key, "incomes": []} for key in PERSONS]}


# 755 yuan × 0.10 = 75.50 yuan a month a head; × 12 × 3 = 2,718 yuan a year.
@pytest.mark.parametrize(
    ("yearly", "inside"),
    [("6000.00", True), ("8717.99", True), ("8718.00", False), ("3282.01", True), ("3282.00", False), ("0.00", False)],
)
def test_a_change_of_a_tenth_of_the_standard_is_a_clear_one(yearly: str, inside: bool) -> None:
    band = band_of(result_of(yearly), FACTS, award=AWARD, before=BEFORE)
    assert (band.applies, band.is_inside, band.limit) == (True, inside, Decimal("75.50"))


def test_the_change_shown_never_contradicts_the_comparison() -> None:
    just_inside = band_of(result_of("8717.99"), FACTS, award=AWARD, before=BEFORE)
    assert (just_inside.change, just_inside.is_inside) == (Decimal("75.49"), True)


@pytest.mark.parametrize(
    ("award", "before"),
    [
        ({"persons": ["m1", "m2"]}, {}),
        ({"category": "B"}, {}),
        ({"basis": "single_person"}, {}),
        ({}, {"standard": "705.00"}),
    ],
    ids=["persons", "category", "basis", "standard"],
)
def test_the_band_applies_only_where_all_else_is_the_same(award: dict[str, Any], before: dict[str, Any]) -> None:
    assert not band_of(result_of(), FACTS, award=AWARD | award, before=BEFORE | before).applies


def test_without_an_assessment_behind_the_award_there_is_no_band() -> None:
    assert not band_of(result_of(), FACTS, award=AWARD, before=None).applies


def test_of_a_single_persons_award_the_own_income_counts() -> None:
    result = result_of(basis="single_person", persons=["m2"])
    rows = [{"kind": "wage", "yearly": "1200.00"}, {"kind": "old_age_allowance", "yearly": "600.00"}]
    facts = {
        "members": [{"id": "m1", "incomes": [{"kind": "wage", "yearly": "90000.00"}]}, {"id": "m2", "incomes": rows}]
    }
    assert means_of(result, facts, basis="single_person") == {"yearly": "1200.00", "heads": 1}


def answer(result: dict[str, Any], **more: Any) -> Any:
    kept = further(result, FACTS, beside(**more))
    return suggest({**result, "review": kept["review"]}, FACTS), kept


def test_inside_the_band_the_amount_is_proposed_unchanged_although_the_sum_is_another() -> None:
    found, kept = answer(result_of("8717.99"))
    assert (found.review_result, found.monthly_amount) == ("continue", Decimal("2143.00"))
    assert [row["rule"] for row in kept["findings"]] == ["review.no_clear_change"]
    assert "变动75.49元" in kept["findings"][0]["text"] and "75.50元" in kept["findings"][0]["text"]


@pytest.mark.parametrize(("amount", "result"), [("2143.01", "raise"), ("2142.99", "cut"), ("2143.00", "continue")])
def test_outside_the_band_the_sum_decides(amount: str, result: str) -> None:
    found, _ = answer(result_of("9000.00", monthly_amount=amount))
    assert (found.review_result, found.monthly_amount) == (result, Decimal(amount))
    assert result_of_amount(Decimal(amount), Decimal("2143.00")) == ReviewResult(result)


def test_a_stop_says_no_sum() -> None:
    found, _ = answer(result_of(outcome="stop", basis=None, category=None, persons=[], monthly_amount=None))
    assert (found.review_result, found.monthly_amount, found.persons, found.basis) == ("stop", None, (), "")


PHASE_OUT = {"outcome": "phase_out", "monthly_amount": "2143.00", "phase_out_months": [1, 6], "category": None}


def test_a_phase_out_keeps_the_sum_and_suggests_its_months_with_a_reason() -> None:
    found, kept = answer(result_of("36000.00", **PHASE_OUT))
    assert (found.review_result, found.monthly_amount, found.phase_out_months) == (
        "phase_out",
        Decimal("2143.00"),
        5,
    )
    # 1,000 − 755 = 245 yuan above S is in the second of six bands of 755 ÷ 6 = 125.83 yuan: one month less than six.
    assert [row["rule"] for row in kept["findings"]] == ["review.phase_out_months"]
    assert "建议5个月" in kept["review"]["phase_out_reason"]
    assert (found.category, kept["review"]["months_between"]) == ("C", [1, 6])


def test_a_second_phase_out_in_one_coverage_is_a_stop() -> None:
    found, kept = answer(result_of("36000.00", **PHASE_OUT), phase_outs=1)
    assert found.review_result == "stop"
    assert "最多1次" in kept["findings"][0]["text"]


def test_one_that_runs_goes_on_with_its_months() -> None:
    found, _ = answer(result_of("36000.00", **PHASE_OUT), phase_outs=1, phase_out_months=4)
    assert (found.review_result, found.phase_out_months) == ("phase_out", 4)


def test_where_only_work_brings_a_phase_out_other_income_stops_the_award() -> None:
    found, _ = answer(result_of("36000.00", **PHASE_OUT), phase_out_requires_employment=True)
    assert found.review_result == "stop"


def test_everybody_tekun_changes_the_scheme_without_a_sum() -> None:
    gone = {"outcome": "not_applicable", "reason": "all_tekun", "basis": None, "persons": [], "category": None}
    found, _ = answer(result_of(**gone, monthly_amount=None))
    assert (found.review_result, found.monthly_amount, found.persons) == ("change_scheme", None, ())


def test_somebody_tekun_changes_the_scheme_with_the_sum_of_the_others() -> None:
    result = result_of(persons=["m2", "m3"], monthly_amount="1010.00")
    result["household"] |= {"remaining": ["m2", "m3"], "tekun_members": ["m1"]}
    found, _ = answer(result)
    assert (found.review_result, found.monthly_amount) == ("change_scheme", Decimal("1010.00"))
    assert [row.member_id for row in found.persons] == [2, 3]


def test_a_family_of_which_nobody_is_left_is_stopped() -> None:
    found, _ = answer(result_of(), is_gone=True)
    assert found.review_result == "stop"


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ([("tekun.elderly", False)], "labour_capacity"),
        ([("tekun.elderly", True), ("tekun.income", False)], "means"),
        ([("tekun.elderly", True), ("tekun.income", True), ("tekun.nobody_able_outside", False)], "supporter"),
    ],
)
def test_the_condition_that_is_denied_names_the_cause(rows: list[tuple[str, bool]], cause: str) -> None:
    findings = [{"rule": rule, "passed": passed, "subject": "m1"} for rule, passed in rows]
    result = {"tekun": [{"member": "m1", "outcome": "not_eligible"}], "findings": findings}
    assert cause_of(result, "m1") == cause
    assert cause_of({"tekun": [{"member": "m1", "outcome": "unknown"}], "findings": findings}, "m1") is None


def test_every_result_that_pages_can_read_is_one_that_the_rules_come_to() -> None:
    """A real township's tool had a change type that its pages could read and nothing ever wrote."""
    gone = {"outcome": "not_applicable", "reason": "all_tekun", "basis": None, "persons": [], "category": None}
    ways = [
        result_of(),
        result_of("0.00", monthly_amount="2370.00"),
        result_of("9000.00", monthly_amount="1900.00"),
        result_of("36000.00", **PHASE_OUT),
        result_of(outcome="stop", basis=None, category=None, persons=[], monthly_amount=None),
        result_of(**gone, monthly_amount=None),
    ]
    assert [answer(result)[0].review_result for result in ways] == [row.value for row in ReviewResult]
    assert set(KINDS_WRITTEN) == PAID_ON and set(TEKUN_KINDS) == PAID_ON


@pytest.mark.parametrize("scheme", ["dibao", "tekun"])
def test_every_result_has_its_words_and_its_clause(scheme: str) -> None:
    assert set(RESULTS_OF[scheme]) <= set(ReviewResult)
    assert all(row.label for row in ReviewResult) and set(CLAUSES) == set(ReviewResult)
