"""The list of reviews due as a spreadsheet: no number of a person, and no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from applications.rules.reviews import ReviewCause
from benefits.models import AwardPerson
from dynamic_review.models import ReviewDue
from foundation.spreadsheets import PlainResource
from organizations.models.delegations import Scheme

_CAUSES = {cause.value: cause.label for cause in ReviewCause}


class ReviewDueResource(PlainResource):
    """复核名单: one row a due date of the filtered list, in its order."""

    subject_type = "award"

    head = fields.Field(attribute="head_name", column_name="户主")
    number = fields.Field(attribute="award__number", column_name="待遇编号")
    township = fields.Field(attribute="award__area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="award__area__short_name", column_name="村（社区）")
    scheme = fields.Field(column_name="险种")
    category = fields.Field(attribute="category", column_name="类别")
    people = fields.Field(attribute="covered", column_name="保障人数")
    reviewed_on = fields.Field(attribute="reviewed_on", column_name="确认或上次复核")
    planned_on = fields.Field(attribute="planned_on", column_name="排期")
    legal_due_on = fields.Field(attribute="legal_due_on", column_name="法定期限")
    trigger = fields.Field(column_name="触发复核")
    case = fields.Field(attribute="case__number", column_name="办件")

    class Meta:
        model = ReviewDue
        fields = (
            "head number township village scheme category people reviewed_on planned_on legal_due_on trigger case"
        ).split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        people = AwardPerson.objects.filter(award__in=rows.order_by().values("award")).order_by("person")
        return list(people.distinct().values_list("person", flat=True))

    def dehydrate_scheme(self, due: ReviewDue) -> str:
        return str(Scheme(due.scheme).label)

    def dehydrate_trigger(self, due: ReviewDue) -> str:
        return _CAUSES.get(due.trigger_cause or "", "")  # type: ignore[attr-defined]
