"""Generated families over the whole contract, for what must hold for every one of them."""

import copy
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from eligibility.rules import assess, read_household
from tests.eligibility.families import SAMPLE

Json = dict[str, Any]
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


def poor(document: Json) -> Json:
    """The family with a tenth of its incomes and spending, no property and a head who counts and is not old.

    Most of these are paid something.
    """
    document["members"][0] = {**document["members"][0], "birth_date": "1985-01-01"}
    document["members"][0].pop("not_counted", None)
    for row in [
        *document["expenses"],
        *(income for member in document["members"] for income in member.get("incomes", ())),
    ]:
        row["yearly"] = f"{float(row['yearly']) / 10:.2f}"
    document["parameters"]["dibao_monthly_standard"] = SAMPLE["dibao_monthly_standard"]
    return document | {"property": {}}


def result_of(document: Json, *, with_findings: bool = True) -> Json:
    reading = read_household(document)
    return assess(reading.facts, reading.parameters.whole).as_dict(with_findings=with_findings)
