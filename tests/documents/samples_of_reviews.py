"""Filled records of the papers of 复核; people and figures are invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from documents import records
from documents.models import DocumentKind

ON, DECIDED = date(2026, 11, 9), date(2026, 12, 2)
LONG_NAME, RARE_NAME = "迪丽热巴·阿不都热合曼江", "胡㛃䶮"
VILLAGE = "三十八号桥村"
TOWNSHIP_BODY, COUNTY_BODY = "绩溪县金沙镇人民政府", "绩溪县民政局"
CLAUSE = "民发〔2021〕57号第三十二条"
PERSONS = (
    records.CoveredRow(RARE_NAME, "A类", Decimal("227.00")),
    records.CoveredRow(LONG_NAME),
    records.CoveredRow("胡小雨", "B类", Decimal("151.00")),
)
_COMMON: dict[str, Any] = {
    "body": COUNTY_BODY,
    "applicant": RARE_NAME,
    "village": VILLAGE,
    "matter": "最低生活保障",
    "case_number": "2026-0123",
    "award_number": "DB20261000012",
    "cause": "家庭报告变化",
    "decided_on": DECIDED,
    "contact": "绩溪县民政局",
    "telephone": "0563-8150000",
    "reconsideration_body": "绩溪县人民政府",
}


def _sum(income: str, per_capita: str) -> records.SumPart:
    return records.SumPart(
        year=2026,
        yearly_income=Decimal(income),
        rigid_deduction=Decimal("0.00"),
        employment_deduction=Decimal("0.00"),
        adjusted_yearly_income=Decimal(income),
        person_count=3,
        per_capita_monthly=Decimal(per_capita),
        monthly_standard=Decimal("755.00"),
    )


_DOORS = ("最低生活保障边缘家庭认定（乡镇社会救助窗口）", "遭遇突发困难的，临时救助（乡镇社会救助窗口）")
REVIEWS: dict[DocumentKind, records.Record] = {
    DocumentKind.REVIEW_FORM: records.ReviewForm(
        matter="最低生活保障",
        case_number="2026-0123",
        opened_on=ON,
        township="金沙镇",
        village=VILLAGE,
        address="胡家组12号",
        person=RARE_NAME,
        award_number="DB20261000012",
        first_month=date(2025, 10, 1),
        person_count=3,
        category="C类",
        monthly_amount=Decimal("2143.00"),
        cause="家庭报告变化",
        cause_text="妻子换了工作",
        noted=("妻子10月起到县城某服装厂做工",),
        last_on=date(2025, 9, 7),
        reviewed_on=DECIDED,
        changed=(
            records.ChangedRow("", "月人均收入", "166.66元", "242.16元"),
            records.ChangedRow(LONG_NAME, "收入", "工资性收入 6,000.00", "工资性收入 8,718.00"),
        ),
        means_check="2026年11月16日返回：未发现不一致。",
        visits=("2026年11月17日入户，程晓燕、汪志强：与申报一致。",),
        sum=_sum("8718.00", "242.16"),
        findings=(
            records.FindingRow("月人均收入242.16元，低于低保标准755.00元", "民发〔2021〕57号第八条", True),
            records.FindingRow("差额1,538.50元，四舍五入到元为1,539.00元", "民发〔2021〕57号第二十三条", True),
        ),
        result="减发",
        effect="自2027年1月起每月1,917.00元",
        township_body=TOWNSHIP_BODY,
        confirming_body=COUNTY_BODY,
        proposal=records.OutcomePart(
            is_eligible=True,
            opinion="经核对和入户，情况属实",
            basis="整户",
            category="C类",
            monthly_amount=Decimal("1917.00"),
            persons=PERSONS,
            drafted_by="程晓燕",
            drafted_on=date(2026, 11, 18),
            signed_by="章建国",
            signed_on=date(2026, 11, 19),
            result="减发",
        ),
        told="2026年11月20日已将拟作的决定和理由告知家庭。",
        decision=records.OutcomePart(
            is_eligible=True,
            opinion="同意复核意见",
            monthly_amount=Decimal("1917.00"),
            signed_by="方文娟",
            signed_on=DECIDED,
            result="减发",
        ),
        next_on=date(2027, 6, 2),
    ),
    DocumentKind.ADJUSTMENT_NOTICE: records.AdjustmentNotice(
        **_COMMON,
        before_amount=Decimal("2143.00"),
        after_amount=Decimal("1917.00"),
        first_month=date(2027, 1, 1),
        category="C类",
        persons=PERSONS,
        sum=_sum("8718.00", "242.16"),
        working=(
            "差额：755.00元×3人－8,718.00元÷12月＝1,538.50元，四舍五入到元为1,539.00元。",
            "每月合计：1,539.00元＋227.00元＋151.00元＝1,917.00元。",
        ),
        reasons=(),
        clause=CLAUSE,
    ),
    DocumentKind.STOP_NOTICE: records.StopNotice(
        **_COMMON,
        monthly_amount=Decimal("2143.00"),
        last_month=date(2026, 12, 1),
        stop_month=date(2027, 1, 1),
        sum=_sum("60000.00", "1666.66"),
        reasons=("月人均收入1,666.66元，不低于低保标准755.00元的2倍1,510.00元（依据：绩办〔2021〕27号第1项）。",),
        clause=CLAUSE,
        may_claim=_DOORS[1:],
    ),
    DocumentKind.PHASEOUT_NOTICE: records.PhaseoutNotice(
        **_COMMON,
        per_capita_monthly=Decimal("1000.00"),
        monthly_standard=Decimal("755.00"),
        months=3,
        first_month=date(2027, 1, 1),
        last_month=date(2027, 3, 1),
        monthly_amount=Decimal("2143.00"),
        stop_month=date(2027, 4, 1),
        sum=_sum("36000.00", "1000.00"),
        reasons=(),
        clause="民发〔2021〕57号第三十三条",
        may_claim=_DOORS,
    ),
    DocumentKind.REVIEW_NOTICE: records.ReviewNotice(
        **_COMMON,
        result="维持",
        effect="每月2,143.00元，金额不变",
        monthly_amount=Decimal("2143.00"),
        category="C类",
        sum=_sum("8700.00", "241.66"),
        reasons=(
            "月人均收入与上次认定（2026年9月7日）相比变动75.00元，低于低保标准755.00元×10%＝75.50元，没有明显变化，月保障金不调整。",
        ),
        clause="民发〔2021〕57号第三十一条",
        next_on=date(2027, 6, 2),
    ),
}
