"""The supervision room's lists as spreadsheets; no ID number is in them."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from foundation.spreadsheets import PlainResource
from households.models import Household
from households.queries import people_heading
from supervision.models import Archiving
from temporary_aid.models import TemporaryAid


class DueResource(PlainResource):
    """到期可归档名单."""

    subject_type = "household"
    number = fields.Field(attribute="number", column_name="家庭编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    was_aided = fields.Field(column_name="享受过救助")
    last_matter_on = fields.Field(attribute="last_matter_on", column_name="最后一件事的日期")

    class Meta:
        model = Household
        fields = tuple("number head township village was_aided last_matter_on".split())

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("pk"))

    def dehydrate_was_aided(self, household: Any) -> str:
        return "是" if household.is_aided else "否"


class DueAidResource(PlainResource):
    """到期可归档的临时救助: of people without a family's record."""

    subject_type = "temporary_aid"
    number = fields.Field(attribute="number", column_name="救助编号")
    recipient = fields.Field(attribute="recipient_name", column_name="救助对象")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    state = fields.Field(attribute="aid_state__label", column_name="状态")
    last_matter_on = fields.Field(attribute="last_matter_on", column_name="最后一件事的日期")
    keep_to = fields.Field(column_name="保管至")

    class Meta:
        model = TemporaryAid
        fields = tuple("number recipient township village state last_matter_on keep_to".split())

    def dehydrate_keep_to(self, aid: Any) -> str:
        return f"{aid.last_matter_on.year + aid.keep_years}年" if aid.keep_years else "永久"


class ArchiveResource(PlainResource):
    """归档库目录."""

    subject_type = "household"
    number = fields.Field(attribute="household__number", column_name="家庭编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    township = fields.Field(attribute="household__area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="household__area__short_name", column_name="村（社区）")
    last_matter_on = fields.Field(attribute="last_matter_on", column_name="最后一件事的日期")
    archived_on = fields.Field(attribute="archived_on", column_name="归档日期")
    archived_by = fields.Field(attribute="archived_by__name", column_name="归档人")
    keep_to = fields.Field(column_name="保管至")

    class Meta:
        model = Archiving
        fields = tuple("number head township village last_matter_on archived_on archived_by keep_to".split())

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))

    def dehydrate_keep_to(self, archiving: Archiving) -> str:
        return f"{archiving.keep_to_year}年" if archiving.keep_to_year else "永久"
