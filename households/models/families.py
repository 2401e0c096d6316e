"""Families (家庭), their members, and what happens to them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.crypto import BlindIndexField, EncryptedField
from foundation.trail import append_only, recorded, stays
from households.models.people import Person
from organizations.models import Area


class RegistrationKind(models.TextChoices):
    """户籍/居住 kind; F57 §5, 方案 task 18."""

    REGISTERED = "registered", "本地户籍"
    SEPARATED = "separated", "人户分离"
    RESIDENCE_PERMIT = "residence_permit", "居住证"
    NON_LOCAL = "non_local", "外地户籍"


class Residence(models.TextChoices):
    URBAN = "urban", "城市"
    RURAL = "rural", "农村"


@recorded()
class Household(models.Model):
    """家庭: who live together, where, and how to reach them."""

    number = models.CharField("家庭编号", max_length=20, unique=True)
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="households", verbose_name="村（社区）")
    address = models.CharField("住址", max_length=120)
    registered_address = models.CharField("户籍地址", max_length=120, blank=True)
    registration_kind = models.CharField(
        "户籍/居住", max_length=20, choices=RegistrationKind, default=RegistrationKind.REGISTERED
    )
    residence = models.CharField("城乡", max_length=10, choices=Residence, default=Residence.RURAL)
    residence_permit_number = EncryptedField("居住证号", purpose="permit", blank=True)
    phone = EncryptedField("联系电话", purpose="phone", blank=True)
    phone_index = BlindIndexField("联系电话盲索引", of="phone")
    income_stable = models.BooleanField("短期收入变化不大", default=False)
    hardship_causes = models.CharField("致困原因", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    registered_at = models.DateTimeField("登记时间")
    ended_on = models.DateField("注销日期", null=True, blank=True)
    ended_reason = models.CharField("注销原因", max_length=100, blank=True)
    archived_on = models.DateField("归档日期", null=True, blank=True)

    class Meta:
        verbose_name = "家庭"
        verbose_name_plural = "家庭"
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("area", "ended_on"), name="household_by_area"),
            models.Index(fields=("phone_index",), name="household_by_phone"),
            models.Index(fields=("archived_on",), name="household_archived", condition=Q(archived_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="household_end_has_reason",
                condition=Q(ended_on=None) | ~Q(ended_reason=""),
                violation_error_message="注销家庭须写明原因。",
            ),
            models.CheckConstraint(
                name="household_permit_has_number",
                condition=~Q(registration_kind="residence_permit") | ~Q(residence_permit_number=""),
                violation_error_message="持居住证的家庭请填居住证号。",
            ),
        ]
        triggers = [
            stays(
                "archived_stays",
                fields="number area address registered_address registration_kind residence"
                " income_stable hardship_causes version ended_on ended_reason",
                once=pgtrigger.Q(old__archived_on__isnull=False, new__archived_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number


class Relation(models.TextChoices):
    """与户主关系; the words of the assessment contract, GB/T 4761 codes in :data:`RELATION_CODES`."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    GRANDCHILD = "grandchild", "孙子女"
    GRANDPARENT = "grandparent", "祖父母"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他"


RELATION_CODES = {
    Relation.HEAD: "02",
    Relation.SPOUSE: "10",
    Relation.CHILD: "20",
    Relation.PARENT: "50",
    Relation.GRANDCHILD: "40",
    Relation.GRANDPARENT: "60",
    Relation.SIBLING: "70",
    Relation.OTHER: "97",
}
"""GB/T 4761 code of each relation."""


class NotCounted(models.TextChoices):
    """不计入共同生活家庭成员; F57 §7."""

    CLERGY = "clergy_away_3y", "脱离家庭独立生活三年以上的宗教教职人员"
    IN_PRISON = "in_prison", "在监狱服刑"
    IN_REHAB = "in_compulsory_rehab", "强制隔离戒毒"
    MISSING = "declared_missing", "宣告失踪"


class LeftReason(models.TextChoices):
    SPLIT = "split", "分户"
    MERGED = "merged", "并户"
    MARRIED_OUT = "married_out", "婚出"
    DIED = "died", "死亡"
    MOVED = "moved", "迁出"
    MISTAKE = "mistake", "登记错误"


@recorded()
class Member(models.Model):
    """家庭成员: a person's standing in a family; one current family a person."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="members", verbose_name="家庭")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="memberships", verbose_name="人员")
    relation = models.CharField("与户主关系", max_length=20, choices=Relation)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离开日期", null=True, blank=True)
    left_reason = models.CharField("离开原因", max_length=20, choices=LeftReason, blank=True)
    lives_together = models.BooleanField("共同居住", default=True)
    shares_support = models.BooleanField("有法定义务且共同生活", null=True, blank=True)
    cannot_live_alone = models.BooleanField("成年但不能独立生活", default=False)
    applies_alone = models.BooleanField("单独提出申请", default=False)
    not_counted = models.CharField("不计入原因", max_length=20, choices=NotCounted, blank=True)
    supporters_known = models.BooleanField("家庭外法定义务人已查明", default=False)
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "家庭成员"
        verbose_name_plural = "家庭成员"
        ordering = ("order", "pk")
        constraints = [
            models.UniqueConstraint(
                name="person_in_one_current_family",
                fields=("person",),
                condition=Q(left_on=None),
                violation_error_message="这个人已在另一个家庭里。",
            ),
            models.UniqueConstraint(
                name="household_one_head",
                fields=("household",),
                condition=Q(left_on=None, relation="head"),
                violation_error_message="一个家庭只能有一名户主。",
            ),
            models.CheckConstraint(
                name="member_left_has_reason",
                condition=Q(left_on=None, left_reason="") | (Q(left_on__isnull=False) & ~Q(left_reason="")),
                violation_error_message="成员离开家庭须写明日期和原因。",
            ),
            models.CheckConstraint(
                name="member_dates_in_order",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message="离开日期不能早于加入日期。",
            ),
        ]
        indexes = [models.Index(fields=("household", "left_on"), name="member_by_household")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def reference(self) -> str:
        """The member's id in assessments: never an ID number."""
        return f"m{self.pk}"


class HouseholdEventKind(models.TextChoices):
    REGISTERED = "registered", "登记家庭"
    BIRTH = "birth", "新生"
    JOINED = "joined", "成员加入"
    MARRIED = "married", "结婚"
    DIVORCED = "divorced", "离婚"
    LEFT = "left", "成员离开"
    DIED = "died", "成员死亡"
    DEATH_CANCELLED = "death_cancelled", "撤销死亡登记"
    SPLIT = "split", "分户"
    MERGED = "merged", "并户"
    HEAD_CHANGED = "head_changed", "变更户主"
    MOVED = "moved", "迁移"
    TRANSFER_PROPOSED = "transfer_proposed", "转出"
    TRANSFER_DECLINED = "transfer_declined", "退回转出"
    TRANSFER_TAKEN_BACK = "transfer_taken_back", "撤回转出"
    IDENTIFIED = "identified", "补登证号"
    FACTS_CHANGED = "facts_changed", "变更家庭情况"
    ARCHIVED = "archived", "归档"
    TAKEN_BACK = "taken_back", "从归档库恢复"


@pgtrigger.register(append_only())
class HouseholdEvent(models.Model):
    """家庭事件: births, marriages, splits and other acts on a family; written once."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="events", verbose_name="家庭")
    kind = models.CharField("事件", max_length=20, choices=HouseholdEventKind)
    on = models.DateField("发生日期")
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人")
    person = models.ForeignKey(
        Person, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    other_household = models.ForeignKey(
        Household, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="另一家庭"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "家庭事件"
        verbose_name_plural = "家庭事件"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
