"""公示: seven days in the village, its photos, objections and complaints."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.cases import Case
from applications.models.freezing import frozen_with, frozen_with_case
from documents.models import Document
from foundation.crypto import EncryptedField
from foundation.trail import recorded
from households.models import Attachment, Member


@pgtrigger.register(frozen_with_case())
@recorded()
class Publicity(models.Model):
    """公示: name, number in family, amount; never why (F57 §§19, 24)."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="publicities", verbose_name="办件")
    posted_on = models.DateField("张贴日期")
    first_day = models.DateField("公示首日")
    last_day = models.DateField("公示末日")
    place = models.CharField("张贴地点", max_length=120)
    telephone = models.CharField("监督电话", max_length=30)
    proposal = models.ForeignKey(
        "applications.Proposal", on_delete=models.RESTRICT, related_name="+", verbose_name="所公示初审意见"
    )
    applicant = models.ForeignKey(
        Member, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="所公示申请人"
    )
    document = models.ForeignKey(Document, on_delete=models.RESTRICT, related_name="+", verbose_name="公示单")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="张贴人"
    )
    closed_on = models.DateField("结束日期", null=True, blank=True)
    taken_back = models.BooleanField("已撤销张贴", default=False)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering = ("-posted_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="publicity_days_in_order",
                condition=Q(first_day__gte=F("posted_on"), last_day__gte=F("first_day")),
            ),
            models.UniqueConstraint(
                name="publicity_one_open",
                fields=("case",),
                condition=Q(closed_on=None),
                violation_error_message="这个办件正在公示。",
            ),
        ]
        indexes = [models.Index(fields=("last_day",), name="publicity_by_last_day", condition=Q(closed_on=None))]

    def __str__(self) -> str:
        return f"{self.case} 公示"


@pgtrigger.register(frozen_with("applications_publicity", "publicity_id"))
@recorded()
class PublicityPhoto(models.Model):
    """公示照片: proof of posting."""

    publicity = models.ForeignKey(Publicity, on_delete=models.RESTRICT, related_name="photos", verbose_name="公示")
    attachment = models.ForeignKey(Attachment, on_delete=models.RESTRICT, related_name="+", verbose_name="照片")

    class Meta:
        verbose_name = "公示照片"
        verbose_name_plural = "公示照片"

    def __str__(self) -> str:
        return str(self.attachment)


@pgtrigger.register(frozen_with("applications_publicity", "publicity_id"))
@recorded()
class Objection(models.Model):
    """异议: raised during publicity, answered before the case goes on; F57 §19."""

    publicity = models.ForeignKey(Publicity, on_delete=models.RESTRICT, related_name="objections", verbose_name="公示")
    raised_on = models.DateField("提出日期")
    raised_by_name = models.CharField("异议人", max_length=60, blank=True)
    phone = EncryptedField("电话", purpose="phone", blank=True)
    content = models.CharField("异议内容", max_length=500)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="接收人"
    )
    resolved_on = models.DateField("处理日期", null=True, blank=True)
    resolution = models.CharField("处理结果", max_length=500, blank=True)

    class Meta:
        verbose_name = "异议"
        verbose_name_plural = "异议"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="objection_resolution_pair",
                condition=Q(resolved_on=None, resolution="") | (Q(resolved_on__isnull=False) & ~Q(resolution="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.publicity} {self.raised_on}"


@pgtrigger.register(frozen_with_case())
@recorded()
class Complaint(models.Model):
    """投诉举报: received before the decision, it asks for a visit by county staff; F57 §20."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="complaints", verbose_name="办件")
    received_on = models.DateField("收到日期")
    content = models.CharField("内容", max_length=500)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="接收人"
    )

    class Meta:
        verbose_name = "投诉举报"
        verbose_name_plural = "投诉举报"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case} {self.received_on}"
