"""Category A, B, C of an award (低保类别), which sets how often it is reviewed; F57 §31, 绩办〔2021〕27号 item 3."""

from collections.abc import Sequence
from enum import StrEnum

from eligibility.rules import clauses
from eligibility.rules.ages import ADULT, LABOUR_BEFORE, LABOUR_FROM
from eligibility.rules.choices import LabourCapacity, Schooling
from eligibility.rules.findings import Rule, Trail
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person

INCOME_STABLE = Rule(
    name="category.income_stable",
    clause=clauses.F57_31_CATEGORY,
    comparison="=",
    yes="短期收入变化不大，不看劳动能力。",
    no="未认定短期收入变化不大，按收入来源不固定，再看劳动能力。",
)
LABOUR = Rule(
    name="category.labour_capacity",
    clause=clauses.F57_31_CATEGORY,
    comparison="in",
    yes="{who}{0}（{1}），家庭收入来源不固定，建议C类。",
    no="{who}{0}（{1}）。",
)
SEVERE_OR_ILL = Rule(
    name="category.severe_or_ill",
    clause=clauses.F57_31_CATEGORY,
    comparison="=",
    yes="{who}是重度残疾人或者重病患者，建议A类。",
    no="{who}不是重度残疾人或者重病患者。",
)
MINOR = Rule(
    name="category.minor",
    clause=clauses.F57_31_CATEGORY,
    comparison="<",
    yes="{who}{value}周岁，未满{threshold}周岁，建议B类。",
    no="{who}{value}周岁，已满{threshold}周岁。",
)
ELDERLY = Rule(
    name="category.elderly",
    clause=clauses.F57_31_CATEGORY,
    comparison=">=",
    yes="{who}{value}周岁，年满{threshold}周岁，建议B类。",
    no="{who}{value}周岁，未满{threshold}周岁。",
)
DISABLED = Rule(
    name="category.disabled",
    clause=clauses.F57_31_CATEGORY,
    comparison="=",
    yes="{who}有残疾，建议B类。",
    no="{who}没有残疾。",
)
NO_OTHER = Rule(
    name="category.no_other",
    clause=clauses.F57_31_CATEGORY,
    comparison="=",
    yes="不属于前述情形，建议C类。",
)
SINGLE_PERSON = Rule(
    name="category.single_person",
    clause=clauses.F57_31_CATEGORY,
    comparison="=",
    yes="单人户保障，建议A类。",
)

_ABLE = frozenset({LabourCapacity.FULL, LabourCapacity.PARTIAL})


class Category(StrEnum):
    A = "A"
    B = "B"
    C = "C"


REVIEW_MONTHS = {Category.A: 12, Category.B: 12, Category.C: 6}


def suggest_category(
    remaining: Sequence[Person], *, income_stable: bool, parameters: Parameters, trail: Trail
) -> Category:
    """Suggest the category of a household's award (建议类别); the first that fits. Staff may choose otherwise."""
    stable = trail.check(INCOME_STABLE, None, income_stable, True, income_stable)
    if not stable and any(_can_labour(person, trail) for person in remaining):
        return Category.C
    if any(_is_severe_or_ill(person, trail) for person in remaining):
        return Category.A
    if any(_is_vulnerable(person, parameters, trail) for person in remaining):
        return Category.B
    trail.check(NO_OTHER, None, None, None, True)
    return Category.C


def suggest_single_person_category(*, trail: Trail) -> Category:
    """A single-person award (单人户) is A."""
    trail.check(SINGLE_PERSON, None, None, None, True)
    return Category.A


def _can_labour(person: Person, trail: Trail) -> bool:
    capacity, why = _labour_capacity(person)
    return trail.check(LABOUR, person, capacity, "full partial", capacity in _ABLE, capacity.label, why)


def _labour_capacity(person: Person) -> tuple[LabourCapacity, str]:
    """劳动能力 as stated, else by age, schooling, disability and illness; and what it rests on."""
    if person.member.labour_capacity is not None:
        return person.member.labour_capacity, "经办人认定"
    if person.age < LABOUR_FROM:
        return LabourCapacity.NONE, f"未满{LABOUR_FROM}周岁"
    if person.age >= LABOUR_BEFORE:
        return LabourCapacity.NONE, f"年满{LABOUR_BEFORE}周岁"
    if person.member.schooling is not Schooling.NONE:
        return LabourCapacity.NONE, "全日制在学"
    if person.is_severe_or_ill:
        return LabourCapacity.NONE, "重度残疾或者重病"
    return LabourCapacity.FULL, f"年满{LABOUR_FROM}周岁、未满{LABOUR_BEFORE}周岁，不在学，没有重度残疾和重病"


def _is_severe_or_ill(person: Person, trail: Trail) -> bool:
    return trail.check(SEVERE_OR_ILL, person, person.is_severe_or_ill, True, person.is_severe_or_ill)


def _is_vulnerable(person: Person, parameters: Parameters, trail: Trail) -> bool:
    age, elderly_age, disabled = person.age, parameters.elderly_age, person.member.disability is not None
    return (
        trail.check(MINOR, person, age, ADULT, age < ADULT)
        or trail.check(ELDERLY, person, age, elderly_age, age >= elderly_age)
        or trail.check(DISABLED, person, disabled, True, disabled)
    )
