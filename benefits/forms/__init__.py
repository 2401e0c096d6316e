"""What is asked about an award or a recognition, and what the list of recognitions is cut to."""

from typing import Any

from django import forms

from benefits.models import RECOGNISED
from benefits.queries import PHASE_OUT_STANDINGS, STANDINGS
from foundation.form_fields import DayInput, hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission
from organizations.queries import townships_for

_ANY = [("", "全部")]


class CheckForm(forms.Form):
    finding = forms.CharField(label="核查情况和处理意见", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RecognitionFilter(forms.Form):
    """Filters of the list (认定身份); what cannot be read lists nothing."""

    scheme = forms.ChoiceField(
        label="身份", required=False, choices=_ANY + [(scheme, Scheme(scheme).label) for scheme in RECOGNISED]
    )
    standing = forms.ChoiceField(label="有效期", required=False, choices=_ANY + list(STANDINGS.items()))
    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        field = self.fields["township"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        townships = townships_for(staff, Permission.VIEW_AWARD)
        field.choices = _ANY + [(area.code, area.name) for area in townships]
        hide_if_alone(self, "township")


RECOGNITION_LIST = register_list(
    ListSpec(key="recognitions", url_name="benefits:recognitions", filters=frozenset(RecognitionFilter.base_fields))
)
"""The list of recognitions; all its columns are always shown."""


class EndRecognitionForm(forms.Form):
    reason = forms.CharField(
        label="提前终止的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="会登记在认定上。"
    )


class PhaseOutFilter(forms.Form):
    """Filters of the list (渐退名单); what cannot be read lists nothing."""

    standing = forms.ChoiceField(label="状态", required=False, choices=_ANY + list(PHASE_OUT_STANDINGS.items()))
    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        field = self.fields["township"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        townships = townships_for(staff, Permission.VIEW_AWARD)
        field.choices = _ANY + [(area.code, area.name) for area in townships]
        hide_if_alone(self, "township")


PHASE_OUT_LIST = register_list(
    ListSpec(key="phase_outs", url_name="benefits:phase_outs", filters=frozenset(PhaseOutFilter.base_fields))
)
"""The list of phase-outs; all its columns are always shown."""


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label="撤销渐退的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如家庭收入又减少、原决定有误。会登记在待遇上。",
    )


class LessIncomeForm(forms.Form):
    happened_on = forms.DateField(label="收入减少的日期", widget=DayInput)


class MonthField(forms.DateField):
    """A month (年月), as its first day."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
    default_error_messages = {"invalid": "请填写年月，例如2027-01。"}

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=["%Y-%m", "%Y年%m月"], **more)


class SuspendForm(forms.Form):
    from_month = MonthField(label="从哪个月起暂缓")
    reason = forms.CharField(
        label="暂缓发放的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如查无下落、核查时拒不配合、账户待核实。",
    )
    source = forms.CharField(label="依据的文书或文号", max_length=40)


class ResumeForm(forms.Form):
    from_month = MonthField(label="从哪个月起恢复")
    pays_withheld = forms.TypedChoiceField(
        label="暂缓的月份",
        choices=[("", "请选择"), ("yes", "补发"), ("no", "不补发")],
        coerce=lambda value: value == "yes",
    )
    reason = forms.CharField(label="恢复发放的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
