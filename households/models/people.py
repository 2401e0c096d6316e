"""People (人员): who they are, whatever family they stand in."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse

from foundation.crypto import BlindIndexField, EncryptedField
from foundation.names import PinyinField
from foundation.trail import recorded


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class MissingIdReason(models.TextChoices):
    NEWBORN = "newborn", "新生儿未上户口"
    LOST = "lost", "证件遗失"
    UNREGISTERED = "unregistered", "无户口"
    UNIDENTIFIED = "unidentified", "身份待查"


class Health(models.TextChoices):
    """GB/T 2261.3."""

    GOOD = "good", "健康或良好"
    WEAK = "weak", "一般或较弱"
    CHRONIC = "chronic", "有慢性病"
    DISABLED = "disabled", "残疾"


class LabourCapacity(models.TextChoices):
    FULL = "full", "有劳动能力"
    PARTIAL = "partial", "部分丧失劳动能力"
    NONE = "none", "无劳动能力"


class Schooling(models.TextChoices):
    NONE = "none", "不在学"
    PRESCHOOL = "preschool", "学前教育"
    COMPULSORY = "compulsory", "义务教育"
    SENIOR_HIGH = "senior_high", "普通高中"
    VOCATIONAL = "vocational", "中等职业"
    UNDERGRADUATE = "undergraduate", "本专科"
    POSTGRADUATE = "postgraduate", "研究生"


class Employment(models.TextChoices):
    NONE = "none", "未就业"
    EMPLOYED = "employed", "在职"
    FLEXIBLE = "flexible", "灵活就业"
    FARMING = "farming", "务农"
    SELF_EMPLOYED = "self_employed", "个体经营"
    RETIRED = "retired", "退休"
    STUDENT = "student", "在校"


class DisabilityKind(models.TextChoices):
    """GB/T 26341."""

    VISUAL = "visual", "视力"
    HEARING = "hearing", "听力"
    SPEECH = "speech", "言语"
    PHYSICAL = "physical", "肢体"
    INTELLECTUAL = "intellectual", "智力"
    PSYCHIATRIC = "psychiatric", "精神"
    MULTIPLE = "multiple", "多重"


class DisabilityLevel(models.IntegerChoices):
    ONE = 1, "一级"
    TWO = 2, "二级"
    THREE = 3, "三级"
    FOUR = 4, "四级"


class SupportMode(models.TextChoices):
    """供养方式 of a 特困 person, which they choose themselves (国务院令第649号第十九条)."""

    HOME_BASED = "home_based", "分散供养"
    INSTITUTIONAL = "institutional", "集中供养"


SELF_CARE_LABELS = {
    "eating": "自主吃饭",
    "dressing": "自主穿衣",
    "in_out_of_bed": "自主上下床",
    "toileting": "自主如厕",
    "walking": "室内自主行走",
    "bathing": "自主洗澡",
}
"""The six indicators as F43 §21 names them."""
SELF_CARE_ACTS = {key: label.replace("自主", "") for key, label in SELF_CARE_LABELS.items()}
"""The same, as they follow on 不能自主完成."""
SELF_CARE_INDICATORS = ("eating", "dressing", "in_out_of_bed", "toileting", "walking", "bathing")


@recorded()
class Person(models.Model):
    """人员: one human being, known by ID number, or without one for a stated reason until merged."""

    name = models.CharField("姓名", max_length=60)
    pinyin = PinyinField("拼音", max_length=240, of="name")
    pinyin_initials = PinyinField("拼音首字母", max_length=60, of="name", initials=True)
    id_number = EncryptedField("身份证号", purpose="id_number", blank=True)
    id_number_index = BlindIndexField("身份证号盲索引", of="id_number")
    id_tail_index = BlindIndexField("证号后四位盲索引", of="id_number", tail=4)
    missing_id_reason = models.CharField("无证号原因", max_length=20, choices=MissingIdReason, blank=True)
    sex = models.CharField("性别", max_length=10, choices=Sex)
    birth_date = models.DateField("出生日期")
    died_on = models.DateField("死亡日期", null=True, blank=True)
    nation = models.CharField("民族", max_length=20, default="汉族", blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="merged", verbose_name="并入人员"
    )
    health = models.CharField("健康状况", max_length=20, choices=Health, default=Health.GOOD)
    serious_illness = models.BooleanField("重病（重特大疾病）", default=False)
    illness_name = models.CharField("病种", max_length=60, blank=True)
    schooling = models.CharField("就学", max_length=20, choices=Schooling, default=Schooling.NONE)
    school_name = models.CharField("学校", max_length=60, blank=True)
    employment = models.CharField("就业", max_length=20, choices=Employment, default=Employment.NONE)
    employer = models.CharField("单位或职业", max_length=60, blank=True)
    labour_capacity = models.CharField(
        "劳动能力", max_length=10, choices=LabourCapacity, blank=True, help_text="不填则按年龄、残疾、就学推定。"
    )
    unable_self_care = models.JSONField(
        "不能自理项", default=list, blank=True, help_text="吃饭、穿衣、上下床、如厕、室内行走、洗澡中不能自主完成的。"
    )
    support_mode = models.CharField(
        "供养方式",
        max_length=20,
        choices=SupportMode,
        default=SupportMode.HOME_BASED,
        help_text="特困人员由本人选择。",
    )
    tekun_since_minor = models.BooleanField("未成年时认定为特困并延续至今", default=False)

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ("pinyin", "pk")
        constraints = [
            models.UniqueConstraint(
                name="person_id_number_once",
                fields=("id_number_index",),
                condition=~Q(id_number_index="") & Q(merged_into=None),
                violation_error_message="这个身份证号已经登记。",
            ),
            models.CheckConstraint(
                name="person_has_id_or_reason",
                condition=~Q(id_number="") | ~Q(missing_id_reason=""),
                violation_error_message="请填身份证号；确实没有的，选择无证号原因。",
            ),
            models.CheckConstraint(
                name="person_dies_after_birth",
                condition=Q(died_on=None) | Q(died_on__gte=F("birth_date")),
                violation_error_message="死亡日期不能早于出生日期。",
            ),
            models.CheckConstraint(
                name="person_not_merged_into_self", condition=Q(merged_into=None) | ~Q(merged_into=F("pk"))
            ),
        ]
        indexes = [
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="person_name_trigram"),
            models.Index(OpClass("name", name="text_pattern_ops"), name="person_name_prefix"),
            models.Index(OpClass(Reverse("name"), name="text_pattern_ops"), name="person_name_suffix"),
            GinIndex(OpClass("pinyin_initials", name="gin_trgm_ops"), fastupdate=False, name="person_initials_trigram"),
            models.Index(fields=("id_tail_index",), name="person_id_tail"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def self_care(self) -> dict[str, bool]:
        """The six indicators (F43 §21); true = manages alone."""
        return {indicator: indicator not in self.unable_self_care for indicator in SELF_CARE_INDICATORS}


@recorded()
class Disability(models.Model):
    """残疾: kind and level after GB/T 26341; a multiple disability has components."""

    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="disabilities", verbose_name="人员")
    kind = models.CharField("残疾类别", max_length=20, choices=DisabilityKind)
    level = models.PositiveSmallIntegerField("残疾等级", choices=DisabilityLevel)
    components = models.JSONField("多重残疾各类", default=list, blank=True)
    certificate_number = EncryptedField("残疾证号", purpose="certificate", blank=True)
    valid_to = models.DateField("证件有效期至", null=True, blank=True)
    ended_on = models.DateField("不再有效日期", null=True, blank=True)

    class Meta:
        verbose_name = "残疾"
        verbose_name_plural = "残疾"
        constraints = [
            models.UniqueConstraint(
                name="disability_one_current",
                fields=("person",),
                condition=Q(ended_on=None),
                violation_error_message="这个人已有一条有效的残疾记录。",
            ),
            models.CheckConstraint(name="disability_level_known", condition=Q(level__gte=1, level__lte=4)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.get_level_display()}"


class KinshipKind(models.TextChoices):
    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"


@recorded()
class Kinship(models.Model):
    """亲属关系: ``relative`` is the person's spouse or parent, where the relation to the head does not say so."""

    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="kinships", verbose_name="人员")
    relative = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", verbose_name="亲属")
    kind = models.CharField("关系", max_length=10, choices=KinshipKind)
    ended_on = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        verbose_name = "亲属关系"
        verbose_name_plural = "亲属关系"
        constraints = [
            models.UniqueConstraint(
                name="kinship_once", fields=("person", "relative", "kind"), condition=Q(ended_on=None)
            ),
            models.UniqueConstraint(
                name="kinship_one_spouse",
                fields=("person",),
                condition=Q(ended_on=None, kind="spouse"),
                violation_error_message="这个人已登记配偶。",
            ),
            models.CheckConstraint(
                name="kinship_not_self",
                condition=~Q(person=F("relative")),
                violation_error_message="不能把本人登记为自己的亲属。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}—{self.get_kind_display()}—{self.relative}"
