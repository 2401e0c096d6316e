"""Filters of the list of awards (待遇名单)."""

from typing import Any

from django import forms

from benefits.forms.rolls import ANY, SCHEMES, choose_township
from benefits.models import AwardState
from benefits.queries.listing import CATEGORIES, AwardFilter
from foundation.form_fields import AmountField, hide_if_alone
from foundation.lists import ListSpec, register_list
from foundation.personal_numbers import holds_number
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import villages_for


class AwardListForm(forms.Form):
    """Filters of the list; what cannot be read lists nothing."""

    q = forms.CharField(label="姓名或编号", required=False, max_length=60)
    scheme = forms.ChoiceField(label="险种", required=False, choices=ANY + SCHEMES)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "未停发的"), *AwardState.choices], help_text=""
    )
    category = forms.ChoiceField(
        label="类别", required=False, choices=ANY + [(letter, f"{letter}类") for letter in CATEGORIES]
    )
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    least = AmountField(label="月金额不低于", required=False)
    most = AmountField(label="月金额不高于", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        choose_township(self, staff, Permission.VIEW_AWARD)
        villages: Any = self.fields["village"]
        chosen = self.data.get("township", "")
        found = villages_for(staff, Permission.VIEW_AWARD).filter(code__startswith=chosen if chosen.isdigit() else "")
        villages.choices = ANY + [(area.code, area.short_name) for area in found]
        hide_if_alone(self, "village")

    def clean_q(self) -> str:
        text = " ".join(self.cleaned_data["q"].split())
        if holds_number([text]):
            raise forms.ValidationError("这里按姓名或编号查；身份证号、电话请在页面上方的查找框里查。")
        return text

    @property
    def wanted(self) -> AwardFilter:
        """What the list is cut to, once the form is valid."""
        values = dict(self.cleaned_data)
        return AwardFilter(text=values.pop("q"), **values)


AWARD_LIST = register_list(
    ListSpec(key="awards", url_name="benefits:list", filters=frozenset(AwardListForm.base_fields))
)
