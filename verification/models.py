"""信息核对: asked of the county by a township, answered by hand at this stage (F57 §17; handbook task 21)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.money import MoneyField
from foundation.trail import append_only, recorded, stays
from households.models import Attachment, Consent, Household, Member


class MeansCheckState(models.TextChoices):
    REQUESTED = "requested", "待核对"
    ANSWERED = "answered", "已回填"
    WITHDRAWN = "withdrawn", "已撤回"


class MeansCheckResult(models.TextChoices):
    CLEAN = "clean", "未发现不一致"
    ALERT = "alert", "有不一致"
    FAILED = "failed", "未能完成"


class Source(models.TextChoices):
    """核对数据来源; 方案 task 21."""

    CIVIL_REGISTER = "civil_register", "户籍"
    TAX = "tax", "纳税记录"
    SOCIAL_INSURANCE = "social_insurance", "社会保险缴纳"
    REAL_ESTATE = "real_estate", "不动产登记"
    MARKET_ENTITY = "market_entity", "市场主体登记"
    HOUSING_FUND = "housing_fund", "住房公积金"
    VEHICLES = "vehicles", "车船登记"
    BANK = "bank", "银行存款"
    COMMERCIAL_INSURANCE = "commercial_insurance", "商业保险"
    SECURITIES = "securities", "证券"
    INTERNET_FINANCE = "internet_finance", "互联网金融资产"
    MARRIAGE = "marriage", "婚姻登记"
    DEATH = "death", "死亡、殡葬"


@pgtrigger.register(
    stays(
        "answered_stays",
        fields="household consent batch_number requested_by requested_on state answered_by answered_on result note",
        once=pgtrigger.Q(old__state="answered"),
    ),
    stays("told_stays", fields="told_family_on family_statement", once=pgtrigger.Q(old__told_family_on__isnull=False)),
)
@recorded()
class MeansCheck(models.Model):
    """家庭经济状况核对: one request for one family under one consent, with its result."""

    household = models.ForeignKey(
        Household, on_delete=models.RESTRICT, related_name="means_checks", verbose_name="家庭"
    )
    consent = models.ForeignKey(Consent, on_delete=models.RESTRICT, related_name="+", verbose_name="核查授权")
    batch_number = models.CharField("核对批次号", max_length=30, unique=True)
    state = models.CharField("状态", max_length=20, choices=MeansCheckState, default=MeansCheckState.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="提请人"
    )
    requested_on = models.DateField("提请日期")
    due_on = models.DateField("启动核对期限")
    due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回填人",
    )
    answered_on = models.DateField("回填日期", null=True, blank=True)
    result = models.CharField("核对结果", max_length=20, choices=MeansCheckResult, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    told_family_on = models.DateField("告知申请人日期", null=True, blank=True)
    family_statement = models.CharField("申请人说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "信息核对"
        verbose_name_plural = "信息核对"
        ordering = ("-requested_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="means_check_one_open",
                fields=("household",),
                condition=Q(state="requested"),
                violation_error_message="这个家庭已有一次核对正在进行。",
            ),
            models.CheckConstraint(
                name="means_check_answer_whole",
                condition=Q(state="answered", answered_by__isnull=False, answered_on__isnull=False) & ~Q(result="")
                | ~Q(state="answered") & Q(answered_by=None, answered_on=None, result=""),
            ),
        ]
        indexes = [models.Index(fields=("state", "due_on"), name="means_check_by_state")]

    def __str__(self) -> str:
        return self.batch_number


@pgtrigger.register(append_only())
@recorded()
class MeansCheckFinding(models.Model):
    """核对明细: what a source knows of a member against what the family declared."""

    means_check = models.ForeignKey(MeansCheck, on_delete=models.RESTRICT, related_name="findings", verbose_name="核对")
    member = models.ForeignKey(
        Member, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="成员"
    )
    source = models.CharField("来源", max_length=30, choices=Source)
    declared = MoneyField("申报（元）", null=True, blank=True)
    found = MoneyField("查得（元）", null=True, blank=True)
    description = models.CharField("查得情况", max_length=200, blank=True)
    agrees = models.BooleanField("一致", default=True)
    report = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="回执附件"
    )
    handling = models.CharField("处理", max_length=200, blank=True)

    class Meta:
        verbose_name = "核对明细"
        verbose_name_plural = "核对明细"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.description}"
