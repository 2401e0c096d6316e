"""Filled records for the papers of temporary aid; people and figures are invented."""

from datetime import date
from decimal import Decimal

from documents import records
from documents.models import DocumentKind
from tests.documents.sample_parts import COUNTY_BODY, ID_NUMBER, LONG_NAME, PHONE, RARE_NAME, TOWNSHIP_BODY, VILLAGE

WINDOW = "金沙镇为民服务中心社会救助窗口"
RECIPIENT = records.AidRecipient(
    name=RARE_NAME,
    id_number=ID_NUMBER,
    missing_id_reason="",
    sex="男",
    birth_date=date(1968, 3, 12),
    phone=PHONE,
    people_count=4,
    township="金沙镇",
    village=VILLAGE,
    registered_place="安徽省宣城市绩溪县金沙镇三十八号桥村胡家组12号",
    living_place="安徽省宣城市绩溪县金沙镇三十八号桥村胡家组12号",
    ground="户籍地",
)
SITUATION = (
    "2026年11月21日夜间因电线老化起火，三间砖木结构住房及屋内粮食、衣被、家具全部烧毁，妻子程桂英手臂烧伤送县医院治疗，"
    "全家4人暂住村党群服务中心，没有过冬衣被和口粮。"
)
VILLAGE_WORD = records.AidOpinion(
    "火灾属实，全家没有住处和过冬衣被，急需救助，建议先行救助", "汪德福（村党总支书记）", date(2026, 11, 22), ""
)
SUM = records.AidSum(
    base_amount=Decimal("764.00"),
    minimum_amount=Decimal("1528.00"),
    maximum_amount=Decimal("3056.00"),
    least="2",
    most="4",
    amount=Decimal("3056.00"),
    multiple="4",
    suggested_amount=Decimal("3056.00"),
    lines=(
        "基数764.00元（当地城市低保月标准，本地做法）×4倍（火灾、严重，县临时救助金额表）＝3,056.00元。",
        "急难型单次户均2—4倍，即1,528.00—3,056.00元（绩办〔2021〕27号第10项）。",
    ),
    frequency="2026年1月1日以来已获临时救助0次，其中同一事由0次；同一事由一年内1次、不同事由共2次（绩溪县上庄镇2023年"
    "临时救助标准；“一年内”的算法为本地做法），本次在次数以内。",
)
STAGES = (
    records.AidStageRow(1, "资金", "现金", Decimal("1528.00"), None, "", "2026年11月22日已发放"),
    records.AidStageRow(
        2, "实物", "棉被4床、大米50公斤、食用油2桶", Decimal("728.00"), date(2026, 12, 10), "仍暂住村党群服务中心的"
    ),
    records.AidStageRow(3, "资金", "转账（打卡）", Decimal("800.00"), date(2027, 1, 10), "走访确认房屋没有修好的"),
)

AID: dict[DocumentKind, records.Record] = {
    DocumentKind.TEMP_AID_FORM: records.TempAidForm(
        aid_number="LS2026-0012",
        aid_kind="急难型",
        route="小额先行救助",
        level="乡镇",
        recipient=RECIPIENT,
        cause="火灾",
        grade="严重",
        occurred_on=date(2026, 11, 21),
        occurred_place="三十八号桥村胡家组12号",
        reported_at="2026年11月21日 22:40",
        situation=SITUATION,
        self_paid_amount=None,
        evidence=("现场照片2件", "支出票据1件"),
        follows="",
        sum=SUM,
        stages=STAGES,
        verified=(
            "2026年11月22日先行救助1,528.00元（先行单XX2026-0007）",
            "经入户核实，房屋和家具全部烧毁，火灾情况与派出所证明一致，妻子已出院。",
            "信息核对：未见异常（2026年11月25日）",
        ),
        village=VILLAGE_WORD,
        proposal=records.AidOpinion(
            "情况属实，拟分三期救助共3,056.00元", "程晓燕", date(2026, 11, 26), TOWNSHIP_BODY
        ),
        decision=records.AidOpinion("同意救助3,056.00元", LONG_NAME, date(2026, 11, 27), TOWNSHIP_BODY),
        publicity="2026年12月4日前张贴",
    ),
    DocumentKind.PETTY_ADVANCE_SLIP: records.PettyAdvanceSlip(
        body=TOWNSHIP_BODY,
        slip_number="XX2026-0007",
        aid_number="LS2026-0012",
        recipient=RECIPIENT,
        cause="火灾",
        occurred_on=date(2026, 11, 21),
        occurred_place="三十八号桥村胡家组12号",
        situation=SITUATION,
        reported_at="2026年11月21日 22:40",
        due_at="2026年11月22日 22:40",
        paid_at="2026年11月22日 09:15",
        late_reason="",
        village=VILLAGE_WORD,
        asked_amount=Decimal("1528.00"),
        amount=Decimal("1528.00"),
        limit_amount=Decimal("3056.00"),
        balance_after=Decimal("18472.00"),
        reserve_serial=14,
        paid_by="程晓燕",
        second_hand="周文彬",
        received_by=f"{RARE_NAME}（本人）",
        relieved_on=None,
        supplement_due_on=date(2026, 12, 4),
        due_is_provisional=True,
    ),
    DocumentKind.SUPPLEMENT_STATEMENT: records.SupplementStatement(
        body=TOWNSHIP_BODY,
        aid_number="LS2026-0012",
        slip_number="XX2026-0007",
        recipient=RECIPIENT,
        cause="火灾",
        occurred_on=date(2026, 11, 21),
        situation=SITUATION,
        advanced_amount=Decimal("1528.00"),
        paid_at="2026年11月22日 09:15",
        paid_by="程晓燕",
        second_hand="周文彬",
        received_by=f"{RARE_NAME}（本人）",
        facts="经入户核实，房屋和家具全部烧毁，火灾情况与派出所证明一致。",
        papers=("补充材料2件", "领取签字1件"),
        relieved_on=date(2026, 11, 24),
        due_on=date(2026, 12, 8),
        submitted_by="程晓燕",
        submitted_on=date(2026, 11, 26),
        late_reason="",
        amount=Decimal("3056.00"),
        stages=STAGES,
        check=records.AidOpinion("补充说明完整，同意", LONG_NAME, date(2026, 11, 27), TOWNSHIP_BODY),
    ),
    DocumentKind.COLLECTIVE_MINUTES: records.CollectiveMinutes(
        body=COUNTY_BODY,
        minutes_number="绩困保议〔2026〕3号",
        aid_number="LS2026-0013",
        person=RARE_NAME,
        township="金沙镇",
        village=VILLAGE,
        cause="突发重大疾病",
        met_on=date(2026, 11, 25),
        place="绩溪县民政局三楼会议室",
        chair="县政府分管副县长方志远",
        present=(
            records.PresentRow("方志远", "绩溪县人民政府", "副县长"),
            records.PresentRow("汪国栋", "绩溪县民政局", "局长"),
            records.PresentRow(LONG_NAME, "绩溪县财政局社会保障股", "股长"),
            records.PresentRow("胡建平", "绩溪县医疗保障局", "副局长"),
            records.PresentRow("章丽萍", "金沙镇人民政府", "副镇长"),
        ),
        matter="该户户主突发主动脉夹层，自付医疗费118,640.00元，已借款8万余元，无劳动收入，三口人基本生活难以维持。",
        guideline="急难型单次户均上限3,056.00元（绩办〔2021〕27号第10项）",
        frequency="2026年1月1日以来已获临时救助1次，其中同一事由0次",
        opinions=(
            "县民政局：情况属实，困难重大，建议突破上限。",
            "县财政局：资金有保障，同意。",
            "县医疗保障局：已报销的部分已经扣除，同意。",
            "金沙镇：同意，由镇里跟踪走访。",
        ),
        is_agreed=True,
        resolved_amount=Decimal("20000.00"),
        recorded_by="许文静",
    ),
    DocumentKind.TEMP_AID_NOTICE: records.TempAidNotice(
        body=TOWNSHIP_BODY,
        applicant=RARE_NAME,
        aid_number="LS2026-0012",
        aid_kind="急难型",
        cause="火灾",
        decided_on=date(2026, 11, 27),
        entrusted=False,
        amount=Decimal("3056.00"),
        people_count=4,
        stages=STAGES,
        advanced=Decimal("1528.00"),
        resolution="",
        contact=WINDOW,
        telephone="0563-8150000",
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.TEMP_AID_REFUSAL: records.TempAidRefusal(
        body=COUNTY_BODY,
        applicant=RARE_NAME,
        aid_number="LS2026-0015",
        aid_kind="支出型",
        cause="教育支出",
        opened_on=date(2026, 11, 10),
        decided_on=date(2026, 11, 24),
        reasons=(
            "经核对，您家共同生活家庭成员3人，人均可支配收入3,120.00元，高于当地上年度人均可支配收入",
            "子女就读的学校已按规定减免学费、发放助学金，自付支出与票据不符",
        ),
        resolution="",
        contact=COUNTY_BODY,
        telephone="0563-8150000",
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.RESERVE_LEDGER: records.ReserveLedger(
        township="金沙镇",
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        printed_on=date(2026, 12, 1),
        opening=Decimal("4120.00"),
        closing=Decimal("18472.00"),
        rows=(
            records.ReserveRow(
                12, date(2026, 11, 4), "补拨", "县级补拨（BB2026-0003）", "PZ2026-1104-2", Decimal("17000.00"),
                Decimal("0.00"), Decimal("21120.00"), "方文娟",
            ),
            records.ReserveRow(
                13, date(2026, 11, 9), "先行支出", f"LS2026-0009 {LONG_NAME}", "", Decimal("0.00"),
                Decimal("1120.00"), Decimal("20000.00"), "程晓燕",
            ),
            records.ReserveRow(
                14, date(2026, 11, 22), "先行支出", f"LS2026-0012 {RARE_NAME}", "", Decimal("0.00"),
                Decimal("1528.00"), Decimal("18472.00"), "程晓燕",
            ),
        ),
    ),
    DocumentKind.RESERVE_RECONCILIATION: records.ReserveReconciliation(
        township="金沙镇",
        month=date(2026, 11, 1),
        printed_on=date(2026, 12, 1),
        opening=Decimal("4120.00"),
        allocated=Decimal("17000.00"),
        advanced=Decimal("2648.00"),
        refunded=Decimal("0.00"),
        withdrawn=Decimal("0.00"),
        corrected=Decimal("0.00"),
        closing=Decimal("18472.00"),
        counted_cash=Decimal("472.00"),
        bank_balance=Decimal("17990.00"),
        difference_note="银行收取网银年费10.00元，已请县民政局下月拨入时补足。",
        advances_count=2,
        slips=(
            records.SlipRow(
                "XX2026-0006", date(2026, 11, 9), LONG_NAME, Decimal("1120.00"), 13, Decimal("1120.00")
            ),
            records.SlipRow(
                "XX2026-0007", date(2026, 11, 22), RARE_NAME, Decimal("1528.00"), 14, Decimal("1528.00")
            ),
        ),
        prepared="程晓燕　2026年12月1日",
        signed="汪晓梅　2026年12月2日",
    ),
}
