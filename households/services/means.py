"""Incomes, approved spending, property and supporters: rows are replaced, what is dropped is voided with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from households.models import Attachment, Expense, Household, Income, Member, Property, Supporter
from households.queries import expenses_of
from households.services.checks import (
    NotAllowedNow,
    check_attachment,
    current_member,
    open_for,
    save_checked,
    touch,
)
from households.services.people import check_allowed
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
def save_incomes(
    household: Household,
    *,
    year: int,
    rows: Iterable[IncomeData],
    by: Staff,
    at: datetime,
    version: int | None = None,
) -> None:
    """Make the incomes of a year these rows (收入; F57 §13); rows left out are voided, nothing is deleted.

    :param version: the version of the family that the rows were typed over.
    :raises StaleVersion: somebody else saved first.
    """
    household = open_for(household, by=by, version=version)
    current = Income.objects.filter(member__household=household, member__left_on=None, year=year, voided_at=None)
    known = {row.pk: row for row in current.select_related("member", "evidence")}
    for data in rows:
        _check_of_family(household, data)
        _write_row(known, Income(year=year, entered_by=by), data, by=by)
    _void(known.values(), at=at)
    touch(household)


@transaction.atomic
def save_expenses(
    household: Household,
    *,
    year: int,
    rows: Iterable[ExpenseData],
    by: Staff,
    at: datetime,
    version: int | None = None,
) -> None:
    """Make the approved spending of a year these rows (刚性支出、就业成本; F57 §13).

    :param version: the version of the family that the rows were typed over.
    :raises StaleVersion: somebody else saved first.
    """
    household = open_for(household, by=by, version=version)
    known = {row.pk: row for row in expenses_of(household, year=year).select_related("member", "evidence")}
    for data in rows:
        _check_of_family(household, data)
        if data.claimed_yearly_amount is not None and data.yearly_amount > data.claimed_yearly_amount:
            raise NotAllowedNow("核减额不能超过申报额。", field="yearly_amount")
        _write_row(known, Expense(year=year, entered_by=by, household=household), data, by=by)
    _void(known.values(), at=at)
    touch(household)


@transaction.atomic
def save_property(household: Household, *, facts: Mapping[str, Any], by: Staff, version: int | None = None) -> Property:
    """Record the family's property (财产; F57 §14).

    :raises StaleVersion: somebody else saved first.
    """
    household = open_for(household, by=by, version=version)
    check_allowed(facts, PROPERTY_FACTS)
    record = Property.objects.filter(household=household).first() or Property(household=household)
    for name, value in facts.items():
        setattr(record, name, value)
    record.entered_by = by
    save_checked(record)
    touch(household)
    return record


@transaction.atomic
def save_supporters(
    member: Member,
    *,
    rows: Iterable[SupporterData],
    known_all: bool,
    by: Staff,
    on: date,
    version: int | None = None,
) -> None:
    """Make a member's legal supporters outside the family these rows (法定义务人; F43 §8).

    :param known_all: staff have established that there is nobody else.
    :raises StaleVersion: somebody else saved first.
    """
    household = open_for(member.household, by=by, version=version)
    member = current_member(member, of=household)
    current = {row.pk: row for row in member.supporters.filter(ended_on=None)}
    for data in rows:
        check_allowed(data.facts, SUPPORTER_FACTS)
        supporter = current.pop(data.pk or 0, None) or Supporter(member=member)
        typed = {"name": data.name, "relation": data.relation, "birth_date": data.birth_date, **data.facts}
        if supporter.pk is None or any(getattr(supporter, name) != value for name, value in typed.items()):
            supporter.entered_by = by
        for name, value in typed.items():
            setattr(supporter, name, value)
        save_checked(supporter)
    for supporter in current.values():
        supporter.ended_on = on
        supporter.save(update_fields=["ended_on"])
    member.supporters_known = known_all
    member.save(update_fields=["supporters_known"])
    touch(household)


def _check_of_family(household: Household, data: IncomeData | ExpenseData) -> None:
    check_attachment(data.evidence, of=household)
    if data.member is not None and data.member.household_id != household.pk:
        raise ValueError("a row names a member of another family")
    if data.member is not None and data.member.left_on:
        raise NotAllowedNow(f"{data.member.person}已不在这个家庭里，请刷新后再办。", field="member")


def _write_row(known: dict[int, Any], fresh: Income | Expense, data: IncomeData | ExpenseData, *, by: Staff) -> None:
    """Write one row; a row that changed keeps its history, and who typed it before, by trigger."""
    row = known.pop(data.pk, fresh) if data.pk else fresh
    changed = row is fresh
    for name, value in vars(data).items():
        if name != "pk" and getattr(row, name, None) != value:
            setattr(row, name, value)
            changed = True
    if changed:
        row.entered_by = by
        save_checked(row)


def _void(rows: Iterable[Any], *, at: datetime) -> None:
    for row in rows:
        row.voided_at, row.voided_reason = at, "录入人删除"
        row.save(update_fields=["voided_at", "voided_reason"])
