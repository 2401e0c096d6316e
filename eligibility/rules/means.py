"""Household means (家庭收入): counted income less approved deductions, of the remaining members; F57 §13."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from eligibility.rules import clauses
from eligibility.rules.amounts import MONTHS, fen, half_up
from eligibility.rules.choices import ExpenseKind
from eligibility.rules.facts import Expense
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person

INCOME = Rule(
    name="means.income",
    clause=clauses.F57_13,
    comparison="=",
    shown=Shown.MONEY,
    yes="家庭年收入：{0:incomes}＝{value:yuan}元。",
)
RIGID_DEDUCTION = Rule(
    name="means.rigid_deduction",
    clause=clauses.F57_13_RIGID,
    comparison="=",
    shown=Shown.MONEY,
    yes="因病、因残、因学支出{0:yuan}元×{1:rate}，刚性支出核减{value:yuan}元。",
)
EMPLOYMENT_COST = Rule(
    name="means.employment_cost",
    clause=clauses.F57_13_EMPLOYMENT,
    comparison="<=",
    shown=Shown.MONEY,
    yes="就业成本{value:yuan}元，不超过工资性收入{0:yuan}元×{1:rate}＝{threshold:yuan}元，核减{2:yuan}元。",
    no="就业成本{value:yuan}元，超过工资性收入{0:yuan}元×{1:rate}＝{threshold:yuan}元，按上限核减{2:yuan}元。",
)
ADJUSTED = Rule(
    name="means.adjusted",
    clause=clauses.F57_13_RIGID,
    comparison=">=",
    shown=Shown.MONEY,
    yes="全年可计收入：{0:yuan}元－刚性支出核减{1:yuan}元－就业成本核减{2:yuan}元＝{value:yuan}元。",
    no="全年可计收入：{0:yuan}元－刚性支出核减{1:yuan}元－就业成本核减{2:yuan}元＝{value:yuan}元，不足零，按零计。",
)
PER_CAPITA = Rule(
    name="means.per_capita",
    clause=clauses.F57_13,
    comparison="=",
    shown=Shown.MONEY,
    yes="月人均收入：{0:yuan}元÷12月÷{1}人＝{value:yuan}元（截断到分，不四舍五入）。",
)

LEFT_OUT = Rule(
    name="means.left_out",
    clause=clauses.F57_13_RIGID,
    comparison="in",
    yes="",
    no="成员“{value}”不参加低保认定，其{0}{1:yuan}元不核减。",
)

_RIGID_KINDS = frozenset({ExpenseKind.MEDICAL, ExpenseKind.DISABILITY, ExpenseKind.EDUCATION})


@dataclass(frozen=True, slots=True)
class Means:
    """Yearly amounts in fen; ``per_capita`` is the shown monthly figure, None where nobody remains."""

    heads: int
    income: int
    rigid_deduction: int
    employment_deduction: int
    adjusted: int
    per_capita: int | None


NO_MEANS = Means(heads=0, income=0, rigid_deduction=0, employment_deduction=0, adjusted=0, per_capita=None)


def reckon_means(
    remaining: Sequence[Person], *, expenses: Iterable[Expense], parameters: Parameters, trail: Trail
) -> Means:
    """Reckon the household's means (家庭经济状况核算); F57 §13. Each deduction is rounded half up to the fen."""
    if not remaining:
        return NO_MEANS
    income = sum(person.own_income for person in remaining)
    trail.check(INCOME, None, income, None, True, remaining)
    rigid, employment = _spending(expenses, {person.id for person in remaining}, trail)
    rigid_deduction = half_up(parameters.rigid_rate * rigid)
    if rigid:
        trail.check(RIGID_DEDUCTION, None, rigid_deduction, None, True, rigid, parameters.rigid_expense_rate)
    employment_deduction = 0
    if employment:
        employment_deduction = _employment_deduction(employment, remaining, parameters, trail)
    left = income - rigid_deduction - employment_deduction
    trail.check(ADJUSTED, None, left, 0, left >= 0, income, rigid_deduction, employment_deduction)
    adjusted, heads = max(0, left), len(remaining)
    per_capita = adjusted // (MONTHS * heads)
    trail.check(PER_CAPITA, None, per_capita, None, True, adjusted, heads)
    return Means(heads, income, rigid_deduction, employment_deduction, adjusted, per_capita)


def _spending(expenses: Iterable[Expense], remaining: Container[str], trail: Trail) -> tuple[int, int]:
    """Rigid and employment spending a year, in fen; a member's who does not remain is left out."""
    rigid = employment = 0
    for expense in expenses:
        if expense.member is not None and expense.member not in remaining:
            trail.check(LEFT_OUT, None, expense.member, None, False, expense.kind.label, fen(expense.yearly))
            continue
        if expense.kind in _RIGID_KINDS:
            rigid += fen(expense.yearly)
        else:
            employment += fen(expense.yearly)
    return rigid, employment


def _employment_deduction(spent: int, remaining: Sequence[Person], parameters: Parameters, trail: Trail) -> int:
    wages = sum(person.wage for person in remaining)
    limit = parameters.employment_rate * wages
    deduction = half_up(min(spent, limit))
    trail.check(EMPLOYMENT_COST, None, spent, limit, spent <= limit, wages, parameters.employment_cost_rate, deduction)
    return deduction
