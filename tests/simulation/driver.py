"""Tells the system what befalls the simulated families, through the services that clerks' pages call."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from foundation.identity import check_digit
from households import services as households
from households.models import BankAccount, Disability, Household, Income, Member, Person
from organizations.models import Staff
from organizations.permissions import Role
from tests.households.builders import data
from tests.simulation.world import Family, Happening, Someone
from tests.support.factories import area, make_staff

YEAR = 2025
"""Accounting year of all incomes: what changes is the income, not the year that it is written under."""
VILLAGES = ("341824101200", "341824100001")
"""A village of each of the two townships between which families move; the first is where all begin."""


def at(day: date) -> datetime:
    """Nine in the morning at the county, in UTC."""
    return datetime.combine(day, time(1), UTC)


@dataclass
class Office:
    """Who works for one township."""

    clerk: Staff
    lead: Staff

    @classmethod
    def of(cls, township: str, *, on: date) -> "Office":
        """A clerk and a lead of a township."""
        return cls(
            make_staff(Role.TOWNSHIP_OFFICER, township, name="程晓燕", on=on),
            make_staff(Role.TOWNSHIP_APPROVER, township, name="曹建军", on=on),
        )


class Registrar:
    """Keeps the families' files as the townships' clerks do."""

    def __init__(self, offices: Sequence[Office], *, on: date) -> None:
        self.offices, self.on = offices, on
        self.keys: dict[int, int] = {}
        self.members: dict[str, Member] = {}
        self.places: dict[int, int] = {}
        self.born: Counter[date] = Counter()

    def clerk_of(self, family: Family) -> Staff:
        """The clerk of the township where the family lives."""
        return self.offices[self.places[family.number]].clerk

    def file(self, family: Family) -> Household:
        """The family's file as it stands now."""
        return Household.objects.select_related("area").get(pk=self.keys[family.number])

    def register(self, family: Family) -> None:
        """A family on file with everybody who is alive at the start, its income and its account; written as rows.

        Five hundred families through the pages' services would take minutes and say nothing of what is paid.
        """
        by, first = self.offices[0].clerk, family.people[0]
        self.places[family.number] = 0
        file = Household.objects.create(
            number=f"H101{family.number:06d}",
            area=area(VILLAGES[0]),
            address=f"{family.number}号",
            residence="rural",
            registered_by=by,
            registered_at=at(self.on),
        )
        self.keys[family.number] = file.pk
        for place, person in enumerate(person for person in family.people if person.joined_on <= self.on):
            self.members[person.key] = self._member(file, person, place)
        if family.yearly:
            Income.objects.create(
                member=self.members[first.key], kind="wage", year=YEAR, yearly_amount=family.yearly, entered_by=by
            )
        BankAccount.objects.create(
            household=file, bank="绩溪农商银行", account=f"62170000{family.number:08d}", holder=first.name
        )

    def _member(self, file: Household, someone: Someone, place: int) -> Member:
        self.born[someone.birth_date] += 1
        digits = f"341899{someone.birth_date:%Y%m%d}{self.born[someone.birth_date] * 2 + 1:03d}"
        person = Person.objects.create(
            name=someone.name, sex="male", birth_date=someone.birth_date, id_number=digits + check_digit(digits)
        )
        if someone.severe:
            Disability.objects.create(person=person, kind="physical", level=1)
        return Member.objects.create(
            household=file, person=person, relation=someone.relation, joined_on=self.on, order=place
        )

    def say_income(self, family: Family, yearly: int, *, on: date) -> None:
        """Make the family's income of a year this sum; the head's."""
        head = self.members[family.people[0].key]
        rows = [households.IncomeData(head, "wage", Decimal(yearly))] if yearly else []
        households.save_incomes(self.file(family), year=YEAR, rows=rows, by=self.clerk_of(family), at=at(on))

    def tell(self, family: Family, happening: Happening) -> None:
        """Write one happening into the family's file; what is decided on it is not told here."""
        tell = getattr(self, f"_{happening.kind}", None)
        if tell is not None:
            tell(family, happening)

    def _income(self, family: Family, happening: Happening) -> None:
        self.say_income(family, happening.yearly, on=happening.on)

    def _birth(self, family: Family, happening: Happening) -> None:
        child = _person(family, happening.person)
        parents = [self.members[person.key] for person in family.people[:2] if person.relation in ("head", "spouse")]
        typed = data(
            child.name, "child", id_number="", sex="male", birth_date=child.birth_date, missing_id_reason="newborn"
        )
        alive = [parent for parent in parents if Member.objects.get(pk=parent.pk).left_on is None]
        self.members[child.key] = households.record_birth(
            self.file(family),
            child=typed,
            parents=alive,
            by=self.clerk_of(family),
            on=happening.on,
            at=at(happening.on),
        )

    def _death(self, family: Family, happening: Happening) -> None:
        person = _person(family, happening.person)
        assert person.died_on is not None
        member = Member.objects.get(pk=self.members[person.key].pk)
        households.record_death(member, died_on=person.died_on, by=self.clerk_of(family), at=at(happening.on))

    def _move(self, family: Family, happening: Happening) -> None:
        there = 1 - self.places[family.number]
        moved = households.propose_transfer(
            self.file(family),
            area=area(VILLAGES[there]),
            address="新居",
            by=self.clerk_of(family),
            on=happening.on,
            at=at(happening.on),
        )
        households.accept_transfer(moved, by=self.offices[there].clerk, on=happening.on, at=at(happening.on))
        self.places[family.number] = there

    def in_order(self, family: Family) -> Iterator[tuple[Someone, Member]]:
        """The family's living members in the order of the list, each with their row."""
        for person in family.people:
            if person.key in self.members:
                member = Member.objects.select_related("person").get(pk=self.members[person.key].pk)
                if member.left_on is None:
                    yield person, member


def _person(family: Family, key: str) -> Someone:
    return next(person for person in family.people if person.key == key)
