"""后补手续: papers that follow aid approved by the simplified procedure (简化程序), and until when (handbook 10.4)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.trail import recorded, stays
from temporary_aid.models.aids import TemporaryAid


@pgtrigger.register(
    stays("owed_as_settled", fields="aid in_on in_by missing", once=pgtrigger.Q(old__in_on__isnull=False)),
)
@recorded()
class OwedPapers(models.Model):
    """后补手续: one an aid; the help never waits for it, its end (办结) asks for it."""

    aid = models.OneToOneField(
        TemporaryAid, on_delete=models.RESTRICT, related_name="owed_papers", verbose_name="临时救助"
    )
    relieved_on = models.DateField("急难解除日", null=True, blank=True)
    due_on = models.DateField("补手续期限")
    due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)
    in_on = models.DateField("手续结清日期", null=True, blank=True)
    in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="结清人",
    )
    missing = models.CharField("未补的手续和理由", max_length=300, blank=True)
    """What the aid ended without, and why; empty where everything came in."""

    class Meta:
        verbose_name = "后补手续"
        verbose_name_plural = "后补手续"
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                name="owed_papers_in_whole",
                condition=Q(in_on=None, in_by=None, missing="") | Q(in_on__isnull=False, in_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=("due_on",), name="owed_papers_by_due", condition=Q(in_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.aid} 后补手续"
