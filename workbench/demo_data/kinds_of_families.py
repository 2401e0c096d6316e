"""Kinds of families, each once at least: who lives together, who does not count, who supports, files, is paid."""

from datetime import timedelta
from decimal import Decimal

from workbench.demo_data.circumstances import Circumstance, pension
from workbench.demo_data.drawing import Draw, earns, spends
from workbench.demo_data.plans import AgentPlan, FamilyPlan, PayeePlan, RelativePlan


def single_parent(draw: Draw) -> FamilyPlan:
    mother = draw.person(
        "head",
        "female",
        36,
        facts={"employment": "flexible"},
        incomes=(earns("wage", 13600, "用工证明", "超市零工"), earns("support", 3600, "离婚协议", "前夫抚养费")),
    )
    daughter = draw.person("child", "female", 9)
    return FamilyPlan("single_parent", "单亲母亲带女儿", (mother, daughter), {"hardship_causes": "单亲"})


def newborn(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 31, surname=surname, incomes=(earns("wage", 26400, "工资流水", "送货"),))
    mother = draw.person("spouse", "female", 29, facts={"employment": "none"})
    sister = draw.person("child", "female", 6, surname=surname)
    baby = draw.person("child", "male", 0, surname=surname, missing_id="newborn", born=draw.on - timedelta(days=150))
    return FamilyPlan("newborn", "新生儿未上户口", (father, mother, sister, baby))


def university_student(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 49, surname=surname, incomes=(earns("wage", 23800, "务工单位证明"),))
    mother = draw.person("spouse", "female", 47, incomes=(earns("business", 4200, "土地收益估算", "山核桃"),))
    student = draw.person(
        "child",
        "female",
        20,
        surname=surname,
        facts={"schooling": "undergraduate", "school_name": "省内师范学院", "employment": "student"},
        standing={"lives_together": False},
        incomes=(earns("scholarship", 4000, "学校证明", "国家助学金"),),
        expenses=(spends("education", 5200, "学费收据", claimed=9800),),
    )
    return FamilyPlan("university_student", "女儿在读本科", (father, mother, student), {"hardship_causes": "因学"})


def prisoner(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    wife = draw.person("head", "female", 41, incomes=(earns("wage", 15600, "用工证明"),))
    husband = draw.person(
        "spouse",
        "male",
        44,
        surname=surname,
        facts={"employment": "none"},
        standing={"not_counted": "in_prison", "lives_together": False},
    )
    son = draw.person("child", "male", 14, surname=surname)
    return FamilyPlan("prisoner", "丈夫在监狱服刑（不计入）", (wife, husband, son))


def monk(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    father = draw.person("head", "male", 68, surname=surname, incomes=(pension(),))
    mother = draw.person("spouse", "female", 66, incomes=(pension(), earns("business", 2800, "土地收益估算")))
    son = draw.person(
        "child",
        "male",
        40,
        surname=surname,
        facts={"employment": "none"},
        standing={"not_counted": "clergy_away_3y", "lives_together": False},
    )
    return FamilyPlan("monk", "儿子出家离家三年以上（不计入）", (father, mother, son))


def residence_permit(draw: Draw) -> FamilyPlan:
    father = draw.person(
        "head",
        "male",
        42,
        name="阿卜杜热合曼·买买提",
        facts={"nation": "维吾尔族", "employment": "self_employed"},
        incomes=(earns("business", 21600, "经营流水", "烤馕"),),
    )
    mother = draw.person(
        "spouse",
        "female",
        38,
        name="迪丽努尔·阿卜杜克里木",
        facts={"nation": "维吾尔族", "employment": "none"},
    )
    child = draw.person("child", "female", 10, name="古丽米热·阿卜杜热合曼", facts={"nation": "维吾尔族"})
    facts = {
        "registration_kind": "residence_permit",
        "residence": "urban",
        "residence_permit_number": "示例居0001",
        "registered_address": "新疆维吾尔自治区（示例）",
    }
    return FamilyPlan("residence_permit", "持居住证的外来家庭，姓名带间隔号", (father, mother, child), facts)


def supporters_able(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    son = draw.supporter("child", "male", 45, surname=surname, yearly_income=Decimal(180000))
    head = draw.person(
        "head", "male", 73, surname=surname, incomes=(pension(),), supporters=(son,), supporters_known=True
    )
    return FamilyPlan("supporters_able", "儿子有赡养能力", (head,))


def supporters_unable(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    sons = (
        draw.supporter(
            "child", "male", 47, surname=surname, disability_kind="psychiatric", disability_level=1, yearly_income=0
        ),
        draw.supporter("child", "male", 42, surname=surname, incapacity="in_prison", yearly_income=0),
    )
    head = draw.person("head", "female", 76, incomes=(pension(),), supporters=sons, supporters_known=True)
    return FamilyPlan("supporters_unable", "子女都没有赡养能力", (head,))


def spouse_elsewhere(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "female", 50, facts={"health": "chronic", "labour_capacity": "partial"})
    husband = draw.person(
        "spouse",
        "male",
        51,
        surname=surname,
        standing={"lives_together": False},
        incomes=(earns("wage", 19200, "工资流水", "外地务工"),),
    )
    mother = draw.person("parent", "female", 79, standing={"shares_support": True}, incomes=(pension(),))
    return FamilyPlan("spouse_elsewhere", "配偶在外地务工，同住婆婆", (head, husband, mother))


def high_property(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 57, incomes=(earns("business", 9000, "土地收益估算"),))
    wife = draw.person("spouse", "female", 55, facts={"employment": "none"})
    owned = {"financial_assets": Decimal(480000), "vehicles": 1, "vehicle_value": Decimal(150000), "houses": 2}
    return FamilyPlan("high_property", "收入低而财产超过规定", (head, wife), property=owned)


def marginal(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "male", 43, surname=surname, incomes=(earns("wage", 31200, "工资流水"),))
    wife = draw.person("spouse", "female", 42, facts={"employment": "none"})
    child = draw.person("child", "male", 12, surname=surname)
    return FamilyPlan("marginal", "人均收入略高于低保标准（边缘家庭）", (head, wife, child))


def near_relative(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head", "male", 62, surname=surname, incomes=(pension(), earns("business", 3000, "土地收益估算"))
    )
    wife = draw.person("spouse", "female", 60, facts={"health": "chronic"})
    staff = RelativePlan(draw.name("male", 55, surname=surname), "村民委员会", "村委会委员", "sibling")
    return FamilyPlan("near_relative", "村干部的近亲属（单独登记备案）", (head, wife), relative=staff)


def with_agent(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "female", 81, facts={"labour_capacity": "none"}, incomes=(pension(),))
    niece = draw.person("other", "female", 48, surname=surname)
    agent = AgentPlan(niece.name, "侄女", niece.id_number, draw.phone())
    return FamilyPlan("with_agent", "行动不便，委托侄女申请", (head,), agent=agent)


def guardian_payee(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    child = draw.person("head", "male", 11, surname=surname)
    aunt = draw.name("female", 45, surname=surname)
    return FamilyPlan(
        "guardian_payee", "事实无人抚养儿童，由姑姑监护和领款", (child,), payee=PayeePlan("guardian", aunt, "姑姑")
    )


def grandparents(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head", "male", 70, surname=surname, incomes=(pension(), earns("business", 2400, "土地收益估算"))
    )
    wife = draw.person("spouse", "female", 68, incomes=(pension(),))
    child = draw.person("grandchild", "female", 10, surname=surname, standing={"shares_support": True})
    return FamilyPlan("grandparents", "祖父母抚养孙女", (head, wife, child))


def unregistered(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person("head", "male", 53, surname=surname, incomes=(earns("business", 8000, "土地收益估算"),))
    wife = draw.person("spouse", "female", 48, missing_id="unregistered", facts={"employment": "none"})
    child = draw.person("child", "male", 15, surname=surname)
    return FamilyPlan("unregistered", "妻子无户口", (head, wife, child))


def flexible_work(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head",
        "male",
        37,
        surname=surname,
        facts={"employment": "flexible"},
        incomes=(earns("wage", 19200, "平台流水", "骑手"),),
        expenses=(spends("employment", 3600, "保险和油费票据"),),
    )
    mother = draw.person("parent", "female", 64, incomes=(pension(),))
    child = draw.person("child", "female", 7, surname=surname)
    return FamilyPlan("flexible_work", "灵活就业，有必要就业成本", (head, mother, child), {"residence": "urban"})


def separated_registration(draw: Draw) -> FamilyPlan:
    head = draw.person(
        "head", "female", 45, facts={"employment": "flexible"}, incomes=(earns("wage", 12000, "用工证明"),)
    )
    child = draw.person("child", "male", 17)
    facts = {"registration_kind": "separated", "registered_address": "绩溪县荆州乡（示例）", "residence": "urban"}
    return FamilyPlan("separated_registration", "人户分离", (head, child), facts)


def exactly_the_standard(draw: Draw) -> FamilyPlan:
    # 9,060 yuan a year each is 755 a month, the rural standard: not below it.
    head = draw.person("head", "male", 56, incomes=(earns("wage", 9060, "工资流水"),))
    wife = draw.person("spouse", "female", 54, incomes=(earns("wage", 9060, "工资流水"),))
    return FamilyPlan("exactly_the_standard", "人均收入正好等于标准", (head, wife))


def a_yuan_below(draw: Draw) -> FamilyPlan:
    head = draw.person("head", "male", 56, incomes=(earns("wage", 9060, "工资流水"),))
    wife = draw.person("spouse", "female", 54, incomes=(earns("wage", 9048, "工资流水"),))
    return FamilyPlan("a_yuan_below", "月收入比标准低一元", (head, wife))


def four_generations(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    people = (
        draw.person("head", "male", 52, surname=surname, incomes=(earns("wage", 22800, "工资流水"),)),
        draw.person("spouse", "female", 50, incomes=(earns("business", 5600, "土地收益估算", "蚕桑"),)),
        draw.person("parent", "male", 77, surname=surname, incomes=(pension(),)),
        draw.person("grandparent", "female", 97, incomes=(pension(), earns("old_age_allowance", 2400, "民政名单"))),
        draw.person(
            "child", "male", 28, surname=surname, facts={"employment": "employed"}, standing={"shares_support": True}
        ),
        draw.person("child", "female", 16, surname=surname),
        draw.person("grandchild", "male", 3, surname=surname),
    )
    return FamilyPlan("four_generations", "四代同堂七口人", people)


def rare_character(draw: Draw) -> FamilyPlan:
    surname = "汪"
    head = draw.person("head", "female", 44, name="胡㛃", incomes=(earns("wage", 11400, "用工证明"),))
    child = draw.person("child", "male", 12, surname=surname, name="汪䶮")
    return FamilyPlan("rare_character", "姓名有生僻字", (head, child))


def brothers(draw: Draw) -> FamilyPlan:
    surname = draw.surname()
    head = draw.person(
        "head", "male", 63, surname=surname, incomes=(pension(), earns("business", 2000, "土地收益估算"))
    )
    brother = draw.person(
        "sibling",
        "male",
        60,
        surname=surname,
        facts={"health": "disabled", "labour_capacity": "none"},
        standing={"shares_support": True},
        disability={"kind": "physical", "level": 2},
    )
    return FamilyPlan("brothers", "兄弟二人共同生活", (head, brother))


FAMILIES: tuple[Circumstance, ...] = (
    single_parent,
    newborn,
    university_student,
    prisoner,
    monk,
    residence_permit,
    supporters_able,
    supporters_unable,
    spouse_elsewhere,
    high_property,
    marginal,
    near_relative,
    with_agent,
    guardian_payee,
    grandparents,
    unregistered,
    flexible_work,
    separated_registration,
    exactly_the_standard,
    a_yuan_below,
    four_generations,
    rare_character,
    brothers,
)
