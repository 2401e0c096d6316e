"""Faults: every kind of the contract with its path, and nothing that the contract does not call one."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from eligibility.rules import InvalidInput, facts_document, input_schema, read_household
from foundation.identity import check_digit
from tests.eligibility.families import SAMPLE, SEVERE, child, family, member, spouse, wage

Json = dict[str, Any]
SCHEMA = Draft202012Validator(input_schema(), format_checker=FormatChecker())


def faults(document: Any) -> list[tuple[str, str]]:
    try:
        read_household(document)
    except InvalidInput as error:
        return [(fault.path, fault.message) for fault in error.faults]
    return []


def paths(document: Any) -> list[str]:
    return [path for path, _ in faults(document)]


def number(born: str, order: str) -> str:
    first = f"341899{born.replace('-', '')}{order}"
    return first + check_digit(first)


FULL = family(
    member(
        name="胡德旺",
        id_number=number("1980-01-01", "001"),
        sex="male",
        disability={"kind": "multiple", "level": 2, "components": [{"kind": "visual", "level": 1}]},
        serious_illness=False,
        labour_capacity="partial",
        schooling="none",
        self_care={"eating": False, "walking": True},
        support_mode="institutional",
        tekun_since_minor=False,
        spouse_id="b",
        parent_ids=[],
        incomes=[*wage("1200.5"), {"kind": "scholarship", "yearly": "0"}],
        supporters=[
            {
                "birth_date": "1950-01-01",
                "status": "dibao",
                "disability": SEVERE,
                "yearly_income": "10",
                "incapacity": "none",
                "property_within_limit": True,
            }
        ],
        lives_together=True,
        shares_support=True,
        cannot_live_alone=False,
        applies_alone=True,
    ),
    spouse(not_counted="in_prison", id_number=number("1980-01-01", "002").lower(), sex="female"),
    child(parent_ids=["a", "b"]),
    area="341824101200",
    event="review",
    award_basis="single_person",
    current_persons=["a", "somebody who left"],
    current_monthly_amount="300",
    income_stable=True,
    expenses=[{"kind": "medical", "yearly": "10"}, {"kind": "employment", "yearly": "1.5", "member": "a"}],
    property={"financial_assets": "1", "vehicles": 0, "vehicle_value": "2.5", "houses": 1, "businesses": 0},
    hardship={"type": "expenditure", "proposed_amount": "1400"},
)
_GONE = object()


def changed(path: str, value: Any, base: Json = FULL) -> Json:
    """A copy with one value replaced, added or (``_GONE``) taken away."""
    document = copy.deepcopy(base)
    *way, last = [int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")]
    part: Any = document
    for step in way:
        part = part[step]
    if value is _GONE:
        del part[last]
    else:
        part[last] = value
    return document


GOOD: list[Json] = [
    FULL,
    family(),
    changed("parameters", _GONE),
    changed("parameters", {}),
    changed("parameters", {"topup_rates": {"a": "0.5"}, "tekun_care_monthly": {"home_based": {"disabled": "1"}}}),
    family(area="341824101"),
    family(property={}, expenses=[]),
    family(member(supporters=[], incomes=[], parent_ids=[], self_care={})),
    family(member(birth_date="2026-11-23")),
    # Implausible kinship, age and schooling are no faults.
    family(member(birth_date="0001-01-01"), spouse(birth_date="2026-01-01", schooling="postgraduate")),
    family(member(spouse_id="b"), spouse(spouse_id="c"), child(spouse_id="a", parent_ids=["b", "b"])),
    family(member(""), spouse("胡")),
    family(event="review", current_persons=[], current_monthly_amount="0"),
    family(event="application"),
    family(member(id_number=number("1980-01-01", "003"), sex="male")),
    family(member(disability={"kind": "multiple", "level": 1, "components": []})),
    family(member(disability={"kind": "multiple", "level": 1, "components": [{"kind": "multiple", "level": 4}]})),
    changed("current_monthly_amount", "7"),
    changed("current_monthly_amount", "000.70"),
    # The contract sets no greatest amount, rate or count.
    changed("current_monthly_amount", "9" * 30 + ".99"),
    changed("parameters.dibao_monthly_standard", "9" * 30),
    changed("parameters.marginal_multiplier", f"1.{'3' * 30}"),
    changed("property.vehicles", 10**30),
]

# Faults that a schema sees as well.
BAD: list[tuple[str, Any]] = [
    ("on", _GONE),
    ("on", "2026-11-31"),
    ("on", "2026-2-03"),
    ("on", "20261123"),
    ("on", 20261123),
    ("residence", _GONE),
    ("residence", "city"),
    ("residence", ["rural"]),
    ("area", "3418"),
    ("area", 341824101200),
    ("area", "34182410120x"),
    ("event", "change"),
    ("award_basis", "family"),
    ("current_persons", _GONE),
    ("current_persons", "a"),
    ("current_persons[0]", 1),
    ("current_monthly_amount", _GONE),
    ("current_monthly_amount", "-1"),
    ("current_monthly_amount", "1.234"),
    ("current_monthly_amount", "1e3"),
    ("current_monthly_amount", "1,000"),
    ("current_monthly_amount", "１"),
    ("current_monthly_amount", " 1"),
    ("current_monthly_amount", ""),
    ("current_monthly_amount", ".5"),
    ("current_monthly_amount", "5."),
    ("current_monthly_amount", 500),
    ("current_monthly_amount", "1" * 1001),
    ("income_stable", "true"),
    ("income_stable", 1),
    ("parameters.marginal_multiplier", 1.5),
    ("parameters.marginal_multiplier", "-1.5"),
    ("parameters.phase_out_min_months", "1"),
    ("parameters.phase_out_min_months", 1.5),
    ("parameters.phase_out_min_months", True),
    ("parameters.phase_out_min_months", -1),
    ("parameters.phase_out_lower_inclusive", "yes"),
    ("parameters.topup_base", "own"),
    ("parameters.topup_rates", "0.3"),
    ("parameters.topup_rates.c", "0.1"),
    ("parameters.tekun_care_monthly.home_based.disabled", "-1"),
    ("parameters.tekun_care_monthly.at_home", {}),
    ("parameters.amount_rounding", "up"),
    ("parameters.dibao_standard", "700"),
    ("members", _GONE),
    ("members", {}),
    ("members[0].id", _GONE),
    ("members[0].id", 1),
    ("members[0].name", ["胡"]),
    ("members[0].id_number", "34189919800101001"),
    ("members[0].id_number", 341899198001010012),
    ("members[0].birth_date", _GONE),
    ("members[0].birth_date", "1980-02-30"),
    ("members[0].sex", "man"),
    ("members[2].relation", _GONE),
    ("members[2].relation", "daughter"),
    ("members[0].lives_together", "yes"),
    ("members[0].shares_support", 0),
    ("members[1].not_counted", "away"),
    ("members[0].disability.kind", "mental"),
    ("members[0].disability.level", 0),
    ("members[0].disability.level", 5),
    ("members[0].disability.level", "1"),
    ("members[0].disability.grade", 1),
    ("members[0].disability.components[0].level", _GONE),
    ("members[0].labour_capacity", "half"),
    ("members[0].schooling", "primary"),
    ("members[0].self_care.eating", "yes"),
    ("members[0].self_care.reading", True),
    ("members[0].support_mode", "home"),
    ("members[0].parent_ids", "b"),
    ("members[0].incomes", {}),
    ("members[0].incomes[0].kind", "salary"),
    ("members[0].incomes[0].yearly", "-0.01"),
    ("members[0].incomes[0].yearly", _GONE),
    ("members[0].incomes[0].monthly", "1"),
    ("members[0].supporters[0].birth_date", _GONE),
    ("members[0].supporters[0].status", "none"),
    ("members[0].supporters[0].incapacity", "no"),
    ("members[0].supporters[0].name", "胡"),
    ("members[0].age", 46),
    ("expenses", {}),
    ("expenses[0].kind", "food"),
    ("expenses[0].yearly", 10),
    ("property.houses", "1"),
    ("property.houses", -1),
    ("property.land", 1),
    ("hardship.type", "fire"),
    ("hardship.proposed_amount", _GONE),
    ("unknown", 1),
]

# Everything may be left out or must be there; null is neither.
NULLS = [
    "on",
    "area",
    "parameters",
    "parameters.topup_rates.a",
    "members",
    "members[1]",
    "members[0].name",
    "members[0].id_number",
    "members[0].not_counted",
    "members[0].disability",
    "members[0].disability.components",
    "members[0].spouse_id",
    "members[0].supporters",
    "members[0].incomes[0]",
    "members[2].parent_ids[0]",
    "expenses[1].member",
    "property",
    "property.houses",
    "hardship",
    "award_basis",
]


@pytest.mark.parametrize("document", GOOD)
def test_good_inputs_are_read_and_the_schema_agrees(document: Json) -> None:
    assert faults(document) == []
    SCHEMA.validate(document)


@pytest.mark.parametrize(("path", "value"), BAD)
def test_a_wrong_value_is_a_fault_at_its_path_and_the_schema_agrees(path: str, value: Any) -> None:
    document = changed(path, value)
    assert paths(document) == [path]
    assert not SCHEMA.is_valid(document)


@pytest.mark.parametrize("path", NULLS)
def test_null_is_a_fault_everywhere(path: str) -> None:
    document = changed(path, None)
    found = faults(document)
    assert [where for where, _ in found] == [path]
    assert "不能是null" in found[0][1]
    assert not SCHEMA.is_valid(document)


@pytest.mark.parametrize("document", [None, [], "x", 1, True])
def test_an_input_that_is_no_object(document: Any) -> None:
    assert paths(document) == ["$"]
    assert not SCHEMA.is_valid(document)


def test_all_faults_are_found_at_once() -> None:
    document = changed("members[0].incomes[0].yearly", "x", changed("residence", "city", changed("extra", 1)))
    assert sorted(paths(document)) == ["extra", "members[0].incomes[0].yearly", "residence"]


@pytest.mark.parametrize("count", [0, 2])
def test_exactly_one_head(count: int) -> None:
    relations = ["head"] * count + ["sibling"] * (2 - count)
    document = family(*(member(str(place), relation) for place, relation in enumerate(relations)))
    assert faults(document) == [("members", f"有{count}个户主；应恰有一人的relation为head")]
    assert not SCHEMA.is_valid(document)


def test_no_members() -> None:
    assert paths(family() | {"members": []}) == ["members"]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (family(), None),
        (family() | {"parameters": {**SAMPLE, "topup_rates": {"a": "0.3"}}}, "area"),
        ({key: value for key, value in family().items() if key != "parameters"}, "area"),
    ],
)
def test_the_area_may_be_left_out_where_the_parameters_are_whole(document: Json, path: str | None) -> None:
    assert paths(document) == ([path] if path else [])
    assert SCHEMA.is_valid(document) is (path is None)


@pytest.mark.parametrize("key", ["award_basis", "current_persons", "current_monthly_amount"])
@pytest.mark.parametrize("event", [{}, {"event": "application"}])
def test_a_review_key_with_an_application_is_a_fault(key: str, event: Json) -> None:
    document = family(**event, **{key: FULL[key]})
    assert paths(document) == [key]
    assert not SCHEMA.is_valid(document)


def test_components_belong_to_a_multiple_disability_only() -> None:
    document = family(member(disability={**SEVERE, "components": []}))
    assert paths(document) == ["members[0].disability.components"]
    assert not SCHEMA.is_valid(document)
    supporter = {"birth_date": "1950-01-01", "disability": {**SEVERE, "components": []}}
    assert paths(family(member(supporters=[supporter]))) == ["members[0].supporters[0].disability.components"]


# --- What compares two values only the reader sees -------------------------------------------------------------------


@pytest.mark.parametrize("path", ["members[2].birth_date", "members[0].supporters[0].birth_date"])
def test_a_date_after_the_day_is_a_fault(path: str) -> None:
    assert paths(changed(path, "2026-11-24")) == [path]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"id_number": number("1980-01-01", "001")[:17] + "9"}, "校验位"),
        ({"birth_date": "1980-01-02"}, "出生日期"),
        ({"sex": "female"}, "性别"),
    ],
)
def test_an_id_number_against_itself_the_birth_date_or_the_sex(facts: Json, message: str) -> None:
    assert number("1980-01-01", "001")[17] != "9"
    [(path, said)] = faults(family(member(**{"id_number": number("1980-01-01", "001"), "sex": "male", **facts})))
    assert path == "members[0].id_number"
    assert message in said


def test_an_id_number_is_never_quoted() -> None:
    for id_number in (number("1980-01-01", "001")[:17] + "9", "3418991980010100", 341899198001010012):
        document = family(member(id_number=id_number))
        assert not any(str(id_number) in said for _, said in faults(document))


def test_a_duplicate_member_id() -> None:
    assert paths(family(member(), spouse(), child("b"))) == ["members[2].id"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("members[0].spouse_id", "z"),
        ("members[0].spouse_id", "a"),
        ("members[2].parent_ids[1]", "z"),
        ("members[2].parent_ids[0]", "c"),
        ("expenses[1].member", "z"),
    ],
)
def test_an_id_that_is_not_another_members(path: str, value: str) -> None:
    assert paths(changed(path, value)) == [path]


def test_people_who_left_may_be_among_the_current_persons() -> None:
    assert faults(changed("current_persons", ["gone"])) == []


def test_a_fault_is_one_line_whatever_was_put_in() -> None:
    for text in ("a\nb", "a\r\u2028b", "\ud800"):
        document = changed("residence", text, changed(text, 1))
        with pytest.raises(InvalidInput) as caught:
            read_household(document)
        lines = str(caught.value).splitlines()
        assert len(lines) == 2
        assert all(line.isprintable() for line in lines)


def test_an_empty_key_has_a_path_to_be_seen() -> None:
    assert paths(changed("property", {"": 1}, family() | {"": 1})) == ['""', 'property.""']


def test_a_fault_says_what_is_allowed() -> None:
    assert dict(faults(changed("residence", "city"))) == {"residence": "“city”不对；应为以下之一：urban、rural"}


# --- Writing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", GOOD[:1] + [document for document in GOOD[1:] if "parameters" in document])
def test_what_was_read_is_written_and_read_again_as_the_same(document: Json) -> None:
    whole = document | {"parameters": SAMPLE}
    reading = read_household(whole)
    written = facts_document(reading.facts, parameters=reading.parameters.whole)
    SCHEMA.validate(written)
    again = read_household(json.loads(json.dumps(written)))
    assert again.facts == reading.facts
    assert again.parameters.whole == reading.parameters.whole
    assert "id_number" not in json.dumps(written)
