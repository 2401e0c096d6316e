"""终止救助供养: why one person's support is to end, when it happened, and what proves it."""

import pgtrigger
from django.conf import settings
from django.db import models

from applications.models.cases import Case
from applications.models.freezing import frozen_with_case
from applications.rules.terminations import CAUSES, CauseRule
from applications.rules.terminations import Cause as CauseKey
from foundation.trail import recorded
from households.models import Attachment


@pgtrigger.register(frozen_with_case())
@recorded()
class Termination(models.Model):
    """终止情形: what a termination case looks into; F43 §24."""

    case = models.OneToOneField(Case, on_delete=models.RESTRICT, related_name="termination", verbose_name="办件")
    cause = models.CharField(
        "情形", max_length=20, choices=[(cause.value, rule.label) for cause, rule in CAUSES.items()]
    )
    happened_on = models.DateField("发生日期")
    facts = models.CharField("具体情况", max_length=500)
    evidence = models.ForeignKey(Attachment, on_delete=models.RESTRICT, related_name="+", verbose_name="证明材料")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "终止情形"
        verbose_name_plural = "终止情形"
        constraints = [
            models.CheckConstraint(
                name="termination_cause_is_of_the_law",
                condition=models.Q(cause__in=[cause.value for cause in CAUSES]),
                violation_error_message="终止救助供养只限规定的六种情形。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_cause_display()}"

    @property
    def rule(self) -> CauseRule:
        """The cause's clause and what it is looked into by."""
        return CAUSES[CauseKey(self.cause)]
