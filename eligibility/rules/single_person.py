"""参照单人户纳入低保: who of a household above the standard may be covered alone; F57 §8, F2022 一（一）（四）."""

from collections.abc import Sequence

from eligibility.rules import clauses
from eligibility.rules.ages import ADULT
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.marginal import is_below_marginal_limit
from eligibility.rules.means import Means
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person

OWN_INCOME = Rule(
    name="single_person.own_income",
    clause=clauses.F57_8_ALONE,
    comparison="<",
    shown=Shown.MONEY,
    yes="{who}本人年收入{value:yuan}元，低于{0:yuan}元×12月＝{threshold:yuan}元，再看单人户条件。",
    no="{who}本人年收入{value:yuan}元，不低于{0:yuan}元×12月＝{threshold:yuan}元，不符合单人户条件。",
)
IN_MARGINAL_HOUSEHOLD = Rule(
    name="single_person.severe_or_ill",
    clause=clauses.F57_8_ALONE,
    comparison="=",
    yes="{who}是家庭收入低于低保边缘上限的重度残疾人或者重病患者，参照单人户纳入。",
    no="{who}不是重度残疾人或者重病患者。",
)
APPLIES_ALONE = Rule(
    name="single_person.applies_alone",
    clause=clauses.F2022_ALONE,
    comparison="=",
    yes="{who}单独提出申请，再看是否成年无业重度残疾人。",
    no="{who}没有单独提出申请。",
)
ADULT_ALONE = Rule(
    name="single_person.adult",
    clause=clauses.F2022_ALONE,
    comparison=">=",
    yes="{who}{value}周岁，年满{threshold}周岁。",
    no="{who}{value}周岁，未满{threshold}周岁，不是成年无业重度残疾人。",
)
SEVERELY_DISABLED = Rule(
    name="single_person.severely_disabled",
    clause=clauses.F2022_ALONE,
    comparison="=",
    yes="{who}是重度残疾人。",
    no="{who}不是重度残疾人，不符合成年无业重度残疾人单独申请的条件。",
)
NO_WORK_INCOME = Rule(
    name="single_person.no_work_income",
    clause=clauses.F2022_ALONE,
    comparison="=",
    shown=Shown.MONEY,
    yes="{who}没有工资性收入和经营净收入，是成年无业重度残疾人，参照单人户纳入。",
    no="{who}工资性收入和经营净收入合计{value:yuan}元，不是无业。",
)


def single_person_candidates(
    remaining: Sequence[Person], means: Means, *, parameters: Parameters, trail: Trail
) -> tuple[Person, ...]:
    """Those who pass the single-person test (参照单人户), in the members' order."""
    below_marginal = is_below_marginal_limit(means, parameters=parameters, trail=trail)
    return tuple(
        person
        for person in remaining
        if _passes(person, below_marginal=below_marginal, parameters=parameters, trail=trail)
    )


def _passes(person: Person, *, below_marginal: bool, parameters: Parameters, trail: Trail) -> bool:
    own, limit = person.own_income, parameters.standard_yearly
    if not trail.check(OWN_INCOME, person, own, limit, own < limit, parameters.standard):
        return False
    weak = person.is_severe_or_ill
    if below_marginal and trail.check(IN_MARGINAL_HOUSEHOLD, person, weak, True, weak):
        return True
    return _may_apply_alone(person, trail)


def _may_apply_alone(person: Person, trail: Trail) -> bool:
    """成年无业重度残疾人; F2022 一（一）."""
    alone, severe, worked = person.member.applies_alone, person.is_severely_disabled, person.wage + person.business
    return (
        trail.check(APPLIES_ALONE, person, alone, True, alone)
        and trail.check(ADULT_ALONE, person, person.age, ADULT, person.age >= ADULT)
        and trail.check(SEVERELY_DISABLED, person, severe, True, severe)
        and trail.check(NO_WORK_INCOME, person, worked, 0, worked == 0)
    )
