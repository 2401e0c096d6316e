"""自理能力变化报告、复核评估 and the decision on care that follows; F43 §§22–23."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models import SelfCareAssessment
from benefits.models import Award, AwardVersion
from documents.models import Document
from foundation.trail import append_only, recorded


@recorded()
class SelfCareReport(models.Model):
    """自理能力变化报告: somebody says that a 特困 person manages otherwise than before."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="self_care_reports", verbose_name="待遇")
    reported_on = models.DateField("报告日期")
    reported_by = models.CharField("报告人", max_length=60)
    change = models.CharField("变化情况", max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    due_on = models.DateField("复核评估期限")
    due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)
    settled_on = models.DateField("办结日期", null=True, blank=True)
    settled_reason = models.CharField("办结原因", max_length=200, blank=True)
    """Why it was settled without a decision on care: the person died, or the award stopped."""

    class Meta:
        verbose_name = "自理能力变化报告"
        verbose_name_plural = "自理能力变化报告"
        ordering = ("-reported_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="self_care_report_one_open",
                fields=("award",),
                condition=Q(settled_on=None),
                violation_error_message="这个人已有一次复核评估没有办结。",
            )
        ]
        indexes = [models.Index(fields=("settled_on", "due_on"), name="self_care_report_by_due")]

    def __str__(self) -> str:
        return f"{self.award} {self.reported_on}"


@pgtrigger.register(append_only())
class SelfCareReassessment(models.Model):
    """自理能力复核评估: the assessment by township and county together that answers a report (F43 §§21–23)."""

    report = models.ForeignKey(
        SelfCareReport, on_delete=models.RESTRICT, related_name="assessments", verbose_name="报告"
    )
    record = models.OneToOneField(
        SelfCareAssessment, on_delete=models.RESTRICT, related_name="reassessment", verbose_name="生活自理能力评估"
    )

    class Meta:
        verbose_name = "自理能力复核评估"
        verbose_name_plural = "自理能力复核评估"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.report} {self.record.get_level_display()}"


@pgtrigger.register(append_only())
class CareDecision(models.Model):
    """照料护理档次调整: whether the county agrees to another level or mode, and the version that follows."""

    assessment = models.OneToOneField(
        SelfCareReassessment, on_delete=models.RESTRICT, related_name="decision", verbose_name="复核评估"
    )
    version = models.OneToOneField(
        AwardVersion, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="待遇版本"
    )
    notice = models.OneToOneField(
        Document, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="调整告知书"
    )
    reason = models.CharField("意见", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )
    decided_on = models.DateField("决定日期")

    class Meta:
        verbose_name = "照料护理档次调整决定"
        verbose_name_plural = "照料护理档次调整决定"
        constraints = [
            models.CheckConstraint(
                name="care_decision_sent_back_says_why", condition=Q(version__isnull=False) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="care_decision_notice_of_change", condition=Q(version__isnull=False) | Q(notice=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} {self.decided_on}"
