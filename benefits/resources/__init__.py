"""认定身份 and 渐退 as spreadsheets: one row a row of the filtered list, no ID numbers."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from benefits.models import PhaseOut, Recognition
from benefits.rules.phase_out import unpaid_from
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


class PhaseOutResource(PlainResource):
    """渐退名单."""

    subject_type = "award"

    number = fields.Field(attribute="award__number", column_name="待遇编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    persons = fields.Field(attribute="person_count", column_name="保障人数")
    township = fields.Field(attribute="award__area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="award__area__short_name", column_name="村（社区）")
    months = fields.Field(attribute="months", column_name="渐退月数")
    first = fields.Field(attribute="first_month", column_name="渐退首月")
    last = fields.Field(attribute="last_month", column_name="最后发放月")
    stops_on = fields.Field(column_name="停发日期")
    amount = fields.Field(attribute="last_amount", column_name="最后一月金额（元）")
    reason = fields.Field(attribute="reason", column_name="原因")
    source = fields.Field(attribute="source", column_name="办件编号")
    revoked_on = fields.Field(attribute="revoked_on", column_name="撤销日期")
    revoke_reason = fields.Field(attribute="revoke_reason", column_name="撤销原因")

    class Meta:
        model = PhaseOut
        fields = tuple(
            "number head persons township village months first last stops_on amount reason source revoked_on"
            " revoke_reason".split()
        )

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("award__household"))

    def dehydrate_stops_on(self, row: PhaseOut) -> Any:
        return unpaid_from(row.last_month)
