"""急难报告: entering, finding and settling."""

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone

from eligibility.rules.choices import AidCause
from foundation.form_fields import AmountField, DayInput, IdNumberField, PersonNameField
from foundation.lists import ListSpec, register_list
from households.forms.fields import PhoneField, VillageField
from households.models.people import MissingIdReason
from organizations.models import Staff
from temporary_aid.forms.filters import ANY, areas_of_filter, plain_text
from temporary_aid.models import Ground, HardshipReport, ReportSource, ReportState
from temporary_aid.permissions import Permission
from temporary_aid.queries.reports import CALLBACK_OWED, ReportFilter
from temporary_aid.rules.clock import EARLIEST, clock_in_words
from temporary_aid.services.reports import ReportData, TakeData

CAUSES = [(cause.value, cause.label) for cause in AidCause]


class MomentInput(forms.DateTimeInput):
    """Day and time by the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A day and time, to the minute; none of a year that can only be mistyped."""

    widget = MomentInput
    default_validators = [MinValueValidator(EARLIEST, "时间不能早于2020年，请核对年份。")]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)


class ReportListForm(forms.Form):
    """Filters of the list; what cannot be read lists nothing."""

    q = forms.CharField(label="姓名、报告编号或工单号", required=False, max_length=60)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[*ANY, *ReportState.choices, (CALLBACK_OWED, "12345待回访")]
    )
    source = forms.ChoiceField(label="来源", required=False, choices=[*ANY, *ReportSource.choices])
    late = forms.ChoiceField(label="救助时限", required=False, choices=[*ANY, ("yes", "超过时限")])
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        areas_of_filter(self, staff)

    def clean_q(self) -> str:
        return plain_text(self.cleaned_data["q"])

    @property
    def wanted(self) -> ReportFilter:
        """What the list is cut to, once the form is valid."""
        values = dict(self.cleaned_data)
        return ReportFilter(text=values.pop("q"), **values)


REPORT_LIST = register_list(
    ListSpec(
        key="hardship_reports",
        url_name="temporary_aid:reports",
        filters=frozenset(ReportListForm.base_fields),
    )
)


class ReportForm(forms.Form):
    """登记急难报告."""

    area = VillageField()
    source = forms.ChoiceField(label="来源", choices=ReportSource.choices)
    hotline_ticket = forms.CharField(
        label="12345工单号", max_length=30, required=False, help_text="只有12345热线转来的才填。"
    )
    reported_at = MomentField(label="首次报告时间", help_text="第一次有人说起的时间。")
    reporter_name = forms.CharField(label="报告人", max_length=60)
    reporter_phone = PhoneField(label="报告人电话", required=False)
    person_name = PersonNameField(label="遇困人员姓名")
    person_id_number = IdNumberField(label="遇困人员身份证号", required=False, help_text="不知道的不填。")
    person_phone = PhoneField(label="遇困人员电话", required=False)
    cause = forms.ChoiceField(label="事由", required=False, choices=[("", "还不清楚"), *CAUSES])
    place = forms.CharField(label="地点", max_length=120, required=False)
    situation = forms.CharField(label="情况", max_length=500, widget=forms.Textarea({"rows": 3}))
    is_urgent = forms.BooleanField(label="情况紧急，需要立即救助", required=False, initial=True)

    def __init__(self, *args: Any, staff: Staff, hours: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.cut_to(staff, Permission.REPORT_HARDSHIP)
        reported_at = self.fields["reported_at"]
        reported_at.help_text = f"{reported_at.help_text}{clock_in_words(hours)}"

    def report(self) -> ReportData:
        """What ``services.enter_report`` takes."""
        return ReportData(**self.cleaned_data)


class TakeForm(forms.Form):
    """转为临时救助: only what the report does not say; the rest is carried over."""

    cause = forms.ChoiceField(label="事由", choices=CAUSES)
    occurred_on = forms.DateField(label="发生日期", widget=DayInput)
    ground = forms.ChoiceField(label="受理地", choices=[("", "请选择"), *Ground.choices])
    missing_id_reason = forms.ChoiceField(
        label="无证号原因",
        required=False,
        choices=MissingIdReason.choices,
        help_text="先救助，身份以后再补登。",
    )
    self_paid_amount = AmountField(label="自付支出（元）", required=False, help_text="医疗、教育等支出型的才填。")

    def __init__(self, *args: Any, report: HardshipReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in {
            "cause": report.cause,
            "occurred_on": timezone.localdate(report.reported_at),
            "missing_id_reason": MissingIdReason.UNIDENTIFIED,
        }.items():
            self.initial.setdefault(name, value)
        if report.person_id_number:
            del self.fields["missing_id_reason"]

    def taken(self) -> TakeData:
        """What ``services.take_report`` takes."""
        return TakeData(**self.cleaned_data)


class DismissForm(forms.Form):
    reason = forms.CharField(label="不需救助的理由", max_length=200, widget=forms.Textarea({"rows": 3}))


class DuplicateForm(forms.Form):
    """重复报告: of which other one."""

    duplicate_of = forms.ModelChoiceField(
        HardshipReport.objects.none(),
        label="与哪一份重复",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择与哪一份重复。"},
    )
    reason = forms.CharField(
        label="说明", max_length=200, widget=forms.Textarea({"rows": 2}), initial="同一件事的重复报告。"
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["duplicate_of"]
        field.queryset = others
        field.label_from_instance = _in_one_line


def _in_one_line(report: HardshipReport) -> str:
    at = timezone.localtime(report.reported_at)
    aid = f"，已转{report.aid.number}" if report.state == ReportState.TAKEN else ""
    return (
        f"{report.number} {report.person_name}，{report.area.short_name}，{at:%-m月%-d日%H:%M}，"
        f"{report.get_source_display()}{aid}"
    )


class CallbackForm(forms.Form):
    result = forms.CharField(
        label="回访结果",
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text="告诉了来电人什么，对方是否满意。",
    )
