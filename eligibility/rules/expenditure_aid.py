"""支出型临时救助, beside the assessment: whether a family may be helped once; 民发〔2018〕23号 二（一）（二）."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eligibility.rules import clauses
from eligibility.rules.amounts import fen
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, Rule, Shown, Trail
from eligibility.rules.people import person_on

SOMEBODY_COUNTED = Rule(
    name="temporary_aid.somebody_counted",
    clause=clauses.F2018_INCOME,
    comparison=">",
    yes="共同生活的家庭成员{value}人，按支出型临时救助审核。",
    no="没有计入的共同生活家庭成员，不能按家庭给予支出型临时救助。",
)
ENROLLED = Rule(
    name="temporary_aid.enrolled",
    clause=clauses.F2018_ENROLLED,
    comparison="=",
    yes="本户已纳入{0}，收入和财产条件视为符合，只重点核实生活必需支出。",
)
INCOME = Rule(
    name="temporary_aid.income",
    clause=clauses.F2018_INCOME,
    comparison="<",
    shown=Shown.MONEY,
    yes="全年可计收入{value:yuan}元，低于上年度人均可支配收入{0:yuan}元×{1}人＝{threshold:yuan}元。",
    no="全年可计收入{value:yuan}元，不低于上年度人均可支配收入{0:yuan}元×{1}人＝{threshold:yuan}元，不符合收入条件。",
)
PROPERTY = Rule(
    name="temporary_aid.property",
    clause=clauses.F2018_PROPERTY,
    comparison="=",
    yes="家庭财产状况符合规定。",
    no="家庭财产状况不符合规定，不符合支出型临时救助的财产条件。",
)


@dataclass(frozen=True)
class ExpenditureAid:
    """Whether the family may be helped (救助对象), whom it counts, and every comparison made."""

    is_eligible: bool
    persons: tuple[str, ...]
    findings: tuple[Finding, ...]


def assess_expenditure_aid(
    facts: Facts,
    *,
    household: Mapping[str, Any],
    disposable_income_yearly: Decimal,
    enrolled: Sequence[str],
) -> ExpenditureAid:
    """Test for 支出型临时救助; every test is made, so that a refusal names all that failed.

    Income is the assessment's, after its deductions; the whole year's is set against the whole family's, so that
    nothing is rounded before it is compared (per capita × 12 < 上年度人均可支配收入).

    :param household: the part ``household`` of the assessment's result on the same facts.
    :param disposable_income_yearly: 上年度人均可支配收入 that the assessment used, yuan a year.
    :param enrolled: 低保 or 特困, in words, where awards in force cover the whole family: only spending is verified.
    """
    trail = Trail()
    counted = tuple(household["counted"])
    if not trail.check(SOMEBODY_COUNTED, None, len(counted), 0, bool(counted)):
        return ExpenditureAid(False, (), trail.findings())
    if enrolled:
        trail.check(ENROLLED, None, True, True, True, "、".join(enrolled))
        return ExpenditureAid(True, counted, trail.findings())
    income, heads = _means(facts, household, counted)
    ceiling, is_proper = fen(disposable_income_yearly), bool(household["property_ok"])
    tests = (
        trail.check(INCOME, None, income, ceiling * heads, income < ceiling * heads, ceiling, heads),
        trail.check(PROPERTY, None, is_proper, True, is_proper),
    )
    return ExpenditureAid(all(tests), counted, trail.findings())


def _means(facts: Facts, household: Mapping[str, Any], counted: Collection[str]) -> tuple[int, int]:
    """What the family has in a year, in fen, and whose that is.

    The assessment leaves out who meets the conditions of 特困; where that is everybody, it is what they have of their
    own.
    """
    if heads := len(household["remaining"]):
        parts = ("yearly_income", "rigid_deduction", "employment_deduction")
        income, *deductions = (fen(Decimal(household[part])) for part in parts)
        return max(0, income - sum(deductions)), heads
    own = [person_on(member, on=facts.on).own_income for member in facts.members if member.id in counted]
    return sum(own), len(own)
