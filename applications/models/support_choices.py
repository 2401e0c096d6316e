"""保障选择: 特困 or the support of orphans and de facto orphans, for a minor who may have either; F43 §9."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.cases import Case
from applications.models.freezing import frozen_with_case
from foundation.trail import recorded
from households.models import Attachment, Member


class ChildSupport(models.TextChoices):
    """F43 §9: who chooses the other is not recognised as 特困 any more."""

    TEKUN = "tekun", "选择特困人员救助供养"
    CHILD = "child_support", "选择孤儿、事实无人抚养儿童保障"


@pgtrigger.register(frozen_with_case())
@recorded()
class SupportChoice(models.Model):
    """保障选择: what the guardian chose for a minor, and when; the latest counts."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="support_choices", verbose_name="办件")
    member = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="+", verbose_name="未成年人")
    choice = models.CharField("选择", max_length=20, choices=ChildSupport)
    chosen_on = models.DateField("选择日期")
    chosen_by = models.CharField("作出选择的监护人", max_length=60)
    scan = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="签字材料"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="记录人"
    )

    class Meta:
        verbose_name = "保障选择"
        verbose_name_plural = "保障选择"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="support_choice_by_somebody",
                condition=~Q(chosen_by=""),
                violation_error_message="请填作出选择的监护人。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_choice_display()}"
