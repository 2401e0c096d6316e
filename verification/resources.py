"""The list of means checks as a spreadsheet: no number of a person, and no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from foundation.spreadsheets import PlainResource
from households.queries import people_heading
from verification.models import MeansCheck


class MeansCheckResource(PlainResource):
    """核对名单: one row a check of the filtered list, in its order."""

    subject_type = "means_check"

    batch_number = fields.Field(attribute="batch_number", column_name="批次号")
    household = fields.Field(attribute="household__number", column_name="家庭编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    township = fields.Field(attribute="household__area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="household__area__short_name", column_name="村（社区）")
    state = fields.Field(attribute="get_state_display", column_name="状态")
    result = fields.Field(attribute="get_result_display", column_name="结果")
    requested_by = fields.Field(attribute="requested_by__name", column_name="提请人")
    requested_on = fields.Field(attribute="requested_on", column_name="提请日期")
    due_on = fields.Field(attribute="due_on", column_name="期限")
    answered_on = fields.Field(attribute="answered_on", column_name="回填日期")

    class Meta:
        model = MeansCheck
        fields = (
            "batch_number household head township village state result requested_by requested_on due_on answered_on"
        ).split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))
