"""A family's rows as the facts that the rules assess; the only reader of ``households`` in this room.

Rows are what is recorded, or what stands on a page and is not saved yet: both go through the same mapping.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Q

from households.models import Disability, Expense, Household, Income, Kinship, Member, Property, Supporter

Document = dict[str, Any]
RowT = TypeVar("RowT")


@dataclass(frozen=True)
class MemberRows:
    """One member with their person, and what is said of them on the day."""

    member: Member
    disability: Disability | None = None
    kin: Sequence[Kinship] = ()
    incomes: Sequence[Income] = ()
    supporters: Sequence[Supporter] = ()


@dataclass(frozen=True)
class FamilyRows:
    """A family on a day, recorded or typed; the rows need not be saved, a new member has a key of its own."""

    household: Household
    members: Sequence[MemberRows]
    expenses: Sequence[Expense] = ()
    owned: Property | None = None


def household_facts(household: Household, *, on: date, year: int) -> Document:
    """The family as recorded on a day as the assessment's input (试算输入), by member reference.

    :param on: day of the assessment; who joined later or left by then is left out.
    :param year: accounting year (核算年度) of incomes and approved spending.
    """
    return facts_of(stored_rows(household, on=on, year=year), on=on)


def stored_rows(household: Household, *, on: date, year: int) -> FamilyRows:
    """What is recorded of a family on a day; a fixed number of queries whatever its size."""
    return FamilyRows(
        household=household,
        members=_members_on(Q(household=household), on=on, year=year),
        expenses=list(Expense.objects.filter(household=household, year=year, voided_at=None)),
        owned=Property.objects.filter(household=household).first(),
    )


def families_facts(keys: Collection[int], *, on: date, year: int) -> dict[int, Document]:
    """The same for many families by their keys, in a fixed number of queries however many they are.

    Who has no member on the day is left out.
    """
    members: dict[int, list[MemberRows]] = {}
    for rows in _members_on(Q(household__in=keys), on=on, year=year):
        members.setdefault(rows.member.household_id, []).append(rows)
    expenses = _grouped(Expense.objects.filter(household__in=keys, year=year, voided_at=None), "household_id")
    owned = {row.household_id: row for row in Property.objects.filter(household__in=keys)}
    return {
        household.pk: facts_of(
            FamilyRows(
                household=household,
                members=members[household.pk],
                expenses=expenses.get(household.pk, ()),
                owned=owned.get(household.pk),
            ),
            on=on,
        )
        for household in Household.objects.filter(pk__in=members).select_related("area")
    }


def facts_of(rows: FamilyRows, *, on: date) -> Document:
    """Rows as the assessment's input (试算输入), by member reference, without names and ID numbers."""
    household = rows.household
    references = {row.member.person_id: row.member.reference for row in rows.members}
    present = {None, *(row.member.pk for row in rows.members)}
    return {
        "on": on.isoformat(),
        "area": household.area.code,
        # What is not read back yet still holds the choice itself, not its word.
        "residence": str(household.residence),
        "income_stable": household.income_stable,
        "members": [_member(row, references) for row in rows.members],
        # Spending of a person who is not in the family on the day is left out.
        "expenses": [_expense(expense) for expense in rows.expenses if expense.member_id in present],
        "property": _property(rows.owned),
    }


def _members_on(of_family: Q, *, on: date, year: int) -> list[MemberRows]:
    """Members of some families on a day, with what is said of each; five queries however many they are."""
    in_force = Q(ended_on=None) | Q(ended_on__gt=on)
    present = Member.objects.filter(Q(left_on=None) | Q(left_on__gt=on), of_family, joined_on__lte=on)
    members = list(present.select_related("person").order_by("order", "pk"))
    keys, people = [member.pk for member in members], [member.person_id for member in members]
    disabilities = _grouped(Disability.objects.filter(in_force, person__in=people).order_by("pk"), "person_id")
    kin = _grouped(Kinship.objects.filter(in_force, person__in=people).order_by("pk"), "person_id")
    incomes = _grouped(Income.objects.filter(member__in=keys, year=year, voided_at=None), "member_id")
    supporters = _grouped(Supporter.objects.filter(in_force, member__in=keys), "member_id")
    return [
        MemberRows(
            member,
            disability=next(reversed(disabilities.get(member.person_id, ())), None),
            kin=kin.get(member.person_id, ()),
            incomes=incomes.get(member.pk, ()),
            supporters=supporters.get(member.pk, ()),
        )
        for member in members
    ]


def _grouped(rows: Iterable[RowT], key: str) -> dict[int, list[RowT]]:
    """Rows by what they belong to: of thousands at once the framework's own prefetching takes most of the time."""
    found: dict[int, list[RowT]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def _member(row: MemberRows, references: Mapping[int, str]) -> Document:
    member, person = row.member, row.member.person
    document: Document = {
        "id": member.reference,
        "birth_date": person.birth_date.isoformat(),
        "sex": person.sex,
        "relation": str(member.relation),
        "lives_together": member.lives_together,
        "cannot_live_alone": member.cannot_live_alone,
        "applies_alone": member.applies_alone,
        "serious_illness": person.serious_illness,
        "schooling": person.schooling,
        "self_care": person.self_care,
        "support_mode": person.support_mode,
        "tekun_since_minor": person.tekun_since_minor,
        "incomes": [_income(income) for income in row.incomes],
    }
    optional = {
        "shares_support": member.shares_support,
        "not_counted": member.not_counted or None,
        "labour_capacity": person.labour_capacity or None,
        "disability": _disability_of(row.disability),
        **_kinship(row.kin, references),
        "supporters": [_supporter(supporter) for supporter in row.supporters] if member.supporters_known else None,
    }
    return document | {key: value for key, value in optional.items() if value is not None}


def _disability_of(row: Disability | None) -> Document | None:
    return None if row is None else _disability(row.kind, row.level, row.components)


def _disability(kind: str, level: int, components: list[Document] | None = None) -> Document:
    stated = {"components": components} if kind == "multiple" and components else {}
    return {"kind": kind, "level": level, **stated}


def _kinship(rows: Sequence[Kinship], references: Mapping[int, str]) -> Document:
    """Kin as recorded, by reference; parents recorded who are not in the family leave an empty list, not a guess."""
    spouses = [references[row.relative_id] for row in rows if row.kind == "spouse" and row.relative_id in references]
    parents = [row.relative_id for row in rows if row.kind == "parent"]
    return {
        "spouse_id": spouses[0] if spouses else None,
        "parent_ids": [references[parent] for parent in parents if parent in references] if parents else None,
    }


def _income(income: Income) -> Document:
    return {"kind": income.kind, "yearly": _money(income.yearly_amount)}


def _supporter(supporter: Supporter) -> Document:
    document: Document = {
        "birth_date": supporter.birth_date.isoformat(),
        "status": supporter.status,
        "yearly_income": _money(supporter.yearly_income),
        "incapacity": supporter.incapacity,
        "property_within_limit": supporter.property_within_limit,
    }
    if supporter.disability_level is not None:
        document["disability"] = _disability(supporter.disability_kind, supporter.disability_level)
    return document


def _expense(expense: Expense) -> Document:
    document = {"kind": expense.kind, "yearly": _money(expense.yearly_amount)}
    return document if expense.member_id is None else document | {"member": f"m{expense.member_id}"}


def _property(owned: Property | None) -> Document:
    if owned is None:
        return {}
    return {
        "financial_assets": _money(owned.financial_assets),
        "vehicles": owned.vehicles,
        "vehicle_value": _money(owned.vehicle_value),
        "houses": owned.houses,
        "businesses": owned.businesses,
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
