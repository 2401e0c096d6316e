"""村级委托 as a spreadsheet."""

from datetime import date

from import_export import fields

from foundation.spreadsheets import PlainResource
from temporary_aid.models import VillageEntrustment


class EntrustmentResource(PlainResource):
    """村级委托: one row an entrustment.

    :param on: the day of which its state is told.
    """

    subject_type = "village_entrustment"

    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    state = fields.Field(column_name="状态")
    since = fields.Field(attribute="valid__lower", column_name="从")
    until = fields.Field(column_name="到")
    document = fields.Field(attribute="document_number", column_name="文件")
    by = fields.Field(attribute="entrusted_by__name", column_name="登记人")
    ended_by = fields.Field(attribute="ended_by__name", column_name="收回登记人")
    reason = fields.Field(attribute="end_reason", column_name="收回原因")

    class Meta:
        model = VillageEntrustment
        fields = tuple("township village state since until document by ended_by reason".split())

    def __init__(self, *, on: date) -> None:
        super().__init__()
        self._on = on

    def dehydrate_state(self, row: VillageEntrustment) -> str:
        return row.state_on(self._on)[0]

    def dehydrate_until(self, row: VillageEntrustment) -> date | None:
        return row.last_day
