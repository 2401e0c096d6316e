"""Families that were in 低保 before the system began (存量家庭): paid for months, and due to be reviewed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workbench.demo_data.circumstances import pension
from workbench.demo_data.drawing import Draw, earns
from workbench.demo_data.officers import SHOWN
from workbench.demo_data.plans import FamilyPlan

SEED = 20261126
LATE = "341824105"
"""伏岭镇, whose reviews are overdue: nobody visited for more than a year."""
_FIRST_SERIAL = 5000
"""Telephones and accounts go on where the other families' never come to."""
_PROPERTY = {"financial_assets": Decimal(3000), "vehicles": 0, "houses": 1, "businesses": 0}
_IN_SHOWN, _ELSEWHERE = 4, 2


def plan_longstanding(villages: Sequence[tuple[str, str, str]], *, on: date) -> tuple[FamilyPlan, ...]:
    """Invent the families; equal arguments give equal plans.

    :param villages: code, name and township of every village, in code order.
    """
    draw = Draw(seed=SEED, on=on, first_serial=_FIRST_SERIAL)
    kinds = (_old_couple, _ill_and_alone, _mother_and_child, _disabled_with_parents)
    return tuple(
        _settled(draw, replace(kinds[number % len(kinds)](draw), key=f"longstanding_{number:02d}"), village)
        for number, village in enumerate(_places(villages))
    )


def _places(villages: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    for township in sorted({code[:9] for code, _, _ in villages}):
        own = [village for village in villages if village[0].startswith(township)]
        for number in range(_IN_SHOWN if township in (*SHOWN, LATE) else _ELSEWHERE):
            yield own[number % len(own)]


def _old_couple(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 76, incomes=(pension(),))
    wife = draw.person("spouse", "female", 74, incomes=(pension(),))
    return FamilyPlan("", "年老，仅有基础养老金", (head, wife))


def _ill_and_alone(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head",
        "male",
        52,
        facts={"health": "chronic", "serious_illness": True, "illness_name": "尿毒症", "labour_capacity": "none"},
        incomes=(earns("business", 1200, "土地流转收入"),),
    )
    return FamilyPlan("", "重病，没有劳动能力", (head,))


def _mother_and_child(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "female", 41, incomes=(earns("wage", 8400, "用工证明", "零工"),))
    child = draw.person("child", "female", 12)
    return FamilyPlan("", "单亲抚养未成年子女", (head, child))


def _disabled_with_parents(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "male", 68, surname=surname, incomes=(pension(),))
    child = draw.person(
        "child",
        "male",
        40,
        surname=surname,
        facts={"health": "disabled", "labour_capacity": "none"},
        disability={"kind": "intellectual", "level": 2},
    )
    return FamilyPlan("", "照料重度残疾子女", (head, child))


def _settled(draw: Draw, plan: FamilyPlan, village: tuple[str, str, str]) -> FamilyPlan:
    code, name, town = village
    facts = {
        "address": f"{draw.rng.randrange(1, 15)}组{draw.rng.randrange(1, 90)}号",
        "phone": draw.phone(),
        "residence": "urban" if "社区" in name else "rural",
        "hardship_causes": "收入低",
    }
    account = draw.account()
    return replace(
        plan, village_code=code, facts=facts, property=_PROPERTY, bank=f"县农商银行{town}支行", account=account
    )
