"""Kinds of circumstances (家庭情形), each in one family at least: health, disability, age, schooling."""

from collections.abc import Callable

from workbench.demo_data.drawing import Draw, earns, spends
from workbench.demo_data.plans import FamilyPlan, MoneyPlan

Circumstance = Callable[[Draw], FamilyPlan]

UNABLE = ["eating", "dressing", "bathing"]


def pension(amount: int = 2160) -> MoneyPlan:
    """城乡居民基础养老金: recorded, not counted."""
    return earns("basic_resident_pension", amount, "社保卡流水")


def single_elderly(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 78, incomes=(pension(),), supporters_known=True)
    return FamilyPlan("single_elderly", "无子女的独居老人", (head,), {"hardship_causes": "年老无劳动能力"})


def severe_disability(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 55, surname=surname, incomes=(earns("wage", 13800, "务工单位证明"),))
    mother = draw.person("spouse", "female", 52, incomes=(earns("business", 2600, "土地收益估算", "茶叶"),))
    son = draw.person(
        "child",
        "male",
        27,
        surname=surname,
        facts={"health": "disabled", "employment": "none", "labour_capacity": "none", "unable_self_care": UNABLE},
        standing={"cannot_live_alone": True},
        disability={"kind": "intellectual", "level": 1},
        incomes=(earns("disability_subsidy", 1800, "残联名单"),),
    )
    return FamilyPlan("severe_disability", "成年子女智力一级残疾，不能独立生活", (father, mother, son))


def multiple_disability(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head",
        "male",
        61,
        facts={"health": "disabled", "labour_capacity": "none"},
        disability={
            "kind": "multiple",
            "level": 2,
            "components": [{"kind": "hearing", "level": 2}, {"kind": "speech", "level": 2}],
        },
        incomes=(pension(), earns("disability_subsidy", 1440, "残联名单")),
    )
    wife = draw.person("spouse", "female", 59, incomes=(earns("business", 5200, "土地收益估算", "蚕桑"),))
    return FamilyPlan("multiple_disability", "户主听力、言语多重残疾", (head, wife))


def serious_illness(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head",
        "male",
        46,
        surname=surname,
        facts={"health": "chronic", "serious_illness": True, "illness_name": "尿毒症", "labour_capacity": "none"},
        expenses=(spends("medical", 21600, "医保结算单", claimed=26800),),
    )
    wife = draw.person("spouse", "female", 43, incomes=(earns("wage", 27600, "工资流水", "制衣"),))
    child = draw.person("child", "female", 13, surname=surname)
    return FamilyPlan("serious_illness", "户主尿毒症透析", (head, wife, child), {"hardship_causes": "因病"})


def work_injured(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head",
        "male",
        45,
        surname=surname,
        facts={"health": "disabled", "labour_capacity": "partial", "employment": "none"},
        disability={"kind": "physical", "level": 3},
        incomes=(earns("other_transfer", 9600, "工伤待遇决定", "工伤伤残津贴"),),
    )
    wife = draw.person("spouse", "female", 44, incomes=(earns("wage", 8200, "用工证明", "家政"),))
    son = draw.person("child", "male", 16, surname=surname)
    return FamilyPlan("work_injured", "户主工伤，肢体三级残疾", (head, wife, son), {"hardship_causes": "因残"})


def psychiatric_papers_lost(draw: Draw) -> FamilyPlan:
    mother = draw.person("head", "female", 67, incomes=(pension(),))
    daughter = draw.person(
        "child",
        "female",
        39,
        missing_id="lost",
        facts={"health": "disabled", "labour_capacity": "none", "employment": "none"},
        standing={"cannot_live_alone": True},
        disability={"kind": "psychiatric", "level": 2},
    )
    return FamilyPlan("psychiatric_papers_lost", "成年女儿精神二级残疾，证件遗失", (mother, daughter))


def disabled_applies_alone(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 58, surname=surname, incomes=(earns("wage", 24000, "工资流水"),))
    mother = draw.person("spouse", "female", 57, incomes=(earns("business", 6000, "土地收益估算"),))
    son = draw.person(
        "child",
        "male",
        31,
        surname=surname,
        facts={"health": "disabled", "labour_capacity": "none", "employment": "none"},
        standing={"cannot_live_alone": True, "applies_alone": True},
        disability={"kind": "visual", "level": 1},
        incomes=(earns("disability_subsidy", 1800, "残联名单"),),
    )
    return FamilyPlan("disabled_applies_alone", "重度残疾人单独提出申请（单人户）", (father, mother, son))


def child_disabled_chronic(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 38, surname=surname, incomes=(earns("wage", 25200, "工资流水"),))
    mother = draw.person("spouse", "female", 36, facts={"employment": "none"})
    child = draw.person(
        "child",
        "male",
        8,
        surname=surname,
        facts={"health": "disabled"},
        disability={"kind": "speech", "level": 3},
        expenses=(spends("disability", 7200, "康复机构收据"),),
    )
    return FamilyPlan("child_disabled", "孩子言语三级残疾，做康复训练", (father, mother, child))


def tekun_since_minor(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head",
        "male",
        17,
        facts={"tekun_since_minor": True, "schooling": "vocational", "school_name": "县职教中心"},
        supporters_known=True,
    )
    return FamilyPlan("tekun_since_minor", "未成年时认定特困，在读中职", (head,))


def veteran(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head",
        "male",
        74,
        incomes=(pension(), earns("preferential_pension", 9600, "退役军人事务部门名单")),
    )
    wife = draw.person("spouse", "female", 71, incomes=(pension(), earns("business", 3400, "土地收益估算")))
    return FamilyPlan("veteran", "领取优待抚恤金（不计入收入）", (head, wife))


HEALTH: tuple[Circumstance, ...] = (
    single_elderly,
    severe_disability,
    multiple_disability,
    serious_illness,
    work_injured,
    psychiatric_papers_lost,
    disabled_applies_alone,
    child_disabled_chronic,
    tekun_since_minor,
    veteran,
)
