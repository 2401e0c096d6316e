"""A member as the rules see them on the day: age, counted income, disability."""

from dataclasses import dataclass
from datetime import date

from eligibility.rules.ages import age_on
from eligibility.rules.amounts import fen
from eligibility.rules.choices import DisabilityKind, IncomeKind, Relation
from eligibility.rules.facts import Component, Disability, Member

COUNTED_INCOME = frozenset(
    {
        IncomeKind.WAGE,
        IncomeKind.BUSINESS,
        IncomeKind.PROPERTY,
        IncomeKind.PENSION,
        IncomeKind.SUPPORT,
        IncomeKind.OTHER_TRANSFER,
    }
)
_SEVERE_LEVEL = 2
_SEVERE_MENTAL_LEVEL = 3
_MENTAL = frozenset({DisabilityKind.INTELLECTUAL, DisabilityKind.PSYCHIATRIC})


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A member on the day; incomes in fen a year."""

    member: Member
    id: str
    label: str
    relation: Relation
    age: int
    own_income: int
    wage: int
    business: int
    is_severely_disabled: bool

    @property
    def is_severe_or_ill(self) -> bool:
        """重度残疾人或者重病患者; F57 §8."""
        return self.is_severely_disabled or self.member.serious_illness


def person_on(member: Member, *, on: date) -> Person:
    """See a member on a day; income (家庭收入) counts by kind, F57 §13."""
    own = wage = business = 0
    for income in member.incomes:
        if income.kind not in COUNTED_INCOME:
            continue
        amount = fen(income.yearly)
        own += amount
        if income.kind is IncomeKind.WAGE:
            wage += amount
        elif income.kind is IncomeKind.BUSINESS:
            business += amount
    return Person(
        member=member,
        id=member.id,
        label=member.name or f"成员“{member.id}”",
        relation=member.relation,
        age=age_on(member.birth_date, on=on),
        own_income=own,
        wage=wage,
        business=business,
        is_severely_disabled=is_severe(member.disability),
    )


def is_severe(disability: Disability | None) -> bool:
    """重度残疾: level 1 or 2, or level 3 of 智力 or 精神, of itself or of any component; F57 §8 (1)."""
    if disability is None:
        return False
    return _is_severe_single(disability) or any(_is_severe_single(component) for component in components(disability))


def components(disability: Disability) -> tuple[Component, ...]:
    """The single disabilities of a multiple one; none of any other."""
    return (disability.components or ()) if disability.kind is DisabilityKind.MULTIPLE else ()


def _is_severe_single(disability: Disability | Component) -> bool:
    limit = _SEVERE_MENTAL_LEVEL if disability.kind in _MENTAL else _SEVERE_LEVEL
    return disability.level <= limit
