"""Finding means checks; answering one: the result, and what each source knows."""

from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.form_fields import AmountField, hide_if_alone
from foundation.lists import ListSpec, register_list
from households.models import Member
from organizations.models import Area
from verification.models import MeansCheckResult, MeansCheckState, Source


class MeansCheckFilter(forms.Form):
    """Filters of the list; without a state it shows what waits for an answer."""

    state = forms.ChoiceField(required=False, label="状态", choices=MeansCheckState.choices, widget=forms.HiddenInput)
    township = forms.ChoiceField(label="乡镇", required=False)
    result = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *MeansCheckResult.choices])

    def __init__(self, data: Any, *, townships: Iterable[Area]) -> None:
        super().__init__(data)
        township: Any = self.fields["township"]
        township.choices = [("", "全部"), *((area.code, area.name) for area in townships)]
        hide_if_alone(self, "township")

    @property
    def state_shown(self) -> str:
        """The state asked for, once the form is valid."""
        state: str = self.cleaned_data["state"] or MeansCheckState.REQUESTED.value
        return state


CHECK_LIST = register_list(
    ListSpec(
        key="means-checks",
        url_name="verification:list",
        filters=frozenset(MeansCheckFilter.base_fields),
        columns={"due": "期限", "batch": "批次号", "area": "村（社区）", "requested": "提请", "result": "结果"},
        default_columns=("due", "batch", "area", "requested", "result"),
    )
)
"""The list of means checks; beside its columns the family is always shown."""


def _late_reason() -> forms.CharField:
    return forms.CharField(label="超期原因", max_length=300, required=False, help_text="超过期限才办的，须写明原因。")


class AnswerForm(forms.Form):
    """回填核对结果."""

    result = forms.ChoiceField(
        label="核对结果",
        choices=[("", "请选择"), *MeansCheckResult.choices],
        error_messages={"required": "请选择核对结果。"},
    )
    note = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    late_reason = _late_reason()

    def __init__(self, *args: Any, is_late: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_late:
            del self.fields["late_reason"]


class FindingRowForm(forms.Form):
    """核对明细: what a source knows of a member against what the family declared."""

    source = forms.ChoiceField(label="来源", choices=[("", "请选择"), *Source.choices])
    member = forms.TypedChoiceField(label="成员", required=False, empty_value=None)
    declared = AmountField(label="申报（元）", required=False)
    found = AmountField(label="查得（元）", required=False)
    description = forms.CharField(label="查得情况", max_length=200, required=False)
    agrees = forms.TypedChoiceField(
        label="比对", choices=[("yes", "一致"), ("no", "不一致")], coerce=lambda value: value == "yes", initial="yes"
    )
    handling = forms.CharField(label="处理", max_length=200, required=False)

    def __init__(self, *args: Any, members: Iterable[Member] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(member.pk): member for member in members}
        member: Any = self.fields["member"]
        member.choices = [("", "全家"), *[(key, str(item.person)) for key, item in self._members.items()]]

    def clean_member(self) -> Member | None:
        """The member chosen."""
        return self._members.get(self.cleaned_data["member"] or "")


class BaseFindingRows(forms.BaseFormSet):
    """Rows by source; empty and removed ones count for nothing."""

    def findings(self) -> list[dict[str, Any]]:
        """What ``services.answer_means_check`` takes."""
        kept = [form for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]
        return [{name: value for name, value in form.cleaned_data.items() if name != "DELETE"} for form in kept]


FindingRows = forms.formset_factory(
    FindingRowForm, formset=BaseFindingRows, extra=3, can_delete=True, max_num=60, validate_max=True
)


class TellForm(forms.Form):
    """告知申请人 and what it says."""

    statement = forms.CharField(label="申请人说明", max_length=300, help_text="没有说明的，写“无异议”。")
    late_reason = _late_reason()
