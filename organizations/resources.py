"""The list of accounts as a spreadsheet."""

from typing import Any

from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource
from organizations.models import AccountState, Staff


class StaffResource(PlainResource):
    """人员与岗位: one row an account of the filtered list."""

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
