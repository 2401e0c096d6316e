"""补差: what a stopped award, or one in phase-out, is still owed by a new standard for months that it was paid."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models import AwardVersion
from dynamic_review.models.uplifts import UpliftLine
from foundation.money import MoneyField
from foundation.trail import recorded, stays


@pgtrigger.register(
    pgtrigger.ReadOnly(name="as_entered", fields="line monthly_amount amount reason entered_by entered_on".split()),
    stays("approved_stays", fields="approved_by approved_on version", once=pgtrigger.Q(old__approved_by__isnull=False)),
)
@recorded()
class UpliftMakingGood(models.Model):
    """提标补差: entered by one person and approved by another; the next roll pays it (补发)."""

    line = models.OneToOneField(
        UpliftLine, on_delete=models.RESTRICT, related_name="making_good", verbose_name="提标明细"
    )
    monthly_amount = MoneyField("补差月份的月金额（元）", null=True, blank=True)
    """Found by hand where nothing can be reckoned; None where the uplift reckons it. Yuan a month."""
    amount = MoneyField("补差合计（元）")
    reason = models.CharField("说明", max_length=200)
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
    version = models.ForeignKey(
        AwardVersion, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="最后一版"
    )

    class Meta:
        verbose_name = "提标补差"
        verbose_name_plural = "提标补差"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="making_good_is_more", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="making_good_approved_whole",
                condition=Q(approved_by=None, approved_on=None, version=None)
                | Q(approved_by__isnull=False, approved_on__isnull=False, version__isnull=False),
            ),
            models.CheckConstraint(
                name="making_good_by_two",
                condition=Q(approved_by=None) | ~Q(approved_by=F("entered_by")),
                violation_error_message="录入人不能审批自己录入的补差。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} 补差"
