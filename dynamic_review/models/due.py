"""复核期限: until when each award is reviewed by law, for when its visit is planned, and when it was done."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from applications.models import Case
from benefits.models import Award
from foundation.trail import recorded, stays
from organizations.models import Area
from organizations.models.delegations import Scheme


@recorded()
class ReviewExtension(models.Model):
    """核查延期: reviews due during a public emergency may be later by some months (F57 §31); never after a death."""

    areas = models.ManyToManyField(Area, related_name="+", verbose_name="乡镇")
    schemes = ArrayField(models.CharField(max_length=30, choices=Scheme), verbose_name="险种")
    from_day = models.DateField("原到期日从")
    to_day = models.DateField("原到期日至")
    months = models.PositiveSmallIntegerField("延长月数")
    document = models.CharField("依据文件", max_length=120, help_text="文件名称和文号。")
    reason = models.CharField("事由", max_length=200)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )
    decided_on = models.DateField("决定日期")
    revoked_on = models.DateField("撤销日期", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )
    revoked_reason = models.CharField("撤销原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "核查延期"
        verbose_name_plural = "核查延期"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="review_extension_days_in_order",
                condition=Q(to_day__gte=F("from_day")),
                violation_error_message="止日不能早于起日。",
            ),
            models.CheckConstraint(name="review_extension_bounded", condition=Q(months__gte=1, months__lte=12)),
            models.CheckConstraint(
                name="review_extension_revoked_whole",
                condition=Q(revoked_on=None, revoked_by=None, revoked_reason="")
                | Q(revoked_on__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.document


class Outcome(models.TextChoices):
    """How a due date was closed (办结情形)."""

    REVIEWED = "reviewed", "已复核"
    ENDED = "ended", "待遇已停发"
    PHASE_OUT = "phase_out", "已进入渐退"


@pgtrigger.register(
    stays(
        "closed_due_stays",
        fields="award scheme category cycle_months reviewed_on legal_due_on planned_on kept case closed_on outcome",
        once=pgtrigger.Q(old__closed_on__isnull=False),
    )
)
@recorded()
class ReviewDue(models.Model):
    """复核期限: one open row an award; its visit is planned never later than the legal day (只提前不推后)."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="review_dues", verbose_name="待遇")
    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    category = models.CharField("类别", max_length=1, blank=True)
    cycle_months = models.PositiveSmallIntegerField("核查周期（月）")
    reviewed_on = models.DateField("确认或上次复核日期")
    legal_due_on = models.DateField("法定期限")
    planned_on = models.DateField("排期")
    kept = models.BooleanField("排期已确认", default=False)
    extension = models.ForeignKey(
        ReviewExtension, on_delete=models.RESTRICT, null=True, blank=True, related_name="dues", verbose_name="延期"
    )
    case = models.ForeignKey(
        Case, on_delete=models.RESTRICT, null=True, blank=True, related_name="review_dues", verbose_name="办件"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    outcome = models.CharField("办结情形", max_length=10, choices=Outcome, blank=True)

    class Meta:
        verbose_name = "复核期限"
        verbose_name_plural = "复核期限"
        ordering = ("legal_due_on", "pk")
        constraints = [
            models.UniqueConstraint(name="review_due_one_open", fields=("award",), condition=Q(closed_on=None)),
            models.CheckConstraint(
                name="review_planned_never_late",
                condition=Q(planned_on__lte=F("legal_due_on")),
                violation_error_message="排期只能提前，不能晚于法定期限。",
            ),
            models.CheckConstraint(name="review_due_after_last", condition=Q(legal_due_on__gt=F("reviewed_on"))),
            models.CheckConstraint(name="review_due_cycle_positive", condition=Q(cycle_months__gte=1)),
            models.CheckConstraint(
                name="review_due_closed_whole",
                condition=Q(closed_on=None, outcome="") | Q(closed_on__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="review_done_by_a_case", condition=~Q(outcome="reviewed") | Q(case__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=("legal_due_on",), name="review_due_by_law", condition=Q(closed_on=None)),
            models.Index(fields=("planned_on",), name="review_due_by_plan", condition=Q(closed_on=None)),
            models.Index(fields=("closed_on", "outcome"), name="review_due_by_close"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.legal_due_on:%Y-%m-%d}"
