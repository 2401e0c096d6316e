"""The list of care as a spreadsheet: no number of a person, and no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from benefits.models import Award, AwardPerson, CareLevel
from foundation.spreadsheets import PlainResource
from households.models.people import SupportMode


class CareResource(PlainResource):
    """走访照料名单: one row a person of the filtered list, in its order."""

    subject_type = "care"

    person = fields.Field(attribute="person_name", column_name="特困人员")
    number = fields.Field(attribute="number", column_name="待遇编号")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    level = fields.Field(column_name="自理能力")
    mode = fields.Field(column_name="供养方式")
    carer = fields.Field(column_name="照料人或机构")
    last_visit = fields.Field(attribute="last_visit", column_name="上次走访")
    due_on = fields.Field(attribute="due_on", column_name="下次走访期限")
    open_points = fields.Field(attribute="open_points", column_name="未办结问题")

    class Meta:
        model = Award
        fields = "person number township village level mode carer last_visit due_on open_points".split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        people = AwardPerson.objects.filter(award__in=rows.order_by().values("pk")).order_by("person")
        return list(people.distinct().values_list("person", flat=True))

    def dehydrate_level(self, award: Award) -> str:
        return CareLevel(award.care_level).label  # type: ignore[attr-defined]

    def dehydrate_mode(self, award: Award) -> str:
        return SupportMode(award.support_mode).label  # type: ignore[attr-defined]

    def dehydrate_carer(self, award: Award) -> str:
        return award.carer_name or award.home_name or ""  # type: ignore[attr-defined]
