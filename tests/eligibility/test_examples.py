"""Examples worked by hand: one household a file, every boundary of the contract from both sides.

A file states the rule, the boundary, on which side of it the household stands (``holds``), the sum as a clerk works
it out on paper, the household (what is left out is the sample's) and what must come out, by path.
"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from eligibility.rules import assess, read_household
from tests.eligibility.families import ON, SAMPLE, tekun_of

Json = dict[str, Any]
FILES = sorted(Path(__file__).with_name("examples").glob("*.json"))
EXAMPLES: dict[str, Json] = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
BOUNDARIES = {
    "规则1a 特困：无劳动能力": """tekun-age-60 tekun-age-16 tekun-since-minor-18 tekun-since-minor-at-school
        tekun-intellectual-level tekun-psychiatric-level tekun-physical-level tekun-visual-level
        tekun-multiple-components""",
    "规则1b 特困：无生活来源": "tekun-own-income tekun-property",
    "规则1c 特困：法定义务人无履行义务能力": """supporter-age-18 supporter-dibao-60 supporter-age-70 supporter-income
        supporter-severe supporter-incapacity-property supporter-tekun inside-adult-child inside-in-prison
        grandparents-of-a-minor supporters-known exactly-two-parents""",
    "规则1 特困：自理能力和供养金": "self-care-all-managed self-care-three",
    "规则2 共同生活的家庭成员": """minor-child born-on-29-february student-child dependent-child other-relation
        somebody-counted""",
    "规则3 家庭收入和核减": """deduction-half-a-fen employment-cost-limit spending-of-a-member income-left
        income-that-counts""",
    "规则4 财产": """financial-assets financial-assets-severe assets-months-of-severe vehicles vehicle-value houses
        businesses""",
    "规则5 低保申请": """below-the-standard single-person-marginal single-person-own-income alone-adult alone-severe
        alone-no-work-income""",
    "规则6 低保动态核查": """phase-out-standard-included phase-out-above-standard phase-out-limit
        continues-below-standard phase-out-persons-remain single-award-below-standard single-award-stays
        phase-out-candidates""",
    "规则7 低保边缘家庭": "marginal-from-standard marginal-limit marginal-property",
    "规则8 低保金": """half-up-to-yuan up-to-yuan half-up-to-fen minimum-amount topup-minor topup-elderly topup-severe
        topup-half-a-yuan topup-base-standard change-raise change-cut""",
    "规则9 低保类别": """labour-before-60 labour-from-16 labour-at-school income-stable category-severe
        category-elderly-age category-minor""",
    "规则10 临时救助": "aid-minimum aid-maximum aid-rounded-to-fen aid-base-stays",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_out_as_worked_by_hand(name: str) -> None:
    example = EXAMPLES[name]
    reading = read_household(_whole(example["household"]))
    result = assess(reading.facts, reading.parameters.whole).as_dict()
    assert {path: _at(result, path) for path in example["expected"]} == example["expected"]


def _whole(household: Json) -> Json:
    parameters = copy.deepcopy(SAMPLE)
    for key, value in household.get("parameters", {}).items():
        parameters[key] = parameters[key] | value if isinstance(value, dict) else value
    return {"on": ON, "residence": "rural", **household, "parameters": parameters}


def _at(result: Json, path: str) -> Any:
    part, *steps = path.split(".")
    if part == "tekun":
        return tekun_of(result, steps[0])[steps[1]]
    return result[part][steps[0]]


@pytest.mark.parametrize(
    ("rule", "boundary"), [(rule, boundary) for rule, named in BOUNDARIES.items() for boundary in named.split()]
)
def test_a_boundary_is_shown_from_both_sides(rule: str, boundary: str) -> None:
    yes, no = EXAMPLES[f"{boundary}-yes"], EXAMPLES[f"{boundary}-no"]
    assert (yes["holds"], no["holds"]) == (True, False)
    assert yes["boundary"] == no["boundary"] == boundary
    assert yes["rule"] == no["rule"] == rule
    assert yes["household"] != no["household"]
    assert yes["expected"] != no["expected"]


def test_every_example_belongs_to_a_boundary_of_the_table() -> None:
    boundaries = " ".join(BOUNDARIES.values()).split()
    assert sorted(EXAMPLES) == sorted(f"{boundary}-{side}" for boundary in boundaries for side in ("yes", "no"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_its_sum_written_out(name: str) -> None:
    example = EXAMPLES[name]
    assert set(example) == {"rule", "boundary", "holds", "sum", "household", "expected"}
    worked = "".join(example["sum"])
    amounts = [
        value for path, value in example["expected"].items() if path.endswith(("amount", "capita_monthly")) and value
    ]
    assert worked
    assert [amount for amount in amounts if amount not in worked] == []
