"""One filled record for every paper, with long names and rare characters; people and figures are invented."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from documents import records
from documents.models import DocumentKind
from tests.documents.samples_of_terminations import TERMINATIONS

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
_SIGNATURE: dict[str, Any] = {"intake_number": "SL2026-000123", "on": ON, "matters": (MATTER, "特困人员救助供养")}
_NOTICE: dict[str, Any] = {
    "applicant": RARE_NAME,
    "village": VILLAGE,
    "matter": MATTER,
    "case_number": "DB2026-000456",
    "contact": "程晓燕",
    "telephone": "0563-8150000",
}
_ADDRESS = "金沙镇三十八号桥村胡家组12号"

SAMPLES: dict[DocumentKind, records.Record] = {
    **TERMINATIONS,
    DocumentKind.APPLICATION_FORM: records.ApplicationForm(
        **_SIGNATURE,
        channel="窗口申请",
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        registered_address="",
        registration="本地户籍",
        residence="农村",
        phone=PHONE,
        applicant=PERSONS[0],
        persons=PERSONS,
        reason="妻子残疾，女儿上学，本人打零工收入不稳定，家庭生活困难。",
        hardship_causes="因残、因学",
        year=2026,
        incomes=INCOMES,
        expenses=EXPENSES,
        property=PROPERTY,
        supporters=SUPPORTERS,
        relatives=RELATIVES,
        account=records.AccountPart("安徽绩溪农村商业银行金沙支行", RARE_NAME, "6217000000000000004"),
        agent=AGENT,
    ),
    DocumentKind.AUTHORIZATION_LETTER: records.AuthorizationLetter(
        **_SIGNATURE,
        body=TOWNSHIP_BODY,
        applicant=RARE_NAME,
        address=_ADDRESS,
        sources=("户籍", "纳税记录", "社保缴纳", "不动产登记", "市场主体登记", "住房公积金", "车船登记", "银行存款"),
        term="自签署之日起至停止救助之日止；未获救助的，至本次申请办结之日止。",
        signers=(
            records.SignerRow(RARE_NAME, "户主", ID_NUMBER),
            records.SignerRow("程桂英", "配偶", ID_NUMBER),
            records.SignerRow("胡晓雯", "子女", ID_NUMBER, by_guardian=True),
            records.SignerRow(LONG_NAME, "其他", "", by_guardian=True),
            records.SignerRow("胡德明", "子女", ID_NUMBER, is_outside_supporter=True),
        ),
    ),
    DocumentKind.COMMITMENT_LETTER: records.CommitmentLetter(
        **_SIGNATURE,
        body=TOWNSHIP_BODY,
        applicant=RARE_NAME,
        id_number=ID_NUMBER,
        address=_ADDRESS,
        phone=PHONE,
        members=tuple(row.name for row in PERSONS),
    ),
    DocumentKind.AGENT_LETTER: records.AgentLetter(
        **_SIGNATURE,
        body=TOWNSHIP_BODY,
        applicant=RARE_NAME,
        id_number=ID_NUMBER,
        address=_ADDRESS,
        phone=PHONE,
        agent=AGENT,
    ),
    DocumentKind.RELATIVE_RECORD: records.RelativeRecord(
        **_SIGNATURE,
        body=TOWNSHIP_BODY,
        applicant=RARE_NAME,
        id_number=ID_NUMBER,
        address=_ADDRESS,
        relatives=RELATIVES,
        registered_by="程晓燕",
        registered_on=ON,
    ),
    DocumentKind.CARE_AGREEMENT: records.CareAgreement(
        body=TOWNSHIP_BODY,
        award_number="TK202600012",
        person=RARE_NAME,
        id_number=ID_NUMBER,
        address=_ADDRESS,
        care_level="半失能",
        carer_kind="亲属",
        carer="程桂英",
        carer_id_number="341899198001010019",
        carer_phone=PHONE,
        relation="侄媳",
        contents=("做饭送饭", "打扫清洗", "陪同就医取药"),
        other_contents="冬季烧水、添柴",
        frequency="每天至少一次",
        starts_on=date(2026, 12, 1),
        ends_on=date(2027, 11, 30),
    ),
    DocumentKind.CARE_VISIT_SHEET: records.CareVisitSheet(
        township="金沙镇",
        village=VILLAGE,
        on=ON,
        rows=(
            records.CareVisitRow(RARE_NAME, "胡家组12号", "半失能", "程桂英", date(2026, 11, 30)),
            records.CareVisitRow(LONG_NAME, "上胡家组5号", "全自理", "", date(2026, 12, 24)),
        ),
    ),
    DocumentKind.ACCEPTANCE_NOTICE: records.AcceptanceNotice(
        **_NOTICE,
        body=TOWNSHIP_BODY,
        submitted_on=date(2026, 11, 20),
        accepted_on=ON,
        due_on=date(2027, 1, 5),
        due_is_provisional=True,
        confirming_body=COUNTY_BODY,
    ),
    DocumentKind.SUPPLEMENT_NOTICE: records.SupplementNotice(
        **_NOTICE,
        body=TOWNSHIP_BODY,
        submitted_on=date(2026, 11, 20),
        items=(
            records.MissingRow("残疾证复印件", "程桂英，正反面"),
            records.MissingRow("住院费用票据", "2026年度，医院盖章"),
            records.MissingRow("胡晓雯在校证明"),
        ),
        issued_on=ON,
        due_on=date(2026, 12, 4),
        due_is_provisional=False,
        place="金沙镇为民服务中心社会救助窗口",
    ),
    DocumentKind.VISIT_FORM: records.VisitForm(
        case_number="DB2026-000456",
        matter=MATTER,
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        applicant=RARE_NAME,
        phone=PHONE,
        hardship_causes="因残、因学",
        persons=PERSONS,
        year=2026,
        incomes=INCOMES,
        property=PROPERTY,
        visit=VISIT,
    ),
    DocumentKind.APPRAISAL_RECORD: records.AppraisalRecord(
        case_number="DB2026-000456",
        matter=MATTER,
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        applicant=RARE_NAME,
        person_count=4,
        dispute="邻居反映其子在外务工，收入没有申报",
        appraisal=APPRAISAL,
    ),
    DocumentKind.SELFCARE_FORM: records.SelfCareForm(
        name=RARE_NAME,
        sex="男",
        birth_date=date(1951, 3, 12),
        id_number="341899195103120016",
        disability="肢体二级",
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        indicators=("自主吃饭", "自主穿衣", "自主上下床", "自主如厕", "室内自主行走", "自主洗澡"),
        case_number="TK2026-000123",
        result=records.SelfCarePart(
            assessed_on=ON,
            place="胡家组12号家中",
            not_managed=("室内自主行走", "自主洗澡"),
            level="半失能",
            support_mode="分散供养",
            mode_said_by="本人",
            note="右下肢残疾，须扶墙行走，洗澡须人帮助；其他能自理。",
            township_assessors=("程晓燕",),
            county_assessors=("许文斌",),
        ),
    ),
    DocumentKind.PUBLICITY_SHEET: records.PublicitySheet(
        body=TOWNSHIP_BODY,
        village=VILLAGE,
        matter=MATTER,
        rows=PUBLIC_ROWS,
        first_day=date(2026, 12, 9),
        last_day=date(2026, 12, 15),
        place="三十八号桥村村务公开栏",
        telephone="0563-8150000",
    ),
    DocumentKind.APPROVAL_FORM: records.ApprovalForm(
        case_number="DB2026-000456",
        matter=MATTER,
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        phone=PHONE,
        residence="农村",
        registration="本地户籍",
        accepted_on=ON,
        hardship_causes="因残、因学",
        applicant=PERSONS[0],
        persons=PERSONS,
        incomes=INCOMES,
        expenses=EXPENSES,
        property=PROPERTY,
        property_ok=True,
        sum=SUM,
        findings=FINDINGS,
        means_check="2026年11月30日核对结果：未发现不一致。",
        visits=("2026年12月1日入户，程晓燕、周文彬：情况与申报一致，建议纳入。",),
        appraisal="",
        township_body=TOWNSHIP_BODY,
        confirming_body=COUNTY_BODY,
        proposal=PROPOSAL,
        publicity=records.PublicityPart(date(2026, 12, 9), date(2026, 12, 15), "三十八号桥村村务公开栏"),
        decision=records.OutcomePart(
            is_eligible=True,
            opinion="同意。",
            basis="整户",
            category="A类",
            monthly_amount=Decimal("2142.50"),
            persons=COVERED,
            signed_by="方志明",
            signed_on=date(2026, 12, 18),
        ),
        first_month=date(2027, 1, 1),
        supporters=SUPPORTERS,
    ),
    DocumentKind.APPROVAL_NOTICE: records.ApprovalNotice(
        **_NOTICE,
        body=COUNTY_BODY,
        accepted_on=ON,
        decided_on=date(2026, 12, 18),
        basis="整户",
        category="A类",
        review_months=12,
        persons=COVERED,
        monthly_amount=Decimal("2142.50"),
        topup_monthly_amount=Decimal("377.50"),
        first_month=date(2027, 1, 1),
        account=ACCOUNT,
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.REFUSAL_NOTICE: records.RefusalNotice(
        **_NOTICE,
        body=COUNTY_BODY,
        accepted_on=ON,
        decided_on=date(2026, 12, 18),
        facts_found="经信息核对和入户调查，您家户主在某建筑公司务工，年工资性收入36,000.00元。",
        reasons=(
            "人均月收入933.33元，不低于低保标准755.00元，超出178.33元（依据：《最低生活保障审核确认办法》第八条）。",
            "务工收入未如实申报。",
        ),
        clause="《最低生活保障审核确认办法》第三十条",
        sum=records.SumPart(
            year=2026,
            yearly_income=Decimal("36000.00"),
            rigid_deduction=Decimal("2400.00"),
            employment_deduction=Decimal("0.00"),
            adjusted_yearly_income=Decimal("33600.00"),
            person_count=3,
            per_capita_monthly=Decimal("933.33"),
            monthly_standard=Decimal("755.00"),
        ),
        may_claim=("最低生活保障边缘家庭认定（乡镇社会救助窗口）", "遭遇突发困难的，临时救助（乡镇社会救助窗口）"),
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.TERMINATION_NOTICE: records.TerminationNotice(
        **_NOTICE,
        body=TOWNSHIP_BODY,
        submitted_on=ON,
        terminated_on=date(2026, 12, 4),
        applicant_died=False,
        reason="2026年11月26日、12月2日两次上门，您都拒绝说明在某建筑公司务工的收入，也不同意入户，无法查明家庭经济状况。",
        clause="《最低生活保障审核确认办法》第二十九条",
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.ANNOUNCEMENT_SHEET: records.AnnouncementSheet(
        body=TOWNSHIP_BODY,
        village=VILLAGE,
        matter=MATTER,
        rows=PUBLIC_ROWS,
        first_month=date(2027, 1, 1),
        place="三十八号桥村村务公开栏",
        telephone="0563-8150000",
    ),
    DocumentKind.TEKUN_FORM: records.TekunForm(
        case_number="2026-0456",
        matter="特困人员救助供养",
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        phone=PHONE,
        residence="农村",
        registration="本地户籍",
        accepted_on=ON,
        hardship_causes="年老，无依无靠",
        applicant=PERSONS[0],
        persons=PERSONS,
        incomes=INCOMES,
        year=2026,
        property=PROPERTY,
        property_ok=True,
        supporters=SUPPORTERS,
        tested=(
            records.TekunRow(RARE_NAME, "符合", CONDITIONS, OBLIGORS),
            records.TekunRow(LONG_NAME, "不符合", CONDITIONS[:1]),
        ),
        means_check="2026年11月30日核对结果：未发现不一致。",
        visits=("2026年12月1日入户，程晓燕、周文彬：情况与申报一致，建议纳入。",),
        appraisal="",
        township_body=TOWNSHIP_BODY,
        confirming_body=COUNTY_BODY,
        proposal=replace(PROPOSAL, basis="逐人认定", category="", monthly_amount=Decimal("2392.00"), persons=KEPT),
        publicity=records.PublicityPart(date(2026, 12, 9), date(2026, 12, 15), "三十八号桥村村务公开栏"),
        decision=records.OutcomePart(
            is_eligible=True,
            opinion="同意。",
            basis="逐人认定",
            monthly_amount=Decimal("2392.00"),
            persons=KEPT,
            signed_by="方志明",
            signed_on=date(2026, 12, 18),
        ),
        first_month=date(2027, 1, 1),
    ),
}
