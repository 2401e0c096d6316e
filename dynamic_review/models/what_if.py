"""政策测算: drafts of other parameters, and what each came to when it was reckoned; nothing else is ever written."""

import pgtrigger
from django.conf import settings
from django.db import models

from benefits.models import Award
from dynamic_review.models.uplifts import APART, OUTCOMES, SCHEMES
from eligibility.rules.cliffs import CliffCause
from foundation.money import MoneyField
from foundation.trail import append_only, recorded
from households.models import Household
from organizations.models import Area

CLIFFS = [(cause.name.lower(), cause.value) for cause in CliffCause]


@recorded()
class WhatIf(models.Model):
    """政策测算草案: parameters by residence that differ from those in force on a day."""

    name = models.CharField("草案名称", max_length=60)
    note = models.CharField("说明", max_length=300, blank=True)
    on = models.DateField("对照日期")
    """The parameters in force on it are those that the draft departs from."""
    changes = models.JSONField("改动的参数", default=dict)
    """By residence (urban, rural), as the assessment's JSON holds them."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="起草人"
    )
    made_on = models.DateField("起草日期")
    copied_from = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="copies", verbose_name="复制自"
    )
    discarded_on = models.DateField("弃用日期", null=True, blank=True)

    class Meta:
        verbose_name = "政策测算草案"
        verbose_name_plural = "政策测算草案"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(
    pgtrigger.ReadOnly(name="as_begun", fields="what_if serial base_on on changes begun_by begun_at".split())
)
@recorded()
class WhatIfRun(models.Model):
    """一次政策测算: a snapshot of a draft against the families as they stood on a day."""

    what_if = models.ForeignKey(WhatIf, on_delete=models.RESTRICT, related_name="runs", verbose_name="草案")
    serial = models.PositiveSmallIntegerField("序号")
    base_on = models.DateField("对照日期")
    on = models.DateField("测算日期")
    changes = models.JSONField("改动的参数", default=dict)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="测算人"
    )
    begun_at = models.DateTimeField("测算时间")
    finished_at = models.DateTimeField("测算完成时间", null=True, blank=True)
    award_count = models.PositiveIntegerField("测算的待遇", default=0)
    family_count = models.PositiveIntegerField("测算的未保家庭", default=0)
    unreadable_count = models.PositiveIntegerField("资料不全的未保家庭", default=0)

    class Meta:
        verbose_name = "政策测算"
        verbose_name_plural = "政策测算"
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(name="what_if_run_once", fields=("what_if", "serial"))]

    def __str__(self) -> str:
        return f"{self.what_if} {self.on:%Y-%m-%d}"


@pgtrigger.register(append_only())
class WhatIfLine(models.Model):
    """政策测算结果: one award, or what a family without one would have; yuan a month."""

    run = models.ForeignKey(WhatIfRun, on_delete=models.RESTRICT, related_name="lines", verbose_name="测算")
    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="+", verbose_name="家庭")
    award = models.ForeignKey(
        Award, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="待遇"
    )
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="村（社区）")
    scheme = models.CharField("险种", max_length=30, choices=SCHEMES)
    category = models.CharField("类别", max_length=1, blank=True)
    person_count = models.PositiveSmallIntegerField("人数")
    outcome = models.CharField("测算结果", max_length=10, choices=OUTCOMES)
    apart = models.CharField("逐户看的原因", max_length=20, choices=APART, blank=True)
    cliff = models.CharField("悬崖点", max_length=30, choices=CLIFFS, blank=True)
    before_amount = MoneyField("现月金额（元）")
    after_amount = MoneyField("测算月金额（元）")
    paid_months = models.PositiveSmallIntegerField("一年内发放月数", default=12)
    """For how many of the twelve months after it is paid: of a phase-out (渐退) its months at most."""

    class Meta:
        verbose_name = "政策测算结果"
        verbose_name_plural = "政策测算结果"
        ordering = ("run", "area__code", "household", "pk")
        constraints = [
            models.UniqueConstraint(
                name="what_if_line_once", fields=("run", "household", "scheme", "award"), nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=("run", "outcome"), name="what_if_line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.household} {self.before_amount}→{self.after_amount}"
