"""照料人 and 委托照料服务协议 of a 特困 person supported at home (分散供养); handbook task 2.6."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Least

from benefits.models import Award
from foundation.crypto import EncryptedField
from foundation.trail import recorded
from households.models import Attachment, Person


class CarerKind(models.TextChoices):
    RELATIVE = "relative", "亲属"
    NEIGHBOUR = "neighbour", "邻里"
    INSTITUTION = "institution", "机构"
    PAID_SERVICE = "paid_service", "购买服务"


class CareContent(models.TextChoices):
    """照料内容: daily life, and care in illness (国务院令第649号第十五条)."""

    MEALS = "meals", "做饭送饭"
    CLEANING = "cleaning", "打扫清洗"
    BATHING = "bathing", "洗澡理发"
    TURNING = "turning", "翻身喂饭、如厕照料"
    MEDICINE = "medicine", "陪同就医、取药"
    HOSPITAL = "hospital", "住院陪护"
    ERRANDS = "errands", "代购代办"
    SAFETY = "safety", "用电用火和住房安全检查"
    COMPANY = "company", "探视陪伴"


class CareFrequency(models.TextChoices):
    FULL_TIME = "full_time", "全天照料"
    DAILY = "daily", "每天至少一次"
    THRICE_WEEKLY = "thrice_weekly", "每周至少三次"
    WEEKLY = "weekly", "每周至少一次"
    MONTHLY = "monthly", "每月至少两次"


@recorded()
class CareAgreement(models.Model):
    """委托照料服务协议: written and printed first, in force from its days once township, carer and person signed."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="care_agreements", verbose_name="待遇")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", verbose_name="特困人员")
    carer_kind = models.CharField("照料人类别", max_length=20, choices=CarerKind)
    carer_name = models.CharField("照料人", max_length=60)
    carer_id_number = EncryptedField("照料人身份证号", purpose="id_number", blank=True)
    carer_phone = EncryptedField("照料人电话", purpose="phone", blank=True)
    relation = models.CharField("与特困人员关系", max_length=30, blank=True)
    contents = models.JSONField("照料内容", default=list)
    other_contents = models.CharField("其他照料内容", max_length=200, blank=True)
    frequency = models.CharField("照料频次", max_length=20, choices=CareFrequency)
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("截止日期")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="拟订人"
    )
    drafted_on = models.DateField("拟订日期")
    signed_on = models.DateField("签订日期", null=True, blank=True)
    scan = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="签字扫描件"
    )
    ended_on = models.DateField("终止日期", null=True, blank=True)
    """The last day in force; of one never signed or given up before its first day, the day of giving it up."""
    end_reason = models.CharField("终止原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "委托照料服务协议"
        verbose_name_plural = "委托照料服务协议"
        ordering = ("-starts_on", "-pk")
        constraints = [
            ExclusionConstraint(
                name="care_agreement_one_in_force",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            Least("ends_on", "ended_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(signed_on__isnull=False) & (Q(ended_on=None) | Q(ended_on__gte=F("starts_on"))),
                violation_error_message="这个人在这段时间已有一份生效的协议。",
            ),
            models.UniqueConstraint(
                name="care_agreement_one_unsigned",
                fields=("person",),
                condition=Q(signed_on=None, ended_on=None),
                violation_error_message="这个人已有一份待签的协议。",
            ),
            models.CheckConstraint(
                name="care_agreement_days_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                name="care_agreement_signed_whole",
                condition=Q(signed_on=None, scan=None) | Q(signed_on__isnull=False, scan__isnull=False),
            ),
            models.CheckConstraint(
                name="care_agreement_ended_whole",
                condition=Q(ended_on=None, end_reason="") | Q(ended_on__isnull=False) & ~Q(end_reason=""),
            ),
        ]
        indexes = [models.Index(fields=("award", "starts_on"), name="care_agreement_by_award")]

    def __str__(self) -> str:
        return f"{self.award} {self.carer_name}"

    @property
    def is_draft(self) -> bool:
        """Printed to be signed, and neither signed nor given up."""
        return self.signed_on is None and self.ended_on is None

    @property
    def never_began(self) -> bool:
        """Given up before its first day: it was never in force."""
        return self.ended_on is not None and self.ended_on < self.starts_on

    @property
    def last_day(self) -> date:
        """The last day in force."""
        return min(self.ends_on, self.ended_on) if self.ended_on else self.ends_on

    @property
    def content_labels(self) -> list[str]:
        return [CareContent(value).label for value in CareContent.values if value in self.contents]
