"""救助物资 as spreadsheets: what townships keep, and the movements of one item."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from foundation.spreadsheets import PlainResource
from temporary_aid.models import STOCK_COMES_IN, Stock, StockEntry, StockItem


class StockResource(PlainResource):
    """物资库存: one row an item of a township."""

    subject_type = "stock"

    township = fields.Field(attribute="area__name", column_name="乡镇")
    kind = fields.Field(attribute="item__get_kind_display", column_name="类别")
    item = fields.Field(attribute="item__name", column_name="物资")
    unit = fields.Field(attribute="item__unit", column_name="单位")
    count = fields.Field(attribute="count", column_name="数量")
    unit_value = fields.Field(attribute="item__unit_value", column_name="单价（元）")
    value = fields.Field(attribute="value", column_name="折价（元）")

    class Meta:
        model = Stock
        fields = tuple("township kind item unit count unit_value value".split())


class StockEntryResource(PlainResource):
    """物资出入库: one row a movement, with the count after it."""

    subject_type = "stock_entry"

    township = fields.Field(attribute="stock__area__name", column_name="乡镇")
    item = fields.Field(attribute="stock__item__name", column_name="物资")
    serial = fields.Field(attribute="serial", column_name="序号")
    on = fields.Field(attribute="occurred_on", column_name="日期")
    kind = fields.Field(attribute="get_kind_display", column_name="种类")
    came_in = fields.Field(column_name="入库")
    went_out = fields.Field(column_name="出库")
    left = fields.Field(attribute="count_after", column_name="结存")
    unit_value = fields.Field(attribute="unit_value", column_name="单价（元）")
    value = fields.Field(column_name="折价（元）")
    aid = fields.Field(attribute="stage__aid__number", column_name="救助编号")
    recipient = fields.Field(attribute="stage__aid__recipient_name", column_name="救助对象")
    note = fields.Field(attribute="note", column_name="摘要")
    by = fields.Field(attribute="by__name", column_name="经办人")

    class Meta:
        model = StockEntry
        fields = (
            *"township item serial on kind came_in went_out left".split(),
            *"unit_value value aid recipient note by".split(),
        )

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        people = rows.order_by().filter(stage__aid__applicant__isnull=False)
        return list(people.values_list("stage__aid__applicant__person", flat=True).distinct())

    def dehydrate_came_in(self, entry: StockEntry) -> int | None:
        return entry.count if entry.kind in STOCK_COMES_IN else None

    def dehydrate_went_out(self, entry: StockEntry) -> int | None:
        return None if entry.kind in STOCK_COMES_IN else entry.count

    def dehydrate_value(self, entry: StockEntry) -> Any:
        return entry.unit_value * entry.count


class StockItemResource(PlainResource):
    """物资品种: the county's list of items."""

    subject_type = "stock_item"

    name = fields.Field(attribute="name", column_name="名称")
    kind = fields.Field(attribute="get_kind_display", column_name="类别")
    unit = fields.Field(attribute="unit", column_name="单位")
    unit_value = fields.Field(attribute="unit_value", column_name="单价（元）")
    ended_on = fields.Field(attribute="ended_on", column_name="停用日期")

    class Meta:
        model = StockItem
        fields = tuple("name kind unit unit_value ended_on".split())
