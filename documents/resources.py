"""The list of documents as a spreadsheet; no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from documents.models import HANDED_OVER, Document
from foundation.spreadsheets import PlainResource


class DocumentResource(PlainResource):
    """文书目录: one row a document; the queryset is annotated with ``case_number``, ``applicant_name`` and
    ``applicant_person``.
    """

    subject_type = "document"

    number = fields.Field(attribute="number", column_name="文号")
    kind = fields.Field(attribute="get_kind_display", column_name="文种")
    title = fields.Field(attribute="title", column_name="标题")
    body = fields.Field(attribute="issuing_area__name", column_name="制发机关")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    case_number = fields.Field(attribute="case_number", column_name="办件编号")
    applicant = fields.Field(attribute="applicant_name", column_name="申请人")
    issued_on = fields.Field(attribute="issued_on", column_name="制发日期")
    delivery = fields.Field(column_name="送达")
    delivered_on = fields.Field(attribute="delivery__delivered_on", column_name="送达日期")
    way = fields.Field(attribute="delivery__get_way_display", column_name="送达方式")
    received_by = fields.Field(attribute="delivery__received_by", column_name="签收人")
    voided_on = fields.Field(attribute="voided_on", column_name="作废日期")
    voided_reason = fields.Field(attribute="voided_reason", column_name="作废原因")

    class Meta:
        model = Document
        fields = (
            "number kind title body township village case_number applicant issued_on delivery delivered_on way"
            " received_by voided_on voided_reason"
        ).split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        named = rows.exclude(applicant_person=None).order_by("applicant_person")
        return list(dict.fromkeys(named.values_list("applicant_person", flat=True)))

    def dehydrate_delivery(self, document: Document) -> str:
        if document.voided_on is not None:
            return "已作废"
        if hasattr(document, "delivery"):
            return "已送达"
        return "未送达" if document.kind in HANDED_OVER else ""
