"""The family as it stands on the page: what was typed over what is recorded, faulty rows as recorded or left out."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any, TypeVar

from eligibility.facts import FamilyRows, MemberRows
from households.models import Disability, Expense, Household, Income, Member, Person, Property, Supporter
from one_window.facts import OnThePage
from one_window.forms.page import ROW_TITLES, IntakeForms

Row = TypeVar("Row")
_ASSESSED = ("residence", "income_stable")
"""Facts of the family itself that the assessment takes."""


def on_the_page(forms: IntakeForms) -> OnThePage:
    """The sent page over what is recorded; nothing is written, the rows of it are never saved."""
    facts, stored, faults = forms.facts, forms.facts.rows, list[str]()
    household = _household(forms, faults)
    present = _overlaid(forms, "members", {row.member.pk: row for row in stored.members}, _member, faults)
    earned = {income.pk: income for row in stored.members for income in row.incomes}
    incomes = _overlaid(forms, "incomes", earned, _income, faults)
    expenses = _overlaid(forms, "expenses", {row.pk: row for row in stored.expenses}, _expense, faults)
    owned = _owned(forms, stored.owned, faults)
    owing = {supporter.pk: supporter for row in stored.members for supporter in row.supporters}
    supporters = _overlaid(forms, "supporters", owing, _supporter, faults)
    members = [
        replace(
            _with_supporters_known(forms, row),
            incomes=[income for income in incomes if income.member_id == row.member.pk],
            supporters=[supporter for supporter in supporters if supporter.member_id == row.member.pk],
        )
        for row in present
    ]
    rows = FamilyRows(household, members, expenses, owned)
    ticked = forms.data.getlist("application-schemes") if forms.data is not None else []
    return OnThePage(rows, [scheme for scheme in ticked if scheme in {*facts.openable, *facts.schemes}], faults)


def _overlaid(
    forms: IntakeForms,
    name: str,
    recorded: dict[int, Row],
    made: Callable[[Any, Row | None, int], Row],
    faults: list[str],
) -> list[Row]:
    """Recorded rows as the page has them, then new ones; what is removed is gone, what the page lacks stays."""
    rows = getattr(forms, name)
    rows.is_valid()
    waiting, kept = dict(recorded), list[Row]()
    for number, form in enumerate(rows.forms, start=1):
        row = waiting.pop(_key(form), None)  # type: ignore[arg-type]
        if form.cleaned_data.get("DELETE"):
            continue
        if not form.has_changed():
            kept += [] if row is None else [row]
            continue
        if form.is_valid():
            kept.append(made(form, row, number))
            continue
        faults.append(_fault(f"{ROW_TITLES[name]}第{number}行", form, is_new=row is None))
        if row is not None:
            kept.append(row)
    faults.extend(f"{ROW_TITLES[name]}：{text}" for text in rows.non_form_errors())
    return [*waiting.values(), *kept]


def _key(form: Any) -> int | None:
    member = getattr(form, "member", None)
    key: int | None = form.cleaned_data.get("id") if member is None else member.pk
    return key


def _fault(what: str, form: Any, *, is_new: bool) -> str:
    """A short sentence of what could not be taken; of what nobody typed yet it is no fault."""
    is_wrong = any(form[name].data for name in form.errors if name in form.fields)
    return f"{what}{'有错' if is_wrong else '没有填完'}，{'暂未计入' if is_new else '暂按已保存的计入'}"


def _member(form: Any, row: MemberRows | None, number: int) -> MemberRows:
    """A member as typed; somebody new has a key below zero."""
    data = form.member_data()
    person = copy(row.member.person) if row else Person()
    person.name, person.sex, person.birth_date = data.name, data.sex, data.birth_date
    _set(person, data.facts)
    member = copy(row.member) if row else Member(pk=-number)
    member.person, member.relation = person, data.relation
    _set(member, data.standing)
    disability = Disability(**data.disability) if data.disability else None
    return MemberRows(member, disability=disability, kin=row.kin if row else ())


def _set(row: Any, values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _with_supporters_known(forms: IntakeForms, row: MemberRows) -> MemberRows:
    forms.known.is_valid()
    known = forms.known.is_known(row.member)
    if known == row.member.supporters_known:
        return row
    member = copy(row.member)
    member.supporters_known = known
    return replace(row, member=member)


def _income(form: Any, row: Income | None, number: int) -> Income:
    data = form.row()
    return Income(member=data.member, kind=data.kind, yearly_amount=data.yearly_amount)


def _expense(form: Any, row: Expense | None, number: int) -> Expense:
    data = form.row()
    return Expense(member=data.member, kind=data.kind, yearly_amount=data.yearly_amount)


def _supporter(form: Any, row: Supporter | None, number: int) -> Supporter:
    data = form.row()
    facts = {name: value for name, value in data.facts.items() if name not in ("id_number", "phone")}
    return Supporter(member_id=form.cleaned_data["member"], birth_date=data.birth_date, **facts)


def _household(forms: IntakeForms, faults: list[str]) -> Household:
    form, household = forms.household, copy(forms.facts.household)
    form.is_valid()
    _set(household, {name: form.cleaned_data[name] for name in _ASSESSED if name in form.cleaned_data})
    if form.errors.keys() & set(_ASSESSED):
        faults.append(_fault("一、家庭", form, is_new=False))
    return household


def _owned(forms: IntakeForms, recorded: Property | None, faults: list[str]) -> Property | None:
    form = forms.owned
    if not form.is_valid():
        faults.append(_fault("四、财产", form, is_new=recorded is None))
        return recorded
    return Property(**form.facts()) if form.has_changed() else recorded
