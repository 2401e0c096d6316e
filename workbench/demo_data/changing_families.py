"""Kinds of families in which something happens after they were registered, and those from elsewhere."""

from workbench.demo_data.circumstances import Circumstance, pension
from workbench.demo_data.drawing import Draw, earns, spends
from workbench.demo_data.plans import FamilyPlan, LifeEvent


def bereaved(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    wife = draw.person("head", "female", 52, incomes=(earns("business", 4600, "土地收益估算", "蚕桑"),))
    child = draw.person("child", "male", 15, surname=surname)
    father = draw.person("parent", "male", 83, surname=surname, facts={"labour_capacity": "none"}, incomes=(pension(),))
    return FamilyPlan("bereaved", "老父亲登记后病故", (wife, child, father), life=LifeEvent.DEATH)


def married_out(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 54, surname=surname, incomes=(earns("wage", 8400, "务工证明"),))
    mother = draw.person("spouse", "female", 53, facts={"health": "chronic", "employment": "none"})
    daughter = draw.person(
        "child", "female", 25, surname=surname, standing={"shares_support": True}, facts={"employment": "employed"}
    )
    return FamilyPlan("married_out", "女儿出嫁，户口婚出", (father, mother, daughter), life=LifeEvent.MARRIED_OUT)


def split_off(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 66, surname=surname, incomes=(pension(),))
    mother = draw.person("spouse", "female", 63, incomes=(pension(), earns("business", 2200, "土地收益估算")))
    son = draw.person(
        "child",
        "male",
        35,
        surname=surname,
        standing={"shares_support": True},
        incomes=(earns("wage", 33600, "工资流水"),),
    )
    return FamilyPlan("split_off", "儿子分户另过，父母单独成户", (father, mother, son), life=LifeEvent.SPLIT)


def merged_in(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    son = draw.person("head", "male", 46, surname=surname, incomes=(earns("wage", 15600, "务工证明"),))
    child = draw.person("child", "female", 14, surname=surname)
    mother = draw.person("parent", "female", 75, facts={"labour_capacity": "none"}, incomes=(pension(),))
    return FamilyPlan("merged_in", "独居老母亲并入儿子家", (son, child, mother), life=LifeEvent.MERGE)


def non_local(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head",
        "male",
        39,
        surname=surname,
        facts={"employment": "flexible"},
        incomes=(earns("wage", 14400, "用工证明"),),
    )
    child = draw.person("child", "male", 8, surname=surname)
    facts = {"registration_kind": "non_local", "residence": "urban", "registered_address": "外省某县（示例）"}
    return FamilyPlan("non_local", "外地户籍家庭，没有居住证", (head, child), facts)


def steady_and_ill(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head",
        "male",
        59,
        facts={"health": "chronic", "serious_illness": True, "illness_name": "肺癌", "labour_capacity": "none"},
        expenses=(spends("medical", 6200, "医保结算单"),),
    )
    wife = draw.person(
        "spouse",
        "female",
        57,
        facts={"health": "disabled", "labour_capacity": "none", "employment": "none"},
        disability={"kind": "visual", "level": 1},
        incomes=(earns("disability_subsidy", 1800, "残联名单"),),
    )
    facts = {"income_stable": True, "hardship_causes": "因病因残"}
    return FamilyPlan("steady_and_ill", "夫妻重病重残，收入基本不变（A类）", (head, wife), facts)


def marginal_with_severe_disability(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "male", 48, surname=surname, incomes=(earns("wage", 33000, "工资流水"),))
    wife = draw.person("spouse", "female", 46, facts={"employment": "none"})
    child = draw.person(
        "child",
        "female",
        15,
        surname=surname,
        facts={"health": "disabled", "labour_capacity": "none"},
        disability={"kind": "intellectual", "level": 2},
    )
    title = "边缘家庭中的重度残疾人，参照单人户"
    return FamilyPlan("marginal_with_severe_disability", title, (head, wife, child))


CHANGING: tuple[Circumstance, ...] = (
    bereaved,
    married_out,
    split_off,
    merged_in,
    non_local,
    steady_and_ill,
    marginal_with_severe_disability,
)
