"""The property test (家庭财产状况); F57 §14. Every limit is inclusive."""

from collections.abc import Sequence

from eligibility.rules import clauses
from eligibility.rules.amounts import fen
from eligibility.rules.facts import Property
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person

SOMEBODY_COUNTED = Rule(
    name="property.somebody_counted",
    clause=clauses.F57_7,
    comparison=">=",
    yes="共同生活的家庭成员{value}人。",
    no="没有可计入的共同生活的家庭成员，无法认定财产状况。",
)
FINANCIAL_ASSETS = Rule(
    name="property.financial_assets",
    clause=clauses.F57_14,
    comparison="<=",
    shown=Shown.MONEY,
    yes="金融资产{value:yuan}元，不超过{0:yuan}元×{1}个月×{2}人＝{threshold:yuan}元（{3}）。",
    no="金融资产{value:yuan}元，超过{0:yuan}元×{1}个月×{2}人＝{threshold:yuan}元（{3}）。",
)
VEHICLES = Rule(
    name="property.vehicles",
    clause=clauses.F57_14,
    comparison="<=",
    yes="车辆{value}辆，不超过{threshold}辆。",
    no="车辆{value}辆，超过{threshold}辆。",
)
VEHICLE_VALUE = Rule(
    name="property.vehicle_value",
    clause=clauses.F57_14,
    comparison="<=",
    shown=Shown.MONEY,
    yes="最贵的车辆价值{value:yuan}元，不超过{threshold:yuan}元。",
    no="最贵的车辆价值{value:yuan}元，超过{threshold:yuan}元。",
)
HOUSES = Rule(
    name="property.houses",
    clause=clauses.F57_14,
    comparison="<=",
    yes="房屋{value}套，不超过{threshold}套。",
    no="房屋{value}套，超过{threshold}套。",
)
BUSINESSES = Rule(
    name="property.businesses",
    clause=clauses.F57_14,
    comparison="<=",
    yes="经营实体{value}个，不超过{threshold}个。",
    no="经营实体{value}个，超过{threshold}个。",
)


def meets_property_test(owned: Property, *, counted: Sequence[Person], parameters: Parameters, trail: Trail) -> bool:
    """Whether the property is within every limit (财产状况符合规定); all limits are looked at, to name each excess."""
    if not trail.check(SOMEBODY_COUNTED, None, len(counted), 1, len(counted) >= 1):
        return False
    value, value_limit = fen(owned.vehicle_value), parameters.vehicle_value_limit
    answers = (
        _has_assets_within_limit(owned, counted, parameters, trail),
        _within(VEHICLES, owned.vehicles, parameters.max_vehicles, trail),
        _within(VEHICLE_VALUE, value, value_limit, trail),
        _within(HOUSES, owned.houses, parameters.max_houses, trail),
        _within(BUSINESSES, owned.businesses, parameters.max_businesses, trail),
    )
    return all(answers)


def _has_assets_within_limit(owned: Property, counted: Sequence[Person], parameters: Parameters, trail: Trail) -> bool:
    severe = any(person.is_severe_or_ill for person in counted)
    months = parameters.financial_assets_months_severe if severe else parameters.financial_assets_months
    standard, heads = parameters.standard, len(counted)
    assets, limit = fen(owned.financial_assets), months * standard * heads
    why = "有重度残疾人或者重病患者的家庭" if severe else "一般家庭"
    return trail.check(FINANCIAL_ASSETS, None, assets, limit, assets <= limit, standard, months, heads, why)


def _within(rule: Rule, amount: int, limit: int, trail: Trail) -> bool:
    return trail.check(rule, None, amount, limit, amount <= limit)
