"""资金计划: what a year's budget plans by scheme and source, and from which sources a roll was paid."""

from django.db import models
from django.db.models import Q

from benefits.models.rolls import MonthlyRoll
from foundation.money import MoneyField
from foundation.trail import recorded
from organizations.models.delegations import Scheme


class FundSource(models.TextChoices):
    CENTRAL = "central", "中央"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"


@recorded()
class FundPlan(models.Model):
    """资金计划: planned money of a year by scheme and source, yuan."""

    year = models.PositiveSmallIntegerField("年度")
    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    source = models.CharField("资金来源", max_length=10, choices=FundSource)
    planned_amount = MoneyField("计划金额（元）")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "资金计划"
        verbose_name_plural = "资金计划"
        ordering = ("-year", "scheme", "pk")
        constraints = [
            models.UniqueConstraint(
                name="fund_plan_once",
                fields=("year", "scheme", "source"),
                violation_error_message="这一年度这个险种的这一资金来源已有计划。",
            ),
            models.CheckConstraint(name="fund_plan_not_negative", condition=Q(planned_amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_scheme_display()} {self.get_source_display()}"


@recorded()
class RollFunding(models.Model):
    """发放册资金来源: how much of a frozen roll a source pays, yuan."""

    roll = models.ForeignKey(MonthlyRoll, on_delete=models.RESTRICT, related_name="funding", verbose_name="发放册")
    source = models.CharField("资金来源", max_length=10, choices=FundSource)
    amount = MoneyField("金额（元）")

    class Meta:
        verbose_name = "发放册资金来源"
        verbose_name_plural = "发放册资金来源"
        ordering = ("roll", "pk")
        constraints = [
            models.UniqueConstraint(name="roll_funding_once", fields=("roll", "source")),
            models.CheckConstraint(name="roll_funding_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.roll} {self.get_source_display()}"
