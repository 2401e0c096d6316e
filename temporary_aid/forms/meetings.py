"""一事一议 and 村级委托 as they are typed."""

from decimal import Decimal
from typing import Any

from django import forms

from foundation.form_fields import AmountField, DayInput, PersonNameField, ScanField
from foundation.lists import ListSpec, register_list
from organizations.models import Area, Staff
from organizations.queries import villages_for
from temporary_aid.forms.filters import ANY, areas_of_filter
from temporary_aid.permissions import Permission
from temporary_aid.queries.entrusting import STATES
from temporary_aid.services import EntrustmentData, MeetingData, Participant


class AskMeetingForm(forms.Form):
    """提请一事一议."""

    amount = AmountField(label="拟救助金额（元）", help_text="各期合计；先行救助过的，连同先行金额。")
    reason = forms.CharField(
        label="提请的理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明困难程度、已经救助的情况和为什么不够；登记决议时作为议题。",
    )


class WithdrawRequestForm(forms.Form):
    """撤回提请."""

    reason = forms.CharField(label="撤回的原因", max_length=200)


class MeetingForm(forms.Form):
    """会议、议题和决议."""

    minutes_number = forms.CharField(label="会议纪要号", max_length=40)
    met_on = forms.DateField(label="会议日期", widget=DayInput)
    place = forms.CharField(label="会议地点", max_length=120)
    chair = PersonNameField(label="主持人")
    matter = forms.CharField(label="议题和事由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    opinions = forms.CharField(label="各方意见", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    is_agreed = forms.TypedChoiceField(
        label="决议",
        choices=[("yes", "同意救助"), ("no", "不同意救助")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    resolved_amount = AmountField(label="决议金额（元）", required=False, help_text="不同意救助的不填。")
    minutes = ScanField(label="会议纪要扫描件", help_text="PDF、JPG 或 PNG。")

    def meeting(self, present: list[Participant]) -> MeetingData:
        """As the service takes it, once the form and its rows are valid."""
        given = dict(self.cleaned_data)
        amount = given.pop("resolved_amount") or Decimal("0.00")
        return MeetingData(**given, resolved_amount=amount, present=present)


class ParticipantRow(forms.Form):
    """参会人员."""

    name = PersonNameField()
    unit = forms.CharField(label="单位", max_length=60)
    position = forms.CharField(label="职务", required=False, max_length=40)


class BaseParticipantRows(forms.BaseFormSet):
    """Who was there; empty and removed rows count for nothing."""

    def present(self) -> list[Participant]:
        """Whom the rows name."""
        return [
            Participant(row["name"], row["unit"].strip(), row["position"].strip())
            for form in self.forms
            if (row := getattr(form, "cleaned_data", {})).get("name") and not row.get("DELETE")
        ]


ParticipantRows = forms.formset_factory(
    ParticipantRow, formset=BaseParticipantRows, extra=3, can_delete=True, max_num=30, validate_max=True
)


def participant_rows(data: Any = None) -> Any:
    return ParticipantRows(data, prefix="present")


class VoidForm(forms.Form):
    """作废一事一议."""

    reason = forms.CharField(label="作废的原因", max_length=200)


class EntrustForm(forms.Form):
    """登记村级委托."""

    area = forms.ModelChoiceField(queryset=Area.objects.none(), label="村（社区）", to_field_name="code")
    starts_on = forms.DateField(label="开始日期", widget=DayInput)
    last_day = forms.DateField(label="最后一天", widget=DayInput, required=False, help_text="文件没有写期限的不填。")
    document_number = forms.CharField(label="委托文件文号", max_length=60)
    scan = ScanField(label="文件扫描件", required=False, help_text="PDF、JPG 或 PNG。")

    def __init__(self, data: Any = None, files: Any = None, *, staff: Staff, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = villages_for(staff, Permission.ENTRUST_VILLAGES)
        field.label_from_instance = lambda area: f"{area.parent.name} {area.short_name}"

    def entrustment(self) -> EntrustmentData:
        """As the service takes it, once the form is valid."""
        given = dict(self.cleaned_data)
        given.pop("area")
        return EntrustmentData(**given)


class EntrustmentFilter(forms.Form):
    """Filters of the list (村级委托)."""

    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[*ANY, *STATES.items()])

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        areas_of_filter(self, staff)


class EndEntrustmentForm(forms.Form):
    """收回村级委托."""

    last_day = forms.DateField(label="最后一天", widget=DayInput, help_text="当天仍由村里决定；昨天表示从今天起收回。")
    reason = forms.CharField(label="收回的原因", max_length=200)


ENTRUSTMENT_LIST = register_list(
    ListSpec(
        key="entrustments",
        url_name="temporary_aid:entrustments",
        filters=frozenset(EntrustmentFilter.base_fields),
    )
)
