"""追回: what was paid and is not owed, month by month; decided by two people, kept back or returned."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models.awards import Award
from foundation.money import MoneyField
from foundation.trail import append_only, recorded


class RecoupmentState(models.TextChoices):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "追回中"
    SETTLED = "settled", "已追回"
    VOIDED = "voided", "已作废"


@recorded()
class Recoupment(models.Model):
    """追回单: entered by one, approved by another."""

    number = models.CharField("追回单编号", max_length=20, unique=True)
    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="recoupments", verbose_name="待遇")
    reason = models.CharField("原因", max_length=200)
    source = models.CharField("依据", max_length=40, blank=True)
    state = models.CharField("状态", max_length=10, choices=RecoupmentState, default=RecoupmentState.PROPOSED)
    total_amount = MoneyField("应追回（元）")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_on = models.DateField("录入日期")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    approved_on = models.DateField("审批日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    close_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "追回单"
        verbose_name_plural = "追回单"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="recoupment_one_open", fields=("award",), condition=Q(state__in=["proposed", "approved"])
            ),
            models.CheckConstraint(name="recoupment_of_something", condition=Q(total_amount__gt=0)),
            models.CheckConstraint(
                name="recoupment_by_two",
                condition=Q(approved_by=None) | ~Q(approved_by=F("entered_by")),
                violation_error_message="录入人不能审批自己录入的追回单。",
            ),
            models.CheckConstraint(
                name="recoupment_approved_whole",
                condition=Q(state="proposed", approved_by=None, approved_on=None)
                | Q(state__in=["approved", "settled"], approved_by__isnull=False, approved_on__isnull=False)
                | Q(state="voided"),
            ),
            models.CheckConstraint(
                name="recoupment_voided_says_why", condition=~Q(state="voided") | ~Q(close_reason="")
            ),
        ]
        indexes = [models.Index(fields=("state",), name="recoupment_by_state")]

    def __str__(self) -> str:
        return self.number


@pgtrigger.register(append_only())
class RecoupmentMonth(models.Model):
    """追回月份: what was paid for a month, what was owed, and what is to come back."""

    recoupment = models.ForeignKey(Recoupment, on_delete=models.RESTRICT, related_name="months", verbose_name="追回单")
    for_month = models.DateField("月份")
    paid_amount = MoneyField("已发（元）")
    owed_amount = MoneyField("应发（元）")
    amount = MoneyField("应追回（元）")

    class Meta:
        verbose_name = "追回月份"
        verbose_name_plural = "追回月份"
        ordering = ("recoupment", "for_month")
        constraints = [
            models.UniqueConstraint(name="recoupment_month_once", fields=("recoupment", "for_month")),
            models.CheckConstraint(
                name="recoupment_month_within_overpaid",
                condition=Q(for_month__day=1, amount__gt=0, amount__lte=F("paid_amount") - F("owed_amount")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recoupment} {self.for_month:%Y-%m}"


@pgtrigger.register(append_only())
class RecoupmentReturn(models.Model):
    """退缴: what a family gave back in cash or by transfer."""

    recoupment = models.ForeignKey(Recoupment, on_delete=models.RESTRICT, related_name="returns", verbose_name="追回单")
    for_month = models.DateField("所属月")
    """Of which overpaid month it is; a sum of several months is a row each."""
    returned_on = models.DateField("退缴日期")
    amount = MoneyField("退缴（元）")
    way = models.CharField("方式", max_length=60)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "退缴"
        verbose_name_plural = "退缴"
        ordering = ("pk",)
        constraints = [models.CheckConstraint(name="return_of_something", condition=Q(amount__gt=0, for_month__day=1))]

    def __str__(self) -> str:
        return f"{self.recoupment} {self.amount}"
