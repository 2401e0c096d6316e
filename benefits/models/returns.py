"""回盘: what a bank answered to a roll, read from its file, and what was taken of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from benefits.models.rolls import MonthlyRoll, RollLine
from foundation.money import MoneyField
from foundation.trail import append_only, recorded, stays


class ReturnState(models.TextChoices):
    DRAFT = "draft", "待确认"
    TAKEN = "taken", "已登记"
    DROPPED = "dropped", "未采用"


@pgtrigger.register(
    stays(
        "taken_stays",
        fields="roll file_name digest state uploaded_by uploaded_on taken_by taken_on only_good",
        once=pgtrigger.Q(old__state="taken"),
    ),
)
@recorded()
class BankReturn(models.Model):
    """回盘文件: one file for one roll; read, looked at, and then taken or not. The same file is taken once."""

    roll = models.ForeignKey(MonthlyRoll, on_delete=models.RESTRICT, related_name="returns", verbose_name="发放册")
    file_name = models.CharField("文件名", max_length=120)
    digest = models.CharField("文件摘要（SM3）", max_length=64)
    state = models.CharField("状态", max_length=10, choices=ReturnState, default=ReturnState.DRAFT)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_on = models.DateField("上传日期")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    taken_on = models.DateField("登记日期", null=True, blank=True)
    only_good = models.BooleanField("只登记相符的行", default=False)

    class Meta:
        verbose_name = "回盘文件"
        verbose_name_plural = "回盘文件"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="bank_return_taken_once",
                fields=("roll", "digest"),
                condition=Q(state="taken"),
                violation_error_message="这份回盘已经登记过。",
            ),
            models.UniqueConstraint(name="bank_return_one_draft", fields=("roll",), condition=Q(state="draft")),
            models.CheckConstraint(
                name="bank_return_taken_whole",
                condition=Q(state__in=["draft", "dropped"], taken_by=None, taken_on=None, only_good=False)
                | Q(state="taken", taken_by__isnull=False, taken_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll} {self.file_name}"


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="was_paid",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (SELECT FROM benefits_rollline l WHERE l.id = NEW.line_id AND l.state = 'paid') THEN
                RAISE EXCEPTION 'jixi: only a payment that the bank reported as paid comes back';
            END IF;
            RETURN NEW;
        """,
    ),
)
class BouncedPayment(models.Model):
    """退票: the bank gives a payment back that it had reported as paid; of each line once, then it is issued anew."""

    line = models.OneToOneField(RollLine, on_delete=models.RESTRICT, related_name="bounced", verbose_name="发放册明细")
    paid_on = models.DateField("原登记发放日期", null=True)
    returned_on = models.DateField("退票日期")
    reason = models.CharField("退票原因", max_length=200)
    source = models.CharField("银行凭证", max_length=120)
    """Number of the bank's slip, or name of its file."""
    bank_return = models.ForeignKey(
        BankReturn, on_delete=models.RESTRICT, null=True, related_name="bounced", verbose_name="回盘文件"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_on = models.DateField("登记日期")

    class Meta:
        verbose_name = "退票"
        verbose_name_plural = "退票"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="bounced_payment_says_why", condition=~Q(reason="") & ~Q(source="")),
            models.CheckConstraint(
                name="bounced_payment_after_paid",
                condition=Q(paid_on=None) | Q(returned_on__gte=models.F("paid_on")),
                violation_error_message="退票日期不能早于登记发放的日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.returned_on}"


@recorded()
class OmittedPayments(models.Model):
    """回盘缺项: payments of a roll that the bank's returns never spoke of; taken as failed by two people.

    Proposed by who records the bank's answers, approved by who signs rolls for the county; each time once.
    """

    roll = models.ForeignKey(MonthlyRoll, on_delete=models.RESTRICT, related_name="omissions", verbose_name="发放册")
    reason = models.CharField("核实情况", max_length=200)
    line_count = models.PositiveIntegerField("户数")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="提出人"
    )
    proposed_on = models.DateField("提出日期")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    settled_on = models.DateField("审核日期", null=True, blank=True)
    is_approved = models.BooleanField("同意", default=False)
    settlement = models.CharField("审核意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "回盘缺项"
        verbose_name_plural = "回盘缺项"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="omission_one_open", fields=("roll",), condition=Q(settled_on=None)),
            models.CheckConstraint(
                name="omission_settled_whole",
                condition=Q(settled_on=None, settled_by=None, settlement="", is_approved=False)
                | Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(settlement=""),
            ),
            models.CheckConstraint(
                name="omission_by_two",
                condition=Q(is_approved=False) | ~Q(settled_by=models.F("proposed_by")),
                violation_error_message="提出人不能审核自己提出的回盘缺项。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll} 回盘缺项"


@pgtrigger.register(append_only())
class BankReturnRow(models.Model):
    """回盘明细: one row of the file, with the line that it answers or what is wrong with it.

    Of the account only the last four characters are kept: the line knows the whole.
    """

    bank_return = models.ForeignKey(BankReturn, on_delete=models.RESTRICT, related_name="rows", verbose_name="回盘文件")
    number = models.PositiveIntegerField("行号")
    payee_name = models.CharField("领款人", max_length=60, blank=True)
    account_tail = models.CharField("账号后四位", max_length=4, blank=True)
    amount = MoneyField("金额（元）", null=True, blank=True)
    is_paid = models.BooleanField("发放成功", default=False)
    reason = models.CharField("失败原因", max_length=100, blank=True)
    line = models.ForeignKey(
        RollLine, on_delete=models.RESTRICT, null=True, blank=True, related_name="answers", verbose_name="发放册明细"
    )
    fault_column = models.CharField("出错的列", max_length=10, blank=True)
    fault = models.CharField("问题", max_length=200, blank=True)

    class Meta:
        verbose_name = "回盘明细"
        verbose_name_plural = "回盘明细"
        ordering = ("bank_return", "number")
        constraints = [
            models.UniqueConstraint(name="bank_return_row_once", fields=("bank_return", "number")),
            models.UniqueConstraint(
                name="bank_return_line_once", fields=("bank_return", "line"), condition=Q(line__isnull=False)
            ),
            models.CheckConstraint(
                name="bank_return_row_taken_or_wrong",
                condition=Q(line__isnull=False, fault="") | Q(line=None) & ~Q(fault=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_return} 第{self.number}行"
