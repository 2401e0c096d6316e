"""一次受理: one family's facts at the window, the papers signed there, and the one list of what is missing."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.freezing import frozen_with, frozen_with_case, frozen_with_intake
from foundation.trail import recorded
from households.models import Agent, Attachment, Household, Member
from organizations.models import Area


class Channel(models.TextChoices):
    WINDOW = "window", "窗口申请"
    VILLAGE = "village", "村级代办"
    AGENT = "agent", "委托他人"
    PROACTIVE = "proactive", "主动发现"
    OFFICIAL = "official", "依职权发起"


APPLIED_BY = [(channel.value, channel.label) for channel in Channel if channel != Channel.OFFICIAL]
"""申请方式 at the window; what is begun ex officio nobody applies for."""


class PaperKind(models.TextChoices):
    """Papers for signature before acceptance; F57 §§4, 9–11."""

    APPLICATION_FORM = "application_form", "申请表"
    AUTHORIZATION_LETTER = "authorization_letter", "核查授权书"
    COMMITMENT_LETTER = "commitment_letter", "承诺书（告知承诺书）"
    AGENT_LETTER = "agent_letter", "委托书"
    RELATIVE_RECORD = "relative_record", "近亲属备案表"


@pgtrigger.register(frozen_with_intake("OLD.id"))
@recorded()
class Intake(models.Model):
    """一次受理: one visit of one family, with 1…n cases."""

    number = models.CharField("受理编号", max_length=20, unique=True)
    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="intakes", verbose_name="家庭")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="intakes", verbose_name="村（社区）")
    applicant = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="+", verbose_name="申请人")
    agent = models.ForeignKey(
        Agent, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="代理人"
    )
    channel = models.CharField("申请方式", max_length=20, choices=Channel, default=Channel.WINDOW)
    accounting_year = models.PositiveSmallIntegerField("收入核算年度")
    reason = models.CharField("申请理由", max_length=300, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    opened_on = models.DateField("录入日期")

    class Meta:
        verbose_name = "一次受理"
        verbose_name_plural = "一次受理"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("area", "opened_on"), name="intake_by_area")]

    def __str__(self) -> str:
        return self.number


@pgtrigger.register(frozen_with_intake())
@recorded()
class IntakePaper(models.Model):
    """签字材料: the signed scan of a paper that the intake needs before acceptance."""

    intake = models.ForeignKey(Intake, on_delete=models.RESTRICT, related_name="papers", verbose_name="一次受理")
    kind = models.CharField("种类", max_length=30, choices=PaperKind)
    attachment = models.ForeignKey(Attachment, on_delete=models.RESTRICT, related_name="+", verbose_name="扫描件")
    signed_on = models.DateField("签署日期")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "签字材料"
        verbose_name_plural = "签字材料"
        constraints = [
            models.UniqueConstraint(name="intake_paper_once", fields=("intake", "kind"), condition=Q(voided_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.intake} {self.get_kind_display()}"


class NearRelation(models.TextChoices):
    """近亲属: whose cases are registered apart, and nobody else's (F57 §11; 民法典第一千零四十五条)."""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    GRANDPARENT = "grandparent", "祖父母"
    MATERNAL_GRANDPARENT = "maternal_grandparent", "外祖父母"
    GRANDCHILD = "grandchild", "孙子女"
    MATERNAL_GRANDCHILD = "maternal_grandchild", "外孙子女"


@pgtrigger.register(frozen_with_intake())
@recorded()
class RelativeDeclaration(models.Model):
    """近亲属单独登记备案: a near relative of staff or of village committee members; F57 §11."""

    intake = models.ForeignKey(Intake, on_delete=models.RESTRICT, related_name="relatives", verbose_name="一次受理")
    member = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="+", verbose_name="家庭成员")
    relative_name = models.CharField("关系人姓名", max_length=60)
    relative_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="关系人账号",
        help_text="按姓名对上的工作人员；以后更正姓名，仍须回避。",
    )
    relative_unit = models.CharField("关系人单位", max_length=60)
    relative_position = models.CharField("关系人职务", max_length=60)
    relation = models.CharField("与成员关系", max_length=20, choices=NearRelation)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    registered_on = models.DateField("登记日期")
    county_number = models.CharField("县备案号", max_length=30, blank=True)

    class Meta:
        verbose_name = "近亲属备案"
        verbose_name_plural = "近亲属备案"
        constraints = [
            models.CheckConstraint(
                name="relative_is_near",
                condition=Q(relation__in=NearRelation.values),
                violation_error_message="近亲属只指配偶、父母、子女、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.relative_name}"


@pgtrigger.register(frozen_with_case())
@recorded()
class SupplementNotice(models.Model):
    """一次性补正告知: at most one a case; F57 §10."""

    case = models.OneToOneField(
        "applications.Case", on_delete=models.RESTRICT, related_name="supplement_notice", verbose_name="办件"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="告知人"
    )
    issued_on = models.DateField("告知日期")
    due_on = models.DateField("补正期限")
    due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)

    class Meta:
        verbose_name = "一次性补正告知"
        verbose_name_plural = "一次性补正告知"

    def __str__(self) -> str:
        return f"{self.case} 补正"


@pgtrigger.register(frozen_with("applications_supplementnotice", "notice_id"))
@recorded()
class SupplementItem(models.Model):
    """缺件: one missing paper, and when it arrived; papers may arrive in several visits."""

    notice = models.ForeignKey(
        SupplementNotice, on_delete=models.RESTRICT, related_name="items", verbose_name="补正告知"
    )
    name = models.CharField("材料名称", max_length=60)
    note = models.CharField("说明", max_length=120, blank=True)
    received_on = models.DateField("收到日期", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收件人",
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="附件"
    )

    class Meta:
        verbose_name = "缺件"
        verbose_name_plural = "缺件"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="supplement_item_received_pair",
                condition=Q(received_on=None, received_by=None)
                | Q(received_on__isnull=False, received_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name
