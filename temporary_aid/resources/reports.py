"""急难报告 as a spreadsheet; no number of a person stands on it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from import_export import fields

from eligibility.rules.choices import AidCause
from foundation.spreadsheets import PlainResource
from temporary_aid.models import HardshipReport
from temporary_aid.queries.reports import mark_of

_CAUSES = {cause.value: cause.label for cause in AidCause}


class ReportResource(PlainResource):
    """One row a report of the filtered list, in its order."""

    subject_type = "hardship_report"

    number = fields.Field(attribute="number", column_name="报告编号")
    reported = fields.Field(column_name="首次报告")
    person = fields.Field(attribute="person_name", column_name="遇困人员")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    source = fields.Field(attribute="get_source_display", column_name="来源")
    ticket = fields.Field(attribute="hotline_ticket", column_name="12345工单号")
    cause = fields.Field(column_name="事由")
    situation = fields.Field(attribute="situation", column_name="情况")
    state = fields.Field(attribute="get_state_display", column_name="状态")
    aid = fields.Field(column_name="临时救助编号")
    reason = fields.Field(attribute="settled_reason", column_name="处置说明")
    clock = fields.Field(column_name="救助时限")
    callback = fields.Field(attribute="callback_result", column_name="回访结果")

    class Meta:
        model = HardshipReport
        fields = tuple(
            "number reported person township village source ticket cause situation state aid reason clock"
            " callback".split()
        )

    def __init__(self, *, at: datetime) -> None:
        super().__init__()
        self._at = at

    def dehydrate_reported(self, report: HardshipReport) -> str:
        return f"{timezone.localtime(report.reported_at):%Y-%m-%d %H:%M}"

    def dehydrate_cause(self, report: HardshipReport) -> str:
        return _CAUSES.get(report.cause, "")

    def dehydrate_aid(self, report: Any) -> str:
        aid = getattr(report, "aid", None)
        return aid.number if aid else ""

    def dehydrate_clock(self, report: HardshipReport) -> str:
        mark = mark_of(report, at=self._at)
        return mark[0] if mark else ""
