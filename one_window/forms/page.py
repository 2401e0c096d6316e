"""The sections of the page, bound together: one save keeps them all, a fault in one loses nothing of the others."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from foundation.crypto import normal_form
from foundation.errors import ServiceError
from foundation.identity import normalize_id_number
from foundation.pages import StaleRow, fault_lines, show_refusal, stale_rows
from households.forms import HouseholdForm, PropertyForm
from households.forms.families import SEALED
from households.forms.means import ExpenseRows, IncomeRows
from households.models.means import Supporter
from households.services.means import SUPPORTER_FACTS
from one_window.forms.application import ApplicationForm, IntakeAccountForm, IntakeAgentForm
from one_window.forms.rows import MemberRow, SupportersKnown, member_rows, supporter_rows
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
FORMS = tuple(name for names in SECTIONS.values() for name in names)
_ROWS = ("members", "incomes", "expenses", "supporters")
_TOGETHER = {"known": "supporters"}
"""Forms that are kept only with another."""


class PageForm(forms.Form):
    """What the page was made from: the family's version and the accounting year of the amounts."""

    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "页面不完整，请刷新后再填。"})
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2000, max_value=2100)


class IntakeForms:
    """Every form of the page, to show or as sent.

    :param data: what was sent; None to show what is recorded.
    :param typed: names of the forms that show what was sent, the others what is recorded; all, where none are named.
    :param opens: the application must be whole, its papers are wanted.
    """

    def __init__(
        self,
        facts: IntakeFacts,
        data: QueryDict | None = None,
        *,
        typed: Collection[str] | None = None,
        opens: bool = False,
    ) -> None:
        self.facts, self.data = facts, data
        sent = {name: data if typed is None or name in typed else None for name in FORMS}
        whole: dict[str, Any] = {"empty_permitted": True, "use_required_attribute": False}
        household = facts.household
        self.page = PageForm(data, prefix="page", initial={"version": household.version, "year": facts.year})
        self.household = HouseholdForm(sent["household"], prefix="household", household=household, **whole)
        del self.household.fields["version"]
        self.members = member_rows(facts.members, sent["members"])
        rows = {"members": facts.members, "papers": facts.attachments}
        self.incomes: Any = IncomeRows(
            sent["incomes"], prefix="incomes", initial=self._in_order("incomes", sent), form_kwargs=rows
        )
        self.expenses: Any = ExpenseRows(
            sent["expenses"], prefix="expenses", initial=self._in_order("expenses", sent), form_kwargs=rows
        )
        self.owned = PropertyForm(sent["owned"], prefix="owned", initial=_owned(facts), **whole)
        del self.owned.fields["version"]
        self.supporters = supporter_rows(self._in_order("supporters", sent), facts.members, sent["supporters"])
        self.known = SupportersKnown(sent["known"], prefix="known", members=facts.members, **whole)
        self.account = IntakeAccountForm(sent["account"], prefix="account", facts=facts, **whole)
        self.agent = IntakeAgentForm(sent["agent"], prefix="agent", facts=facts, **whole)
        self.application = ApplicationForm(sent["application"], prefix="application", facts=facts, **whole)
        if opens and facts.intake is None:
            self.application.empty_permitted = False

    def _in_order(self, prefix: str, sent: Mapping[str, QueryDict | None]) -> list[dict[str, Any]]:
        """Recorded rows in the order in which they were sent, so that each is compared with itself."""
        stored = {row["id"]: row for row in _STORED[prefix](self.facts)}
        data = sent[prefix]
        if data is None:
            return list(stored.values())
        count = data.get(f"{prefix}-INITIAL_FORMS", "")
        keys = [data.get(f"{prefix}-{n}-id", "") for n in range(int(count) if count.isdecimal() else 0)]
        return [stored.get(int(key), {}) if key.isdecimal() else {} for key in keys]

    def by_name(self) -> dict[str, Any]:
        """The forms and formsets by name."""
        return {name: getattr(self, name) for name in FORMS}

    def faulty(self) -> set[str]:
        """Names of what was sent and has a fault, with what is only kept beside it; every fault is found at once."""
        faulty = {name for name, form in self.by_name().items() if form.is_bound and not form.is_valid()}
        return faulty | _bound_together(faulty)

    def savable(self) -> set[str]:
        """Names of what is sound and differs from what is recorded."""
        changed = {name for name, form in self.by_name().items() if form.has_changed()}
        return (changed | _bound_together(changed)) - self.faulty()

    def show(self, error: ServiceError, name: str, row: int | None) -> None:
        """Put a service's refusal beside its field."""
        form = self.by_name()[name]
        if row is not None:
            show_refusal(form.forms[row], error)
        elif name in _ROWS:
            form.non_form_errors().append(error.message)
        else:
            show_refusal(form, error)

    def faults(self) -> list[tuple[str, str]]:
        """Everything wrong with the page in its order: the id of the field that a line leads to, and its sentence."""
        lines = fault_lines(self.page)
        for name, form in self.by_name().items():
            label = _LABELS[name]
            if name not in _ROWS:
                lines += [(target, f"{label}　{text}") for target, text in fault_lines(form)]
                continue
            if form.is_bound:
                lines += [("", f"{label}　{text}") for text in form.non_form_errors()]
            for number, row in enumerate(form.forms, start=1):
                lines += [(target, f"{label}第{number}行　{text}") for target, text in fault_lines(row)]
        return lines

    def unsaved(self) -> list[str]:
        """Sections of the page (their anchors) in which something stands that is not saved."""
        if self.data is None:
            return []
        return [anchor for anchor, names in SECTIONS.items() if any(self.by_name()[name].is_bound for name in names)]

    def is_stale(self) -> bool:
        """Whether somebody else saved the family since the page was opened."""
        return self.page.is_valid() and self.page.cleaned_data["version"] != self.facts.household.version

    # --- Two versions ---------------------------------------------------------------------------------------

    def merged(self, *, opens: bool = False) -> "IntakeForms":
        """The page as sent, over what is recorded now: rows that somebody else added join it, none is lost."""
        assert self.data is not None  # noqa: S101 -- only what was sent can be stale
        data = self.data.copy()
        shown = IntakeForms(self.facts)
        for prefix in _ROWS:
            _add_missing_rows(data, prefix, getattr(shown, prefix), getattr(self, prefix))
        data["page-version"] = str(self.facts.household.version)
        return IntakeForms(self.facts, data, opens=opens)

    def left_over(self, fresh: IntakeFacts, names: Collection[str], *, opens: bool) -> "IntakeForms":
        """The page after a save that kept some parts: these as typed, all others as recorded now."""
        assert self.data is not None  # noqa: S101 -- nothing sent, nothing left over
        data = self.data.copy()
        data["page-version"] = str(fresh.household.version)
        return IntakeForms(fresh, data, typed={*names, *_bound_together(names)}, opens=opens)

    def differences(self) -> list[StaleRow]:
        """Fields in which what was typed differs from what is recorded now."""
        return [row for form, label, sealed in self._compared() for row in _labelled(form, label, sealed)]

    def _compared(self) -> Iterator[tuple[Any, str, Mapping[str, Any]]]:
        """Every form with what to call its fields, and what is recorded of those that show nothing."""
        household, account, agent = self.facts.household, self.facts.account, self.facts.agent
        sealed: dict[str, dict[str, Any]] = {
            "household": {name: getattr(household, name) for name in SEALED},
            "account": {"account": account.account if account else ""},
            "agent": {name: getattr(agent, name) if agent else "" for name in ("id_number", "phone")},
        }
        for name, form in self.by_name().items():
            if name not in _ROWS:
                yield form, "", sealed.get(name, {})
                continue
            for number, row in enumerate(form.initial_forms, start=1):
                member = getattr(row, "member", None)
                yield row, f"{ROW_TITLES[name]}第{number}行 ", {"id_number": member.person.id_number} if member else {}


ROW_TITLES = {"members": "成员", "incomes": "收入", "expenses": "支出", "supporters": "法定义务人"}
_LABELS = ROW_TITLES | {
    "household": "家庭",
    "owned": "财产",
    "known": "法定义务人",
    "account": "发放账户",
    "agent": "代理人",
    "application": "申请",
}


def _bound_together(names: Collection[str]) -> set[str]:
    """What is kept only with one of these."""
    pairs = _TOGETHER.items()
    return {one for one, other in pairs if other in names} | {other for one, other in pairs if one in names}


def _labelled(form: Any, label: str, sealed: Mapping[str, Any]) -> list[StaleRow]:
    stored = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields if name not in sealed}
    rows = stale_rows(form, {name: value for name, value in stored.items() if name not in ("id", "DELETE")})
    rows = [row for row in rows if row.differs and row.field in form.changed_data]
    rows += [_sealed_row(form, name, secret) for name, secret in sealed.items() if _is_other(form, name, secret)]
    return [
        StaleRow(row.field, row.html_name, f"{label}{row.label}", row.mine, row.theirs, row.theirs_raw) for row in rows
    ]


def _is_other(form: Any, name: str, secret: Any) -> bool:
    """Whether a number was typed that is not the one on record; a field left empty keeps it."""
    typed = normal_form(form[name].data or "")
    return bool(typed) and bool(secret) and typed != normal_form(secret.reveal())


def _sealed_row(form: Any, name: str, secret: Any) -> StaleRow:
    bound = form[name]
    return StaleRow(name, bound.html_name, str(bound.label), str(bound.data), str(secret), "")


def _add_missing_rows(data: QueryDict, prefix: str, shown: Any, typed: Any) -> None:
    count = int(data.get(f"{prefix}-TOTAL_FORMS") or 0)
    sent = {data.get(f"{prefix}-{n}-id") for n in range(count)}
    for form in shown.initial_forms:
        values = _as_sent(form)
        if values["id"][0] in sent:
            continue
        if (row := _row_saying_the_same(form, typed)) is not None:
            # Sent before, and the answer never came: the row is the recorded one, not a second.
            data[f"{prefix}-{row}-id"] = values["id"][0]
            continue
        for name, value in values.items():
            data.setlist(f"{prefix}-{count}-{name}", value)
        count += 1
    data[f"{prefix}-TOTAL_FORMS"] = str(count)


def _as_sent(form: Any) -> dict[str, list[str]]:
    """What a browser sends of a row that shows what is recorded."""
    sent = {}
    for name in form.fields:
        value = form[name].value()
        values = value if isinstance(value, list) else [value]
        if values := ["on" if item is True else str(item) for item in values if item not in (None, False, "")]:
            sent[name] = values
    return sent


def _row_saying_the_same(recorded: Any, typed: Any) -> int | None:
    """The new row that says what is recorded: of a member the same ID number, of others every field."""
    for number, row in enumerate(typed.forms):
        if not row["id"].data and _says_the_same(row, recorded):
            return number
    return None


def _says_the_same(row: Any, recorded: Any) -> bool:
    if isinstance(row, MemberRow):
        number = normalize_id_number(row["id_number"].data or "")
        return bool(number) and number == recorded.member.person.id_number.reveal()
    return not any(
        field.has_changed(recorded.get_initial_for_field(field, name), row[name].data)
        for name, field in recorded.fields.items()
        if name not in ("id", "DELETE")
    )


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
