"""Parameters as an input or the county's store states them: some or all, read once however often they come."""

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from eligibility.rules.parameter_document import PARAMETERS
from eligibility.rules.parameters import CareByMode, CareStandards, MultiplierRange, Parameters, TopupRates
from eligibility.rules.shapes import Fault, Json, ObjectOf, Wrong

Values = Mapping[str, Any]


class IncompleteParameters(ValueError):
    """Parameters that neither the input nor the county's store gives; ``missing`` are their paths."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(f"缺少参数：{'、'.join(self.missing)}")


@dataclass(frozen=True)
class StatedParameters:
    """标准和参数 by the contract's names, nested; ``missing`` are the paths not stated."""

    values: Values
    missing: tuple[str, ...]

    @cached_property
    def whole(self) -> Parameters:
        """The parameters to assess with.

        :raises IncompleteParameters: some are not stated.
        """
        if self.missing:
            raise IncompleteParameters(self.missing)
        return _parameters(self.values)

    def over(self, stored: "StatedParameters") -> Parameters:
        """These, and from the county's store (县里当日有效的) what they leave out, nested ones key by key.

        :raises IncompleteParameters: some are in neither.
        """
        if not self.missing:
            return self.whole
        if not self.values:
            return stored.whole
        values = _merged(stored.values, self.values)
        return StatedParameters(values, tuple(PARAMETERS.missing(values))).whole


NOTHING_STATED = StatedParameters({}, tuple(PARAMETERS.missing({})))


class _StatedParametersShape(ObjectOf):
    """Parameters within an input: none is required, what is left out comes from the county's store."""

    def take(self, value: Json) -> StatedParameters:
        try:
            # Marshalled, 1, 1.0 and true differ, which are equal in Python and not the same input.
            return _remembered(marshal.dumps(value))
        except Wrong:
            raise
        except ValueError:  # not JSON, which a caller within the project may hand in
            return _stated(PARAMETERS.take(value))

    def read(self, value: Json, path: str, faults: list[Fault]) -> StatedParameters | None:
        values = PARAMETERS.read(value, path, faults)
        # What is there but wrong is a fault of its own, not a missing one.
        return None if values is None else StatedParameters(values, tuple(PARAMETERS.missing(value)))


STATED_PARAMETERS = _StatedParametersShape(PARAMETERS.keys, title=PARAMETERS.title, name=PARAMETERS.name)


# A batch states the same parameters on line after line.
@lru_cache(maxsize=256)
def _remembered(marshalled: bytes) -> StatedParameters:
    return _stated(PARAMETERS.take(marshal.loads(marshalled)))  # noqa: S302 -- marshalled just now


def _stated(values: Values) -> StatedParameters:
    return StatedParameters(values, tuple(PARAMETERS.missing(values)))


def _merged(below: Values, above: Values) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        merged[name] = _merged(below.get(name, {}), value) if isinstance(value, Mapping) else value
    return merged


def _parameters(values: Values) -> Parameters:
    care = values["tekun_care_monthly"]
    nested = {
        "topup_rates": TopupRates(**values["topup_rates"]),
        "tekun_care_monthly": CareByMode(**{mode: CareStandards(**amounts) for mode, amounts in care.items()}),
        "urgent_multiplier": MultiplierRange(**values["urgent_multiplier"]),
        "expenditure_multiplier": MultiplierRange(**values["expenditure_multiplier"]),
    }
    return Parameters(**{**values, **nested})
