"""Invented hardships (急难和支出困难) and whom they befall; pure data, nobody of them real."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workbench.demo_data.drawing import Draw
from workbench.demo_data.officers import SHOWN

SEED = 20261201
_FIRST_SERIAL = 8000
"""Telephones go on where the families' never come to."""
CHANGAN, LINXI = SHOWN
HUAYANG, SHANGZHUANG = "341824100", "341824103"


@dataclass(frozen=True)
class Need:
    """A hardship: what befell whom, and where.

    :param age: of the person, whose number is drawn after it; 0 for a family on record.
    :param missing_id: why the person has no number (:class:`households.models.people.MissingIdReason`).
    """

    key: str
    township: str
    cause: str
    grade: str
    situation: str
    place: str = ""
    sex: str = "male"
    age: int = 0
    people: int = 1
    missing_id: str = ""
    ground: str = "registered"


@dataclass(frozen=True)
class Sufferer:
    """Whom it befell, where no township keeps the family."""

    name: str
    id_number: str
    phone: str
    sex: str
    birth_date: date


_FIRE = "半夜厨房起火，烧毁正房两间，口粮、被褥和家具全部烧光，人没有受伤，暂住村党群服务中心。"
_CRASH = "骑三轮车去镇上卖菜被撞，肇事车逃逸，腿骨骨折，住院押金还差三千元，家里没有劳动力。"
_ILL = "突发脑溢血送县医院抢救，已自付两万一千元，全部是向亲戚借的，家里断了收入。"
_FLOOD = "暴雨冲垮房屋后墙，政府安置到期，家里没有能住的地方，口粮也泡坏了。"
_PASSER_BY = "外省来做工的，工钱没结清就走散，身份证遗失，两天没有吃饭，身上没有路费。"

NEEDS: tuple[Need, ...] = (
    Need("asked", CHANGAN, "fire", "moderate", _FIRE, "2组18号", age=57, people=3),
    Need("paid", CHANGAN, "traffic", "moderate", _CRASH, "省道边", age=63, people=2),
    Need("owing", CHANGAN, "disaster", "moderate", _FLOOD, "5组6号", "female", 71, 1),
    Need("checking", LINXI, "fire", "severe", _FIRE, "3组9号", age=49, people=4),
    Need("settled", HUAYANG, "sudden_illness", "moderate", _ILL, "老城区", "female", 46, 3),
    Need("no_papers", LINXI, "other_urgent", "light", _PASSER_BY, "高铁站", "male", 35, 1, "lost", "occurred"),
    Need("staged", CHANGAN, "fire", "severe", _FIRE, "1组33号", "female", 52, 4),
    Need("ready", CHANGAN, "sudden_illness", "severe", _ILL, "4组2号", "male", 55, 3),
    Need("resolved", CHANGAN, "sudden_illness", "severe", _ILL, "6组21号", "male", 44, 5),
    Need("proposed", CHANGAN, "traffic", "light", _CRASH, "村口", "female", 66, 2),
    Need("refused", LINXI, "other_urgent", "light", "手机被骗三百元，要求救助。", "", "male", 31, 2),
    Need("coming_back", SHANGZHUANG, "fire", "moderate", _FIRE, "7组4号", "male", 60, 2),
    Need("referred", HUAYANG, "traffic", "moderate", _CRASH, "城东", "female", 39, 3),
)


def sufferers(*, on: date) -> Iterator[tuple[Need, Sufferer]]:
    """Every need with whom it befell; the same ones from the same day."""
    draw = Draw(seed=SEED, on=on, first_serial=_FIRST_SERIAL)
    for need in NEEDS:
        drawn = draw.person("head", need.sex, need.age)
        number = "" if need.missing_id else drawn.id_number
        yield need, Sufferer(drawn.name, number, draw.phone(), need.sex, drawn.birth_date)
