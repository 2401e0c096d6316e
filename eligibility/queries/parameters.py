"""Reads of dated parameters (标准与参数) and of stored assessments."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, QuerySet, When

from eligibility.models import Assessment, ChangeState, Parameter, ParameterChange, SourceDocument
from eligibility.rules import (
    FURTHER,
    IncompleteParameters,
    Parameters,
    RigidTerms,
    StatedParameters,
    read_further,
    read_parameters,
    read_rigid_terms,
)
from eligibility.rules.further_parameters import RIGID_KINDS, RIGID_RATE, TOWNSHIP_TEMP_LIMIT
from eligibility.rules.parameter_document import PARAMETERS
from eligibility.rules.shapes import Money
from foundation.charts import Level
from foundation.dates import chinese_date
from foundation.errors import ServiceError
from foundation.money import half_up_to_fen
from organizations.models import Area, Staff
from organizations.permissions import Permission

if TYPE_CHECKING:
    from households.models import Household

_COUNTY, _TOWNSHIP, _VILLAGE = 6, 9, 12
_AID_BASE = "temporary_aid_base_monthly"
DEFINITIONS = {**PARAMETERS.keys, **FURTHER.keys}
"""Every parameter that the county keeps: the assessment's, and further ones (另行参数) that never go into it."""
PARAMETER_TITLES = {key: definition.title for key, definition in DEFINITIONS.items()}
"""Every parameter's Chinese name, in the order in which the lists show them."""
_PLACE = Case(*(When(key=key, then=place) for place, key in enumerate(PARAMETER_TITLES)), output_field=IntegerField())


class MissingParameters(ServiceError):
    """No value in force for some parameter; the sentence names each."""

    def __init__(self, missing: Iterable[str], *, on: date) -> None:
        self.missing = tuple(missing)
        names = "、".join(dict.fromkeys(parameter_title(path) for path in self.missing))
        super().__init__(f"{chinese_date(on)}没有下列标准和参数的有效值：{names}。请县民政局在“标准与参数”中补录。")


def parameter_title(path: str) -> str:
    """A parameter's Chinese name, of a nested one the name of the whole."""
    return PARAMETER_TITLES[path.partition(".")[0]]


def parameters_in_force(area: Area, *, residence: str, on: date) -> Parameters:
    """The parameters (标准和参数) in force on a day for an area and residence (城乡).

    The nearest area up the tree wins; within one area a value for the residence wins over one for both.

    :raises MissingParameters: some parameter has no value in force.
    """
    try:
        return stored_parameters(area.code, residence=residence, on=on).whole
    except IncompleteParameters as error:
        raise MissingParameters(error.missing, on=on) from error


def stored_parameters(area_code: str, *, residence: str, on: date) -> StatedParameters:
    """What the county's store states for an area code on a day; some parameters may be missing."""
    values = _nearest(area_code, residence=residence, on=on)
    return read_parameters({key: value for key, value in values.items() if key in PARAMETERS.keys})


def rigid_terms(area: Area, *, residence: str, on: date) -> RigidTerms:
    """What the county sets for 刚性支出困难家庭 on a day.

    :raises MissingParameters: a figure of it has no value in force.
    """
    values = _nearest(area.code, residence=residence, on=on, keys=(RIGID_RATE, RIGID_KINDS))
    terms = read_rigid_terms(values)
    if terms is None:
        raise MissingParameters([key for key in (RIGID_RATE, RIGID_KINDS) if key not in values], on=on)
    return terms


def further_value(key: str, *, area: Area, on: date, residence: str = "rural") -> Any:
    """A further parameter (另行参数) in force on a day for an area, as the rules use it.

    :param residence: for a value that differs between 城 and 乡.
    :raises MissingParameters: it has no value in force.
    """
    values = _nearest(area.code, residence=residence, on=on, keys=(key,))
    if key not in values:
        raise MissingParameters([key], on=on)
    return read_further(key, values[key])


def values_in_force(keys: Iterable[str], *, area: Area, on: date, residence: str = "rural") -> dict[str, Any]:
    """Several parameters of either sort in force on a day for an area, as the rules use them; one query.

    :raises MissingParameters: some have no value in force.
    """
    wanted = tuple(keys)
    found = _nearest(area.code, residence=residence, on=on, keys=wanted)
    if missing := [key for key in wanted if key not in found]:
        raise MissingParameters(missing, on=on)
    return {key: DEFINITIONS[key].shape.read(found[key], key, []) for key in wanted}


def values_by_area(keys: Iterable[str], *, on: date, residence: str = "rural") -> dict[str, dict[str, Any]]:
    """Several parameters in force on a day, as the rules use them, for a list over many areas; one query.

    :returns: by code of every area that has values of its own, those that hold there, its own before those of the areas
        above; any other area has those of the longest code with which its own begins. What has no value is not there.
    """
    wanted = tuple(keys)
    rows = Parameter.objects.filter(valid__contains=on, residence__in=("both", residence), key__in=wanted)
    found = list(rows.values_list("area__code", "residence", "key", "value"))
    nearest = sorted(found, key=lambda row: (len(row[0]), row[1] == residence))
    return {
        code: {
            key: DEFINITIONS[key].shape.read(value, key, [])
            for key, value in {key: value for above, _, key, value in nearest if code.startswith(above)}.items()
        }
        for code in sorted({row[0] for row in found})
    }


def township_aid_limit(area: Area, *, residence: str, on: date) -> Decimal | None:
    """乡镇审批限额: up to how much of temporary aid a township decides on a day, yuan for one household and time.

    国务院令第649号第四十八条: what is small may be entrusted to the township.

    :returns: None where nothing is entrusted, also where the county has not stated how much.
    """
    keys = (TOWNSHIP_TEMP_LIMIT, _AID_BASE)
    values = _nearest(area.code, residence=residence, on=on, keys=keys)
    if not values.keys() >= set(keys):
        return None
    multiple: Decimal = read_further(TOWNSHIP_TEMP_LIMIT, values[TOWNSHIP_TEMP_LIMIT])
    base = Decimal(values[_AID_BASE])
    return half_up_to_fen(multiple * base) if multiple > 0 else None


def _nearest(area_code: str, *, residence: str, on: date, keys: Iterable[str] = ()) -> dict[str, Any]:
    """By key the value that wins, of all keys or some; read as values, for a family's assessment asks for them all."""
    rows = parameters_for(area_code, residence=residence, on=on)
    if keys:
        rows = rows.filter(key__in=keys)
    found = rows.select_related(None).values_list("area__code", "residence", "key", "value")
    nearest = sorted(found, key=lambda row: (len(row[0]), row[1] == residence))
    return {key: value for _, _, key, value in nearest}


def parameters_for(area_code: str, *, residence: str, on: date) -> QuerySet[Parameter]:
    """Every value in force on a day for the area or one above it, of the residence or of both."""
    codes = [area_code[:length] for length in (_COUNTY, _TOWNSHIP, _VILLAGE) if len(area_code) >= length]
    return Parameter.objects.filter(
        valid__contains=on, area__code__in=codes, residence__in=("both", residence)
    ).select_related("area", "source")


def parameters_on(on: date, *, residence: str = "", key: str = "", marked: str = "") -> QuerySet[Parameter]:
    """Values in force on a day, for the list (标准与参数).

    :param residence: ``urban`` or ``rural``, with what holds for both; empty for all.
    :param marked: ``sample`` 示例, ``local`` 本地做法, ``official`` neither; empty for all.
    """
    rows = Parameter.objects.filter(valid__contains=on).select_related("area", "source")
    if residence:
        rows = rows.filter(residence__in=("both", residence))
    if key:
        rows = rows.filter(key=key)
    marks: dict[str, dict[str, bool]] = {
        "sample": {"is_sample": True},
        "local": {"is_local_practice": True},
        "official": {"is_sample": False, "is_local_practice": False},
    }
    return rows.filter(**marks.get(marked, {})).order_by(_PLACE, "area__code", "-residence")


def parameter_history(key: str) -> QuerySet[Parameter]:
    """All values of one parameter, the newest first."""
    return (
        Parameter.objects.filter(key=key).select_related("area", "source").order_by("area__code", "-valid", "residence")
    )


def levels_of(key: str, *, area: Area) -> dict[str, list[Level]]:
    """The values of a parameter that is one amount, by residence, as the chart of its history takes them."""
    if not isinstance(DEFINITIONS[key].shape, Money):
        return {}
    rows = Parameter.objects.filter(key=key, area=area).order_by("valid")
    levels: dict[str, list[Level]] = {}
    for row in rows:
        for residence in ("城市", "农村") if row.residence == "both" else (row.get_residence_display(),):
            levels.setdefault(residence, []).append(Level(row.valid.lower, Decimal(row.value)))
    if levels.get("城市") == levels.get("农村"):
        return {"城乡": levels["城市"]} if levels else {}
    return {name: sorted(found) for name, found in levels.items()}


def resting_on(parameter: Parameter, *, since: date) -> int:
    """How many kept assessments, and so proposals and decisions, rest on a value from a day on."""
    rows = _assessed(parameter.area, residence=parameter.residence, since=since, until=parameter.valid.upper)
    return rows.filter(**{f"parameters__{parameter.key}": parameter.value}).count()


def decided_otherwise(change: ParameterChange, *, until: date | None) -> int:
    """How many kept assessments of a change's area, residence and days rest on another value than the change's.

    :param until: where a later value of the same area and residence begins.
    """
    if change.key in FURTHER.keys:
        # No assessment holds it: what a decision rested on stands with the decision.
        return 0
    rows = _assessed(change.area, residence=change.residence, since=change.from_day, until=until)
    return rows.exclude(**{f"parameters__{change.key}": change.value}).count()


def _assessed(area: Area, *, residence: str, since: date, until: date | None) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(on__gte=since, facts__area__startswith=area.code)
    if until is not None:
        rows = rows.filter(on__lt=until)
    return rows if residence == "both" else rows.filter(facts__residence=residence)


def changes_of(staff: Staff) -> QuerySet[ParameterChange]:
    """调整单 of the areas that the person keeps parameters of, those that wait first."""
    areas = staff.area_ids(Permission.MANAGE_PARAMETERS)
    waiting = Case(When(state=ChangeState.PROPOSED, then=0), default=1, output_field=IntegerField())
    return (
        ParameterChange.objects.filter(area_id__in=areas)
        .select_related("area", "source", "entered_by", "decided_by")
        .order_by(waiting, "-pk")
    )


def source_documents() -> QuerySet[SourceDocument]:
    """依据文件, the newest first."""
    return SourceDocument.objects.order_by("-issued_on", "number")


def assessments_of(household: "Household") -> QuerySet[Assessment]:
    """A family's stored assessments, the newest first."""
    return Assessment.objects.filter(household=household).select_related("made_by")


def described_value(key: str, value: Any) -> str:
    """A parameter's value in words: 780.00, 四舍五入到元, A类人员增发比例 0.30；B类人员增发比例 0.20."""
    return DEFINITIONS[key].shape.describe(value)
