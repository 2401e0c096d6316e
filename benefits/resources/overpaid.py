"""多发核对 as a spreadsheet."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from import_export import fields

from benefits.models import Award
from benefits.queries.overpaid_awards import STANDINGS, Overpaid
from foundation.spreadsheets import PlainResource
from households.queries import people_heading


class OverpaidResource(PlainResource):
    """Awards that were overpaid, with months and sum."""

    subject_type = "award"

    number = fields.Field(attribute="number", column_name="待遇编号")
    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    head = fields.Field(attribute="head_name", column_name="户主")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    state = fields.Field(attribute="get_state_display", column_name="待遇状态")
    months = fields.Field(column_name="多发月数")
    first = fields.Field(column_name="最早月份")
    last = fields.Field(column_name="最晚月份")
    amount = fields.Field(column_name="多发（元）")
    standing = fields.Field(column_name="追回")

    class Meta:
        model = Award
        fields = tuple("number scheme head township village state months first last amount standing".split())

    def __init__(self, totals: Mapping[int, Overpaid]) -> None:
        super().__init__()
        self._totals = totals

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))

    def dehydrate_months(self, award: Award) -> int:
        return self._totals[award.pk].months

    def dehydrate_first(self, award: Award) -> str:
        return f"{self._totals[award.pk].first:%Y-%m}"

    def dehydrate_last(self, award: Award) -> str:
        return f"{self._totals[award.pk].last:%Y-%m}"

    def dehydrate_amount(self, award: Award) -> Any:
        return self._totals[award.pk].amount

    def dehydrate_standing(self, award: Any) -> str:
        return STANDINGS[award.recoupment_state or "none"]
