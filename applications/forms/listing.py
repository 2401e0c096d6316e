"""What the list of cases is cut to and which columns it may show."""

import re
from typing import Any

from django import forms

from applications.models.cases import CaseKind
from applications.permissions import Permission
from applications.queries import LAMPS, CaseFilter
from applications.rules.process import Authority, CaseState
from foundation.form_fields import DayInput, hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import townships_for, villages_for

_ANY = [("", "全部")]


class CaseFilterForm(forms.Form):
    """Filters of the list; what cannot be read lists nothing."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"placeholder": "姓名、拼音首字母、办件号、身份证号或后四位", "autocomplete": "off"}
        ),
    )
    family = forms.IntegerField(label="家庭", required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="状态", required=False, choices=_ANY + [(state.value, state.label) for state in CaseState]
    )
    lamp = forms.ChoiceField(label="时限", required=False, choices=_ANY + list(LAMPS.items()))
    scheme = forms.ChoiceField(label="险种", required=False, choices=_ANY + list(Scheme.choices))
    kind = forms.ChoiceField(label="事项", required=False, choices=_ANY + list(CaseKind.choices))
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    authority = forms.ChoiceField(
        label="确认机关",
        required=False,
        choices=[*_ANY, (Authority.COUNTY.value, "县民政局"), (Authority.TOWNSHIP.value, "乡镇（下放）")],
    )
    accepted_from = forms.DateField(label="受理日期起", required=False, widget=DayInput())
    accepted_to = forms.DateField(label="受理日期止", required=False, widget=DayInput())
    mine = forms.BooleanField(label="只看待我办理的", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        villages = list(villages_for(staff, Permission.VIEW_CASE))
        self._set("village", [(area.code, f"{area.parent} {area.short_name}") for area in villages])
        townships = townships_for(staff, Permission.VIEW_CASE)
        self._set("township", [(area.code, area.name) for area in townships])

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = _ANY + choices
        hide_if_alone(self, name)

    @property
    def wanted(self) -> CaseFilter:
        """What was asked for, once the form is valid."""
        data = self.cleaned_data
        return CaseFilter(
            text=data.get("q", ""),
            family=data.get("family"),
            state=data.get("state", ""),
            scheme=data.get("scheme", ""),
            kind=data.get("kind", ""),
            township=data.get("township", ""),
            village=data["village"],
            authority=data.get("authority", ""),
            mine=data.get("mine", False),
            lamp=data.get("lamp", ""),
            accepted_from=data.get("accepted_from"),
            accepted_to=data.get("accepted_to"),
            sort=self.data.get("sort", ""),
        )


def is_personal(text: str) -> bool:
    """Whether a search text is an ID or telephone number: it must not stand in addresses, logs and histories."""
    return len(re.sub(r"\D", "", text)) >= 9 and "-" not in text


CASE_LIST = register_list(
    ListSpec(
        key="cases",
        url_name="applications:list",
        filters=frozenset(CaseFilterForm.base_fields),
        columns={
            "number": "办件编号",
            "matter": "险种・事项",
            "area": "村（社区）",
            "state": "状态",
            "act": "下一步",
            "lamp": "时限",
            "due": "到期日",
            "accepted": "受理日期",
            "authority": "确认机关",
        },
        default_columns=("number", "matter", "area", "state", "act", "lamp", "due", "accepted"),
        is_personal=is_personal,
    )
)
"""The list of cases; beside its columns the family is always shown."""
