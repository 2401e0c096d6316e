"""What a family told, as the facts of the assessment (试算). Birthdays are taken to be today: ages come out as told."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from eligibility.rules import (
    Disability,
    DisabilityKind,
    Expense,
    ExpenseKind,
    Facts,
    Hardship,
    HardshipType,
    Incapacity,
    Income,
    IncomeKind,
    Member,
    Property,
    Relation,
    Schooling,
    SelfCare,
    Supporter,
    SupporterStatus,
)
from eligibility.rules.ages import ADULT
from one_window.rules.self_test.answers import (
    ZERO,
    Ability,
    Kin,
    Mishap,
    PersonTold,
    RelativeTold,
    SelfCareAct,
    Told,
    chosen,
    short_names,
)

MONTHS = 12
_SEVERE = Disability(kind=DisabilityKind.PHYSICAL, level=1)
"""Of a relative only the degree is asked; the rules look at nothing else."""
_ABILITIES: dict[Ability, dict[str, Any]] = {
    Ability.ABLE: {},
    Ability.TEKUN: {"status": SupporterStatus.TEKUN},
    Ability.DIBAO: {"status": SupporterStatus.DIBAO},
    Ability.SEVERE: {"disability": _SEVERE},
    Ability.NO_CIVIL_CAPACITY: {"incapacity": Incapacity.NO_CIVIL_CAPACITY},
    Ability.IN_PRISON: {"incapacity": Incapacity.IN_PRISON},
    Ability.DECLARED_MISSING: {"incapacity": Incapacity.DECLARED_MISSING},
}
_TOWNSHIP_CODE = 9


def facts_of(told: Told, *, on: date) -> Facts:
    """The facts on a day; everybody told of lives with the family and is called by relation and age."""
    return Facts(
        on=on,
        residence=told.residence,
        area=told.area_code if len(told.area_code) == _TOWNSHIP_CODE else "",
        members=_members(told, on=on),
        expenses=tuple(_expenses(told)),
        property=Property(
            financial_assets=told.savings,
            vehicles=told.vehicles,
            vehicle_value=told.vehicle_value,
            houses=told.houses,
            businesses=told.businesses,
        ),
        hardship=_hardship(told.mishap),
    )


def person_id(index: int) -> str:
    """Reference of a person by place, the head being the first."""
    return str(index + 1)


def _members(told: Told, *, on: date) -> tuple[Member, ...]:
    names, spouses = short_names(told.people), dict(_spouses_of_in_laws(told.people))
    return tuple(
        Member(
            id=person_id(index),
            name=names[index],
            birth_date=born(person.age, on=on),
            relation=Relation.OTHER if person.kin is Kin.IN_LAW else chosen(Relation, person.kin.value),
            # The child's husband or wife owes the child support and shares the household; F57 §7 (4).
            shares_support=True if person.kin is Kin.IN_LAW else None,
            spouse_id=spouses.get(index),
            # Whoever could be covered alone is told so; whether they want to is theirs to say at the window.
            applies_alone=person.age >= ADULT and person.disability_kind is not None,
            disability=_disability(person),
            serious_illness=person.is_seriously_ill,
            schooling=chosen(Schooling, person.occupation.value) if person.is_at_school else Schooling.NONE,
            self_care=SelfCare(**{act.value: act not in person.unmanaged for act in SelfCareAct}),
            incomes=tuple(_incomes(person)),
            supporters=_supporters(told.relatives, index, on=on),
        )
        for index, person in enumerate(told.people)
    )


def _spouses_of_in_laws(people: Iterable[PersonTold]) -> Iterator[tuple[int, str]]:
    """儿媳、女婿 in the order told belong to the grown children in the order told."""
    placed = list(enumerate(people))
    grown = [index for index, person in placed if person.kin is Kin.CHILD and person.age >= ADULT]
    in_laws = [index for index, person in placed if person.kin is Kin.IN_LAW]
    for in_law, child in zip(in_laws, grown, strict=False):
        yield in_law, person_id(child)


def born(age: int, *, on: date) -> date:
    """A birth date by which somebody has completed just so many years on a day."""
    try:
        return on.replace(year=on.year - age)
    except ValueError:  # 29 February, in a year that has none
        return on.replace(year=on.year - age, day=28)


def _disability(person: PersonTold) -> Disability | None:
    if person.disability_kind is None:
        return None
    return Disability(kind=person.disability_kind, level=person.disability_level)


def _incomes(person: PersonTold) -> Iterator[Income]:
    told: dict[IncomeKind, Decimal] = {
        IncomeKind.WAGE: person.wage,
        IncomeKind.BUSINESS: person.business,
        IncomeKind.PENSION: person.pension_monthly * MONTHS,
        IncomeKind.SUPPORT: person.support,
        IncomeKind.PROPERTY: person.other,
    }
    return (Income(kind=kind, yearly=amount) for kind, amount in told.items() if amount)


def yearly_income(told: Told) -> Decimal:
    """Everybody's income that counts, in yuan a year."""
    return sum((income.yearly for person in told.people for income in _incomes(person)), ZERO)


def _expenses(told: Told) -> Iterator[Expense]:
    return (Expense(kind=kind, yearly=amount) for kind in ExpenseKind if (amount := getattr(told, kind.value)))


def _supporters(relatives: tuple[RelativeTold, ...] | None, index: int, *, on: date) -> tuple[Supporter, ...] | None:
    if relatives is None:
        return None
    return tuple(_supporter(relative, on=on) for relative in relatives if relative.of in (None, index))


def _supporter(relative: RelativeTold, *, on: date) -> Supporter:
    return Supporter(
        birth_date=born(relative.age, on=on),
        yearly_income=relative.yearly_income,
        property_within_limit=not relative.owns_much,
        **_ABILITIES[relative.ability],
    )


def _hardship(mishap: Mishap) -> Hardship | None:
    """What temporary aid looks at; the amount is the township's to propose, only the range is asked."""
    if mishap is Mishap.NONE:
        return None
    kind = HardshipType.EXPENDITURE if mishap is Mishap.SPENDING else HardshipType.URGENT
    return Hardship(type=kind, proposed_amount=ZERO)
