"""How the answers move: with income, with the standard, with the order of what is listed."""

import copy
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.eligibility.generated import LIMITED, families, poor, result_of

Json = dict[str, Any]
COUNTED = ["wage", "business", "property", "pension", "support", "other_transfer"]
fen = st.integers(1, 500_000)


def yuan(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def same_standing(one: Json, other: Json) -> bool:
    """Outcome, basis and remaining members are unchanged."""
    standing = [(result["dibao"]["outcome"], result["dibao"]["basis"]) for result in (one, other)]
    return standing[0] == standing[1] and one["household"]["remaining"] == other["household"]["remaining"]


def paid(result: Json) -> Decimal:
    return Decimal(result["dibao"]["monthly_amount"] or "0")


@LIMITED
@given(families().map(poor), st.data(), st.sampled_from(COUNTED), fen)
def test_more_counted_income_never_raises_the_amount(
    document: Json, data: st.DataObject, kind: str, extra: int
) -> None:
    richer = copy.deepcopy(document)
    earner = data.draw(st.sampled_from(richer["members"]))
    earner["incomes"] = [*earner.get("incomes", []), {"kind": kind, "yearly": yuan(extra)}]
    before, after = result_of(document, with_findings=False), result_of(richer, with_findings=False)
    if same_standing(before, after):
        assert paid(after) <= paid(before)
        shown = [result["household"]["per_capita_monthly"] for result in (before, after)]
        assert None in shown or Decimal(shown[1]) >= Decimal(shown[0])


_RANK = {"household": 0, "single_person": 1, None: 2}


@LIMITED
@given(families().map(poor), fen)
def test_more_income_never_moves_to_a_wider_basis(document: Json, extra: int) -> None:
    document = {key: value for key, value in document.items() if key not in REVIEW_KEYS}
    document["expenses"] = [row for row in document["expenses"] if row["kind"] != "employment"]
    richer = copy.deepcopy(document)
    added = {"kind": "pension", "yearly": yuan(extra)}
    richer["members"][0]["incomes"] = [*richer["members"][0].get("incomes", []), added]
    before, after = result_of(document, with_findings=False), result_of(richer, with_findings=False)
    if before["household"]["remaining"] == after["household"]["remaining"] and before["dibao"]["persons"]:
        assert _RANK[after["dibao"]["basis"]] >= _RANK[before["dibao"]["basis"]]


REVIEW_KEYS = ("event", "award_basis", "current_persons", "current_monthly_amount")


@LIMITED
@given(families().map(poor), fen)
def test_a_higher_standard_never_lowers_the_amount(document: Json, rise: int) -> None:
    raised = copy.deepcopy(document)
    standard = Decimal(document["parameters"]["dibao_monthly_standard"]) + Decimal(rise) / 100
    raised["parameters"]["dibao_monthly_standard"] = f"{standard:.2f}"
    before, after = result_of(document, with_findings=False), result_of(raised, with_findings=False)
    if same_standing(before, after):
        assert paid(after) >= paid(before)
    assert before["temporary_aid"] == after["temporary_aid"]


@LIMITED
@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_listed_changes_nothing_but_the_order_of_ids(document: Json, random: Any) -> None:
    shuffled = copy.deepcopy(document)
    for member in shuffled["members"]:
        for key in ("incomes", "supporters", "parent_ids"):
            if key in member:
                random.shuffle(member[key])
    random.shuffle(shuffled["members"])
    random.shuffle(shuffled["expenses"])
    one, other = (result_of(each, with_findings=False) for each in (document, shuffled))
    assert _sorted(one) == _sorted(other)


def _sorted(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _sorted(value) for key, value in part.items()}
    return sorted(part, key=json.dumps) if isinstance(part, list) else part


_COMPARED = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}


@LIMITED
@given(families())
def test_no_figure_shown_contradicts_the_comparison_made(document: Json) -> None:
    result = result_of(document)
    for row in result["findings"]:
        if row["comparison"] in _COMPARED:
            compare = _COMPARED[row["comparison"]]
            assert compare(Decimal(row["value"]), Decimal(row["threshold"])) is row["passed"], row
    shown = result["household"]["per_capita_monthly"]
    if shown is not None and result["household"]["property_ok"]:
        below = Decimal(shown) < Decimal(document["parameters"]["dibao_monthly_standard"])
        household_basis = result["dibao"]["basis"] == "household" and result["dibao"]["outcome"] != "phase_out"
        assert below is household_basis
