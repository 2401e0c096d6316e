"""发放花名册: every page with its header, its sum and the sum until there; the whole in figures and capitals."""

import io
import re
from datetime import date
from decimal import Decimal

from pypdf import PdfReader

from documents.models import DocumentKind
from documents.records import PaymentRoster, RosterRow
from documents.services import preview_pdf


def roster(count: int) -> PaymentRoster:
    rows = tuple(
        RosterRow("临溪村", f"胡德旺{number}", "胡德旺", "****0019", 2, Decimal("500.00"), Decimal("10.50"))
        for number in range(count)
    )
    return PaymentRoster("FF1", "临溪镇", "最低生活保障", date(2026, 12, 1), date(2026, 11, 26), rows)


def test_sums_of_pages_run_on_to_the_total() -> None:
    first, second, third = roster(32).sheets()
    # 15 × 510.50, 30 × 510.50 and 32 × 510.50.
    assert [len(sheet.rows) for sheet in (first, second, third)] == [15, 15, 2]
    assert (first.own.amount, first.running.amount) == (Decimal("7657.50"), Decimal("7657.50"))
    assert (second.own.amount, second.running.amount) == (Decimal("7657.50"), Decimal("15315.00"))
    assert (third.own.amount, third.running.amount) == (Decimal("1021.00"), Decimal("16336.00"))
    assert (third.running.families, third.running.persons) == (32, 64)
    assert third.rows[0][0] == 31
    assert [sheet.is_last for sheet in (first, second, third)] == [False, False, True]


def test_a_full_last_page_is_followed_by_no_empty_one() -> None:
    assert [len(sheet.rows) for sheet in roster(30).sheets()] == [15, 15]
    assert [len(sheet.rows) for sheet in roster(0).sheets()] == [0]


def test_every_page_of_the_print_has_header_sums_and_signatures() -> None:
    reader = PdfReader(io.BytesIO(preview_pdf(DocumentKind.PAYMENT_ROSTER, roster(32))))
    pages = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
    assert len(pages) == 3
    for page in pages:
        assert "2026年12月最低生活保障发放花名册" in page and "领款人" in page
        assert "本页合计" in page and "累计" in page and "县财政局复核" in page
    assert [("大写" in page) for page in pages] == [False, False, True]
    assert "壹万陆仟叁佰叁拾陆元整" in pages[2]
    width, height = reader.pages[0].mediabox[2:]
    assert width > height
