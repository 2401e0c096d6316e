"""What a family tells of itself: no names, no ID numbers, ages instead of birth dates."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from eligibility.rules import DisabilityKind, Residence
from eligibility.rules.choices import Choice

ZERO = Decimal("0.00")
MOST_PEOPLE = 12
"""More people than live together anywhere; a larger family is asked to go to the window."""
MOST_RELATIVES = 6


_ChoiceT = TypeVar("_ChoiceT", bound=Choice)


def chosen(options: type[_ChoiceT], value: str) -> _ChoiceT:
    """The option that stands under a value."""
    return next(option for option in options if option.value == value)


class Kin(Choice):
    """How somebody stands to the head of the family (户主)."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶（爱人）"
    CHILD = "child", "子女"
    IN_LAW = "in_law", "儿媳、女婿"
    PARENT = "parent", "父母、公婆、岳父母"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"
    GRANDPARENT = "grandparent", "爷爷奶奶、外公外婆"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他人"


SHORT_NAMES = {
    Kin.SPOUSE: "配偶",
    Kin.IN_LAW: "儿媳（女婿）",
    Kin.PARENT: "父母",
    Kin.GRANDCHILD: "孙辈",
    Kin.GRANDPARENT: "祖辈",
    Kin.OTHER: "其他成员",
}


class Occupation(Choice):
    """What somebody does now; those at school by the contract's 就学."""

    EMPLOYED = "employed", "上班、打工"
    FARMING = "farming", "种地、养殖、做生意"
    SEEKING = "seeking", "没活干，想找活"
    AT_HOME = "at_home", "在家，不干活或干不了活"
    PRESCHOOL = "preschool", "还没上学、上幼儿园"
    COMPULSORY = "compulsory", "上小学、初中"
    SENIOR_HIGH = "senior_high", "上普通高中"
    VOCATIONAL = "vocational", "上中专、技校、职高"
    UNDERGRADUATE = "undergraduate", "上大专、大学（全日制）"
    POSTGRADUATE = "postgraduate", "读研究生"


AT_SCHOOL = (
    Occupation.PRESCHOOL,
    Occupation.COMPULSORY,
    Occupation.SENIOR_HIGH,
    Occupation.VOCATIONAL,
    Occupation.UNDERGRADUATE,
    Occupation.POSTGRADUATE,
)


class Housing(Choice):
    """The house that the family lives in."""

    SOUND = "sound", "房子还好"
    UNSAFE = "unsafe", "房子漏雨、开裂，怕是危房"
    NONE = "none", "没有自己的房子（租住、借住）"


class Mishap(Choice):
    """What has happened lately (临时救助: 急难型 or 支出型); 绩办〔2021〕27号 item 10."""

    NONE = "none", "没有"
    FIRE = "fire", "火灾、水灾等，房子或家里东西毁了"
    ACCIDENT = "accident", "车祸、摔伤等意外"
    ILLNESS = "illness", "突然得了大病"
    SPENDING = "spending", "看病、上学等花费突然太大，过不下去"
    OTHER = "other", "别的突然的难事"


class Ability(Choice):
    """Whether a relative outside the family can support (法定义务人的情形); F43 §8."""

    ABLE = "able", "都不是下面这些情况"
    TEKUN = "tekun", "是特困人员（五保）"
    DIBAO = "dibao", "在吃低保"
    SEVERE = "severe", "重度残疾（一、二级，或智力、精神三级）"
    NO_CIVIL_CAPACITY = "no_civil_capacity", "神志不清，不能为自己作主"
    IN_PRISON = "in_prison", "在坐牢"
    DECLARED_MISSING = "declared_missing", "法院宣告失踪"


class SelfCareAct(Choice):
    """生活自理六项指标; F43 §21."""

    EATING = "eating", "吃饭"
    DRESSING = "dressing", "穿衣"
    IN_OUT_OF_BED = "in_out_of_bed", "上下床"
    TOILETING = "toileting", "上厕所"
    WALKING = "walking", "在屋里走动"
    BATHING = "bathing", "洗澡"


@dataclass(frozen=True, kw_only=True)
class PersonTold:
    """One who lives with the family; amounts a year but for the pension."""

    kin: Kin
    age: int
    occupation: Occupation
    is_seriously_ill: bool = False
    disability_kind: DisabilityKind | None = None
    disability_level: int = 0
    wage: Decimal = ZERO
    business: Decimal = ZERO
    pension_monthly: Decimal = ZERO
    support: Decimal = ZERO
    other: Decimal = ZERO
    unmanaged: frozenset[SelfCareAct] = frozenset()

    @property
    def is_at_school(self) -> bool:
        return self.occupation in AT_SCHOOL


@dataclass(frozen=True, kw_only=True)
class RelativeTold:
    """One outside who ought to support somebody; ``of`` is whom by place, None all who were asked about."""

    age: int
    ability: Ability = Ability.ABLE
    yearly_income: Decimal = ZERO
    owns_much: bool = False
    of: int | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """The whole self-test: the head of the family first; ``relatives`` None where not known or not asked."""

    area_code: str
    residence: Residence
    people: tuple[PersonTold, ...]
    medical: Decimal = ZERO
    disability: Decimal = ZERO
    education: Decimal = ZERO
    employment: Decimal = ZERO
    savings: Decimal = ZERO
    vehicles: int = 0
    vehicle_value: Decimal = ZERO
    houses: int = 0
    businesses: int = 0
    housing: Housing = Housing.SOUND
    mishap: Mishap = Mishap.NONE
    relatives: tuple[RelativeTold, ...] | None = None


def short_names(people: tuple[PersonTold, ...]) -> tuple[str, ...]:
    """How sentences call everybody: 户主（68岁）; of two who would be called alike, each with their place."""
    names = [f"{SHORT_NAMES.get(person.kin, person.kin.label)}（{person.age}岁）" for person in people]
    return tuple(
        name if names.count(name) == 1 else f"{name.removesuffix('）')}，第{place}人）"
        for place, name in enumerate(names, start=1)
    )
