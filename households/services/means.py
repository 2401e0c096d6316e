"""Incomes, approved spending, property and supporters: rows are replaced, what is dropped is voided with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from households.models import Attachment, Expense, Household, Income, Member, Property, Supporter
from households.permissions import check_can_change
from households.services.families import NotAllowedNow, lock, touch
from organizations.models import Staff


@dataclass(frozen=True)
class IncomeData:
    """One income row as typed; ``pk`` of the row it corrects, or ``None`` for a new one."""

    member: Member
    kind: str
    yearly_amount: Decimal
    label: str = ""
    evidence_note: str = ""
    evidence: Attachment | None = None
    pk: int | None = None


@dataclass(frozen=True)
class ExpenseData:
    """One spending row as typed: what is claimed, and what is approved (``yearly_amount``)."""

    member: Member | None
    kind: str
    yearly_amount: Decimal
    claimed_yearly_amount: Decimal | None = None
    label: str = ""
    evidence_note: str = ""
    evidence: Attachment | None = None
    pk: int | None = None


@dataclass(frozen=True)
class SupporterData:
    """One legal supporter outside the family, as typed."""

    name: str
    relation: str
    birth_date: date
    facts: Mapping[str, Any]
    pk: int | None = None


SUPPORTER_FACTS = frozenset(
    "id_number phone status disability_kind disability_level yearly_income incapacity property_within_limit".split()
)
PROPERTY_FACTS = frozenset("financial_assets vehicles vehicle_value houses businesses exempted note".split())


@transaction.atomic
def save_incomes(household: Household, *, year: int, rows: Iterable[IncomeData], by: Staff, at: datetime) -> None:
    """Make the incomes of a year these rows (收入; F57 §13); rows left out are voided, nothing is deleted."""
    household = _open(household, by=by)
    known = {row.pk: row for row in Income.objects.filter(member__household=household, year=year, voided_at=None)}
    for data in rows:
        _check_of_family(household, data.member)
        _write_row(known, Income(year=year, entered_by=by), data)
    _void(known.values(), at=at)
    touch(household)


@transaction.atomic
def save_expenses(household: Household, *, year: int, rows: Iterable[ExpenseData], by: Staff, at: datetime) -> None:
    """Make the approved spending of a year these rows (刚性支出、就业成本; F57 §13)."""
    household = _open(household, by=by)
    known = {row.pk: row for row in household.expenses.filter(year=year, voided_at=None)}
    for data in rows:
        _check_of_family(household, data.member)
        if data.claimed_yearly_amount is not None and data.yearly_amount > data.claimed_yearly_amount:
            raise NotAllowedNow("核减额不能超过申报额。", field="yearly_amount")
        _write_row(known, Expense(year=year, entered_by=by, household=household), data)
    _void(known.values(), at=at)
    touch(household)


@transaction.atomic
def save_property(household: Household, *, facts: Mapping[str, Any], by: Staff) -> Property:
    """Record the family's property (财产; F57 §14)."""
    household = _open(household, by=by)
    if unknown := facts.keys() - PROPERTY_FACTS:
        raise ValueError(f"fields not open to editing: {sorted(unknown)}")
    record, _ = Property.objects.update_or_create(household=household, defaults=dict(facts))
    touch(household)
    return record


@transaction.atomic
def save_supporters(member: Member, *, rows: Iterable[SupporterData], known_all: bool, by: Staff, on: date) -> None:
    """Make a member's legal supporters outside the family these rows (法定义务人; F43 §8).

    :param known_all: staff have established that there is nobody else.
    """
    household = _open(member.household, by=by)
    current = {row.pk: row for row in member.supporters.filter(ended_on=None)}
    for data in rows:
        if unknown := data.facts.keys() - SUPPORTER_FACTS:
            raise ValueError(f"fields not open to editing: {sorted(unknown)}")
        supporter = current.pop(data.pk or 0, None) or Supporter(member=member)
        supporter.name, supporter.relation, supporter.birth_date = data.name, data.relation, data.birth_date
        for name, value in data.facts.items():
            setattr(supporter, name, value)
        supporter.save()
    for supporter in current.values():
        supporter.ended_on = on
        supporter.save(update_fields=["ended_on"])
    member.supporters_known = known_all
    member.save(update_fields=["supporters_known"])
    touch(household)


def _open(household: Household, *, by: Staff) -> Household:
    household = lock(household)
    check_can_change(by, household)
    return household


def _check_of_family(household: Household, member: Member | None) -> None:
    if member is not None and member.household_id != household.pk:
        raise ValueError("a row names a member of another family")


def _write_row(known: dict[int, Any], fresh: Model, data: IncomeData | ExpenseData) -> None:
    """Write one row; a row that changed keeps its history by trigger."""
    row = known.pop(data.pk, fresh) if data.pk else fresh
    changed = row is fresh
    for name, value in vars(data).items():
        if name != "pk" and getattr(row, name, None) != value:
            setattr(row, name, value)
            changed = True
    if changed:
        row.save()


def _void(rows: Iterable[Any], *, at: datetime) -> None:
    for row in rows:
        row.voided_at, row.voided_reason = at, "录入人删除"
        row.save(update_fields=["voided_at", "voided_reason"])
