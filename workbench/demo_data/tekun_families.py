"""特困 families: old people alone, at home and in an institution, and an old father beside a family on 低保."""

from workbench.demo_data.circumstances import Circumstance, pension
from workbench.demo_data.drawing import Draw, earns
from workbench.demo_data.officers import SHOWN
from workbench.demo_data.plans import FamilyPlan

_CAUSE = {"hardship_causes": "年老，无依无靠"}


def tekun_at_home(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 79, name="胡䶮生", incomes=(pension(),), supporters_known=True)
    return FamilyPlan("tekun_at_home", "孤寡老人，分散供养", (head,), _CAUSE)


def tekun_in_institution(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head",
        "female",
        84,
        facts={
            "unable_self_care": ["dressing", "toileting", "walking", "bathing"],
            "support_mode": "institutional",
            "labour_capacity": "none",
        },
        supporters_known=True,
    )
    return FamilyPlan("tekun_in_institution", "失能老人，自愿集中供养", (head,), _CAUSE, place=SHOWN[0])


def tekun_father(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head",
        "male",
        51,
        surname=surname,
        facts={"health": "disabled", "labour_capacity": "none", "employment": "none"},
        disability={"kind": "physical", "level": 2},
    )
    wife = draw.person("spouse", "female", 48, incomes=(earns("wage", 8400, "用工证明", "饭店帮工"),))
    child = draw.person("child", "female", 13, surname=surname)
    father = draw.person(
        "parent",
        "male",
        82,
        surname=surname,
        facts={"unable_self_care": ["bathing"]},
        standing={"shares_support": True},
        incomes=(pension(),),
        supporters_known=True,
    )
    return FamilyPlan("tekun_father", "老父亲申请特困，其余三人申请低保", (head, wife, child, father), _CAUSE)


TEKUN: tuple[Circumstance, ...] = (tekun_at_home, tekun_in_institution, tekun_father)
