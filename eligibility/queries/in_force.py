"""All figures in force for a place on a day, and which of them are only samples."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eligibility.models import Parameter
from eligibility.queries.marked import MarkedFigures, marked_of
from eligibility.queries.parameters import PARAMETER_TITLES, MissingParameters, parameters_for
from eligibility.rules import IncompleteParameters, Parameters, read_parameters
from eligibility.rules.parameter_document import PARAMETERS
from organizations.models import Area


@dataclass(frozen=True)
class FiguresInForce:
    """The parameters (标准和参数) whole, and the names of those that no document sets yet (示例).

    ``marked`` are the marked figures behind the amounts of 低保 and 特困.
    """

    parameters: Parameters
    samples: tuple[str, ...]
    marked: MarkedFigures


def care_amount_in_force(area: Area, *, residence: str, mode: str, level: str, on: date) -> Decimal:
    """照料护理标准 of a 供养方式 and 自理能力 in force on a day, yuan a month; F43 §22.

    :raises MissingParameters: some parameter has no value in force.
    """
    figures = figures_in_force(area, residence=residence, on=on).parameters
    amount: Decimal = getattr(getattr(figures.tekun_care_monthly, mode), level)
    return amount


def figures_in_force(area: Area, *, residence: str, on: date) -> FiguresInForce:
    """The figures in force on a day for an area and residence (城乡), in one query.

    :raises MissingParameters: some parameter has no value in force.
    """
    rows = parameters_for(area.code, residence=residence, on=on)
    nearest: dict[str, Parameter] = {}
    for row in sorted(rows, key=lambda row: (len(row.area.code), row.residence == residence)):
        nearest[row.key] = row
    try:
        parameters = read_parameters({key: row.value for key, row in nearest.items() if key in PARAMETERS.keys}).whole
    except IncompleteParameters as error:
        raise MissingParameters(error.missing, on=on) from error
    samples = tuple(title for key, title in PARAMETER_TITLES.items() if key in nearest and nearest[key].is_sample)
    return FiguresInForce(parameters, samples, marked_of(nearest.values()))
