"""Families whom a decision reached weeks ago: 特困 people in support, who cares for them, whose support ends."""

from workbench.demo_data.circumstances import Circumstance, pension
from workbench.demo_data.drawing import Draw, earns
from workbench.demo_data.officers import SHOWN
from workbench.demo_data.plans import CarerPlan, EndingPlan, FamilyPlan

_CAUSE = {"hardship_causes": "年老，无依无靠"}
_TOWNSHIP = SHOWN[0]
_FIRST_VILLAGE = f"{_TOWNSHIP}200"
"""Where the village assistant of the demo is posted, whose visits these are."""


def _carer(draw: Draw, kind: str, relation: str, contents: tuple[str, ...], frequency: str) -> CarerPlan:
    carer = draw.person("other", "female", 52)
    return CarerPlan(kind, carer.name, relation, carer.id_number, draw.phone(), contents, frequency)


def cared_for(draw: Draw) -> FamilyPlan:
    facts = {"unable_self_care": ["bathing", "walking"]}
    head = draw.person("head", "female", 76, facts=facts, incomes=(pension(),), supporters_known=True)
    carer = _carer(draw, "relative", "侄媳", ("meals", "cleaning", "medicine"), "daily")
    return FamilyPlan("cared_for", "半失能老人，侄媳照料，按时走访", (head,), _CAUSE, carer=carer, place=_FIRST_VILLAGE)


def visit_overdue(draw: Draw) -> FamilyPlan:
    facts = {"unable_self_care": ["dressing", "toileting", "walking", "bathing"]}
    head = draw.person("head", "male", 81, facts=facts, incomes=(pension(),), supporters_known=True)
    carer = _carer(draw, "neighbour", "邻居", ("meals", "turning", "company"), "full_time")
    return FamilyPlan(
        "visit_overdue", "失能老人，走访逾期，问题未办结", (head,), _CAUSE, carer=carer, place=_FIRST_VILLAGE
    )


def manages_less(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 74, incomes=(pension(),), supporters_known=True)
    carer = _carer(draw, "paid_service", "", ("meals", "errands", "safety"), "weekly")
    title = "摔伤后自理能力变化，复核评估等县里决定"
    return FamilyPlan("manages_less", title, (head,), _CAUSE, carer=carer, place=_TOWNSHIP)


def ending_support(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "female", 72, supporters_known=True)
    ending = EndingPlan("imprisoned", "因故意伤害罪被判处有期徒刑一年六个月，已收监执行。")
    return FamilyPlan("ending_support", "入监服刑，正在终止供养", (head,), _CAUSE, ending=ending, place=_TOWNSHIP)


def support_ended(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 68, supporters_known=True)
    ending = EndingPlan("voluntary", "投靠外省侄子共同生活，本人书面申请退出救助供养。")
    return FamilyPlan("support_ended", "自愿退出，已终止供养", (head,), _CAUSE, ending=ending, place=_TOWNSHIP)


def recognition_ending(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "male", 44, surname=surname, incomes=(earns("wage", 30600, "工资流水"),))
    wife = draw.person("spouse", "female", 43, facts={"employment": "none"})
    child = draw.person("child", "male", 13, surname=surname)
    return FamilyPlan("recognition_ending", "低保边缘认定快到期", (head, wife, child), place=_TOWNSHIP)


SUPPORTED: tuple[Circumstance, ...] = (
    cared_for,
    visit_overdue,
    manages_less,
    ending_support,
    support_ended,
    recognition_ending,
)
