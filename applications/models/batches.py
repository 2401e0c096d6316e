"""批量办理: one act on many cases, and how it ended for each."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.cases import Case
from documents.models import Document
from foundation.trail import append_only, recorded

BATCH_LIMIT = 100
"""Cases that one batch takes: as many as the longest page of the list."""


class BatchAct(models.TextChoices):
    PUBLICISE = "publicise", "按村公示"
    ANNOUNCE = "announce", "登记公布"
    DELIVER = "deliver", "登记送达"


class Outcome(models.TextChoices):
    WAITING = "waiting", "没有办到"
    DONE = "done", "已办好"
    FAILED = "failed", "没有办成"


@pgtrigger.register(append_only())
class Batch(models.Model):
    """批量办理: who did what to how many cases at once."""

    act = models.CharField("事项", max_length=20, choices=BatchAct)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="办理人"
    )
    started_at = models.DateTimeField("办理时间")
    token = models.CharField("表单标识", max_length=40, null=True, editable=False)
    """Of the form that opened it: one form opens one batch, whatever else forgets that it was sent."""

    class Meta:
        verbose_name = "批量办理"
        verbose_name_plural = "批量办理"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="batch_once_a_form", fields=("token",), violation_error_message="这一批已经办过。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.started_at:%Y-%m-%d %H:%M}"


@recorded()
class BatchRow(models.Model):
    """批量办理的一件: whether the act was done to the case, and what to do where it was not."""

    batch = models.ForeignKey(Batch, on_delete=models.RESTRICT, related_name="rows", verbose_name="批次")
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="+", verbose_name="办件")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.WAITING)
    message = models.CharField("说明", max_length=300, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="文书"
    )

    class Meta:
        verbose_name = "批量办理结果"
        verbose_name_plural = "批量办理结果"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="batch_row_once", fields=("batch", "case")),
            models.CheckConstraint(name="batch_row_failure_says_why", condition=~Q(outcome="failed", message="")),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_outcome_display()}"
