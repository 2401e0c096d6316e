"""Drawing names, birth dates, numbers and amounts from one seeded source."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from foundation.identity import check_digit
from workbench.demo_data.plans import MoneyPlan, PersonPlan, SupporterPlan

AREA_OF_NUMBERS = "341899"
"""In no standard: no real ID number begins so."""

SURNAMES = "胡 汪 程 章 周 邵 许 方 葛 曹 石 唐 冯 叶 余 柯 张 王 高 舒 洪 姚 吴 戴 江".split()
_GIVEN = {
    ("male", "old"): "德旺 有根 金水 长庚 观寿 灶生 社林 来福 炳炎 正法 荣生 寿康 兆祥 福田 顺发 百顺 明德".split(),
    ("female", "old"): "桂香 莲花 秀英 菊仙 灶娣 金凤 爱珍 翠娥 荷香 美仙 招弟 玉莲 月娥 春香 素珍 彩云 兰芳".split(),
    ("male", "middle"): "建军 国平 志强 卫东 红星 爱民 永胜 立新 新华 海涛 光明 小平 德胜 向前 文斌 利民 长江".split(),
    (
        "female",
        "middle",
    ): "丽萍 红梅 秋菊 美华 小兰 玉芳 桂芬 爱华 春燕 月红 晓琴 素琴 慧敏 国英 彩霞 银花 立群".split(),
    ("male", "young"): "俊杰 子豪 浩然 宇轩 天佑 文博 家豪 志远 嘉诚 梓睿 明轩 思远 一鸣 承志 皓宇 晨阳 锦程".split(),
    ("female", "young"): "雨欣 诗涵 思琪 梦瑶 欣怡 佳怡 子涵 静怡 可馨 语桐 若曦 婉婷 心怡 紫萱 晓彤 依诺 书瑶".split(),
}
_OLD, _YOUNG = 58, 26


class Draw:
    """One seeded source; the same seed and day draw the same things in the same order."""

    def __init__(self, *, seed: int, on: date, first_serial: int = 0) -> None:
        self.rng = random.Random(seed)  # noqa: S311 -- invented people, to be drawn again alike
        self.on = on
        self._numbers: set[str] = set()
        self._names: set[str] = set()
        self._serial = first_serial

    def surname(self) -> str:
        return self.rng.choice(SURNAMES)

    def name(self, sex: str, age: int, *, surname: str) -> str:
        """A name nobody else has yet."""
        pool = _GIVEN[sex, "old" if age >= _OLD else "young" if age <= _YOUNG else "middle"]
        free = [surname + given for given in pool if surname + given not in self._names]
        name = self.rng.choice(free or [f"{surname}{first[0]}{last[-1]}" for first in pool for last in pool])
        self._names.add(name)
        return name

    def birth_date(self, age: int) -> date:
        """A day that makes a person so old today, and for months before and after."""
        return self._years_before(age) - timedelta(days=self.rng.randrange(130, 230))

    def _years_before(self, years: int) -> date:
        return date(self.on.year - years, self.on.month, min(self.on.day, 28))

    def id_number(self, birth_date: date, sex: str) -> str:
        """A number with a right check digit that nobody else has."""
        while True:
            order = self.rng.randrange(0, 500) * 2 + (sex == "male")
            first = f"{AREA_OF_NUMBERS}{birth_date:%Y%m%d}{order:03d}"
            if first not in self._numbers:
                self._numbers.add(first)
                return first + check_digit(first)

    def person(
        self,
        relation: str,
        sex: str,
        age: int,
        *,
        surname: str = "",
        name: str = "",
        missing_id: str = "",
        born: date | None = None,
        **more: Any,
    ) -> PersonPlan:
        """A member with the facts that their age suggests, unless said otherwise."""
        birth_date = born or self.birth_date(age)
        facts = _usual_facts(age) | dict(more.pop("facts", {}))
        return PersonPlan(
            name=name or self.name(sex, age, surname=surname or self.surname()),
            relation=relation,
            sex=sex,
            birth_date=birth_date,
            id_number="" if missing_id else self.id_number(birth_date, sex),
            missing_id_reason=missing_id,
            facts=facts,
            **more,
        )

    def supporter(self, relation: str, sex: str, age: int, *, surname: str, **facts: Any) -> SupporterPlan:
        """A legal supporter who lives elsewhere."""
        birth_date = self.birth_date(age)
        number = {"id_number": self.id_number(birth_date, sex), "phone": self.phone()}
        name = self.name(sex, age, surname=surname)
        return SupporterPlan(name=name, relation=relation, birth_date=birth_date, facts=number | facts)

    def phone(self) -> str:
        self._serial += 1
        return f"1390000{self._serial:04d}"

    def account(self) -> str:
        """Nineteen digits that pass the Luhn check; no bank's numbers begin so."""
        self._serial += 1
        first = f"6239990000{self.rng.randrange(10**4):04d}{self._serial:04d}"
        return first + luhn_digit(first)

    def amount(self, low: int, high: int) -> Decimal:
        """Yuan a year, to the ten."""
        return Decimal(self.rng.randrange(low // 10, high // 10 + 1) * 10)


def luhn_digit(digits: str) -> str:
    """The digit that makes a card number pass the Luhn check."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if position % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _usual_facts(age: int) -> dict[str, Any]:
    if age < 3:
        return {}
    if age < 7:
        return {"schooling": "preschool", "school_name": "县幼儿园", "employment": "student"}
    if age < 16:
        return {"schooling": "compulsory", "school_name": "中心学校", "employment": "student"}
    if age < 18:
        return {"schooling": "senior_high", "school_name": "绩溪中学", "employment": "student"}
    if age < 60:
        return {"employment": "farming"}
    return {"health": "weak"}


def earns(kind: str, amount: Decimal | int, note: str = "", label: str = "") -> MoneyPlan:
    """An income of a year."""
    return MoneyPlan(kind=kind, yearly_amount=Decimal(amount), label=label, evidence_note=note)


def spends(kind: str, amount: Decimal | int, note: str, *, claimed: Decimal | int | None = None) -> MoneyPlan:
    """Spending of a year that staff approved; what was claimed may be more."""
    yearly = Decimal(amount)
    return MoneyPlan(
        kind=kind,
        yearly_amount=yearly,
        evidence_note=note,
        claimed_yearly_amount=yearly if claimed is None else Decimal(claimed),
    )
