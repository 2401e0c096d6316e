"""Filled records for the papers of monthly payment; people and figures are invented."""

from datetime import date
from decimal import Decimal

from documents import records
from documents.models import DocumentKind
from tests.documents.sample_parts import LONG_NAME, ON, RARE_NAME, VILLAGE

PAYMENTS: dict[DocumentKind, records.Record] = {
    DocumentKind.PAYMENT_ROSTER: records.PaymentRoster(
        number="FF202612-101-D",
        township="金沙镇",
        scheme="最低生活保障",
        month=date(2026, 12, 1),
        printed_on=ON,
        rows=(
            records.RosterRow(
                VILLAGE, RARE_NAME, RARE_NAME, "****0019", 3, Decimal("1009.00"), Decimal("234.00"), state="待发放"
            ),
            records.RosterRow(
                VILLAGE,
                LONG_NAME,
                "胡德才（监护人）",
                "****0027",
                1,
                Decimal("515.00"),
                back_payment=Decimal("515.00"),
                recoupment=Decimal("100.50"),
                state="待发放",
            ),
        ),
        prepared="方文娟　2026年11月26日",
        township_checked="汪晓梅　2026年11月27日",
    ),
}
