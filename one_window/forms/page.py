"""The sections of the page, bound together: one save keeps them all, a fault in one loses nothing of the others."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from foundation.errors import ServiceError
from foundation.pages import StaleRow, show_refusal, stale_rows
from households.forms import HouseholdForm, PropertyForm
from households.forms.means import ExpenseRows, IncomeRows
from households.models.means import Supporter
from households.services.means import SUPPORTER_FACTS
from one_window.forms.application import ApplicationForm, IntakeAccountForm, IntakeAgentForm
from one_window.forms.rows import SupportersKnown, member_rows, supporter_rows
from one_window.queries import IntakeFacts

SECTIONS = {
    "family": ("household",),
    "members": ("members",),
    "means": ("incomes", "expenses"),
    "property": ("owned",),
    "supporters": ("supporters", "known"),
    "payee": ("account", "agent"),
    "application": ("application",),
}
"""Anchors of the page in the order of the paper form, with the forms in each."""
_ROWS = ("members", "incomes", "expenses", "supporters")


class PageForm(forms.Form):
    """What the page was made from: the family's version and the accounting year of the amounts."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2000, max_value=2100)


class IntakeForms:
    """Every form of the page, to show or as sent.

    :param data: what was sent; None to show what is recorded.
    """

    def __init__(self, facts: IntakeFacts, data: QueryDict | None = None) -> None:
        self.facts, self.data = facts, data
        whole: dict[str, Any] = {"empty_permitted": True, "use_required_attribute": False}
        household = facts.household
        self.page = PageForm(data, prefix="page", initial={"version": household.version, "year": facts.year})
        self.household = HouseholdForm(data, prefix="household", household=household, **whole)
        del self.household.fields["version"]
        self.members = member_rows(facts.members, data)
        rows = {"members": facts.members, "papers": facts.attachments}
        self.incomes: Any = IncomeRows(data, prefix="incomes", initial=self._in_order("incomes"), form_kwargs=rows)
        self.expenses: Any = ExpenseRows(data, prefix="expenses", initial=self._in_order("expenses"), form_kwargs=rows)
        self.owned = PropertyForm(data, prefix="owned", initial=_owned(facts), **whole)
        del self.owned.fields["version"]
        self.supporters = supporter_rows(self._in_order("supporters"), facts.members, data)
        self.known = SupportersKnown(data, prefix="known", members=facts.members, **whole)
        self.account = IntakeAccountForm(data, prefix="account", facts=facts, **whole)
        self.agent = IntakeAgentForm(data, prefix="agent", facts=facts, **whole)
        self.application = ApplicationForm(data, prefix="application", facts=facts, **whole)

    def _in_order(self, prefix: str) -> list[dict[str, Any]]:
        """Recorded rows in the order in which they were sent, so that each is compared with itself."""
        stored = {row["id"]: row for row in _STORED[prefix](self.facts)}
        if self.data is None:
            return list(stored.values())
        count = self.data.get(f"{prefix}-INITIAL_FORMS", "")
        keys = [self.data.get(f"{prefix}-{n}-id", "") for n in range(int(count) if count.isdecimal() else 0)]
        return [stored.get(int(key), {}) if key.isdecimal() else {} for key in keys]

    def by_name(self) -> dict[str, Any]:
        """The forms and formsets by name."""
        names = [name for section in SECTIONS.values() for name in section]
        return {name: getattr(self, name) for name in names}

    def changed(self) -> set[str]:
        """Names of what differs from what is recorded."""
        return {name for name, form in self.by_name().items() if form.has_changed()}

    def is_valid(self) -> bool:
        """Whether everything that was changed may be saved; every fault is found at once."""
        return all([self.page.is_valid(), *(form.is_valid() for form in self.by_name().values())])

    def faulty(self) -> list[Any]:
        """Forms and formsets with faults, for the summary."""
        return [form for form in self.by_name().values() if not form.is_valid()]

    def show(self, error: ServiceError, name: str, row: int | None) -> None:
        """Put a service's refusal beside its field."""
        form = self.by_name()[name]
        show_refusal(form if row is None else form.forms[row], error)

    def is_stale(self) -> bool:
        """Whether somebody else saved the family since the page was opened."""
        return self.page.is_valid() and self.page.cleaned_data["version"] != self.facts.household.version

    # --- Two versions ---------------------------------------------------------------------------------------

    def merged(self) -> "IntakeForms":
        """The page as sent, over what is recorded now: rows that somebody else added join it, none is lost."""
        assert self.data is not None  # noqa: S101 -- only what was sent can be stale
        data = self.data.copy()
        shown = IntakeForms(self.facts)
        for prefix in _ROWS:
            _add_missing_rows(data, prefix, getattr(shown, prefix))
        data["page-version"] = str(self.facts.household.version)
        return IntakeForms(self.facts, data)

    def differences(self) -> list[StaleRow]:
        """Fields in which what was typed differs from what is recorded now."""
        rows = [row for form, label in self._single_forms() for row in _labelled(form, label) if row.differs]
        return rows

    def _single_forms(self) -> Iterator[tuple[Any, str]]:
        for name, form in self.by_name().items():
            if name in _ROWS:
                for number, row in enumerate(form.initial_forms, start=1):
                    yield row, f"{_TITLES[name]}第{number}行 "
            else:
                yield form, ""


_TITLES = {"members": "成员", "incomes": "收入", "expenses": "支出", "supporters": "法定义务人"}


def _labelled(form: Any, label: str) -> list[StaleRow]:
    return [
        StaleRow(row.field, row.html_name, f"{label}{row.label}", row.mine, row.theirs, row.theirs_raw)
        for row in stale_rows(form, {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields})
        if row.field not in ("id", "DELETE")
    ]


def _add_missing_rows(data: QueryDict, prefix: str, shown: Any) -> None:
    count = int(data.get(f"{prefix}-TOTAL_FORMS") or 0)
    sent = {data.get(f"{prefix}-{n}-id") for n in range(count)}
    for form in shown.initial_forms:
        if str(form["id"].value()) in sent:
            continue
        for name in form.fields:
            value = form[name].value()
            key = f"{prefix}-{count}-{name}"
            if isinstance(value, list):
                data.setlist(key, [str(item) for item in value])
            elif value not in (None, False, ""):
                data[key] = "on" if value is True else str(value)
        count += 1
    data[f"{prefix}-TOTAL_FORMS"] = str(count)


def _amount_rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in ("id", "label", "kind", "yearly_amount", "evidence_note", *names)}
        | {"member": str(row.member_id or ""), "evidence": str(row.evidence_id or "")}
        for row in rows
    ]


def _supporter(row: Supporter) -> dict[str, Any]:
    names = {"id", "name", "relation", "birth_date", *SUPPORTER_FACTS} - {"id_number", "phone"}
    sealed = {"id_number_sealed": str(row.id_number or ""), "phone_sealed": str(row.phone or "")}
    return {name: getattr(row, name) for name in names} | {"member": row.member_id} | sealed


_STORED: Mapping[str, Any] = {
    "incomes": lambda facts: _amount_rows(facts.incomes),
    "expenses": lambda facts: _amount_rows(facts.expenses, "claimed_yearly_amount"),
    "supporters": lambda facts: [_supporter(row) for row in facts.supporters],
}


def _owned(facts: IntakeFacts) -> dict[str, Any]:
    names = ("financial_assets", "vehicles", "vehicle_value", "houses", "businesses", "exempted", "note")
    if facts.owned is None:
        return {"vehicles": 0, "houses": 0, "businesses": 0, "vehicle_value": "0.00"}
    return {name: getattr(facts.owned, name) for name in names}
