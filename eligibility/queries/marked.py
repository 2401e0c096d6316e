"""Figures that no document sets (示例) or that are the county's own practice (本地做法); what rests on them says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility.models import Parameter, ResidenceScope
from eligibility.queries.parameters import described_value, parameter_title, parameters_for, parameters_on
from eligibility.rules import FURTHER
from eligibility.rules.further_parameters import RIGID_KINDS, RIGID_RATE, TOWNSHIP_TEMP_LIMIT
from organizations.models import Area

_OF_TEMPORARY_AID = frozenset(
    {
        "temporary_aid_base_monthly",
        "urgent_multiplier",
        "expenditure_multiplier",
        "per_capita_disposable_income_yearly",
    }
)
_AID = "temporary_aid"
_OF_EXPENDITURE_AID = _OF_TEMPORARY_AID - {"urgent_multiplier"} | {TOWNSHIP_TEMP_LIMIT}
_OF_BOTH = frozenset({"elderly_age"})
_RIGID = "rigid_expense_household"
_RECOGNISED = frozenset({"marginal", _RIGID})
_OF_AMOUNTS = frozenset({"topup_rates", "topup_base", "elderly_age", "amount_rounding", "minimum_monthly_amount"})
_OF_MARGINAL = frozenset({"marginal_multiplier", "rigid_expense_rate", "employment_cost_rate"})


@dataclass(frozen=True)
class MarkedFigure:
    """One figure in force that is marked, as pages name it."""

    key: str
    title: str
    value: str
    residence: str
    is_sample: bool
    is_local_practice: bool

    @property
    def name(self) -> str:
        """低保标准（农村）755.00"""
        place = f"（{self.residence}）" if self.residence else ""
        return f"{self.title}{place} {self.value}"


@dataclass(frozen=True)
class MarkedFigures:
    """The marked figures behind an answer: samples first, then what is local practice only."""

    samples: Sequence[MarkedFigure] = ()
    local: Sequence[MarkedFigure] = ()

    def __bool__(self) -> bool:
        return bool(self.samples or self.local)


def marked_figures(area: Area, *, residence: str, on: date, scheme: str = "") -> MarkedFigures:
    """The marked figures that hold for an area and residence on a day, in one query.

    :param scheme: to see only what its answer rests on; empty for what 低保 and 特困 rest on.
    """
    nearest: dict[str, Parameter] = {}
    for row in sorted(
        parameters_for(area.code, residence=residence, on=on),
        key=lambda row: (len(row.area.code), row.residence == residence),
    ):
        nearest[row.key] = row
    return marked_of(nearest.values(), scheme=scheme)


def marked_of(rows: Iterable[Parameter], *, scheme: str = "") -> MarkedFigures:
    """The marked ones of figures that are read already."""
    return _sorted([row for row in rows if _belongs(row.key, scheme)])


def sample_figures(*, on: date) -> list[MarkedFigure]:
    """Every figure in force on a day that is only a sample, for who must replace it."""
    return [_figure(row) for row in parameters_on(on, marked="sample")]


def _belongs(key: str, scheme: str) -> bool:
    if scheme == _AID and key in _OF_EXPENDITURE_AID:
        return True
    if scheme == _RIGID and key == "per_capita_disposable_income_yearly":
        return True
    if key in _OF_TEMPORARY_AID:
        return False
    if key in FURTHER.keys:
        return scheme == _RIGID and key in (RIGID_RATE, RIGID_KINDS)
    if scheme in (*_RECOGNISED, _AID) and (key in _OF_AMOUNTS or key.startswith("phase_out_")):
        return False
    if scheme == _RIGID and key in _OF_MARGINAL:
        return False
    if scheme == _AID and key == "marginal_multiplier":
        return False
    is_tekun = key.startswith("tekun_")
    return key in _OF_BOTH or scheme == "" or (is_tekun if scheme == "tekun" else not is_tekun)


def _sorted(rows: Sequence[Any]) -> MarkedFigures:
    figures = [_figure(row) for row in rows]
    return MarkedFigures(
        samples=[figure for figure in figures if figure.is_sample],
        local=[figure for figure in figures if figure.is_local_practice and not figure.is_sample],
    )


def _figure(row: Parameter) -> MarkedFigure:
    return MarkedFigure(
        key=row.key,
        title=parameter_title(row.key),
        value=described_value(row.key, row.value),
        residence="" if row.residence == ResidenceScope.BOTH else row.get_residence_display(),
        is_sample=row.is_sample,
        is_local_practice=row.is_local_practice,
    )
