"""复核: why an award is looked into again, by when, and what changed."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from applications.models.cases import Case
from applications.models.freezing import frozen_with_case
from applications.rules.reviews import ReviewCause
from foundation.trail import recorded

_CAUSES = [(cause.value, cause.label) for cause in ReviewCause]


@pgtrigger.register(frozen_with_case())
@recorded()
class Review(models.Model):
    """复核事由: what a review case looks into; F57 §§31–32."""

    case = models.OneToOneField(Case, on_delete=models.RESTRICT, related_name="review", verbose_name="办件")
    cause = models.CharField("事由", max_length=20, choices=_CAUSES)
    cause_text = models.CharField("具体情况", max_length=300, blank=True)
    changed = ArrayField(models.CharField(max_length=200), verbose_name="已知的变化", default=list, blank=True)
    legal_due_on = models.DateField("法定核查期限", null=True, blank=True)
    changed_on = models.DateField("变化发生日期", null=True, blank=True)
    """Of a fact with a day: from the month after it the award is reckoned anew where that lowers it."""
    since_month = models.DateField("提标生效月", null=True, blank=True)
    """Of a family that an uplift set apart: from it on the award is reckoned anew."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="发起人"
    )

    class Meta:
        verbose_name = "复核事由"
        verbose_name_plural = "复核事由"
        constraints = [
            models.CheckConstraint(
                name="review_cause_is_known",
                condition=Q(cause__in=[cause.value for cause in ReviewCause]),
                violation_error_message="请选择复核的事由。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_cause_display()}"
