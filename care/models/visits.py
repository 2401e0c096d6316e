"""走访照料: who saw a 特困 person, how they live, and what was found wrong; handbook task 2.6."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from benefits.models import Award
from foundation.trail import recorded, stays
from households.models import Attachment


class Condition(models.TextChoices):
    GOOD = "good", "好"
    FAIR = "fair", "一般"
    POOR = "poor", "差"


@pgtrigger.register(
    stays(
        "visit_stays",
        fields="award visited_on visitors diet hygiene health housing note photo recorded_by recorded_at",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
    stays(
        "voided_visit_stays",
        fields="voided_on voided_by voided_reason",
        once=pgtrigger.Q(old__voided_on__isnull=False),
    ),
)
@recorded()
class CareVisit(models.Model):
    """走访照料记录: what was found is written once; a mistaken one is voided (作废) and written anew."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="care_visits", verbose_name="待遇")
    visited_on = models.DateField("走访日期")
    visitors = models.CharField("走访人", max_length=60)
    diet = models.CharField("饮食", max_length=10, choices=Condition)
    hygiene = models.CharField("卫生", max_length=10, choices=Condition)
    health = models.CharField("健康", max_length=10, choices=Condition)
    housing = models.CharField("住房安全", max_length=10, choices=Condition)
    note = models.CharField("其他情况", max_length=300, blank=True)
    photo = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")
    voided_on = models.DateField("作废日期", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作废人",
    )
    voided_reason = models.CharField("作废原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "走访照料记录"
        verbose_name_plural = "走访照料记录"
        ordering = ("-visited_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="care_visit_voided_whole",
                condition=Q(voided_on=None, voided_by=None, voided_reason="")
                | Q(voided_on__isnull=False, voided_by__isnull=False) & ~Q(voided_reason=""),
            )
        ]
        indexes = [
            models.Index(fields=("award", "-visited_on"), name="care_visit_latest", condition=Q(voided_on=None)),
            models.Index(fields=("award", "-visited_on", "-id"), name="care_visit_by_award"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.visited_on}"


@recorded()
class CarePoint(models.Model):
    """走访发现的问题: open until it is settled (销号)."""

    visit = models.ForeignKey(CareVisit, on_delete=models.RESTRICT, related_name="points", verbose_name="走访")
    problem = models.CharField("问题", max_length=200)
    follow_up = models.CharField("拟怎么处理", max_length=200, blank=True)
    settled_on = models.DateField("办结日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )
    settlement = models.CharField("处理结果", max_length=200, blank=True)

    class Meta:
        verbose_name = "走访发现的问题"
        verbose_name_plural = "走访发现的问题"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="care_point_settled_whole",
                condition=Q(settled_on=None, settled_by=None, settlement="")
                | Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(settlement=""),
            )
        ]
        indexes = [models.Index(fields=("visit",), name="care_point_open", condition=Q(settled_on=None))]

    def __str__(self) -> str:
        return self.problem
