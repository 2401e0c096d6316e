"""What a valid page says, as the service takes it."""

from typing import Any

from one_window.forms import IntakeForms
from one_window.services import ApplicationData, MemberChange, PageChanges, SupporterChange


def changes_of(forms: IntakeForms, *, opens: bool) -> PageChanges:
    """Everything sound of a page that differs from what is recorded; what has a fault is left out.

    :param opens: the application is wanted although nothing in it was changed.
    """
    changed = forms.savable()
    opens = opens and forms.facts.intake is None and "application" not in changed
    return PageChanges(
        year=forms.facts.year,
        facts=forms.household.facts() if "household" in changed else None,
        members=_members(forms) if "members" in changed else (),
        incomes=forms.incomes.rows() if "incomes" in changed else None,
        expenses=forms.expenses.rows() if "expenses" in changed else None,
        owned=forms.owned.facts() if "owned" in changed else None,
        supporters=_supporters(forms) if "supporters" in changed else (),
        account=_account(forms) if "account" in changed else None,
        agent=_agent(forms) if "agent" in changed else None,
        application=_application(forms) if opens or "application" in changed else None,
        application_waits=opens,
    )


def _members(forms: IntakeForms) -> list[MemberChange]:
    removed = {id(form) for form in forms.members.deleted_forms}
    changes = []
    for row, form in enumerate(forms.members.forms):
        if id(form) in removed:
            if form.member is not None:
                changes.append(MemberChange(row, form.member, None))
        elif form.has_changed():
            changes.append(MemberChange(row, form.member, form.member_data()))
    return changes


def _supporters(forms: IntakeForms) -> list[SupporterChange]:
    rows: dict[int, list[Any]] = {}
    removed = {id(form) for form in forms.supporters.deleted_forms}
    for form in forms.supporters.forms:
        if id(form) not in removed and (form.has_changed() or form.initial.get("id")):
            rows.setdefault(form.cleaned_data["member"], []).append(form.row())
    return [
        SupporterChange(member, rows.get(member.pk, []), forms.known.is_known(member)) for member in forms.facts.members
    ]


def _account(forms: IntakeForms) -> dict[str, Any]:
    names = ("bank", "account", "holder", "payee_kind", "payee_member", "payee_name", "payee_relation")
    return {name: forms.account.cleaned_data[name] for name in names}


def _agent(forms: IntakeForms) -> dict[str, str]:
    """The agent as typed; a number left empty stays as it was, an empty name ends the mandate."""
    cleaned, current = forms.agent.cleaned_data, forms.facts.agent
    if not cleaned.get("name"):
        return {}
    kept = {"id_number": "", "phone": ""}
    if current is not None:
        kept = {"id_number": current.id_number.reveal(), "phone": current.phone.reveal()}
    return {
        "name": cleaned["name"],
        "relation": cleaned["relation"],
        "id_number": cleaned["id_number"] or kept["id_number"],
        "phone": cleaned["phone"] or kept["phone"],
    }


def _application(forms: IntakeForms) -> ApplicationData:
    cleaned = forms.application.cleaned_data
    applicant = next(member for member in forms.facts.members if member.pk == cleaned["applicant"])
    return ApplicationData(
        applicant=applicant,
        channel=cleaned["channel"],
        accounting_year=cleaned["accounting_year"],
        reason=cleaned["reason"],
        schemes=cleaned["schemes"],
    )
