"""All invented families: every circumstance once, ordinary ones to fill up, over all townships."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workbench.demo_data.changing_families import CHANGING
from workbench.demo_data.circumstances import HEALTH, pension
from workbench.demo_data.drawing import Draw, earns
from workbench.demo_data.kinds_of_families import FAMILIES
from workbench.demo_data.plans import FamilyPlan
from workbench.demo_data.supported_families import SUPPORTED
from workbench.demo_data.tekun_families import TEKUN

SEED = 20261123
TOTAL = 68
_ORDINARY_PROPERTY = {"financial_assets": Decimal(6000), "vehicles": 0, "houses": 1, "businesses": 0}


def plan_families(villages: Sequence[tuple[str, str, str]], *, on: date, seed: int = SEED) -> tuple[FamilyPlan, ...]:
    """Invent the families; equal arguments give equal plans.

    :param villages: code, name and township of every village, in code order.
    :param on: the demo's today, which ages follow from.
    """
    draw = Draw(seed=seed, on=on)
    special = [circumstance(draw) for circumstance in (*HEALTH, *FAMILIES, *CHANGING, *TEKUN, *SUPPORTED)]
    ordinary = [_ordinary(draw, number) for number in range(TOTAL - len(special))]
    return tuple(_settle(draw, plan, villages, number) for number, plan in enumerate([*special, *ordinary]))


def _ordinary(draw: Draw, number: int) -> FamilyPlan:
    """A family as most are: a couple or one parent, children or an old mother, small incomes."""
    surname = draw.surname()
    age = draw.rng.randrange(34, 56)
    people = [
        draw.person("head", "male", age, surname=surname, incomes=(earns("wage", draw.amount(4000, 8800), "务工证明"),))
    ]
    if draw.rng.random() < 0.7:
        wage = earns("business", draw.amount(1800, 6400), "土地收益估算")
        people.append(draw.person("spouse", "female", age - 2, incomes=(wage,)))
    if draw.rng.random() < 0.6:
        sex = draw.rng.choice(["male", "female"])
        people.append(draw.person("child", sex, draw.rng.randrange(4, 16), surname=surname))
    if draw.rng.random() < 0.4:
        people.append(draw.person("parent", "female", age + 26, incomes=(pension(),)))
    return FamilyPlan(
        f"ordinary_{number:02d}", "一般困难家庭", tuple(people), {"income_stable": draw.rng.random() < 0.5}
    )


def _settle(draw: Draw, plan: FamilyPlan, villages: Sequence[tuple[str, str, str]], number: int) -> FamilyPlan:
    """Give a family its village (townships in turn), address, telephone and account."""
    townships = sorted({code[:9] for code, _, _ in villages})
    place = plan.place or townships[number % len(townships)]
    own = [village for village in villages if village[0].startswith(place)]
    code, name, town = own[number // len(townships) % len(own)]
    facts = {
        "address": f"{draw.rng.randrange(1, 15)}组{draw.rng.randrange(1, 90)}号",
        "phone": draw.phone(),
        "residence": "urban" if "社区" in name else "rural",
        "hardship_causes": "收入低",
    }
    return replace(
        plan,
        village_code=code,
        facts=facts | dict(plan.facts),
        property=_ORDINARY_PROPERTY | dict(plan.property),
        bank=f"县农商银行{town}支行",
        account=draw.account(),
    )
