"""Lists of dynamic management as spreadsheets: no number of a person, and no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from applications.rules.reviews import ReviewCause
from benefits.models import AwardPerson
from dynamic_review.models import ReviewDue, UpliftLine, WhatIfLine
from foundation.spreadsheets import PlainResource
from households.models import Member
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


def _heads(rows: QuerySet[Any]) -> list[int]:
    families = rows.order_by().values("household")
    heads = Member.objects.filter(household__in=families, relation="head", left_on=None)
    return list(heads.order_by("person").values_list("person", flat=True))


class UpliftLineResource(PlainResource):
    """提标花名册: one row an award of the filtered list, in its order."""

    subject_type = "uplift"

    number = fields.Field(attribute="award__number", column_name="待遇编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    category = fields.Field(attribute="category", column_name="类别")
    people = fields.Field(attribute="person_count", column_name="保障人数")
    before = fields.Field(attribute="before_amount", column_name="原月金额（元）")
    after = fields.Field(attribute="after_amount", column_name="新月金额（元）")
    difference = fields.Field(attribute="difference", column_name="每月增减（元）")
    months = fields.Field(attribute="months", column_name="补发月数")
    back_payment = fields.Field(attribute="back_payment_amount", column_name="预计补发（元）")
    outcome = fields.Field(attribute="get_outcome_display", column_name="测算结果")
    apart = fields.Field(attribute="get_apart_display", column_name="逐户看的原因")

    class Meta:
        model = UpliftLine
        fields = (
            "number head township village category people before after difference months back_payment outcome apart"
        ).split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return _heads(rows)


class WhatIfLineResource(PlainResource):
    """政策测算结果: one row an award or a family without one, in the order of the list."""

    subject_type = "what_if"

    head = fields.Field(attribute="head_name", column_name="户主")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    category = fields.Field(attribute="category", column_name="类别")
    people = fields.Field(attribute="person_count", column_name="人数")
    before = fields.Field(attribute="before_amount", column_name="现月金额（元）")
    after = fields.Field(attribute="after_amount", column_name="测算月金额（元）")
    difference = fields.Field(attribute="difference", column_name="每月增减（元）")
    outcome = fields.Field(attribute="get_outcome_display", column_name="测算结果")
    cliff = fields.Field(attribute="get_cliff_display", column_name="悬崖点")
    apart = fields.Field(attribute="get_apart_display", column_name="逐户看的原因")

    class Meta:
        model = WhatIfLine
        fields = "head township village scheme category people before after difference outcome cliff apart".split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return _heads(rows)
