"""The list of accounts as a spreadsheet."""

from typing import Any

from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource
from organizations.models import AccessRecord, AccountState, JobFault, Staff


class StaffResource(PlainResource):
    """人员与岗位: one row an account of the filtered list."""

    subject_type = "staff"

    staff_number = fields.Field(attribute="staff_number", column_name="工号")
    name = fields.Field(attribute="name", column_name="姓名")
    area = fields.Field(attribute="area__name", column_name="所在区划")
    department = fields.Field(attribute="department__name", column_name="部门")
    posts = fields.Field(column_name="在任岗位")
    state = fields.Field(column_name="状态")
    active_from = fields.Field(attribute="active_from", column_name="启用日期")
    active_to = fields.Field(attribute="active_to", column_name="停用日期")
    last_login = fields.Field(column_name="最近登录")

    class Meta:
        model = Staff
        fields = tuple("staff_number name area department posts state active_from active_to last_login".split())

    def dehydrate_posts(self, account: Any) -> str:
        return "；".join(map(str, account.posts_in_force))

    def dehydrate_state(self, account: Any) -> str:
        return str(AccountState(account.state).label)

    def dehydrate_last_login(self, account: Staff) -> str:
        return f"{timezone.localtime(account.last_login):%Y-%m-%d %H:%M}" if account.last_login else "从未登录"


class ReadingResource(PlainResource):
    """查阅记录: one row a record of the filtered list."""

    subject_type = "access_record"

    at = fields.Field(column_name="时间")
    staff = fields.Field(attribute="staff__name", column_name="查阅人")
    staff_number = fields.Field(attribute="staff__staff_number", column_name="工号")
    kind = fields.Field(attribute="get_kind_display", column_name="种类")
    subject = fields.Field(column_name="对象")
    reason = fields.Field(attribute="reason", column_name="事由")
    row_count = fields.Field(attribute="row_count", column_name="行数")
    query = fields.Field(attribute="filters", column_name="筛选条件")

    class Meta:
        model = AccessRecord
        fields = tuple("at staff staff_number kind subject reason row_count query".split())

    def dehydrate_at(self, record: AccessRecord) -> str:
        return f"{timezone.localtime(record.at):%Y-%m-%d %H:%M:%S}"

    def dehydrate_subject(self, record: AccessRecord) -> str:
        return record.subject


class JobFaultResource(PlainResource):
    """未成的行: one row a fault of one job."""

    subject_type = "job"

    row = fields.Field(attribute="row", column_name="行")
    column = fields.Field(attribute="column", column_name="列")
    message = fields.Field(attribute="message", column_name="原因")

    class Meta:
        model = JobFault
        fields = tuple("row column message".split())
