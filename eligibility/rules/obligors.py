"""Whether one who owes support by law can give it (法定义务人有无履行义务能力); F43 §8."""

from dataclasses import dataclass
from datetime import date

from eligibility.rules import clauses
from eligibility.rules.ages import ADULT, SUPPORTER_ELDERLY, SUPPORTER_ON_DIBAO, age_on
from eligibility.rules.amounts import fen
from eligibility.rules.choices import Incapacity, NotCounted, SupporterStatus
from eligibility.rules.facts import Supporter
from eligibility.rules.findings import Rule, Shown, Subject, Trail
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import Person, is_severe

UNDER_AGE = Rule(
    name="obligor.under_age",
    clause=clauses.F43_8_MINOR,
    comparison="<",
    yes="{0}{value}周岁，未满{threshold}周岁，无履行义务能力。",
    no="{0}{value}周岁，已满{threshold}周岁。",
)
LIKE_TEKUN = Rule(
    name="obligor.like_tekun",
    clause=clauses.F43_8_TEKUN,
    comparison="=",
    yes="{0}本人无劳动能力且无生活来源，无履行义务能力。",
    no="{0}本人不是既无劳动能力又无生活来源的人。",
)
IS_TEKUN = Rule(
    name="obligor.is_tekun",
    clause=clauses.F43_8_TEKUN,
    comparison="=",
    yes="{0}是特困人员，无履行义务能力。",
    no="{0}不是特困人员。",
)
ELDERLY_ON_DIBAO = Rule(
    name="obligor.elderly_on_dibao",
    clause=clauses.F43_8_DIBAO,
    comparison=">=",
    yes="{0}是低保对象，{value}周岁，年满{threshold}周岁，无履行义务能力。",
    no="{0}是低保对象，{value}周岁，未满{threshold}周岁。",
)
ELDERLY = Rule(
    name="obligor.elderly",
    clause=clauses.F43_8_ELDERLY,
    comparison=">=",
    yes="{0}{value}周岁，年满{threshold}周岁，再看收入和财产。",
    no="{0}{value}周岁，未满{threshold}周岁。",
)
SEVERELY_DISABLED = Rule(
    name="obligor.severely_disabled",
    clause=clauses.F43_8_DISABLED,
    comparison="=",
    yes="{0}是重度残疾人或者三级智力、精神残疾人，再看收入和财产。",
    no="{0}不是重度残疾人，也不是三级智力、精神残疾人。",
)
POOR = Rule(
    name="obligor.poor",
    clause=clauses.F43_8_POOR,
    comparison="<",
    shown=Shown.MONEY,
    yes="{0}本人年收入{value:yuan}元，低于上年度人均可支配收入{threshold:yuan}元。",
    no="{0}本人年收入{value:yuan}元，不低于上年度人均可支配收入{threshold:yuan}元。",
)
AWAY = Rule(
    name="obligor.away",
    clause=clauses.F43_8_AWAY,
    comparison="is_one_of_the_circumstances",
    yes="{0}{1}，再看财产。",
    no="{0}不属于无民事行为能力、被宣告失踪、在监狱服刑的情形。",
)
PROPERTY_WITHIN_LIMIT = Rule(
    name="obligor.property_within_limit",
    clause=f"{clauses.F43_8_POOR}、第（五）项",
    comparison="=",
    yes="{0}财产符合规定，无履行义务能力。",
    no="{0}财产不符合规定，不能认定为无履行义务能力。",
)

_AWAY_INSIDE = frozenset({NotCounted.IN_PRISON, NotCounted.DECLARED_MISSING})


@dataclass(frozen=True, slots=True)
class _Obligor:
    """One who owes support, inside or outside the household; ``subject`` is the person that findings name."""

    subject: Subject
    label: str
    age: int
    is_severely_disabled: bool
    income: int
    property_ok: bool
    away: NotCounted | Incapacity | None


def is_able_member(
    person: Person, *, is_destitute: bool, property_ok: bool, parameters: Parameters, trail: Trail
) -> bool:
    """Whether a member, counted or not, can support another (家庭内的法定义务人有履行义务能力).

    :param is_destitute: the member has neither labour capacity nor livelihood (F43 §5, §6).
    """
    obligor = _Obligor(
        subject=person,
        label=person.label,
        age=person.age,
        is_severely_disabled=person.is_severely_disabled,
        income=person.own_income,
        property_ok=property_ok,
        away=person.member.not_counted if person.member.not_counted in _AWAY_INSIDE else None,
    )
    return not (
        _is_under_age(obligor, trail)
        or trail.check(LIKE_TEKUN, person, is_destitute, True, is_destitute, obligor.label)
        or _is_unable_with_property_within_limit(obligor, parameters, trail)
    )


def is_able_outsider(
    supporter: Supporter, *, owing_to: Subject, label: str, on: date, parameters: Parameters, trail: Trail
) -> bool:
    """Whether a supporter outside the household can support the person (在外法定义务人有履行义务能力)."""
    obligor = _Obligor(
        subject=owing_to,
        label=label,
        age=age_on(supporter.birth_date, on=on),
        is_severely_disabled=is_severe(supporter.disability),
        income=fen(supporter.yearly_income),
        property_ok=supporter.property_within_limit,
        away=None if supporter.incapacity is Incapacity.NONE else supporter.incapacity,
    )
    return not (
        _is_under_age(obligor, trail)
        or _is_supported(obligor, supporter.status, trail)
        or _is_unable_with_property_within_limit(obligor, parameters, trail)
    )


def _is_under_age(obligor: _Obligor, trail: Trail) -> bool:
    return trail.check(UNDER_AGE, obligor.subject, obligor.age, ADULT, obligor.age < ADULT, obligor.label)


def _is_supported(obligor: _Obligor, status: SupporterStatus, trail: Trail) -> bool:
    """特困人员, or 低保对象 of 60 and more."""
    subject, age, label = obligor.subject, obligor.age, obligor.label
    is_tekun = status is SupporterStatus.TEKUN
    if trail.check(IS_TEKUN, subject, status, SupporterStatus.TEKUN, is_tekun, label):
        return True
    if status is not SupporterStatus.DIBAO:
        return False
    return trail.check(ELDERLY_ON_DIBAO, subject, age, SUPPORTER_ON_DIBAO, age >= SUPPORTER_ON_DIBAO, label)


def _is_unable_with_property_within_limit(obligor: _Obligor, parameters: Parameters, trail: Trail) -> bool:
    weak = _is_elderly_or_severely_disabled(obligor, trail) and _is_poor(obligor, parameters, trail)
    if not weak and not _is_away(obligor, trail):
        return False
    within = obligor.property_ok
    return trail.check(PROPERTY_WITHIN_LIMIT, obligor.subject, within, True, within, obligor.label)


def _is_elderly_or_severely_disabled(obligor: _Obligor, trail: Trail) -> bool:
    age, severe = obligor.age, obligor.is_severely_disabled
    return trail.check(
        ELDERLY, obligor.subject, age, SUPPORTER_ELDERLY, age >= SUPPORTER_ELDERLY, obligor.label
    ) or trail.check(SEVERELY_DISABLED, obligor.subject, severe, True, severe, obligor.label)


def _is_poor(obligor: _Obligor, parameters: Parameters, trail: Trail) -> bool:
    income, limit = obligor.income, parameters.disposable_income
    return trail.check(POOR, obligor.subject, income, limit, income < limit, obligor.label)


def _is_away(obligor: _Obligor, trail: Trail) -> bool:
    away = obligor.away
    named = away.label if away else ""
    return trail.check(AWAY, obligor.subject, away, None, away is not None, obligor.label, named)
