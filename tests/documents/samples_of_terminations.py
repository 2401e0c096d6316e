"""Filled records of the papers of 终止救助供养; people and figures are invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from documents import records
from documents.models import DocumentKind

ON = date(2026, 11, 23)
LONG_NAME, RARE_NAME = "迪丽热巴·阿不都热合曼江", "胡㛃䶮"
VILLAGE = "三十八号桥村"
TOWNSHIP_BODY, COUNTY_BODY = "绩溪县金沙镇人民政府", "绩溪县民政局"
TEKUN = "特困人员救助供养"
CLAUSE = "民发〔2021〕43号第六条"
_NOTICE: dict[str, Any] = {
    "applicant": RARE_NAME,
    "village": VILLAGE,
    "matter": TEKUN,
    "case_number": "2026-0123",
    "contact": "绩溪县民政局",
    "telephone": "0563-8150000",
}
TERMINATIONS: dict[DocumentKind, records.Record] = {
    DocumentKind.SUPPORT_END_SHEET: records.SupportEndSheet(
        body=TOWNSHIP_BODY,
        confirming_body=COUNTY_BODY,
        village=VILLAGE,
        matter=TEKUN,
        names=(RARE_NAME, LONG_NAME),
        first_day=date(2026, 11, 24),
        last_day=date(2026, 11, 30),
        place="三十八号桥村村务公开栏",
        telephone="0563-8150000",
    ),
    DocumentKind.SUPPORT_END_FORM: records.SupportEndForm(
        matter=TEKUN,
        case_number="2026-0123",
        opened_on=ON,
        township="金沙镇",
        village=VILLAGE,
        address="一组12号",
        person=RARE_NAME,
        id_number="341899196803120011",
        birth_date=date(1968, 3, 12),
        award_number="TK202500001",
        first_month=date(2025, 9, 1),
        monthly_amount=Decimal("1036.00"),
        support_mode="分散供养",
        cause="死亡或者被宣告死亡、被宣告失踪",
        clause="《特困人员认定办法》（民发〔2021〕43号）第二十四条第（一）项",
        happened_on=date(2026, 9, 12),
        facts="2026年9月12日在家中病故，村委会9月20日报告。",
        evidence="死亡证明.jpg",
        verified=("2026年11月25日书面核实（程晓燕）：与派出所户口注销证明一致。",),
        means_check="",
        assessed_on=date(2026, 9, 11),
        findings=(records.FindingRow(f"{RARE_NAME}58周岁，未满60周岁，不属于无劳动能力的老年人", CLAUSE, False),),
        township_body=TOWNSHIP_BODY,
        confirming_body=COUNTY_BODY,
        proposal=records.OutcomePart(
            is_eligible=True,
            opinion="情况属实，建议终止救助供养。",
            drafted_by="程晓燕",
            drafted_on=ON,
            signed_by="章建国",
            signed_on=ON,
        ),
        publicity=records.PublicityPart(
            first_day=date(2026, 11, 24), last_day=date(2026, 11, 30), place="三十八号桥村村务公开栏"
        ),
        decision=records.OutcomePart(
            is_eligible=True, opinion="同意终止救助供养。", signed_by="方文娟", signed_on=date(2026, 12, 2)
        ),
        ends_from=date(2027, 1, 1),
        unpaid_from=date(2026, 10, 1),
    ),
    DocumentKind.SUPPORT_END_NOTICE: records.SupportEndNotice(
        **_NOTICE,
        body=COUNTY_BODY,
        person=RARE_NAME,
        decided_on=date(2026, 12, 2),
        cause="收入和财产状况不再符合规定",
        clause="《特困人员认定办法》（民发〔2021〕43号）第二十四条第（四）项",
        procedure="第二十五条、第二十六条",
        happened_on=date(2026, 11, 20),
        day_title="查实之日",
        facts="信息核对发现每月领取退休金1,200.00元。",
        findings=(records.FindingRow("本人年收入14,400.00元，不低于低保标准755元×12月＝9,060元", CLAUSE, False),),
        last_month=date(2026, 12, 1),
        ends_from=date(2027, 1, 1),
        unpaid_from=None,
        may_claim=("最低生活保障（乡镇社会救助窗口）", "遭遇突发困难的，临时救助（乡镇社会救助窗口）"),
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.SUPPORT_KEPT_NOTICE: records.SupportKeptNotice(
        **_NOTICE,
        body=COUNTY_BODY,
        decided_on=date(2026, 12, 2),
        cause="具备或者恢复劳动能力",
        facts_found="",
        reasons=("仍同时具备三项条件（依据：民发〔2021〕43号第四条）。",),
        clause="",
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.SUPPORT_END_VILLAGE: records.SupportEndVillage(
        **_NOTICE | {"applicant": "三十八号桥村村民委员会"},
        body=COUNTY_BODY,
        person=RARE_NAME,
        decided_on=date(2026, 12, 2),
        cause="自愿申请退出救助供养",
        clause="《特困人员认定办法》（民发〔2021〕43号）第二十四条第（六）项",
        procedure="第二十五条、第二十六条",
        ends_from=date(2027, 1, 1),
    ),
}
