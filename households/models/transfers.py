"""Families that move to another township: proposed by one township, accepted by the other (转出、接收)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.trail import recorded
from households.models.families import Household
from organizations.models import Area


class TransferState(models.TextChoices):
    PROPOSED = "proposed", "待接收"
    ACCEPTED = "accepted", "已接收"
    DECLINED = "declined", "已退回"
    TAKEN_BACK = "taken_back", "已撤回"


@recorded()
class Transfer(models.Model):
    """迁移: a family on its way from one township to another; until it is accepted it stays where it is."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="transfers", verbose_name="家庭")
    from_area = models.ForeignKey(
        Area, on_delete=models.RESTRICT, related_name="transfers_out", verbose_name="迁出村（社区）"
    )
    to_area = models.ForeignKey(
        Area, on_delete=models.RESTRICT, related_name="transfers_in", verbose_name="迁入村（社区）"
    )
    address = models.CharField("新住址", max_length=120)
    moved_on = models.DateField("迁移日期")
    state = models.CharField("状态", max_length=20, choices=TransferState, default=TransferState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="转出人"
    )
    proposed_at = models.DateTimeField("转出时间")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )
    answered_at = models.DateTimeField("办结时间", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "迁移"
        verbose_name_plural = "迁移"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="transfer_one_open",
                fields=("household",),
                condition=Q(state="proposed"),
                violation_error_message="这个家庭已在迁移中，等待迁入乡镇接收。",
            ),
            models.CheckConstraint(
                name="transfer_answer_whole",
                condition=Q(state="proposed", answered_by=None, answered_at=None)
                | ~Q(state="proposed") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_by_two_people",
                condition=~Q(state="accepted") | ~Q(answered_by=F("proposed_by")),
                violation_error_message="转出和接收须由两个人办理。",
            ),
            models.CheckConstraint(name="transfer_declined_has_reason", condition=~Q(state="declined") | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=("state", "to_area"), name="transfer_by_receiver")]

    def __str__(self) -> str:
        return f"{self.from_area}→{self.to_area}"
