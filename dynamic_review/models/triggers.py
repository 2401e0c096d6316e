"""触发复核: what calls for a review before its due day, each told once; and offers of work (就业介绍)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models import Case
from applications.rules.reviews import ReviewCause
from benefits.models import Award
from foundation.trail import recorded, stays
from households.models import Person


@pgtrigger.register(
    stays(
        "told_trigger_stays",
        fields="award cause happened_on note source noted_by noted_on",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
    stays(
        "settled_trigger_stays",
        fields="settled_on settled_by settlement case due_on",
        once=pgtrigger.Q(old__settled_on__isnull=False),
    ),
)
@recorded()
class ReviewTrigger(models.Model):
    """触发复核: something happened after which an award does not simply go on; settled by a review."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="review_triggers", verbose_name="待遇")
    cause = models.CharField("原因", max_length=20, choices=[(cause.value, cause.label) for cause in ReviewCause])
    person = models.ForeignKey(
        Person, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    happened_on = models.DateField("发生日期")
    due_on = models.DateField("复核期限")
    note = models.CharField("情况", max_length=300, blank=True)
    source = models.CharField("来源", max_length=60)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="登记人",
    )
    noted_on = models.DateField("登记日期")
    case = models.ForeignKey(
        Case, on_delete=models.RESTRICT, null=True, blank=True, related_name="review_triggers", verbose_name="办件"
    )
    settled_on = models.DateField("办结日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )
    settlement = models.CharField("办结情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "触发复核"
        verbose_name_plural = "触发复核"
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(name="review_trigger_told_once", fields=("award", "cause", "source")),
            models.CheckConstraint(name="review_trigger_due_after", condition=Q(due_on__gte=F("happened_on"))),
            models.CheckConstraint(name="review_trigger_never_scheduled", condition=~Q(cause="scheduled")),
            models.CheckConstraint(
                name="review_trigger_settled_whole",
                condition=Q(settled_on=None, settled_by=None, settlement="")
                | Q(settled_on__isnull=False) & ~Q(settlement=""),
            ),
        ]
        indexes = [models.Index(fields=("award", "due_on"), name="review_trigger_open", condition=Q(settled_on=None))]

    def __str__(self) -> str:
        return f"{self.award} {self.get_cause_display()}"


class Answer(models.TextChoices):
    """What came of an offer of work."""

    ACCEPTED = "accepted", "接受"
    EXCUSED = "excused", "有正当理由未接受"
    REFUSED = "refused", "无正当理由拒绝"


@pgtrigger.register(
    stays("offer_stays", fields="offered_on job answer reason", once=pgtrigger.Q(old__id__isnull=False))
)
@recorded()
class JobOffer(models.Model):
    """就业介绍: an offer of suitable work to somebody able to work, and the answer; F57 §34."""

    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="job_offers", verbose_name="人员")
    offered_on = models.DateField("介绍日期")
    job = models.CharField("岗位", max_length=100)
    answer = models.CharField("结果", max_length=10, choices=Answer)
    reason = models.CharField("理由", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_on = models.DateField("登记日期")

    class Meta:
        verbose_name = "就业介绍"
        verbose_name_plural = "就业介绍"
        ordering = ("-offered_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="job_offer_once",
                fields=("person", "offered_on", "job"),
                violation_error_message="这一天的这个岗位已经登记过。",
            ),
            models.CheckConstraint(name="job_offer_excuse_told", condition=~Q(answer="excused") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.job}"
