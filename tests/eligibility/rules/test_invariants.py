"""What holds for every family: generated inputs over the whole contract."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from eligibility.rules import InvalidInput, facts_document, input_schema, read_household
from tests.eligibility.generated import LIMITED, families, result_of

Json = dict[str, Any]
SCHEMA = Draft202012Validator(input_schema(), format_checker=FormatChecker())


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
