"""The county's figures of temporary aid in force on a day, read in one query."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from eligibility.queries import MissingParameters, values_by_area, values_in_force
from eligibility.rules import further_parameters as further
from eligibility.rules.choices import AidCause, HardshipType
from organizations.models import Area
from temporary_aid.rules.amounts import Guideline
from temporary_aid.rules.frequency import FrequencyTerms

_BASE, _URGENT, _EXPENDITURE = "temporary_aid_base_monthly", "urgent_multiplier", "expenditure_multiplier"
_KEYS = (
    _BASE,
    _URGENT,
    _EXPENDITURE,
    further.URGENT_TABLE,
    further.EXPENDITURE_TABLE,
    further.AID_EDUCATION_MOST,
    further.TOWNSHIP_TEMP_LIMIT,
    further.VILLAGE_TEMP_LIMIT,
    further.PETTY_ADVANCE_LIMIT,
    further.PETTY_ADVANCE_HOURS,
    further.PETTY_ADVANCE_ENTRY_HOURS,
    further.AID_SUPPLEMENT_DAYS,
    further.AID_SUPPLEMENT_BLOCKS,
    further.URGENT_PUBLICITY_DAYS,
    further.AID_YEAR,
    further.AID_SAME_CAUSE_A_YEAR,
    further.AID_TIMES_A_YEAR,
    further.RESERVE_WARNING_RATE,
)


@dataclass(frozen=True)
class AidTerms:
    """临时救助参数 of an area on a day; amounts in yuan.

    :param education_most: the most multiple of the base for 教育支出 (handbook 10.2).
    :param township_limit: up to which, included, the township decides; 0.00 for none (handbook 10.4).
    :param village_limit: up to which, included, an entrusted village decides; 0.00 for none.
    :param advance_limit: up to which, included, the township pays first (小额先行救助).
    :param entry_hours: within which a payment is entered without saying why it comes late (补记).
    :param publicity_days: working days for 事后公示; 0 where it need not be.
    """

    urgent: Guideline
    expenditure: Guideline
    education_most: Decimal
    township_limit: Decimal
    village_limit: Decimal
    advance_limit: Decimal
    hours: int
    entry_hours: int
    supplement_days: int
    supplement_blocks: bool
    publicity_days: int
    frequency: FrequencyTerms
    warning_rate: Decimal

    def guideline(self, kind: HardshipType, cause: str) -> Guideline:
        """The guideline of one type, with the lower top that the county sets for a cause of it.

        :param cause: a value of :class:`~eligibility.rules.choices.AidCause`.
        """
        found = self.urgent if kind is HardshipType.URGENT else self.expenditure
        return replace(found, cause_most=self.education_most) if cause == AidCause.EDUCATION else found

    def is_townships(self, amount: Decimal) -> bool:
        """Whether a sum is the township's to decide (乡镇审批限额); the limit itself is, and a limit of 0 is none."""
        return self.township_limit > 0 and amount <= self.township_limit


@dataclass(frozen=True)
class TermsByArea:
    """临时救助参数 of the whole county on a day, for lists: of one aid :func:`aid_terms` reads the same.

    :param areas: by code of the areas that have figures of their own.
    """

    areas: Mapping[str, AidTerms]

    def of(self, area_code: str) -> AidTerms:
        """Those that hold in an area: of the nearest area up the tree that has its own."""
        return self.areas[max((code for code in self.areas if area_code.startswith(code)), key=len)]


def aid_terms(area: Area, *, on: date) -> AidTerms:
    """What the county sets for temporary aid in an area on a day.

    :raises MissingParameters: a figure has no value in force.
    """
    return _terms(values_in_force(_KEYS, area=area, on=on))


def terms_by_area(*, on: date) -> TermsByArea:
    """What the county sets for temporary aid in each of its areas on a day; one query, however many they are.

    :raises MissingParameters: a figure has no value in force for the whole county.
    """
    found = values_by_area(_KEYS, on=on)
    countys = found.get(min(found, key=len, default=""), {})
    if missing := [key for key in _KEYS if key not in countys]:
        raise MissingParameters(missing, on=on)
    return TermsByArea({code: _terms(values) for code, values in found.items()})


def _terms(values: dict[str, Any]) -> AidTerms:
    urgent = _guideline(HardshipType.URGENT, values, _URGENT, further.URGENT_TABLE)
    return AidTerms(
        urgent=urgent,
        expenditure=_guideline(HardshipType.EXPENDITURE, values, _EXPENDITURE, further.EXPENDITURE_TABLE),
        education_most=values[further.AID_EDUCATION_MOST],
        township_limit=urgent.limit(values[further.TOWNSHIP_TEMP_LIMIT]),
        village_limit=urgent.limit(values[further.VILLAGE_TEMP_LIMIT]),
        advance_limit=urgent.limit(values[further.PETTY_ADVANCE_LIMIT]),
        hours=values[further.PETTY_ADVANCE_HOURS],
        entry_hours=values[further.PETTY_ADVANCE_ENTRY_HOURS],
        supplement_days=values[further.AID_SUPPLEMENT_DAYS],
        supplement_blocks=values[further.AID_SUPPLEMENT_BLOCKS],
        publicity_days=values[further.URGENT_PUBLICITY_DAYS],
        frequency=FrequencyTerms(
            values[further.AID_YEAR], values[further.AID_SAME_CAUSE_A_YEAR], values[further.AID_TIMES_A_YEAR]
        ),
        warning_rate=values[further.RESERVE_WARNING_RATE],
    )


def help_hours(area: Area, *, on: date) -> int | None:
    """Hours within which urgent aid arrives (救助时限) in an area; nothing where none are in force."""
    try:
        found = values_in_force((further.PETTY_ADVANCE_HOURS,), area=area, on=on)
    except MissingParameters:
        return None
    return int(found[further.PETTY_ADVANCE_HOURS])


def _guideline(kind: HardshipType, values: dict[str, Any], multiplier: str, table: str) -> Guideline:
    span = values[multiplier]
    return Guideline(kind, values[_BASE], span["min"], span["max"], values[table])
