"""What holds for every family: generated inputs over the whole contract."""

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from eligibility.rules import InvalidInput, assess, facts_document, input_schema, read_household
from tests.eligibility.families import SAMPLE

Json = dict[str, Any]
SCHEMA = Draft202012Validator(input_schema(), format_checker=FormatChecker())
LIMITED = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
RELATIONS = ["spouse", "child", "parent", "grandchild", "grandparent", "sibling", "other"]
KINDS = ["visual", "hearing", "speech", "physical", "intellectual", "psychiatric"]
INCOMES = ["wage", "business", "property", "pension", "support", "other_transfer", "scholarship", "disability_subsidy"]

money = st.integers(0, 4_000_000).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
# Around the ages that rules name, and anything else.
dates = st.one_of(
    st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 11, 23)),
    st.sampled_from([1956, 1966, 2008, 2010]).map(lambda year: date(year, 11, 23)),
).map(str)
single = st.fixed_dictionaries({"kind": st.sampled_from(KINDS), "level": st.integers(1, 4)})
disabilities = st.one_of(
    single,
    st.fixed_dictionaries(
        {"kind": st.just("multiple"), "level": st.integers(1, 4)}, optional={"components": st.lists(single, max_size=2)}
    ),
)
supporters = st.fixed_dictionaries(
    {"birth_date": dates},
    optional={
        "status": st.sampled_from(["tekun", "dibao", "other"]),
        "disability": disabilities,
        "yearly_income": money,
        "incapacity": st.sampled_from(["none", "no_civil_capacity", "declared_missing", "in_prison"]),
        "property_within_limit": st.booleans(),
    },
)
incomes = st.lists(st.fixed_dictionaries({"kind": st.sampled_from(INCOMES), "yearly": money}), max_size=2)
facts = st.fixed_dictionaries(
    {"birth_date": dates},
    optional={
        "lives_together": st.booleans(),
        "shares_support": st.booleans(),
        "cannot_live_alone": st.booleans(),
        "applies_alone": st.booleans(),
        "not_counted": st.sampled_from(["clergy_away_3y", "in_prison", "in_compulsory_rehab", "declared_missing"]),
        "disability": disabilities,
        "serious_illness": st.booleans(),
        "labour_capacity": st.sampled_from(["full", "partial", "none"]),
        "schooling": st.sampled_from(["none", "compulsory", "senior_high", "undergraduate", "postgraduate"]),
        "self_care": st.dictionaries(st.sampled_from(["eating", "walking", "bathing", "dressing"]), st.booleans()),
        "support_mode": st.sampled_from(["home_based", "institutional"]),
        "tekun_since_minor": st.booleans(),
        "incomes": incomes,
        "supporters": st.lists(supporters, max_size=2),
    },
)
parameters = st.fixed_dictionaries(
    {},
    optional={
        "topup_base": st.sampled_from(["standard", "own_benefit"]),
        "amount_rounding": st.sampled_from(["half_up_to_yuan", "up_to_yuan", "half_up_to_fen"]),
        "phase_out_lower_inclusive": st.booleans(),
        "marginal_multiplier": st.sampled_from(["1.5", "1.333", "1"]),
        "dibao_monthly_standard": st.sampled_from(["700.00", "669.99", "0.00"]),
        "minimum_monthly_amount": st.sampled_from(["0.00", "1.00", "50.00"]),
    },
)


@st.composite
def families(draw: st.DrawFn) -> Json:
    """A valid input: any relations, any kin named, application or review."""
    persons = draw(st.lists(st.tuples(st.sampled_from(RELATIONS), facts), max_size=4))
    members = [
        {"id": f"m{place}", "relation": relation, **person}
        for place, (relation, person) in enumerate([("head", draw(facts)), *persons])
    ]
    ids = [member["id"] for member in members]
    for member in members:
        others = [ref for ref in ids if ref != member["id"]]
        if others and draw(st.booleans()):
            member["spouse_id"] = draw(st.sampled_from(others))
        if draw(st.booleans()):
            member["parent_ids"] = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
    document: Json = {
        "on": "2026-11-23",
        "residence": draw(st.sampled_from(["urban", "rural"])),
        "parameters": copy.deepcopy(SAMPLE) | draw(parameters),
        "members": members,
        "income_stable": draw(st.booleans()),
        "expenses": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "kind": st.sampled_from(["medical", "disability", "education", "employment"]),
                        "yearly": money,
                    },
                    optional={"member": st.sampled_from(ids)},
                ),
                max_size=3,
            )
        ),
        "property": draw(
            st.fixed_dictionaries(
                {},
                optional={"financial_assets": money, "houses": st.integers(0, 2), "vehicle_value": money},
            )
        ),
    }
    if draw(st.booleans()):
        document |= {
            "event": "review",
            "award_basis": draw(st.sampled_from(["household", "single_person"])),
            "current_persons": draw(st.lists(st.sampled_from([*ids, "gone"]), unique=True)),
            "current_monthly_amount": draw(money),
        }
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["urgent", "expenditure"]))
        document["hardship"] = {"type": kind, "proposed_amount": draw(money)}
    return document


def result_of(document: Json, *, with_findings: bool = True) -> Json:
    reading = read_household(document)
    return assess(reading.facts, reading.parameters.whole).as_dict(with_findings=with_findings)


@LIMITED
@given(families())
def test_every_valid_input_is_assessed_and_consistent(document: Json) -> None:
    SCHEMA.validate(document)
    result = result_of(document)
    json.dumps(result)
    ids = [member["id"] for member in document["members"]]
    household, dibao = result["household"], result["dibao"]
    for part in (household["counted"], household["tekun_members"], household["remaining"], dibao["persons"]):
        assert part == [ref for ref in ids if ref in part]
    assert sorted(household["tekun_members"] + household["remaining"]) == sorted(household["counted"])
    assert [row["member"] for row in result["tekun"]] == household["counted"]
    assert (household["per_capita_monthly"] is None) == (not household["remaining"])
    paid = dibao["outcome"] in ("eligible", "continue")
    assert (dibao["category"] is not None) == (dibao["review_months"] is not None) == paid
    assert (dibao["basis"] is None) == (dibao["outcome"] in ("not_eligible", "stop", "not_applicable"))
    assert bool(dibao["persons"]) == (dibao["basis"] is not None)
    assert (dibao["change"] is not None) == (dibao["outcome"] == "continue")
    assert (dibao["phase_out_months"] is not None) == (dibao["outcome"] == "phase_out")
    assert set(dibao["persons"] + dibao["single_person_candidates"]) <= set(household["remaining"])
    reviewed = {"continue", "phase_out", "stop", "not_applicable"}
    assert dibao["outcome"] in (reviewed if "event" in document else {"eligible", "not_eligible", "not_applicable"})


@LIMITED
@given(families())
def test_findings_reproduce_the_outcomes(document: Json) -> None:
    result = result_of(document)
    answers: dict[tuple[str, str], bool] = {}
    for row in result["findings"]:
        answers[row["rule"], row["subject"]] = row["passed"]

    def passed(rule: str, ref: str = "household") -> bool | None:
        return answers.get((rule, ref))

    limits = [answer for (rule, _), answer in answers.items() if rule.startswith("property.")]
    assert result["household"]["property_ok"] == all(limits)
    for row in result["tekun"]:
        known = passed("tekun.nobody_able_outside", row["member"])
        open_ = passed("tekun.supporters_known", row["member"]) is False
        assert row["outcome"] == ("unknown" if open_ else "eligible" if known else "not_eligible")
    dibao = result["dibao"]
    if passed("dibao.somebody_remains") and passed("dibao.property"):
        assert passed("dibao.below_standard") == (dibao["basis"] == "household" and dibao["outcome"] != "phase_out")
        assert (dibao["outcome"] == "phase_out") == bool(passed("dibao.phase_out_limit"))
    elif not passed("dibao.somebody_remains"):
        assert dibao["outcome"] == "not_applicable"
    else:
        assert dibao["outcome"] in ("not_eligible", "stop")
    marginal = passed("marginal.property") and passed("marginal.not_below_standard") and passed("marginal.below_limit")
    assert (result["marginal"]["outcome"] == "eligible") == bool(marginal)


@LIMITED
@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing_but_the_order_of_ids(document: Json, random: Any) -> None:
    shuffled = document | {"members": random.sample(document["members"], len(document["members"]))}
    one, other = (result_of(each, with_findings=False) for each in (document, shuffled))
    assert _sorted(one) == _sorted(other)


def _sorted(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _sorted(value) for key, value in part.items()}
    return sorted(part, key=json.dumps) if isinstance(part, list) else part


_RANK = {"household": 0, "single_person": 1, None: 2}


@LIMITED
@given(families(), st.integers(1, 500_000))
def test_more_income_never_pays_more_within_one_basis(document: Json, extra: int) -> None:
    """Whoever is tekun, covered and deducted from staying the same, more income cannot raise the amount."""
    document = {key: value for key, value in document.items() if key not in ("event", *REVIEW_KEYS)}
    document["expenses"] = [row for row in document["expenses"] if row["kind"] != "employment"]
    richer = json.loads(json.dumps(document))
    added = {"kind": "pension", "yearly": f"{extra // 100}.{extra % 100:02d}"}
    richer["members"][0]["incomes"] = [*richer["members"][0].get("incomes", []), added]
    before, after = result_of(document, with_findings=False), result_of(richer, with_findings=False)
    if before["household"]["remaining"] != after["household"]["remaining"]:
        return
    assert _RANK[after["dibao"]["basis"]] >= _RANK[before["dibao"]["basis"]] or not before["dibao"]["persons"]
    if before["dibao"]["basis"] == after["dibao"]["basis"] is not None:
        assert Decimal(after["dibao"]["monthly_amount"]) <= Decimal(before["dibao"]["monthly_amount"])


REVIEW_KEYS = ("award_basis", "current_persons", "current_monthly_amount")


@LIMITED
@given(families())
def test_what_is_stored_gives_the_same_answer_again(document: Json) -> None:
    reading = read_household(document)
    stored = json.loads(json.dumps(facts_document(reading.facts, parameters=reading.parameters.whole)))
    SCHEMA.validate(stored)
    assert result_of(stored) == result_of(document)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just([None]),
    st.just({"": None}),
)


@LIMITED
@given(families(), st.data())
def test_junk_anywhere_is_a_fault_or_is_assessed_as_the_schema_says(document: Json, data: st.DataObject) -> None:
    part: Any = document
    while True:
        step = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        if not (isinstance(part[step], dict | list) and part[step]) or data.draw(st.booleans()):
            break
        part = part[step]
    part[step] = data.draw(JUNK)
    try:
        read_household(document)
    except InvalidInput as error:
        assert error.faults
        assert all(fault.path and fault.message for fault in error.faults)
    else:
        SCHEMA.validate(document)
        result_of(document)
