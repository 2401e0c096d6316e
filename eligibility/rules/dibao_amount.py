"""低保金: the difference between standard and income (差额法) and the top-ups (增发); F57 §23, §27."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from eligibility.rules import clauses
from eligibility.rules.ages import ADULT
from eligibility.rules.amounts import FEN_A_YUAN, MONTHS, Exact, half_up, up
from eligibility.rules.choices import AmountRounding, TopupBase
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.means import Means
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person

DIFFERENCE = Rule(
    name="amount.difference",
    clause=clauses.F57_23_ROUNDING,
    comparison=">=",
    shown=Shown.MONEY,
    yes="{0:yuan}元×{1}人－{2:yuan}元÷12月＝{value:yuan}元，不少于每月最低额{threshold:yuan}元；{3}，差额{4:yuan}元。",
    no="{0:yuan}元×{1}人－{2:yuan}元÷12月＝{value:yuan}元，不足每月最低额{threshold:yuan}元，按最低额；{3}，差额{4:yuan}元。",
)
SINGLE_DIFFERENCE = Rule(
    name="amount.single_person",
    clause=clauses.F57_23_ROUNDING,
    comparison=">=",
    shown=Shown.MONEY,
    yes="{who}按单人户：{0:yuan}元－本人年收入{2:yuan}元÷12月＝{value:yuan}元，不少于每月最低额{threshold:yuan}元；"
    "{3}，每月{4:yuan}元，不增发。",
    no="{who}按单人户：{0:yuan}元－本人年收入{2:yuan}元÷12月＝{value:yuan}元，不足每月最低额{threshold:yuan}元，按最低额；"
    "{3}，每月{4:yuan}元，不增发。",
)
TOPUP_A = Rule(
    name="amount.topup_a",
    clause=clauses.F57_27,
    comparison="=",
    yes="{who}是重度残疾人或者重病患者，按A类人员增发。",
    no="{who}不是重度残疾人或者重病患者，不按A类人员增发。",
)
TOPUP_MINOR = Rule(
    name="amount.topup_minor",
    clause=clauses.F57_27,
    comparison="<",
    yes="{who}{value}周岁，未满{threshold}周岁，按B类人员增发。",
    no="{who}{value}周岁，已满{threshold}周岁，不是未成年人。",
)
TOPUP_ELDERLY = Rule(
    name="amount.topup_elderly",
    clause=clauses.F57_27,
    comparison=">=",
    yes="{who}{value}周岁，年满{threshold}周岁，按B类人员增发。",
    no="{who}{value}周岁，未满{threshold}周岁，不增发。",
)
TOPUP = Rule(
    name="amount.topup",
    clause=clauses.F57_27,
    comparison="=",
    shown=Shown.MONEY,
    yes="{who}增发：{0}{1:yuan}元×{2:rate}＝{3:yuan}元，四舍五入到元，每月{value:yuan}元。",
)
TOTAL = Rule(
    name="amount.total",
    clause=clauses.F57_23,
    comparison="=",
    shown=Shown.MONEY,
    yes="每月保障金：差额{0:yuan}元＋增发{1:yuan}元＝{value:yuan}元。",
)
SINGLE_TOTAL = Rule(
    name="amount.single_total",
    clause=clauses.F57_23,
    comparison="=",
    shown=Shown.MONEY,
    yes="单人户{0}人，每月保障金合计{value:yuan}元。",
)


def household_amount(remaining: Sequence[Person], means: Means, *, parameters: Parameters, trail: Trail) -> int:
    """整户 amount a month, in fen: S × heads less income, and each one's top-up."""
    gap = Fraction(parameters.standard_yearly * means.heads - means.adjusted, MONTHS)
    unrounded = max(gap, Fraction(parameters.minimum_amount))
    difference = _rounded(unrounded, parameters)
    _record_difference(DIFFERENCE, None, gap, means.heads, means.adjusted, difference, parameters, trail)
    topups = sum(person_topups(remaining, means, parameters=parameters, trail=trail))
    trail.check(TOTAL, None, difference + topups, None, True, difference, topups)
    return difference + topups


def person_topups(remaining: Sequence[Person], means: Means, *, parameters: Parameters, trail: Trail) -> list[int]:
    """Each one's top-up (增发) a month in the order given, in fen; 0 for who has none."""
    base: Exact = parameters.standard
    if parameters.topup_base is not TopupBase.STANDARD:
        gap = Fraction(parameters.standard_yearly * means.heads - means.adjusted, MONTHS)
        base = max(gap, Fraction(parameters.minimum_amount)) / means.heads
    return [_topup(person, base, parameters, trail) for person in remaining]


def single_persons_amount(persons: Iterable[Person], *, parameters: Parameters, trail: Trail) -> int:
    """单人户 amount a month, in fen: each person's S less own income, summed; no top-up."""
    amounts = [_single_person_amount(person, parameters, trail) for person in persons]
    trail.check(SINGLE_TOTAL, None, sum(amounts), None, True, len(amounts))
    return sum(amounts)


def _single_person_amount(person: Person, parameters: Parameters, trail: Trail) -> int:
    gap = Fraction(parameters.standard_yearly - person.own_income, MONTHS)
    amount = _rounded(max(gap, Fraction(parameters.minimum_amount)), parameters)
    _record_difference(SINGLE_DIFFERENCE, person, gap, 1, person.own_income, amount, parameters, trail)
    return amount


def _record_difference(
    rule: Rule,
    person: Person | None,
    gap: Fraction,
    heads: int,
    income: int,
    amount: int,
    parameters: Parameters,
    trail: Trail,
) -> None:
    minimum, rounding = parameters.minimum_amount, parameters.amount_rounding.label
    trail.check(rule, person, gap, minimum, gap >= minimum, parameters.standard, heads, income, rounding, amount)


def _rounded(amount: Exact, parameters: Parameters) -> int:
    """Rounded as the parameter says (取整办法), in fen."""
    match parameters.amount_rounding:
        case AmountRounding.UP_TO_YUAN:
            return up(amount, to=FEN_A_YUAN)
        case AmountRounding.HALF_UP_TO_FEN:
            return half_up(amount)
        case _:
            return half_up(amount, to=FEN_A_YUAN)


def _topup(person: Person, base: Exact, parameters: Parameters, trail: Trail) -> int:
    """分类施保增发 a month, in fen, rounded half up to the yuan."""
    rates = _topup_rate(person, parameters, trail)
    if rates is None:
        return 0
    rate, exact_rate = rates
    raw = exact_rate * base
    topup = half_up(raw, to=FEN_A_YUAN)
    trail.check(TOPUP, person, topup, None, True, parameters.topup_base.label, base, rate, raw)
    return topup


def _topup_rate(person: Person, parameters: Parameters, trail: Trail) -> tuple[Decimal, Exact] | None:
    """The person's rate as stated and exact; None where there is no top-up."""
    first, age, elderly_age = person.is_severe_or_ill, person.age, parameters.elderly_age
    if trail.check(TOPUP_A, person, first, True, first):
        return parameters.topup_rates.a, parameters.topup_rate_a
    second = trail.check(TOPUP_MINOR, person, age, ADULT, age < ADULT) or trail.check(
        TOPUP_ELDERLY, person, age, elderly_age, age >= elderly_age
    )
    return (parameters.topup_rates.b, parameters.topup_rate_b) if second else None
