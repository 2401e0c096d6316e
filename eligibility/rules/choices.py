"""The enumerated values of the assessment's input (试算) with their official Chinese terms."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A value as it stands in JSON, and the term that a sentence shows for it."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Residence(Choice):
    """户籍类别."""

    URBAN = "urban", "城市"
    RURAL = "rural", "农村"


class Relation(Choice):
    """与户主关系."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    PARENT = "parent", "父母"
    GRANDCHILD = "grandchild", "（外）孙子女"
    GRANDPARENT = "grandparent", "（外）祖父母"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他"


class Sex(Choice):
    """性别."""

    MALE = "male", "男"
    FEMALE = "female", "女"


class NotCounted(Choice):
    """不计入共同生活的家庭成员的情形; F57 §7 second paragraph."""

    CLERGY_AWAY_3Y = "clergy_away_3y", "脱离家庭独立生活满三年的宗教教职人员"
    IN_PRISON = "in_prison", "在监狱内服刑"
    IN_COMPULSORY_REHAB = "in_compulsory_rehab", "在戒毒所强制隔离戒毒"
    DECLARED_MISSING = "declared_missing", "宣告失踪"


class DisabilityKind(Choice):
    """残疾类别; GB/T 26341."""

    VISUAL = "visual", "视力"
    HEARING = "hearing", "听力"
    SPEECH = "speech", "言语"
    PHYSICAL = "physical", "肢体"
    INTELLECTUAL = "intellectual", "智力"
    PSYCHIATRIC = "psychiatric", "精神"
    MULTIPLE = "multiple", "多重"


class LabourCapacity(Choice):
    """劳动能力."""

    FULL = "full", "有劳动能力"
    PARTIAL = "partial", "部分丧失劳动能力"
    NONE = "none", "无劳动能力"


class Schooling(Choice):
    """全日制就学."""

    NONE = "none", "不在学"
    PRESCHOOL = "preschool", "学前教育"
    COMPULSORY = "compulsory", "义务教育"
    SENIOR_HIGH = "senior_high", "普通高中"
    VOCATIONAL = "vocational", "中等职业"
    UNDERGRADUATE = "undergraduate", "本专科"
    POSTGRADUATE = "postgraduate", "研究生"


class SupportMode(Choice):
    """供养方式."""

    HOME_BASED = "home_based", "分散供养"
    INSTITUTIONAL = "institutional", "集中供养"


class SelfCareLevel(Choice):
    """生活自理能力; F43 §22."""

    SELF_RELIANT = "self_reliant", "全自理"
    SEMI_DISABLED = "semi_disabled", "半失能"
    DISABLED = "disabled", "失能"


class IncomeKind(Choice):
    """收入类别; F57 §13. The first six count, the others are recorded only (不计入收入)."""

    WAGE = "wage", "工资性收入"
    BUSINESS = "business", "经营净收入"
    PROPERTY = "property", "财产净收入"
    PENSION = "pension", "离退休金、养老金"
    SUPPORT = "support", "赡养（抚养、扶养）费"
    OTHER_TRANSFER = "other_transfer", "其他转移净收入"
    PREFERENTIAL_PENSION = "preferential_pension", "优待抚恤金"
    FAMILY_PLANNING_AWARD = "family_planning_award", "计划生育奖励与扶助金"
    SCHOLARSHIP = "scholarship", "奖学金"
    BRAVERY_AWARD = "bravery_award", "见义勇为等奖励性补助"
    SOCIAL_ASSISTANCE = "social_assistance", "政府社会救助款物"
    BASIC_RESIDENT_PENSION = "basic_resident_pension", "城乡居民基础养老金"
    OLD_AGE_ALLOWANCE = "old_age_allowance", "高龄津贴"
    DISABILITY_SUBSIDY = "disability_subsidy", "残疾人补贴"


class ExpenseKind(Choice):
    """核减支出类别; F57 §13 last paragraph."""

    MEDICAL = "medical", "因病支出"
    DISABILITY = "disability", "因残支出"
    EDUCATION = "education", "因学支出"
    EMPLOYMENT = "employment", "必要就业成本"


class SupporterStatus(Choice):
    """在外法定义务人的救助身份; F43 §8."""

    TEKUN = "tekun", "特困人员"
    DIBAO = "dibao", "低保对象"
    OTHER = "other", "其他"


class Incapacity(Choice):
    """在外法定义务人的其他情形; F43 §8 (5)."""

    NONE = "none", "无"
    NO_CIVIL_CAPACITY = "no_civil_capacity", "无民事行为能力"
    DECLARED_MISSING = "declared_missing", "被宣告失踪"
    IN_PRISON = "in_prison", "在监狱服刑"


class Event(Choice):
    """办理事项: an application, or a review of an award in force (动态核查)."""

    APPLICATION = "application", "申请"
    REVIEW = "review", "动态核查"


class AwardBasis(Choice):
    """保障方式: the whole household (整户) or 参照单人户."""

    HOUSEHOLD = "household", "整户保障"
    SINGLE_PERSON = "single_person", "单人户保障"


class HardshipType(Choice):
    """临时救助类型."""

    URGENT = "urgent", "急难型"
    EXPENDITURE = "expenditure", "支出型"


class AidCause(Choice):
    """事由 of 临时救助: what befell the family; handbook 10.1. Each belongs to one type of hardship."""

    FIRE = "fire", "火灾"
    TRAFFIC = "traffic", "交通事故"
    ACCIDENT = "accident", "其他意外事件"
    SUDDEN_ILLNESS = "sudden_illness", "突发重大疾病"
    DISASTER = "disaster", "灾后仍困难"
    OTHER_URGENT = "other_urgent", "其他特殊困难"
    MEDICAL = "medical", "医疗支出"
    EDUCATION = "education", "教育支出"
    OTHER_EXPENSE = "other_expense", "其他必需支出"

    @property
    def hardship(self) -> HardshipType:
        """急难型 or 支出型."""
        return HardshipType.EXPENDITURE if self in _OF_EXPENDITURE else HardshipType.URGENT


_OF_EXPENDITURE = (AidCause.MEDICAL, AidCause.EDUCATION, AidCause.OTHER_EXPENSE)


class AidGrade(Choice):
    """困难程度 of 临时救助: the row of the county's table; handbook 10.2."""

    LIGHT = "light", "一般"
    MODERATE = "moderate", "较重"
    SEVERE = "severe", "严重"


class AidYear(Choice):
    """临时救助的“一年内”; handbook 10.3."""

    CALENDAR = "calendar", "自然年度"
    ROLLING = "rolling", "往前12个月"


class TopupBase(Choice):
    """增发基数."""

    STANDARD = "standard", "低保标准"
    OWN_BENEFIT = "own_benefit", "本人补助额"


class AmountRounding(Choice):
    """低保金取整办法."""

    HALF_UP_TO_YUAN = "half_up_to_yuan", "四舍五入到元"
    UP_TO_YUAN = "up_to_yuan", "向上取整到元"
    HALF_UP_TO_FEN = "half_up_to_fen", "四舍五入到分"
