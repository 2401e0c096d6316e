"""认定身份 as a spreadsheet: one row a recognition of the filtered list, no ID numbers."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from benefits.models import Recognition
from foundation.spreadsheets import PlainResource
from households.queries import people_heading


class RecognitionResource(PlainResource):
    """认定身份名单."""

    subject_type = "recognition"

    number = fields.Field(attribute="number", column_name="认定编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    persons = fields.Field(attribute="person_count", column_name="认定人数")
    scheme = fields.Field(attribute="get_scheme_display", column_name="身份")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    starts_on = fields.Field(column_name="有效期起")
    last_day = fields.Field(attribute="last_day", column_name="有效期止")
    decided_on = fields.Field(attribute="decided_on", column_name="认定日期")
    end_reason = fields.Field(attribute="end_reason", column_name="提前终止原因")

    class Meta:
        model = Recognition
        fields = tuple("number head persons scheme township village starts_on last_day decided_on end_reason".split())

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))

    def dehydrate_starts_on(self, recognition: Recognition) -> Any:
        return recognition.first_day

    def dehydrate_last_day(self, recognition: Recognition) -> Any:
        return None if recognition.is_void else recognition.last_day
