"""All parameters in force on a day, read once for many families."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from eligibility.models import Parameter
from eligibility.queries.parameters import MissingParameters
from eligibility.rules import IncompleteParameters, Parameters, read_parameters
from eligibility.rules.parameter_document import PARAMETERS

Changes = Mapping[str, Mapping[str, Any]]
_LENGTHS = (6, 9, 12)


class ParameterBook:
    """标准和参数 in force on a day by area and residence; the nearest area up the tree wins.

    :param changes: by residence, values that hold instead of those in force (政策测算).
    """

    def __init__(self, *, on: date, changes: Changes | None = None) -> None:
        self.on = on
        self._changes = changes or {}
        self._known: dict[tuple[tuple[str, ...], str], Parameters] = {}

    @cached_property
    def _rows(self) -> dict[str, list[tuple[str, str, Any]]]:
        """By area code: residence, key and value."""
        found: dict[str, list[tuple[str, str, Any]]] = {}
        rows = Parameter.objects.filter(valid__contains=self.on, key__in=PARAMETERS.keys)
        for code, residence, key, value in rows.values_list("area__code", "residence", "key", "value"):
            found.setdefault(code, []).append((residence, key, value))
        return found

    def of(self, area_code: str, *, residence: str) -> Parameters:
        """The parameters for an area and residence (城乡).

        :raises MissingParameters: some parameter has no value in force.
        """
        codes = tuple(code for length in _LENGTHS if (code := area_code[:length]) in self._rows)
        known = self._known.get((codes, residence))
        if known is None:
            known = self._known[codes, residence] = self._read(codes, residence)
        return known

    def _read(self, codes: tuple[str, ...], residence: str) -> Parameters:
        values: dict[str, Any] = {}
        for code in dict.fromkeys(codes):
            for wanted in ("both", residence):
                values |= {key: value for held, key, value in self._rows[code] if held == wanted}
        try:
            return read_parameters(values | dict(self._changes.get(residence, {}))).whole
        except IncompleteParameters as error:
            raise MissingParameters(error.missing, on=self.on) from error

    @cached_property
    def digest(self) -> str:
        """A mark of every value: the same as long as none is changed."""
        rows = [(code, *row) for code, rows in self._rows.items() for row in rows]
        rows.sort(key=lambda row: row[:3])
        return sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
