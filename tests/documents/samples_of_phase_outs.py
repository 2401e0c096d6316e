"""Filled records for the papers of 渐退 and of a death in an award; people and figures are invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from documents import records
from documents.models import DocumentKind
from tests.documents.sample_parts import COUNTY_BODY, RARE_NAME, TOWNSHIP_BODY, VILLAGE

_MONTHS: dict[str, Any] = {
    "applicant": RARE_NAME,
    "village": VILLAGE,
    "matter": "最低生活保障",
    "award_number": "DB202600012",
    "case_number": "HC2027000123",
    "decided_on": date(2027, 3, 15),
    "first_month": date(2027, 4, 1),
    "last_month": date(2027, 6, 1),
    "stops_on": date(2027, 7, 1),
    "telephone": "0563-8150000",
}

PHASE_OUTS: dict[DocumentKind, records.Record] = {
    DocumentKind.PHASE_OUT_REMINDER: records.PhaseOutReminder(
        **_MONTHS,
        body=TOWNSHIP_BODY,
        monthly_amount=Decimal("1347.00"),
        window="金沙镇为民服务中心社会救助窗口",
    ),
    DocumentKind.PHASE_OUT_END_NOTICE: records.PhaseOutEndNotice(
        **_MONTHS,
        body=COUNTY_BODY,
        reason="儿子2027年2月起在县经济开发区就业，工资收入增加",
        per_capita_monthly=Decimal("868.33"),
        standard=Decimal("670.00"),
        times="1.29",
        months=3,
        last_amount=Decimal("1347.00"),
        may_claim=(
            "您家人均月收入低于低保标准的1.5倍，可以申请认定为低保边缘家庭",
            "遭遇突发困难的，可以申请临时救助",
            "收入又低于低保标准的，可以重新申请低保",
        ),
        contact=COUNTY_BODY,
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.PHASE_OUT_REVOKED: records.PhaseOutRevoked(
        **{key: value for key, value in _MONTHS.items() if key != "stops_on"},
        body=COUNTY_BODY,
        revoked_on=date(2027, 4, 20),
        reason="核查时误计了一次性的征地补偿，人均月收入仍低于低保标准",
        from_month=date(2027, 5, 1),
        monthly_amount=Decimal("1347.00"),
        contact=COUNTY_BODY,
        reconsideration_body="绩溪县人民政府",
    ),
    DocumentKind.DEATH_NOTICE: records.DeathNotice(
        body=TOWNSHIP_BODY,
        applicant=RARE_NAME,
        village=VILLAGE,
        matter="最低生活保障",
        award_number="DB202600012",
        deceased="汪秋菊",
        died_on=date(2027, 3, 3),
        from_month=date(2027, 4, 1),
        before_amount=Decimal("1347.00"),
        monthly_amount=Decimal("832.00"),
        persons=2,
        due_on=date(2027, 6, 3),
        contact="金沙镇为民服务中心社会救助窗口",
        telephone="0563-8150000",
        reconsideration_body="绩溪县人民政府",
    ),
}
