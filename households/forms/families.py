"""Registering a family, its facts, finding it in the list."""

import re
from typing import Any

from django import forms

from foundation.lists import ListSpec, register_list
from households.forms.fields import OnceField, PhoneField, VillageField
from households.models import Household
from households.models.families import RegistrationKind, Residence
from organizations.models import Area, Staff
from organizations.permissions import Permission
from organizations.queries import townships_for, villages_for


class HouseholdForm(forms.Form):
    """家庭情况: where the family lives and how to reach it.

    :param household: the family being changed; its telephone and permit number are kept where a field is left empty.
    """

    address = forms.CharField(label="住址", max_length=120)
    registered_address = forms.CharField(label="户籍地址", max_length=120, required=False, help_text="与住址不同时填。")
    registration_kind = forms.ChoiceField(label="户籍/居住", choices=RegistrationKind.choices)
    residence_permit_number = forms.CharField(label="居住证号", max_length=30, required=False)
    residence = forms.ChoiceField(label="城乡", choices=Residence.choices, initial=Residence.RURAL)
    phone = PhoneField(label="联系电话", required=False)
    hardship_causes = forms.CharField(label="致困原因", max_length=200, required=False)
    income_stable = forms.BooleanField(label="短期收入变化不大", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, household: Household | None = None, **kwargs: Any) -> None:
        if household is not None:
            kwargs["initial"] = household_initial(household) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.sealed = {} if household is None else sealed_initial(household)
        for name, masked in self.sealed.items():
            if masked:
                self.fields[name].widget.attrs["placeholder"] = f"{masked}（不改请留空）"

    def clean(self) -> dict[str, Any]:
        """A residence permit has its number (handbook 居住证)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_permit = cleaned.get("registration_kind") == RegistrationKind.RESIDENCE_PERMIT
        recorded = cleaned.get("residence_permit_number") or self.sealed.get("residence_permit_number")
        if is_permit and not recorded:
            self.add_error("residence_permit_number", "持居住证的家庭请填居住证号。")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What ``services.register_household`` and ``change_facts`` take; what is sealed and left empty stays."""
        facts = {name: self.cleaned_data[name] for name in household_fields() if name in self.fields}
        is_permit = facts["registration_kind"] == RegistrationKind.RESIDENCE_PERMIT
        kept = ("phone", "residence_permit_number") if is_permit else ("phone",)
        return {name: value for name, value in facts.items() if value or name not in kept}


def household_fields() -> tuple[str, ...]:
    """Fields of a family that its form changes."""
    return (
        "address",
        "registered_address",
        "registration_kind",
        "residence_permit_number",
        "residence",
        "phone",
        "hardship_causes",
        "income_stable",
    )


SEALED = ("phone", "residence_permit_number")
"""Personal values that a form takes and never shows in full."""


def sealed_initial(household: Household) -> dict[str, str]:
    """What is recorded of a family's sealed values, masked."""
    return {name: str(getattr(household, name)) for name in SEALED}


def household_initial(household: Household) -> dict[str, Any]:
    """What is recorded of a family, by form field, without what is sealed."""
    facts = {name: getattr(household, name) for name in household_fields() if name not in SEALED}
    return facts | {"version": household.version}


class RegisterForm(HouseholdForm):
    """登记家庭: the village first, then the facts; the head is a form of its own beside it."""

    area = VillageField()
    once = OnceField()
    field_order = ("area", "address")

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.cut_to(staff, Permission.REGISTER_HOUSEHOLD)


class HouseholdFilter(forms.Form):
    """Filters of the list of families."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=forms.TextInput({"placeholder": "姓名、证号、电话、编号"}),
    )
    township = forms.ModelChoiceField(Area.objects.none(), label="乡镇", required=False, empty_label="全部")
    village = VillageField(required=False, empty_label="全部")
    residence = forms.ChoiceField(label="城乡", required=False, choices=[("", "全部"), *Residence.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "在册"), ("ended", "已注销"), ("all", "全部")]
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        township: Any = self.fields["township"]
        township.queryset = townships_for(staff, Permission.VIEW_HOUSEHOLD)
        village: Any = self.fields["village"]
        village.offer(list(villages_for(staff, Permission.VIEW_HOUSEHOLD)))
        if len(village.choices) <= 2:  # 全部 and one township
            township.widget = forms.HiddenInput()


def is_personal(text: str) -> bool:
    """Whether a search text is an ID or telephone number: it must not stand in addresses, logs and histories."""
    return len(re.sub(r"\D", "", text)) >= 7 and not re.fullmatch(r"\s*[Hh]\d{9}\s*", text)


FAMILY_LIST = register_list(
    ListSpec(
        key="families",
        url_name="households:list",
        filters=frozenset(HouseholdFilter.base_fields),
        columns={
            "number": "家庭编号",
            "area": "村（社区）",
            "address": "住址",
            "registration": "户籍/居住",
            "residence": "城乡",
            "registered": "登记日期",
        },
        default_columns=("number", "area", "address", "registration", "residence", "registered"),
        is_personal=is_personal,
    )
)
"""The list of families; beside its columns the head is always shown."""
