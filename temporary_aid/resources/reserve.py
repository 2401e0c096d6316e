"""备用金 as spreadsheets: all townships, a ledger, requests, a month's sheet; no number of a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource, book
from temporary_aid.models import Reconciliation, Replenishment, ReserveEntry, ReserveFund
from temporary_aid.queries.reconciling import SlipLine
from temporary_aid.queries.reserve_lists import ReserveRow


class ReserveResource(PlainResource):
    """备用金总览: one row a reserve.

    :param rows: how each stands, by the reserve's key.
    """

    subject_type = "reserve_fund"

    township = fields.Field(attribute="area__name", column_name="乡镇")
    balance = fields.Field(attribute="balance", column_name="余额（元）")
    opening = fields.Field(column_name="年初余额（元）")
    line = fields.Field(column_name="预警线（元）")
    low = fields.Field(column_name="低于预警线")
    month_spent = fields.Field(column_name="本月先行支出（元）")
    month_count = fields.Field(column_name="本月笔数")
    year_spent = fields.Field(column_name="本年先行支出（元）")
    request = fields.Field(column_name="补拨申请")
    unsigned = fields.Field(column_name="未签认月份")
    overdue = fields.Field(column_name="逾期未对账")
    advances = fields.Field(column_name="先行救助待补手续（件）")
    advances_overdue = fields.Field(column_name="先行救助逾期未补（件）")
    simplified = fields.Field(column_name="简化程序待补手续（件）")
    simplified_overdue = fields.Field(column_name="简化程序逾期未补（件）")

    class Meta:
        model = ReserveFund
        fields = (
            *"township balance opening line low month_spent month_count".split(),
            *"year_spent request unsigned overdue advances advances_overdue simplified simplified_overdue".split(),
        )

    def __init__(self, rows: Mapping[int, ReserveRow]) -> None:
        super().__init__()
        self._rows = rows

    def dehydrate_opening(self, fund: ReserveFund) -> Any:
        warning = self._rows[fund.pk].warning
        return warning.opening if warning else None

    def dehydrate_line(self, fund: ReserveFund) -> Any:
        warning = self._rows[fund.pk].warning
        return warning.line if warning else None

    def dehydrate_low(self, fund: ReserveFund) -> str:
        return "是" if self._rows[fund.pk].is_low else "否"

    def dehydrate_month_spent(self, fund: ReserveFund) -> Any:
        return self._rows[fund.pk].month_spent

    def dehydrate_month_count(self, fund: ReserveFund) -> int:
        return self._rows[fund.pk].month_count

    def dehydrate_year_spent(self, fund: ReserveFund) -> Any:
        return self._rows[fund.pk].year_spent

    def dehydrate_request(self, fund: ReserveFund) -> str:
        request = self._rows[fund.pk].request
        return f"{request.number} {request.get_state_display()}" if request else ""

    def dehydrate_unsigned(self, fund: ReserveFund) -> str:
        return "、".join(f"{month:%Y-%m}" for month in self._rows[fund.pk].unsigned)

    def dehydrate_overdue(self, fund: ReserveFund) -> str:
        return "是" if self._rows[fund.pk].is_overdue else "否"

    def dehydrate_advances(self, fund: ReserveFund) -> int:
        return self._rows[fund.pk].papers.advances

    def dehydrate_advances_overdue(self, fund: ReserveFund) -> int:
        return self._rows[fund.pk].papers.advances_overdue

    def dehydrate_simplified(self, fund: ReserveFund) -> int:
        return self._rows[fund.pk].papers.simplified

    def dehydrate_simplified_overdue(self, fund: ReserveFund) -> int:
        return self._rows[fund.pk].papers.simplified_overdue


class LedgerResource(PlainResource):
    """备用金台账: one row an entry, with the balance after it."""

    subject_type = "reserve_entry"

    township = fields.Field(attribute="fund__area__name", column_name="乡镇")
    serial = fields.Field(attribute="serial", column_name="序号")
    on = fields.Field(attribute="occurred_on", column_name="日期")
    kind = fields.Field(attribute="get_kind_display", column_name="种类")
    came_in = fields.Field(column_name="收入（元）")
    went_out = fields.Field(column_name="支出（元）")
    balance = fields.Field(attribute="balance_after", column_name="余额（元）")
    note = fields.Field(attribute="note", column_name="摘要")
    aid = fields.Field(attribute="aid__number", column_name="救助编号")
    recipient = fields.Field(attribute="aid__recipient_name", column_name="救助对象")
    slip = fields.Field(column_name="先行单")
    voucher = fields.Field(attribute="voucher", column_name="凭证号")
    by = fields.Field(attribute="by__name", column_name="经办人")

    class Meta:
        model = ReserveEntry
        fields = tuple("township serial on kind came_in went_out balance note aid recipient slip voucher by".split())

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        people = rows.order_by().filter(aid__applicant__isnull=False).values_list("aid__applicant__person", flat=True)
        return list(people.distinct())

    def dehydrate_came_in(self, entry: ReserveEntry) -> Any:
        return entry.amount if entry.comes_in else None

    def dehydrate_went_out(self, entry: ReserveEntry) -> Any:
        return None if entry.comes_in else entry.amount

    def dehydrate_slip(self, entry: ReserveEntry) -> str:
        slip = getattr(entry, "advance", None)
        return slip.number if slip is not None else ""


class ReplenishmentResource(PlainResource):
    """补拨申请."""

    subject_type = "replenishment"

    number = fields.Field(attribute="number", column_name="申请编号")
    township = fields.Field(attribute="fund__area__name", column_name="乡镇")
    asked_on = fields.Field(column_name="申请日期")
    asked_by = fields.Field(column_name="申请人")
    balance = fields.Field(attribute="balance_then", column_name="申请时余额（元）")
    line = fields.Field(attribute="warning_line", column_name="预警线（元）")
    asked = fields.Field(attribute="asked_amount", column_name="申请金额（元）")
    reason = fields.Field(attribute="reason", column_name="理由")
    state = fields.Field(attribute="get_state_display", column_name="状态")
    approved = fields.Field(attribute="approved_amount", column_name="批准金额（元）")
    answered_by = fields.Field(attribute="answered_by__name", column_name="审批人")
    opinion = fields.Field(attribute="opinion", column_name="审批意见")
    revoked = fields.Field(attribute="revoked_reason", column_name="撤销原因")

    class Meta:
        model = Replenishment
        fields = (
            *"number township asked_on asked_by balance line asked reason state approved".split(),
            *"answered_by opinion revoked".split(),
        )

    def dehydrate_asked_on(self, row: Replenishment) -> Any:
        return timezone.localdate(row.asked_at)

    def dehydrate_asked_by(self, row: Replenishment) -> str:
        return row.asked_by.name if row.asked_by else "系统提请"


class ReconciliationResource(PlainResource):
    """月度对账: one row a month that is signed."""

    subject_type = "reconciliation"

    township = fields.Field(attribute="fund__area__name", column_name="乡镇")
    month = fields.Field(column_name="月份")
    opening = fields.Field(attribute="opening", column_name="期初（元）")
    allocated = fields.Field(attribute="allocated", column_name="拨入（元）")
    advanced = fields.Field(attribute="advanced", column_name="先行支出（元）")
    count = fields.Field(attribute="advances_count", column_name="先行笔数")
    refunded = fields.Field(attribute="refunded", column_name="退回（元）")
    withdrawn = fields.Field(attribute="withdrawn", column_name="收回县级（元）")
    corrected = fields.Field(attribute="corrected", column_name="更正净额（元）")
    closing = fields.Field(attribute="closing", column_name="期末（元）")
    cash = fields.Field(attribute="counted_cash", column_name="库存现金（元）")
    bank = fields.Field(attribute="bank_balance", column_name="银行存款（元）")
    note = fields.Field(attribute="difference_note", column_name="差异说明")
    prepared_by = fields.Field(attribute="prepared_by__name", column_name="编制人")
    prepared_on = fields.Field(attribute="prepared_on", column_name="编制日期")
    signed_by = fields.Field(attribute="signed_by__name", column_name="签认人")
    signed_on = fields.Field(attribute="signed_on", column_name="签认日期")

    class Meta:
        model = Reconciliation
        fields = (
            *"township month opening allocated advanced count refunded withdrawn corrected closing cash bank".split(),
            *"note prepared_by prepared_on signed_by signed_on".split(),
        )

    def dehydrate_month(self, sheet: Reconciliation) -> str:
        return f"{sheet.month:%Y-%m}"


_SUMS = (
    ("期初余额", "opening"),
    ("拨入和补拨", "allocated"),
    ("先行支出", "advanced"),
    ("退回", "refunded"),
    ("收回县级", "withdrawn"),
    ("更正净额", "corrected"),
    ("期末余额", "closing"),
    ("先行笔数", "advances_count"),
    ("库存现金", "counted_cash"),
    ("银行存款", "bank_balance"),
)
_HEAD = (
    "救助编号",
    "救助对象",
    "流水序号",
    "支出日期",
    "支出金额（元）",
    "先行单",
    "发放日期",
    "先行单金额（元）",
    "核对",
)


def sheet_book(sheet: Reconciliation, lines: Sequence[SlipLine]) -> bytes:
    """A month's sheet: its sums, who prepared and signed it, and every payment beside its slip."""
    signed = f"{sheet.signed_by} {sheet.signed_on:%Y-%m-%d}" if sheet.signed_on else "未签认"
    head: list[Sequence[Any]] = [
        [f"{sheet.fund.area}备用金月度对账表", f"{sheet.month:%Y-%m}"],
        *[[label, getattr(sheet, name)] for label, name in _SUMS],
        ["差异说明", sheet.difference_note],
        ["编制", f"{sheet.prepared_by} {sheet.prepared_on:%Y-%m-%d}"],
        ["签认", signed],
        [],
        _HEAD,
    ]
    width = len(_HEAD)
    return book("对账表", [*([*row, *[""] * (width - len(row))] for row in head), *map(_slip, lines)])


def _slip(line: SlipLine) -> Sequence[Any]:
    return (
        line.aid_number,
        line.recipient_name,
        line.serial,
        line.entry_on,
        line.entry_amount,
        line.slip_number,
        line.slip_on,
        line.slip_amount,
        line.fault.label if line.fault else "相符",
    )
