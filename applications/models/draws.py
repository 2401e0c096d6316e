"""随机抽查: the county draws a share of each batch before it decides; F43 §16."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.cases import Case, CaseEvent
from foundation.trail import append_only


@pgtrigger.register(append_only())
class CheckDraw(models.Model):
    """县级随机抽查: one draw, with all that it takes to work it out again; written once."""

    drawn_on = models.DateField("抽取日期")
    drawn_at = models.DateTimeField("抽取时间", auto_now_add=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="抽取人"
    )
    percent = models.PositiveSmallIntegerField("抽查比例（%）")
    seed = models.CharField("随机种子", max_length=64)
    list_digest = models.CharField("名单摘要（SM3）", max_length=64)
    candidate_count = models.PositiveIntegerField("件数")
    drawn_count = models.PositiveIntegerField("抽中件数")

    class Meta:
        verbose_name = "随机抽查"
        verbose_name_plural = "随机抽查"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="check_draw_a_share_of_the_batch",
                condition=Q(percent__gt=0, percent__lte=100, drawn_count__gte=1)
                & Q(drawn_count__lte=models.F("candidate_count")),
            ),
            models.CheckConstraint(name="check_draw_has_seed", condition=~Q(seed="") & ~Q(list_digest="")),
        ]
        indexes = [models.Index(fields=("drawn_on",), name="check_draw_by_day")]

    def __str__(self) -> str:
        return f"{self.drawn_on}随机抽查"


@pgtrigger.register(append_only())
class DrawnCase(models.Model):
    """抽查名单: a case in a batch, drawn or not; in one draw only, also when it was returned and comes up again."""

    draw = models.ForeignKey(CheckDraw, on_delete=models.RESTRICT, related_name="rows", verbose_name="抽查")
    case = models.OneToOneField(Case, on_delete=models.RESTRICT, related_name="draw_row", verbose_name="办件")
    position = models.PositiveIntegerField("名单序号")
    is_drawn = models.BooleanField("抽中")
    event = models.OneToOneField(CaseEvent, on_delete=models.RESTRICT, related_name="+", verbose_name="经过")
    """What was written on the case then: a check counts when its entry comes later."""

    class Meta:
        verbose_name = "抽查名单"
        verbose_name_plural = "抽查名单"
        ordering = ("position",)
        constraints = [models.UniqueConstraint(name="drawn_case_position_once", fields=("draw", "position"))]

    def __str__(self) -> str:
        return f"{self.draw} {self.case.number}"
