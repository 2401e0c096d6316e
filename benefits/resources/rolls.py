"""Rolls, their lines and what changed since last month, as spreadsheets; accounts masked but in the bank's file."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from benefits.models import Award, MonthlyRoll, RollLine
from foundation.spreadsheets import PlainResource
from households.queries import people_heading


class RollResource(PlainResource):
    """发放册清单."""

    subject_type = "monthly_roll"

    number = fields.Field(attribute="number", column_name="发放册编号")
    month = fields.Field(column_name="发放月")
    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    township = fields.Field(attribute="area__name", column_name="乡镇")
    kind = fields.Field(attribute="get_kind_display", column_name="种类")
    state = fields.Field(attribute="get_state_display", column_name="状态")
    families = fields.Field(attribute="line_count", column_name="户数")
    persons = fields.Field(attribute="person_count", column_name="人数")
    amount = fields.Field(attribute="total_amount", column_name="金额（元）")
    held = fields.Field(attribute="held_count", column_name="待补账户（户）")
    failed = fields.Field(attribute="failed_count", column_name="发放失败（户）")

    class Meta:
        model = MonthlyRoll
        fields = tuple("number month scheme township kind state families persons amount held failed".split())

    def dehydrate_month(self, roll: MonthlyRoll) -> str:
        return f"{roll.month:%Y-%m}"


class LineResource(PlainResource):
    """发放册明细, accounts masked."""

    subject_type = "roll_line"

    roll = fields.Field(attribute="roll__number", column_name="发放册编号")
    month = fields.Field(column_name="发放月")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    head = fields.Field(attribute="head_name", column_name="户主")
    payee = fields.Field(attribute="payee_name", column_name="领款人")
    account = fields.Field(column_name="账号")
    persons = fields.Field(attribute="person_count", column_name="人数")
    base = fields.Field(attribute="base_amount", column_name="差额（元）")
    topup = fields.Field(attribute="topup_amount", column_name="增发（元）")
    back_payment = fields.Field(attribute="back_payment_amount", column_name="补发（元）")
    recoupment = fields.Field(attribute="recoupment_amount", column_name="追回（元）")
    amount = fields.Field(attribute="amount", column_name="合计（元）")
    state = fields.Field(attribute="get_state_display", column_name="状态")
    failure = fields.Field(attribute="failure", column_name="失败原因")

    class Meta:
        model = RollLine
        fields = (
            *"roll month village head payee account persons".split(),
            *"base topup back_payment recoupment amount state failure".split(),
        )

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))

    def dehydrate_month(self, line: RollLine) -> str:
        return f"{line.month:%Y-%m}"

    def dehydrate_account(self, line: RollLine) -> str:
        return self.shown(line.bank_account.account) if line.bank_account else ""


class BankFileResource(PlainResource):
    """银行（一卡通）发放文件: the one file with accounts in full, with the columns that the bank fills in."""

    subject_type = "roll_line"

    serial = fields.Field(column_name="序号")
    head = fields.Field(attribute="head_name", column_name="户主")
    payee = fields.Field(attribute="payee_name", column_name="领款人")
    bank = fields.Field(attribute="bank_account__bank", column_name="开户行")
    account = fields.Field(column_name="账号")
    amount = fields.Field(attribute="amount", column_name="金额")
    note = fields.Field(column_name="备注")
    result = fields.Field(column_name="结果")
    failure = fields.Field(column_name="失败原因")

    class Meta:
        model = RollLine
        fields = tuple("serial head payee bank account amount note result failure".split())

    def __init__(self, *, in_full: bool = False) -> None:
        super().__init__(in_full=in_full)
        self._count = 0

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))

    def dehydrate_serial(self, line: RollLine) -> int:
        self._count += 1
        return self._count

    def dehydrate_account(self, line: RollLine) -> str:
        return self.shown(line.bank_account.account) if line.bank_account else ""

    def dehydrate_note(self, line: RollLine) -> str:
        return f"{line.month:%Y年%-m月}{line.roll.get_scheme_display()}"

    def dehydrate_result(self, line: RollLine) -> str:
        return ""

    def dehydrate_failure(self, line: RollLine) -> str:
        return ""


class AwardResource(PlainResource):
    """待遇名单."""

    subject_type = "award"

    number = fields.Field(attribute="number", column_name="待遇编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    state = fields.Field(attribute="get_state_display", column_name="状态")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    category = fields.Field(column_name="类别")
    persons = fields.Field(attribute="person_count", column_name="保障人数")
    amount = fields.Field(attribute="monthly_amount", column_name="月金额（元）")
    starts = fields.Field(column_name="起发月")
    ends = fields.Field(column_name="最后发放月")

    class Meta:
        model = Award
        fields = tuple("number head scheme state township village category persons amount starts ends".split())

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        return people_heading(rows.order_by().values("household"))

    def dehydrate_category(self, award: Any) -> str:
        return f"{award.category}类" if award.category else ""

    def dehydrate_starts(self, award: Award) -> str:
        return f"{award.starts_month:%Y-%m}"

    def dehydrate_ends(self, award: Award) -> str:
        return f"{award.ends_month:%Y-%m}" if award.ends_month else ""
