"""临时救助名单 as a spreadsheet: the rows of the list, in its order."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource
from households.models import Member
from temporary_aid.models import TemporaryAid


class AidResource(PlainResource):
    """临时救助名单: one row an aid; numbers of people masked."""

    subject_type = "temporary_aid"

    number = fields.Field(attribute="number", column_name="救助编号")
    recipient = fields.Field(attribute="recipient_name", column_name="救助对象")
    id_number = fields.Field(column_name="身份证号")
    people_count = fields.Field(attribute="people_count", column_name="家庭人口")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    kind = fields.Field(attribute="get_kind_display", column_name="类型")
    cause = fields.Field(attribute="get_cause_display", column_name="事由")
    state = fields.Field(attribute="aid_state__label", column_name="状态")
    route = fields.Field(attribute="get_route_display", column_name="程序")
    level = fields.Field(attribute="get_decided_level_display", column_name="审批层级")
    reported = fields.Field(column_name="首次报告")
    due = fields.Field(column_name="应救助时间")
    helped = fields.Field(column_name="首次到手")
    hours = fields.Field(column_name="报告到到手（小时）")
    amount = fields.Field(attribute="amount", column_name="救助金额（元）")
    decided = fields.Field(column_name="批准日期")
    publicity_due_on = fields.Field(attribute="publicity_due_on", column_name="公示期限")
    posted_on = fields.Field(attribute="posted_on", column_name="公示日期")
    papers_due_on = fields.Field(attribute="owed_papers__due_on", column_name="补手续期限")
    papers_in_on = fields.Field(attribute="owed_papers__in_on", column_name="手续结清日期")
    papers_missing = fields.Field(attribute="owed_papers__missing", column_name="未补的手续")

    class Meta:
        model = TemporaryAid
        fields = (
            "number recipient id_number people_count township village kind cause state route level reported due"
            " helped hours amount decided publicity_due_on posted_on papers_due_on papers_in_on papers_missing"
        ).split()

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        """Whom the rows name, as far as a family's record knows them."""
        applicants = rows.order_by().exclude(applicant=None).values("applicant")
        return list(Member.objects.filter(pk__in=applicants).order_by("person").values_list("person", flat=True))

    def dehydrate_id_number(self, aid: TemporaryAid) -> str:
        return self.shown(aid.recipient_id_number) if aid.recipient_id_number else aid.get_missing_id_reason_display()

    def dehydrate_reported(self, aid: TemporaryAid) -> str:
        return _moment(aid.first_reported_at)

    def dehydrate_due(self, aid: TemporaryAid) -> str:
        return _moment(aid.help_due_at)

    def dehydrate_helped(self, aid: TemporaryAid) -> str:
        return _moment(aid.first_paid_at)

    def dehydrate_hours(self, aid: TemporaryAid) -> Decimal | None:
        return aid.hours_to_help

    def dehydrate_decided(self, aid: TemporaryAid) -> str:
        return f"{timezone.localdate(aid.decided_at):%Y-%m-%d}" if aid.decided_at else ""


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
