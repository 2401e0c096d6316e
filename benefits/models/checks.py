"""待遇核查: what of a family is looked into while its award runs."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from benefits.models.awards import Award
from foundation.trail import recorded
from households.models import Person


class CheckCause(models.TextChoices):
    """Changes of a family after which its award is looked into; F57 §32, F2022 一(三)."""

    DIED = "died", "成员死亡"
    LEFT = "left", "成员离开"
    JOINED = "joined", "成员增加"
    PHASE_OUT = "phase_out", "渐退期内收入减少"


@recorded()
class AwardCheck(models.Model):
    """待遇核查: the family of a current award changed; the award is looked into before it simply goes on."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="checks", verbose_name="待遇")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", verbose_name="人员")
    cause = models.CharField("情形", max_length=10, choices=CheckCause)
    happened_on = models.DateField("发生日期")
    due_on = models.DateField("核查期限", null=True, blank=True)
    unpaid_from = models.DateField("不得计发起始月", null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    noted_at = models.DateTimeField("登记时间", auto_now_add=True)
    settled_on = models.DateField("核查日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核查人",
    )
    finding = models.CharField("核查情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "待遇核查"
        verbose_name_plural = "待遇核查"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="award_check_one_open", fields=("award", "person", "cause"), condition=Q(settled_on=None)
            ),
            models.CheckConstraint(
                name="award_check_settled_whole",
                condition=Q(settled_on=None, settled_by=None, finding="")
                | Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(finding=""),
            ),
            models.CheckConstraint(
                name="award_check_death_has_days",
                condition=~Q(cause="died") | Q(due_on__isnull=False, unpaid_from__day=1),
            ),
        ]
        indexes = [models.Index(fields=("settled_on", "due_on"), name="award_check_by_due")]

    def __str__(self) -> str:
        return f"{self.award} {self.get_cause_display()}"
