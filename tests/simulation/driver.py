"""Tells the system what befalls the simulated families, through the services that clerks' pages call."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from foundation.identity import check_digit
from households import services as households
from households.models import BankAccount, Disability, Household, Income, Member, Person
from organizations.models import Area, Staff
from organizations.permissions import Role
from tests.households.builders import data
from tests.simulation.world import Family, Happening, Someone, heir
from tests.support.factories import area, make_staff

YEAR = 2025
"""Accounting year of all incomes: what changes is the income, not the year that it is written under."""
VILLAGES = (("341824101200", "341824101203"), ("341824100001", "341824100201"))
"""Two villages of each of the two townships between which families move; the first is where all begin."""
_OF_HEAD = {
    "spouse": {"head": "spouse", "child": "child", "parent": "parent"},
    "parent": {"head": "child", "child": "grandchild", "parent": "spouse"},
    "child": {"head": "parent", "child": "sibling", "parent": "grandparent"},
}
"""与户主关系 of the others once a spouse, a parent or a child of the last head is the head."""


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
        self.members: dict[str, int] = {}
        self.heads: dict[int, str] = {}
        self.places: dict[int, tuple[int, int]] = {}
        """Township and village of each family, as in :data:`VILLAGES`."""
        self.born: Counter[date] = Counter()
        self._areas: dict[str, Area] = {}

    def clerk_of(self, family: Family) -> Staff:
        """The clerk of the township where the family lives."""
        return self.offices[self.places[family.number][0]].clerk

    def file(self, family: Family) -> Household:
        """The family's file as it stands now."""
        return Household.objects.select_related("area").get(pk=self.keys[family.number])

    def _area(self, township: int, village: int) -> Area:
        code = VILLAGES[township][village]
        if code not in self._areas:
            self._areas[code] = area(code)
        return self._areas[code]

    def _member(self, key: str) -> Member:
        return Member.objects.select_related("household__area", "person").get(pk=self.members[key])

    def accounts(self) -> dict[int, tuple[int, str]]:
        """Every family's number and account, by the key of its file."""
        return {key: (number, f"62170000{number:08d}") for number, key in self.keys.items()}

    # --- at the start -----------------------------------------------------------------------------------------------

    def register(self, families: Sequence[Family]) -> None:
        """Families on file with everybody alive at the start, their incomes and accounts; as rows, many at once.

        Five hundred families through the pages' services would take minutes and say nothing of what is paid.
        """
        by, here = self.offices[0].clerk, self._area(0, 0)
        files = Household.objects.bulk_create(
            Household(
                number=f"H101{family.number:06d}",
                area=here,
                address=f"{family.number}号",
                residence="rural",
                registered_by=by,
                registered_at=at(self.on),
            )
            for family in families
        )
        for family, file in zip(families, files, strict=True):
            self.keys[family.number], self.places[family.number] = file.pk, (0, 0)
            self.heads[family.number] = family.people[0].key
        self._register_people([(family, person) for family in families for person in family.people])
        Income.objects.bulk_create(
            Income(
                member_id=self.members[family.people[0].key],
                kind="wage",
                year=YEAR,
                yearly_amount=family.yearly,
                entered_by=by,
            )
            for family in families
            if family.yearly
        )
        self._open_accounts(families)

    def _register_people(self, people: Sequence[tuple[Family, Someone]]) -> None:
        there = [(family, someone) for family, someone in people if someone.joined_on <= self.on]
        persons = Person.objects.bulk_create(self._person(someone) for _, someone in there)
        Disability.objects.bulk_create(
            Disability(person=person, kind="physical", level=1)
            for (_, someone), person in zip(there, persons, strict=True)
            if someone.severe
        )
        members = Member.objects.bulk_create(
            Member(
                household_id=self.keys[family.number],
                person=person,
                relation=someone.relation,
                joined_on=self.on,
                order=family.people.index(someone),
            )
            for (family, someone), person in zip(there, persons, strict=True)
        )
        self.members |= {someone.key: member.pk for (_, someone), member in zip(there, members, strict=True)}

    def _person(self, someone: Someone) -> Person:
        self.born[someone.birth_date] += 1
        digits = f"341899{someone.birth_date:%Y%m%d}{self.born[someone.birth_date] * 2 + 1:03d}"
        return Person(
            name=someone.name, sex="male", birth_date=someone.birth_date, id_number=digits + check_digit(digits)
        )

    def _open_accounts(self, families: Sequence[Family]) -> None:
        accounts = self.accounts()
        BankAccount.objects.bulk_create(
            BankAccount(
                household_id=self.keys[family.number],
                bank="绩溪农商银行",
                account=accounts[self.keys[family.number]][1],
                holder=family.people[0].name,
            )
            for family in families
        )

    # --- later ------------------------------------------------------------------------------------------------------

    def tell(self, family: Family, happening: Happening, families: Sequence[Family]) -> None:
        """Write one happening into the family's file; what is decided on it is not told here."""
        if happening.kind == "split":
            self._split(family, happening, families[happening.founds])
            return
        tell = getattr(self, f"_{happening.kind}", None)
        if tell is not None:
            tell(family, happening)

    def _income(self, family: Family, happening: Happening) -> None:
        head = self._member(self.heads[family.number])
        rows = [households.IncomeData(head, "wage", Decimal(happening.yearly))] if happening.yearly else []
        households.save_incomes(self.file(family), year=YEAR, rows=rows, by=self.clerk_of(family), at=at(happening.on))

    def _birth(self, family: Family, happening: Happening) -> None:
        child = _someone(family, happening.person)
        typed = data(
            child.name, "child", id_number="", sex="male", birth_date=child.birth_date, missing_id_reason="newborn"
        )
        parents = Member.objects.filter(pk__in=[self.members[person.key] for person in family.people[:2]], left_on=None)
        born = households.record_birth(
            self.file(family),
            child=typed,
            parents=parents,
            by=self.clerk_of(family),
            on=happening.on,
            at=at(happening.on),
        )
        self.members[child.key] = born.pk

    def _death(self, family: Family, happening: Happening) -> None:
        person = _someone(family, happening.person)
        assert person.died_on is not None
        if self.heads[family.number] == person.key:
            self._name_another_head(family, person, on=happening.on)
        households.record_death(
            self._member(person.key), died_on=person.died_on, by=self.clerk_of(family), at=at(happening.on)
        )

    def _name_another_head(self, family: Family, last: Someone, *, on: date) -> None:
        """A head who died is followed by another before the death is recorded, as the page asks."""
        keys = {self.members[person.key]: person for person in family.people if person.key in self.members}
        file = self.file(family)
        here = {keys[pk].key: pk for pk in file.members.filter(left_on=None).values_list("pk", flat=True)}
        others = [person for person in family.people if person.key in here and person is not last]
        if not others:
            return
        head = heir(others)
        relations = {
            here[person.key]: _OF_HEAD[head.relation]["head" if person is last else person.relation]
            for person in (last, *others)
            if person is not head
        }
        households.change_head(
            file,
            member=self._member(head.key),
            relations=relations,
            by=self.clerk_of(family),
            on=on,
            at=at(on),
        )
        self.heads[family.number] = head.key

    def _split(self, family: Family, happening: Happening, new: Family) -> None:
        by, on = self.clerk_of(family), happening.on
        spouse = self._member(happening.leaving[0])
        households.divorce(spouse, by=by, on=on, at=at(on))
        township, village = self.places[family.number]
        leaving = {self.members[key]: "head" if key == happening.leaving[0] else "child" for key in happening.leaving}
        file = households.split_household(
            self.file(family),
            leaving=leaving,
            area=self._area(township, village),
            address=f"{new.number}号",
            by=by,
            on=on,
            at=at(on),
        )
        self.keys[new.number], self.places[new.number] = file.pk, (township, village)
        self.heads[new.number] = happening.leaving[0]
        known = {member.person_id: member.pk for member in file.members.all()}
        people = Member.objects.in_bulk(leaving)
        self.members |= {key: known[people[self.members[key]].person_id] for key in happening.leaving}
        self._open_accounts([new])

    def _move(self, family: Family, happening: Happening) -> None:
        there = 1 - self.places[family.number][0]
        on = happening.on
        moved = households.propose_transfer(
            self.file(family),
            area=self._area(there, 0),
            address="新居",
            by=self.clerk_of(family),
            on=on,
            at=at(on),
        )
        households.accept_transfer(moved, by=self.offices[there].clerk, on=on, at=at(on))
        self.places[family.number] = (there, 0)

    def _village(self, family: Family, happening: Happening) -> None:
        township, village = self.places[family.number]
        on, there = happening.on, 1 - village
        households.move(
            self.file(family),
            area=self._area(township, there),
            address="新居",
            by=self.clerk_of(family),
            on=on,
            at=at(on),
        )
        self.places[family.number] = (township, there)


def _someone(family: Family, key: str) -> Someone:
    return next(person for person in family.people if person.key == key)
