"""刚性支出困难家庭, beside the assessment: over its facts and result; 刚性支出困难家庭认定办法 (from 2025-01-01)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eligibility.rules import clauses
from eligibility.rules.amounts import exact, fen
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, Rule, Shown, Trail
from eligibility.rules.further_parameters import RigidTerms
from eligibility.rules.people import person_on

SOMEBODY_COUNTED = Rule(
    name="rigid_expense.somebody_counted",
    clause=clauses.FGX,
    comparison=">",
    yes="共同生活的家庭成员{value}人，按刚性支出困难家庭审核。",
    no="没有计入的共同生活家庭成员，不能认定为刚性支出困难家庭。",
)
NOT_ENROLLED = Rule(
    name="rigid_expense.not_enrolled",
    clause=clauses.FGX,
    comparison="=",
    yes="本户没有纳入低保、特困或者低保边缘。",
    no="本户已纳入{0}，不另认定为刚性支出困难家庭。",
)
INCOME = Rule(
    name="rigid_expense.income",
    clause=clauses.FGX,
    comparison="<",
    shown=Shown.MONEY,
    yes="全年总收入{value:yuan}元，低于上年度人均可支配收入{0:yuan}元×{1}人＝{threshold:yuan}元。",
    no="全年总收入{value:yuan}元，不低于上年度人均可支配收入{0:yuan}元×{1}人＝{threshold:yuan}元，不符合收入条件。",
)
PROPERTY = Rule(
    name="rigid_expense.property",
    clause=clauses.FGX,
    comparison="=",
    yes="家庭财产状况符合规定。",
    no="家庭财产状况不符合规定，不是刚性支出困难家庭。",
)
SHARE = Rule(
    name="rigid_expense.share",
    clause=clauses.FGX_SHARE,
    comparison=">",
    shown=Shown.MONEY,
    yes="12个月刚性支出{value:yuan}元，超过全年总收入{0:yuan}元×{1:rate}＝{threshold:yuan}元。",
    no="12个月刚性支出{value:yuan}元，没有超过全年总收入{0:yuan}元×{1:rate}＝{threshold:yuan}元，不符合支出条件。",
)
NO_INCOME = Rule(
    name="rigid_expense.no_income",
    clause=clauses.FGX_SHARE,
    comparison="=",
    shown=Shown.MONEY,
    yes="全年总收入0元，12个月刚性支出{0:yuan}元，视为超过规定比例。",
)


@dataclass(frozen=True)
class RigidExpense:
    """Whether the family is one of 刚性支出困难, whom that would cover, and every comparison made."""

    is_eligible: bool
    persons: tuple[str, ...]
    findings: tuple[Finding, ...]


def assess_rigid_expense(
    facts: Facts,
    *,
    counted: Collection[str],
    property_ok: bool,
    disposable_income_yearly: Decimal,
    terms: RigidTerms,
    enrolled: Sequence[str],
) -> RigidExpense:
    """Test for 刚性支出困难家庭; every test is made, so that a refusal names all that failed.

    Income is what the counted members have a year before any deduction: the law sets spending against 总收入.

    :param counted: ids of the counted members, from the assessment of the same facts.
    :param property_ok: the assessment's property test.
    :param disposable_income_yearly: 上年度人均可支配收入 that the assessment used, yuan a year.
    :param enrolled: what of 低保, 特困, 低保边缘 the family stands in already, in words.
    """
    people = [person_on(member, on=facts.on) for member in facts.members if member.id in counted]
    trail = Trail()
    if not trail.check(SOMEBODY_COUNTED, None, len(people), 0, bool(people)):
        return RigidExpense(False, (), trail.findings())
    income = sum(person.own_income for person in people)
    spending = sum(
        fen(row.yearly)
        for row in facts.expenses
        if row.kind in terms.kinds and (row.member is None or row.member in counted)
    )
    ceiling = fen(disposable_income_yearly)
    tests = (
        trail.check(NOT_ENROLLED, None, not enrolled, True, not enrolled, "、".join(enrolled)),
        trail.check(INCOME, None, income, ceiling * len(people), income < ceiling * len(people), ceiling, len(people)),
        trail.check(PROPERTY, None, property_ok, True, property_ok),
        _spends_most_of_it(spending, income, terms.rate, trail),
    )
    is_eligible = all(tests)
    return RigidExpense(is_eligible, tuple(person.id for person in people) if is_eligible else (), trail.findings())


def _spends_most_of_it(spending: int, income: int, rate: Decimal, trail: Trail) -> bool:
    if income == 0:
        return trail.check(NO_INCOME, None, 0, 0, True, spending)
    limit = exact(rate) * income
    return trail.check(SHARE, None, spending, limit, spending > limit, income, rate)
