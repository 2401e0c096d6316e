"""Families as a spreadsheet: masked, and no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource
from households.models import Household
from households.queries import people_heading, with_heads


class HouseholdResource(PlainResource):
    """家庭名单: one row a family; ID and telephone numbers masked, whole in a full export."""

    subject_type = "household"

    number = fields.Field(attribute="number", column_name="家庭编号")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__name", column_name="村（社区）")
    head = fields.Field(column_name="户主")
    head_id_number = fields.Field(column_name="户主证号")
    member_count = fields.Field(attribute="member_count", column_name="人数")
    address = fields.Field(attribute="address", column_name="住址")
    phone = fields.Field(column_name="联系电话")
    registration_kind = fields.Field(attribute="get_registration_kind_display", column_name="户籍/居住")
    residence = fields.Field(attribute="get_residence_display", column_name="城乡")
    registered_on = fields.Field(column_name="登记日期")
    ended_on = fields.Field(attribute="ended_on", column_name="注销日期")

    class Meta:
        model = Household
        fields = (
            "number",
            "township",
            "village",
            "head",
            "head_id_number",
            "member_count",
            "address",
            "phone",
            "registration_kind",
            "residence",
            "registered_on",
            "ended_on",
        )

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        return with_heads(queryset)

    def person_ids(self, rows: QuerySet[Household]) -> list[int]:
        return people_heading(rows.order_by().values("pk"))

    def dehydrate_head(self, household: Any) -> str:
        return household.heads[0].person.name if household.heads else ""

    def dehydrate_head_id_number(self, household: Any) -> str:
        return self.shown(household.heads[0].person.id_number) if household.heads else ""

    def dehydrate_phone(self, household: Household) -> str:
        return self.shown(household.phone)

    def dehydrate_registered_on(self, household: Household) -> str:
        return f"{timezone.localdate(household.registered_at):%Y-%m-%d}"
