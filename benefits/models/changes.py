"""What happens to an award beside its versions: it is suspended (暂缓发放), or phased out (渐退)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models.awards import Award
from foundation.trail import append_only, recorded, stays


@pgtrigger.register(
    stays(
        "ended_stays",
        fields=(
            "award from_month to_month reason source decided_by decided_on ended_by ended_on end_reason pays_withheld"
        ),
        once=pgtrigger.Q(old__ended_on__isnull=False),
    ),
    pgtrigger.ReadOnly(name="as_decided", fields="award from_month reason source decided_by decided_on".split()),
)
@recorded()
class AwardSuspension(models.Model):
    """暂缓发放: months in which an award is not paid, and whether they are paid once it goes on."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="suspensions", verbose_name="待遇")
    from_month = models.DateField("起始月")
    to_month = models.DateField("最后暂缓月", null=True, blank=True)
    reason = models.CharField("原因", max_length=200)
    source = models.CharField("依据", max_length=40, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )
    decided_on = models.DateField("决定日期")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="恢复决定人",
    )
    ended_on = models.DateField("恢复决定日期", null=True, blank=True)
    end_reason = models.CharField("恢复原因", max_length=200, blank=True)
    pays_withheld = models.BooleanField("补发暂缓的月份", default=False)

    class Meta:
        verbose_name = "暂缓发放"
        verbose_name_plural = "暂缓发放"
        ordering = ("award", "pk")
        constraints = [
            models.UniqueConstraint(name="award_suspended_once", fields=("award",), condition=Q(ended_on=None)),
            models.CheckConstraint(
                name="suspension_months_are_first_days",
                condition=Q(from_month__day=1) & (Q(to_month=None) | Q(to_month__day=1)),
            ),
            models.CheckConstraint(
                name="suspension_ended_whole",
                condition=Q(to_month=None, ended_by=None, ended_on=None, end_reason="", pays_withheld=False)
                | Q(to_month__isnull=False, ended_by__isnull=False, ended_on__isnull=False) & ~Q(end_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} 暂缓 {self.from_month:%Y-%m}"


@pgtrigger.register(
    stays(
        "revoked_stays",
        fields="award first_month last_month revoked_on revoked_by revoke_reason",
        once=pgtrigger.Q(old__revoked_on__isnull=False),
    ),
    pgtrigger.ReadOnly(
        name="as_decided",
        fields=(
            "award first_month last_month months suggested_months suggestion reason source decided_by decided_on"
        ).split(),
    ),
)
@recorded()
class PhaseOut(models.Model):
    """渐退期: the signed decision names the last paid month; the award ends then by itself. F57 §33."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="phase_outs", verbose_name="待遇")
    first_month = models.DateField("渐退首月")
    last_month = models.DateField("最后发放月")
    months = models.PositiveSmallIntegerField("渐退月数")
    suggested_months = models.PositiveSmallIntegerField("建议月数", null=True, blank=True)
    suggestion = models.CharField("建议理由", max_length=300, blank=True)
    reason = models.CharField("原因", max_length=200)
    source = models.CharField("依据", max_length=40, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )
    decided_on = models.DateField("决定日期")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    revoke_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "渐退"
        verbose_name_plural = "渐退"
        ordering = ("award", "pk")
        constraints = [
            models.CheckConstraint(
                name="phase_out_months_are_first_days", condition=Q(first_month__day=1, last_month__day=1)
            ),
            models.CheckConstraint(
                name="phase_out_ends_after_it_began",
                condition=Q(last_month__gte=F("first_month"), months__gte=1, months__lte=6),
            ),
            models.CheckConstraint(
                name="phase_out_revoked_whole",
                condition=Q(revoked_by=None, revoked_on=None, revoke_reason="")
                | Q(revoked_by__isnull=False, revoked_on__isnull=False) & ~Q(revoke_reason=""),
            ),
        ]
        indexes = [models.Index(fields=("last_month",), name="phase_out_by_end")]

    def __str__(self) -> str:
        return f"{self.award} 渐退至{self.last_month:%Y-%m}"


@pgtrigger.register(append_only())
class AwardReckoning(models.Model):
    """重新核算: something other than a decision changed what past months are owed; rolls to come look from there.

    A death whose day was corrected or that was registered by mistake, a recoupment voided after some of it was taken.
    """

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="reckonings", verbose_name="待遇")
    from_month = models.DateField("起始月")
    reason = models.CharField("原因", max_length=100)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_on = models.DateField("登记日期")

    class Meta:
        verbose_name = "重新核算"
        verbose_name_plural = "重新核算"
        ordering = ("award", "pk")
        constraints = [
            models.CheckConstraint(name="reckoning_month_first_day", condition=Q(from_month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.award} 自{self.from_month:%Y-%m}"
