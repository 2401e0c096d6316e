"""一事一议: the county's meeting that resolves on aid beyond the maximum or the frequency; and entrusted villages."""

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from foundation.files import private_path
from foundation.money import MoneyField
from foundation.trail import recorded, stays
from organizations.models import Area
from temporary_aid.models.aids import TemporaryAid
from temporary_aid.models.files import AidFile


@pgtrigger.register(
    stays(
        "resolution_stays",
        fields="aid minutes_number met_on place chair present matter opinions is_agreed resolved_amount minutes"
        " recorded_by recorded_at",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
    stays(
        "voided_resolution_stays",
        fields="voided_at voided_by voided_reason",
        once=pgtrigger.Q(old__voided_at__isnull=False),
    ),
    pgtrigger.Trigger(
        name="not_voided_while_it_carries",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__voided_at__isnull=True, new__voided_at__isnull=False),
        func="""
            IF EXISTS (SELECT FROM temporary_aid_temporaryaid a WHERE a.collective_decision_id = OLD.id) THEN
                RAISE EXCEPTION 'jixi: an aid rests on the collective decision';
            END IF;
            RETURN NEW;
        """,
    ),
)
@recorded()
class CollectiveDecision(models.Model):
    """一事一议: meeting, people present, opinions, resolved amount, and the minutes as a file; handbook 10.4."""

    aid = models.ForeignKey(
        TemporaryAid, on_delete=models.RESTRICT, related_name="collective_decisions", verbose_name="临时救助"
    )
    minutes_number = models.CharField("会议纪要号", max_length=40)
    met_on = models.DateField("会议日期")
    place = models.CharField("会议地点", max_length=120)
    chair = models.CharField("主持人", max_length=60)
    present = models.JSONField("参会人员")
    """``[{"name": "…", "unit": "…", "position": "…"}, …]``, two at least."""
    matter = models.CharField("议题和事由", max_length=500)
    opinions = models.TextField("各方意见")
    is_agreed = models.BooleanField("同意救助")
    resolved_amount = MoneyField("决议金额（元）")
    minutes = models.ForeignKey(AidFile, on_delete=models.RESTRICT, related_name="+", verbose_name="会议纪要")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作废人",
    )
    voided_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "一事一议"
        verbose_name_plural = "一事一议"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="collective_decision_one_stands",
                fields=("aid",),
                condition=Q(voided_at=None),
                violation_error_message="这件临时救助已登记过一事一议。",
            ),
            models.CheckConstraint(name="collective_decision_not_negative", condition=Q(resolved_amount__gte=0)),
            models.CheckConstraint(
                name="collective_decision_disagreed_is_nothing",
                condition=Q(is_agreed=True) | Q(resolved_amount=0),
                violation_error_message="不同意救助的，决议金额为0。",
            ),
            models.CheckConstraint(
                name="collective_decision_by_several",
                condition=Q(present__1__isnull=False),
                violation_error_message="参会人员至少两人。",
            ),
            models.CheckConstraint(
                name="collective_decision_voided_whole",
                condition=Q(voided_at=None, voided_by=None, voided_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(voided_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.minutes_number


@pgtrigger.register(
    stays(
        "collective_request_stays",
        fields="aid asked_amount reason asked_by asked_at",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
    stays(
        "withdrawn_collective_request_stays",
        fields="withdrawn_at withdrawn_by withdrawn_reason",
        once=pgtrigger.Q(old__withdrawn_at__isnull=False),
    ),
)
@recorded()
class CollectiveRequest(models.Model):
    """提请一事一议: so much is asked of the county's meeting, and why; a standing resolution on the aid answers it."""

    aid = models.ForeignKey(
        TemporaryAid, on_delete=models.RESTRICT, related_name="collective_requests", verbose_name="临时救助"
    )
    asked_amount = MoneyField("拟救助金额（元）")
    reason = models.CharField("提请的理由", max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="提请人"
    )
    asked_at = models.DateTimeField("提请时间")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤回人",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "一事一议提请"
        verbose_name_plural = "一事一议提请"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="collective_request_one_stands",
                fields=("aid",),
                condition=Q(withdrawn_at=None),
                violation_error_message="这件临时救助已经提请一事一议。",
            ),
            models.CheckConstraint(name="collective_request_of_something", condition=Q(asked_amount__gt=0)),
            models.CheckConstraint(name="collective_request_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="collective_request_withdrawn_whole",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aid} 提请一事一议"


@recorded()
class VillageEntrustment(models.Model):
    """村级委托: a village that decides small urgent aid itself, with limit, time and document; handbook task 17."""

    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="村（社区）")
    valid = DateRangeField("有效期")
    document_number = models.CharField("委托文件文号", max_length=60)
    scan = models.FileField("委托文件扫描件", upload_to=private_path, max_length=200, blank=True)
    scan_type = models.CharField("扫描件格式", max_length=40, blank=True)
    entrusted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收回登记人",
    )
    end_reason = models.CharField("收回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "村级委托"
        verbose_name_plural = "村级委托"
        ordering = ("area__code", "-pk")
        constraints = [
            ExclusionConstraint(
                name="entrustment_once_at_a_time",
                expressions=[("area", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message="这个村（社区）在这段时间已经委托。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.document_number}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the village decides; None while nothing ends it."""
        upper: date | None = self.valid.upper
        return upper - timedelta(days=1) if upper else None

    def state_on(self, day: date) -> tuple[str, str]:
        """How it stands on a day, as words and tone."""
        if self.ended_by_id is not None and day not in self.valid:
            return "已收回", ""
        if self.last_day is not None and self.last_day < day:
            return "已到期", ""
        return ("委托中", "good") if day in self.valid else ("未开始", "due")
