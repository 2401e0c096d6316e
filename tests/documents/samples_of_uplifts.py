"""A filled record for the notice after 提标; people and figures are invented."""

from datetime import date
from decimal import Decimal

from documents import records
from documents.models import DocumentKind
from tests.documents.sample_parts import COUNTY_BODY, RARE_NAME, VILLAGE

UPLIFTS: dict[DocumentKind, records.Record] = {
    DocumentKind.UPLIFT_NOTICE: records.UpliftNotice(
        body=COUNTY_BODY,
        applicant=RARE_NAME,
        village=VILLAGE,
        matter="最低生活保障",
        money="最低生活保障金",
        award_number="DB202600012",
        uplift_number="TB2026001",
        standards=("低保标准（元/月）（农村） 790.00，原755.00，2026年10月1日起（宣政秘〔2026〕12号）",),
        decided_on=date(2026, 12, 7),
        before_amount=Decimal("2143.00"),
        after_amount=Decimal("2265.00"),
        first_month=date(2026, 10, 1),
        category="B类",
        persons=(
            records.CoveredRow(RARE_NAME, "A类", Decimal("237.00")),
            records.CoveredRow("汪秋菊"),
            records.CoveredRow("胡小雨", "B类", Decimal("158.00")),
        ),
        working=("差额：790.00元×3人－500.00元＝1,870.00元。",),
        back_months=2,
        back_from=date(2026, 10, 1),
        back_to=date(2026, 11, 1),
        back_payment_amount=Decimal("244.00"),
        clause="《社会救助暂行办法》（国务院令第649号）第十条",
        contact=COUNTY_BODY,
        telephone="0563-8150000",
        reconsideration_body="绩溪县人民政府",
    )
}
