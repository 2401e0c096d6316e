"""特困人员救助供养, person by person: no labour capacity, no livelihood, no able supporter; F43 §4."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from eligibility.rules import clauses
from eligibility.rules.ages import ADULT, TEKUN_ELDERLY, TEKUN_MINOR
from eligibility.rules.amounts import fen, yuan
from eligibility.rules.choices import DisabilityKind, Schooling, SelfCareLevel
from eligibility.rules.facts import Component, Disability, Member
from eligibility.rules.findings import Rule, Shown, Trail
from eligibility.rules.kinship import Kinship
from eligibility.rules.obligors import is_able_member, is_able_outsider
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person, components

ELDERLY = Rule(
    name="tekun.elderly",
    clause=clauses.F43_5_ELDERLY,
    comparison=">=",
    yes="{who}{value}周岁，年满{threshold}周岁，属于无劳动能力。",
    no="{who}{value}周岁，未满{threshold}周岁，不属于无劳动能力的老年人。",
)
MINOR = Rule(
    name="tekun.minor",
    clause=clauses.F43_5_MINOR,
    comparison="<",
    yes="{who}{value}周岁，未满{threshold}周岁，属于无劳动能力。",
    no="{who}{value}周岁，已满{threshold}周岁，不属于无劳动能力的未成年人。",
)
SINCE_MINOR = Rule(
    name="tekun.since_minor",
    clause=clauses.F43_24,
    comparison="<",
    yes="{who}未成年时认定为特困人员，现{value}周岁，未满{threshold}周岁，继续享有。",
    no="{who}未成年时认定为特困人员，现{value}周岁，已满{threshold}周岁。",
)
SINCE_MINOR_AT_SCHOOL = Rule(
    name="tekun.since_minor_at_school",
    clause=clauses.F43_24,
    comparison="in",
    yes="{who}年满18周岁仍在{0}阶段就读，继续享有。",
    no="{who}已满18周岁（{0}），不在义务教育、普通高中或者中等职业学校就读。",
)
DISABLED = Rule(
    name="tekun.disabled",
    clause=clauses.F43_5_DISABILITY,
    comparison="in",
    yes="{who}{0:disability}，属于无劳动能力（智力、精神一至三级，肢体一、二级，视力一级）。",
    no="{who}{0:disability}，不在智力、精神一至三级，肢体一、二级，视力一级之列。",
)
LOW_INCOME = Rule(
    name="tekun.income",
    clause=clauses.F43_6,
    comparison="<",
    shown=Shown.MONEY,
    yes="{who}本人年收入{value:yuan}元，低于低保标准{0:yuan}元×12月＝{threshold:yuan}元。",
    no="{who}本人年收入{value:yuan}元，不低于低保标准{0:yuan}元×12月＝{threshold:yuan}元，不属于无生活来源。",
)
PROPERTY = Rule(
    name="tekun.property",
    clause=clauses.F43_6_PROPERTY,
    comparison="=",
    yes="{who}收入低于低保标准且财产符合规定，属于无生活来源。",
    no="{who}所在家庭财产不符合规定，不属于无生活来源。",
)
NOBODY_ABLE_INSIDE = Rule(
    name="tekun.nobody_able_inside",
    clause=clauses.F43_4_NOBODY,
    comparison="=",
    yes="{who}在家庭成员中的法定义务人（{0:names}）无履行义务能力。",
    no="{who}的法定义务人{0:names}有履行义务能力，不符合特困条件。",
)
NOBODY_INSIDE = replace(NOBODY_ABLE_INSIDE, yes="{who}在家庭成员中没有法定义务人。")
SUPPORTERS_KNOWN = Rule(
    name="tekun.supporters_known",
    clause=clauses.F43_4_NOBODY,
    comparison="=",
    yes="{who}家庭以外的法定义务人已查明，共{0}人。",
    no="{who}有无家庭以外的法定义务人尚未查明，是否符合特困条件待定。",
)
NOBODY_ABLE_OUTSIDE = Rule(
    name="tekun.nobody_able_outside",
    clause=clauses.F43_4_NOBODY,
    comparison="=",
    yes="{who}家庭以外没有能履行义务的法定义务人，三项条件同时具备，符合特困条件。",
    no="{who}家庭以外有能履行义务的法定义务人，不符合特困条件。",
)
SELF_CARE = Rule(
    name="tekun.self_care",
    clause=clauses.F43_22,
    comparison="<=",
    yes="{who}六项自理指标有{value}项不能达到，属于{0}。",
)
AMOUNT = Rule(
    name="tekun.amount",
    clause=f"{clauses.F43_22}；标准由市政府公布",
    comparison="=",
    shown=Shown.MONEY,
    yes="{who}基本生活{0:yuan}元＋照料护理（{1}、{2}）{3:yuan}元＝每月{value:yuan}元。",
)

_STILL_AT_SCHOOL = frozenset({Schooling.COMPULSORY, Schooling.SENIOR_HIGH, Schooling.VOCATIONAL})
_STILL_AT_SCHOOL_THRESHOLD = "compulsory senior_high vocational"
_NO_LABOUR_LEVELS = {
    DisabilityKind.INTELLECTUAL: 3,
    DisabilityKind.PSYCHIATRIC: 3,
    DisabilityKind.PHYSICAL: 2,
    DisabilityKind.VISUAL: 1,
}
_NO_LABOUR_THRESHOLD = "intellectual<=3 psychiatric<=3 physical<=2 visual<=1"
_SEMI_DISABLED_MOST = 3


class TekunOutcome(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TekunResult:
    """One counted person's answer; ``monthly_amount`` in yuan only where eligible."""

    member: str
    outcome: TekunOutcome
    self_care: SelfCareLevel
    monthly_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class _Household:
    """What every person's test needs of the household.

    ``destitute`` and ``able`` hold the answers found so far, so that each comparison is made once.
    """

    on: date
    kinship: Kinship
    property_ok: bool
    parameters: Parameters
    trail: Trail
    destitute: dict[str, bool]
    able: dict[str, bool]


def assess_tekun(
    persons: Sequence[Person],
    *,
    on: date,
    counted: Sequence[Person],
    property_ok: bool,
    parameters: Parameters,
    trail: Trail,
) -> tuple[TekunResult, ...]:
    """Test each counted person (特困认定); F43 §4."""
    household = _Household(on, Kinship(persons), property_ok, parameters, trail, {}, {})
    return tuple(_result(person, household) for person in counted)


def _result(person: Person, household: _Household) -> TekunResult:
    outcome = _outcome(person, household)
    level = self_care_level(person.member)
    amount = None
    if outcome is TekunOutcome.ELIGIBLE:
        amount = yuan(_monthly_amount(person, level, household))
    return TekunResult(person.id, outcome, level, amount)


def _outcome(person: Person, household: _Household) -> TekunOutcome:
    if not _is_destitute(person, household) or not _is_nobody_able_inside(person, household):
        return TekunOutcome.NOT_ELIGIBLE
    supporters = person.member.supporters
    known = supporters is not None
    if not household.trail.check(SUPPORTERS_KNOWN, person, known, True, known, len(supporters or ())):
        return TekunOutcome.UNKNOWN
    return TekunOutcome.ELIGIBLE if _is_nobody_able_outside(person, household) else TekunOutcome.NOT_ELIGIBLE


def _is_destitute(person: Person, household: _Household) -> bool:
    """Conditions a and b: no labour capacity and no livelihood; compared once a person."""
    known = household.destitute.get(person.id)
    if known is None:
        known = household.destitute[person.id] = has_no_labour_capacity(
            person, trail=household.trail
        ) and _has_no_livelihood(person, household)
    return known


def has_no_labour_capacity(person: Person, *, trail: Trail) -> bool:
    """无劳动能力; F43 §5, and §24 for one recognised as a minor."""
    age, disability = person.age, person.member.disability
    return (
        trail.check(ELDERLY, person, age, TEKUN_ELDERLY, age >= TEKUN_ELDERLY)
        or trail.check(MINOR, person, age, TEKUN_MINOR, age < TEKUN_MINOR)
        or (person.member.tekun_since_minor and _continues_since_minor(person, trail))
        or (disability is not None and _is_disabled_from_work(person, disability, trail))
    )


def _continues_since_minor(person: Person, trail: Trail) -> bool:
    schooling = person.member.schooling
    return trail.check(SINCE_MINOR, person, person.age, ADULT, person.age < ADULT) or trail.check(
        SINCE_MINOR_AT_SCHOOL,
        person,
        schooling,
        _STILL_AT_SCHOOL_THRESHOLD,
        schooling in _STILL_AT_SCHOOL,
        schooling.label,
    )


def _is_disabled_from_work(person: Person, disability: Disability, trail: Trail) -> bool:
    # A multiple disability has no kind of its own to look up: its components alone decide.
    singles = components(disability) if disability.kind is DisabilityKind.MULTIPLE else (disability,)
    disabled = any(_takes_labour(single) for single in singles)
    named = f"{disability.kind} {disability.level}"
    return trail.check(DISABLED, person, named, _NO_LABOUR_THRESHOLD, disabled, disability)


def _takes_labour(single: Disability | Component) -> bool:
    return single.level <= _NO_LABOUR_LEVELS.get(single.kind, 0)


def _has_no_livelihood(person: Person, household: _Household) -> bool:
    """无生活来源; F43 §6."""
    parameters, trail, own = household.parameters, household.trail, person.own_income
    limit, property_ok = parameters.standard_yearly, household.property_ok
    return trail.check(LOW_INCOME, person, own, limit, own < limit, parameters.standard) and trail.check(
        PROPERTY, person, property_ok, True, property_ok
    )


def _is_nobody_able_inside(person: Person, household: _Household) -> bool:
    obligors = household.kinship.supporters_of(person)
    able = next((obligor for obligor in obligors if _is_able(obligor, household)), None)
    named = obligors if able is None else (able,)
    rule = NOBODY_ABLE_INSIDE if obligors else NOBODY_INSIDE
    return household.trail.check(rule, person, able is None, True, able is None, named)


def _is_able(obligor: Person, household: _Household) -> bool:
    known = household.able.get(obligor.id)
    if known is None:
        known = household.able[obligor.id] = is_able_member(
            obligor,
            is_destitute=_is_destitute(obligor, household),
            property_ok=household.property_ok,
            parameters=household.parameters,
            trail=household.trail,
        )
    return known


def _is_nobody_able_outside(person: Person, household: _Household) -> bool:
    able = any(
        is_able_outsider(
            supporter,
            owing_to=person,
            label=f"{person.label}家庭以外的第{place}位法定义务人",
            on=household.on,
            parameters=household.parameters,
            trail=household.trail,
        )
        for place, supporter in enumerate(person.member.supporters or (), start=1)
    )
    return household.trail.check(NOBODY_ABLE_OUTSIDE, person, not able, True, not able)


def self_care_level(member: Member) -> SelfCareLevel:
    """生活自理能力 by the number of indicators not managed; F43 §22."""
    return level_of(member.self_care.unmanaged)


def level_of(unmanaged: int) -> SelfCareLevel:
    """The same for a number of indicators: none 全自理, one to three 半失能, four to six 失能; F43 §22."""
    if unmanaged == 0:
        return SelfCareLevel.SELF_RELIANT
    return SelfCareLevel.SEMI_DISABLED if unmanaged <= _SEMI_DISABLED_MOST else SelfCareLevel.DISABLED


def _monthly_amount(person: Person, level: SelfCareLevel, household: _Household) -> int:
    """基本生活标准 and 照料护理标准 a month, in fen."""
    parameters, mode = household.parameters, person.member.support_mode
    basic, care = fen(parameters.tekun_basic_monthly_amount), parameters.care_amount(mode, level)
    unmanaged = person.member.self_care.unmanaged
    household.trail.check(
        SELF_CARE, person, unmanaged, _SEMI_DISABLED_MOST, unmanaged <= _SEMI_DISABLED_MOST, level.label
    )
    household.trail.check(AMOUNT, person, basic + care, None, True, basic, mode.label, level.label, care)
    return basic + care
