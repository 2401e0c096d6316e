"""Means (家庭经济状况): incomes, approved spending, property, legal supporters."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.crypto import EncryptedField
from foundation.money import MoneyField
from foundation.trail import recorded
from households.models.attachments import Attachment
from households.models.families import Household, Member
from households.models.people import DisabilityKind, DisabilityLevel


class IncomeKind(models.TextChoices):
    """收入项目; F57 §13. The first six count, the others are recorded and do not."""

    WAGE = "wage", "工资性收入"
    BUSINESS = "business", "经营净收入"
    PROPERTY = "property", "财产净收入"
    PENSION = "pension", "养老金、退休金"
    SUPPORT = "support", "赡养、抚养、扶养费"
    OTHER_TRANSFER = "other_transfer", "其他转移收入"
    PREFERENTIAL_PENSION = "preferential_pension", "优待抚恤金"
    FAMILY_PLANNING_AWARD = "family_planning_award", "计划生育奖励扶助金"
    SCHOLARSHIP = "scholarship", "奖学金、助学金"
    BRAVERY_AWARD = "bravery_award", "见义勇为奖励"
    SOCIAL_ASSISTANCE = "social_assistance", "社会救助款物"
    BASIC_RESIDENT_PENSION = "basic_resident_pension", "城乡居民基础养老金"
    OLD_AGE_ALLOWANCE = "old_age_allowance", "高龄津贴"
    DISABILITY_SUBSIDY = "disability_subsidy", "残疾人两项补贴"


COUNTED_INCOME = frozenset(
    {
        IncomeKind.WAGE,
        IncomeKind.BUSINESS,
        IncomeKind.PROPERTY,
        IncomeKind.PENSION,
        IncomeKind.SUPPORT,
        IncomeKind.OTHER_TRANSFER,
    }
)
"""Kinds that count as family income (F57 §13)."""


class ExpenseKind(models.TextChoices):
    """刚性支出 and 必要就业成本; F57 §13 末款."""

    MEDICAL = "medical", "因病支出"
    DISABILITY = "disability", "因残支出"
    EDUCATION = "education", "因学支出"
    EMPLOYMENT = "employment", "必要就业成本"


class _YearlyAmount(models.Model):
    year = models.PositiveSmallIntegerField("核算年度")
    label = models.CharField("项目", max_length=60, blank=True)
    yearly_amount = MoneyField("年金额（元）")
    evidence = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="凭据附件"
    )
    evidence_note = models.CharField("凭据", max_length=100, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_reason = models.CharField("作废原因", max_length=100, blank=True)

    class Meta:
        abstract = True


@recorded()
class Income(_YearlyAmount):
    """收入: yearly amount by kind, person and year, with evidence."""

    member = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="incomes", verbose_name="成员")
    kind = models.CharField("类别", max_length=30, choices=IncomeKind)

    class Meta:
        verbose_name = "收入"
        verbose_name_plural = "收入"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="income_not_negative",
                condition=Q(yearly_amount__gte=0),
                violation_error_message="收入不能是负数。",
            ),
            models.CheckConstraint(
                name="income_void_has_reason",
                condition=Q(voided_at=None, voided_reason="") | (Q(voided_at__isnull=False) & ~Q(voided_reason="")),
            ),
        ]
        indexes = [models.Index(fields=("member", "year"), name="income_by_member")]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"

    @property
    def is_counted(self) -> bool:
        """Whether the kind counts as family income."""
        return self.kind in COUNTED_INCOME


@recorded()
class Expense(_YearlyAmount):
    """刚性支出、就业成本: claimed and approved yearly amount by kind, person and year."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="expenses", verbose_name="家庭")
    member = models.ForeignKey(
        Member, on_delete=models.RESTRICT, null=True, blank=True, related_name="expenses", verbose_name="成员"
    )
    kind = models.CharField("类别", max_length=20, choices=ExpenseKind)
    claimed_yearly_amount = MoneyField("申报年金额（元）", null=True, blank=True)

    class Meta:
        verbose_name = "核减支出"
        verbose_name_plural = "核减支出"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="expense_not_negative",
                condition=Q(yearly_amount__gte=0),
                violation_error_message="支出不能是负数。",
            ),
            models.CheckConstraint(
                name="expense_within_claim",
                condition=Q(claimed_yearly_amount=None) | Q(yearly_amount__lte=F("claimed_yearly_amount")),
                violation_error_message="核减额不能超过申报额。",
            ),
            models.CheckConstraint(
                name="expense_void_has_reason",
                condition=Q(voided_at=None, voided_reason="") | (Q(voided_at__isnull=False) & ~Q(voided_reason="")),
            ),
        ]
        indexes = [models.Index(fields=("household", "year"), name="expense_by_household")]

    def __str__(self) -> str:
        return f"{self.household} {self.get_kind_display()}"


@recorded()
class Property(models.Model):
    """财产; F57 §14. One row a family, exempted things left out and named."""

    household = models.OneToOneField(Household, on_delete=models.RESTRICT, related_name="property", verbose_name="家庭")
    financial_assets = MoneyField("金融资产（元）", default=0)
    vehicles = models.PositiveSmallIntegerField("机动车（辆）", default=0)
    vehicle_value = MoneyField("最贵一辆的价值（元）", default=0)
    houses = models.PositiveSmallIntegerField("住房（套）", default=0)
    businesses = models.PositiveSmallIntegerField("经营主体（个）", default=0)
    exempted = models.CharField("豁免的生产生活必需财产", max_length=200, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="录入人",
    )

    class Meta:
        verbose_name = "财产"
        verbose_name_plural = "财产"
        constraints = [
            models.CheckConstraint(
                name="property_not_negative",
                condition=Q(financial_assets__gte=0, vehicle_value__gte=0),
                violation_error_message="财产金额不能是负数。",
            )
        ]

    def __str__(self) -> str:
        return str(self.household)


class SupporterStatus(models.TextChoices):
    TEKUN = "tekun", "特困人员"
    DIBAO = "dibao", "低保对象"
    OTHER = "other", "其他"


class Incapacity(models.TextChoices):
    NONE = "none", "无"
    NO_CIVIL_CAPACITY = "no_civil_capacity", "无民事行为能力"
    MISSING = "declared_missing", "宣告失踪"
    IN_PRISON = "in_prison", "在监服刑"


@recorded()
class Supporter(models.Model):
    """家庭外法定义务人: owes support by law to a member and is not in the family (F43 §8)."""

    member = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="supporters", verbose_name="被赡养人")
    name = models.CharField("姓名", max_length=60)
    relation = models.CharField("关系", max_length=20)
    id_number = EncryptedField("身份证号", purpose="id_number", blank=True)
    phone = EncryptedField("电话", purpose="phone", blank=True)
    birth_date = models.DateField("出生日期")
    status = models.CharField("身份", max_length=10, choices=SupporterStatus, default=SupporterStatus.OTHER)
    disability_kind = models.CharField("残疾类别", max_length=20, choices=DisabilityKind, blank=True)
    disability_level = models.PositiveSmallIntegerField("残疾等级", choices=DisabilityLevel, null=True, blank=True)
    yearly_income = MoneyField("年收入（元）", default=0)
    incapacity = models.CharField("无履行能力情形", max_length=20, choices=Incapacity, default=Incapacity.NONE)
    property_within_limit = models.BooleanField("财产符合规定", default=True)
    ended_on = models.DateField("不再负有义务日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="录入人",
    )

    class Meta:
        verbose_name = "法定义务人"
        verbose_name_plural = "法定义务人"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="supporter_income_not_negative", condition=Q(yearly_income__gte=0)),
            models.CheckConstraint(
                name="supporter_disability_whole",
                condition=Q(disability_kind="", disability_level=None)
                | (~Q(disability_kind="") & Q(disability_level__isnull=False)),
                violation_error_message="残疾类别和等级要一起填。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
