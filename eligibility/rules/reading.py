"""Reading the assessment's input: a JSON value to facts and parameters, or every fault with its path."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eligibility.rules.choices import Event
from eligibility.rules.contradictions import Values, contradictions
from eligibility.rules.document import HOUSEHOLD
from eligibility.rules.facts import (
    AwardInForce,
    Component,
    Disability,
    Expense,
    Facts,
    Hardship,
    Income,
    Member,
    Property,
    SelfCare,
    Supporter,
)
from eligibility.rules.shapes import Fault, Json, Wrong
from eligibility.rules.stated_parameters import NOTHING_STATED, STATED_PARAMETERS, StatedParameters


class InvalidInput(ValueError):
    """The input is not valid; ``faults`` says where and what."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A valid input: the facts, and those parameters that it states itself."""

    facts: Facts
    parameters: StatedParameters


def read_household(document: Json) -> Reading:
    """Read one household (试算输入).

    :raises InvalidInput: with every fault found.
    """
    faults: list[Fault] = []
    values = _values(document, faults)
    if values is not None:
        faults.extend(contradictions(values, document))
    if faults or values is None:
        raise InvalidInput(faults)
    return Reading(_facts(values), values.get("parameters", NOTHING_STATED))


def _values(document: Json, faults: list[Fault]) -> dict[str, Any] | None:
    try:
        values: dict[str, Any] = HOUSEHOLD.take(document)
    except Wrong:
        return _values_with_faults(document, faults)
    return values


def _values_with_faults(document: Json, faults: list[Fault]) -> dict[str, Any] | None:
    try:
        values: dict[str, Any] | None = HOUSEHOLD.read(document, "", faults)
    except RecursionError:
        faults[:] = [Fault("$", "嵌套太深；应为一个JSON对象")]
        return None
    return values


def read_parameters(document: Json) -> StatedParameters:
    """Read some or all parameters (标准和参数) from JSON.

    :raises InvalidInput: with every fault found.
    """
    try:
        return STATED_PARAMETERS.take(document)  # a county's assessments rest on few sets of them
    except Wrong:
        pass
    faults: list[Fault] = []
    stated = STATED_PARAMETERS.read(document, "parameters", faults)
    if faults or stated is None:
        raise InvalidInput(faults)
    return stated


def _facts(values: dict[str, Any]) -> Facts:
    plain = {key: values[key] for key in ("on", "residence", "area", "income_stable") if key in values}
    return Facts(
        **plain,
        members=tuple(_member(member) for member in values["members"]),
        award=_award(values),
        expenses=tuple(Expense(**expense) for expense in values.get("expenses", ())),
        property=Property(**values.get("property", {})),
        hardship=Hardship(**values["hardship"]) if "hardship" in values else None,
    )


def _award(values: Values) -> AwardInForce | None:
    if values.get("event") is not Event.REVIEW:
        return None
    basis = {"basis": values["award_basis"]} if "award_basis" in values else {}
    return AwardInForce(persons=values["current_persons"], monthly_amount=values["current_monthly_amount"], **basis)


def _member(values: dict[str, Any]) -> Member:
    # The ID number has been checked and is not kept: no rule needs it.
    values.pop("id_number", None)
    for key, made in _NESTED.items():
        if key in values:
            values[key] = made(values[key])
    return Member(**values)


def _incomes(values: Sequence[Values]) -> tuple[Income, ...]:
    return tuple([Income(**income) for income in values])


def _supporters(values: Sequence[Values]) -> tuple[Supporter, ...]:
    return tuple([_supporter(supporter) for supporter in values])


def _supporter(values: Values) -> Supporter:
    disability = {"disability": _disability(values["disability"])} if "disability" in values else {}
    return Supporter(**{**values, **disability})


def _disability(values: Values) -> Disability:
    stated = {"components": tuple(Component(**one) for one in values["components"])} if "components" in values else {}
    return Disability(kind=values["kind"], level=values["level"], **stated)


_NESTED: dict[str, Callable[[Any], Any]] = {
    "disability": _disability,
    "self_care": lambda values: SelfCare(**values),
    "incomes": _incomes,
    "supporters": _supporters,
}
