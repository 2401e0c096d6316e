"""What the filled records of the papers share: people, figures and bodies; all invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from documents import records

ON = date(2026, 11, 23)
LONG_NAME = "迪丽热巴·阿不都热合曼江"
RARE_NAME = "胡㛃䶮"
MATTER = "最低生活保障"
ID_NUMBER = "341899196803120011"
VILLAGE = "三十八号桥村"
TOWNSHIP_BODY = "绩溪县金沙镇人民政府"
COUNTY_BODY = "绩溪县民政局"
PHONE = "13905630000"


def person(name: str, relation: str, **fields: Any) -> records.PersonRow:
    defaults: dict[str, Any] = {
        "sex": "男",
        "birth_date": date(1968, 3, 12),
        "id_number": ID_NUMBER,
        "nation": "汉族",
        "health": "健康或良好",
        "disability": "",
        "labour_capacity": "有劳动能力",
        "occupation": "务农",
        "monthly_income": Decimal("700.00"),
    }
    return records.PersonRow(name=name, relation=relation, **defaults | fields)


PERSONS = (
    person(RARE_NAME, "户主"),
    person("程桂英", "配偶", sex="女", health="残疾", disability="肢体二级", labour_capacity="无劳动能力"),
    person("胡晓雯", "子女", sex="女", occupation="绩溪县华阳中学", labour_capacity="无劳动能力"),
    person(LONG_NAME, "其他", id_number="", birth_date=date(2026, 10, 2), occupation="", is_counted=False),
)
INCOMES = (
    records.MoneyRow(RARE_NAME, "工资性收入", "绩溪县某建筑工程有限公司零工", Decimal("8400.00"), "务工证明"),
    records.MoneyRow("程桂英", "城乡居民基础养老金", "", Decimal("1800.00"), "存折流水", is_counted=False),
)
EXPENSES = (records.MoneyRow("程桂英", "因病支出", "住院自付", Decimal("2400.00"), "医院票据3张"),)
PROPERTY = records.PropertyPart(
    financial_assets=Decimal("3200.00"), vehicles=1, vehicle_value=Decimal("2500.00"), houses=1, businesses=0
)
SUPPORTERS = (records.SupporterRow("胡德明", "程桂英", "子女", 34, "其他", Decimal("52000.00"), "外出务工"),)
APPRAISAL = records.AppraisalPart(
    held_on=ON,
    place="三十八号桥村党群服务中心二楼会议室",
    host="汪德福",
    participants=(
        records.ParticipantRow("汪德福", "村（居）干部", "赞成"),
        records.ParticipantRow(RARE_NAME, "村（居）民代表", "赞成"),
        records.ParticipantRow(LONG_NAME, "村（居）民代表", "反对"),
        records.ParticipantRow("程桂英", "党员代表"),
    ),
    representatives=2,
    votes_for=2,
    votes_against=1,
    abstained=1,
    agreed=True,
    recorded_by="程晓燕",
)
SUM = records.SumPart(
    year=2026,
    yearly_income=Decimal("8400.00"),
    rigid_deduction=Decimal("2400.00"),
    employment_deduction=Decimal("0.00"),
    adjusted_yearly_income=Decimal("6000.00"),
    person_count=3,
    per_capita_monthly=Decimal("166.66"),
    monthly_standard=Decimal("755.00"),
)
FINDINGS = (
    records.FindingRow("金融资产人均1,066.66元，不超过36个月低保标准27,180.00元", "F57 §14", True),
    records.FindingRow("人均月收入166.66元，低于低保标准755.00元", "F57 §8", True),
)
COVERED = (
    records.CoveredRow(RARE_NAME),
    records.CoveredRow("程桂英", "A类", Decimal("226.50")),
    records.CoveredRow("胡晓雯", "B类", Decimal("151.00")),
)
CONDITIONS = (
    records.FindingRow(f"{RARE_NAME}86周岁，年满60周岁，属于无劳动能力", "民发〔2021〕43号第五条第（一）项", True),
    records.FindingRow(
        f"{RARE_NAME}本人年收入0.00元，低于低保标准755.00元×12月＝9,060.00元", "民发〔2021〕43号第六条", True
    ),
    records.FindingRow(
        f"{RARE_NAME}家庭以外没有能履行义务的法定义务人，三项条件同时具备，符合特困条件",
        "民发〔2021〕43号第四条第（三）项、第八条",
        True,
    ),
)
OBLIGORS = (
    records.FindingRow(
        f"{RARE_NAME}家庭以外的第1位法定义务人是特困人员，无履行义务能力", "民发〔2021〕43号第八条第（一）项", True
    ),
)
KEPT = (
    records.CoveredRow(
        RARE_NAME,
        monthly_amount=Decimal("1338.00"),
        care_monthly_amount=Decimal("356.00"),
        care_level="半失能",
        support_mode="分散供养",
    ),
    records.CoveredRow(
        LONG_NAME,
        monthly_amount=Decimal("1054.00"),
        care_monthly_amount=Decimal("72.00"),
        care_level="全自理",
        support_mode="集中供养",
    ),
)
RELATIVES = (records.RelativeRow(RARE_NAME, "兄弟姐妹", "胡德财", "三十八号桥村民委员会", "村民委员会委员"),)
AGENT = records.AgentPart("周文彬", "341899198001010019", PHONE, "三十八号桥村社会救助协理员")
ACCOUNT = records.AccountPart("安徽绩溪农村商业银行金沙支行", RARE_NAME, "0042")
PUBLIC_ROWS = (records.PublicRow(RARE_NAME, 4, Decimal("2142.50")), records.PublicRow(LONG_NAME, 1, Decimal("755.00")))
PROPOSAL = records.OutcomePart(
    is_eligible=True,
    opinion="经调查核对，该户共同生活家庭成员3人，人均月收入低于低保标准，财产符合规定，拟同意。",
    basis="整户",
    category="A类",
    monthly_amount=Decimal("2142.50"),
    persons=COVERED,
    drafted_by="程晓燕",
    drafted_on=date(2026, 12, 7),
    signed_by="汪建国",
    signed_on=date(2026, 12, 8),
)
VISIT = records.VisitPart(
    visited_on=date(2026, 12, 1),
    place="申请人家中",
    way="入户",
    visitors=("程晓燕", "周文彬"),
    living_conditions="砖木结构平房两间，屋顶局部漏雨；粮食自给，一日三餐以米饭蔬菜为主；无空调，电视机一台。",
    facts_found="户主在县城打零工，年收入约8400元；妻子肢体二级残疾，不能劳动；女儿在县城读高中，寄宿。",
    neighbor_inquiry="邻居章某某反映该户情况属实，平时生活困难。",
    opinion="情况与申报一致，建议纳入。",
    family_signed_by=RARE_NAME,
    agrees_with_declaration=True,
    photos=4,
)
SIGNATURE: dict[str, Any] = {"intake_number": "SL2026-000123", "on": ON, "matters": (MATTER, "特困人员救助供养")}
NOTICE: dict[str, Any] = {
    "applicant": RARE_NAME,
    "village": VILLAGE,
    "matter": MATTER,
    "case_number": "DB2026-000456",
    "contact": "程晓燕",
    "telephone": "0563-8150000",
}
ADDRESS = "金沙镇三十八号桥村胡家组12号"
