"""Papers of temporary aid at their longest: many stages, long reasons, people without papers."""

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from documents.models import DocumentKind
from documents.services.rendering import render_pdf
from tests.documents.sample_parts import ID_NUMBER, LONG_NAME
from tests.documents.samples_of_aid import AID, RECIPIENT, SITUATION, STAGES
from tests.documents.test_papers import STAMP

K = DocumentKind
LONG = (SITUATION * 5)[:500]
"""The longest that the form takes."""
MANY = tuple(replace(STAGES[number % 3], serial=number + 1) for number in range(12))


def pages(kind: DocumentKind, **changes: Any) -> list[str]:
    record = replace(AID[kind], **changes)  # type: ignore[type-var]
    pdf = render_pdf(kind, record, stamp=STAMP)
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_slip_stays_on_one_page_at_its_longest() -> None:
    late = "报告当晚大雪封山，道路中断，经办人次日中午步行进村后才见到本人；网络中断，事后补登。"
    (page,) = pages(K.PETTY_ADVANCE_SLIP, situation=LONG, late_reason=late)
    assert "已超过时限，原因：" in page
    assert "领取人签名（指印）" in page


@pytest.mark.parametrize(("kind", "more"), [(K.TEMP_AID_FORM, {}), (K.SUPPLEMENT_STATEMENT, {"facts": LONG})])
def test_stages_go_on_under_their_header_on_a_second_page(kind: DocumentKind, more: dict[str, str]) -> None:
    first, second = pages(kind, situation=LONG, stages=MANY, **more)
    assert "期次方式内容" in first and "期次方式内容" in second
    assert "12期，实物按折价计" in second


def test_a_notice_of_twelve_stages_has_remedies_and_seal_on_the_same_page() -> None:
    first, second = pages(K.TEMP_AID_NOTICE, stages=MANY, applicant=LONG_NAME)
    assert "分12期发放" in first
    for words in ("60日内", "6个月内", "绩溪县金沙镇人民政府", "签收日期"):
        assert words in second


def test_a_notice_of_one_stage_says_it_in_words() -> None:
    amount = Decimal("3056.00")
    (page,) = pages(K.TEMP_AID_NOTICE, stages=(replace(STAGES[0], amount=amount),), advanced=amount)
    assert "二、发放方式：资金（现金），2026年11月22日已发放。" in page
    assert "期次" not in page


def test_a_resolution_and_an_entrusted_village_are_named() -> None:
    (page,) = pages(K.TEMP_AID_NOTICE, resolution="绩困保议〔2026〕3号一事一议决议", entrusted=True)
    assert "依绩困保议〔2026〕3号一事一议决议" in page
    assert "（由受委托的村、社区）" in page


def test_who_has_no_number_is_printed_with_the_reason() -> None:
    nobody = replace(RECIPIENT, id_number="", missing_id_reason="证件遗失", birth_date=None, sex="", phone="")
    for kind in (K.TEMP_AID_FORM, K.PETTY_ADVANCE_SLIP, K.SUPPLEMENT_STATEMENT):
        (page,) = pages(kind, recipient=nobody)
        assert "（证件遗失）" in page
        assert ID_NUMBER not in page


def test_notices_and_minutes_carry_no_number_of_a_person() -> None:
    for kind in (K.TEMP_AID_NOTICE, K.TEMP_AID_REFUSAL, K.COLLECTIVE_MINUTES):
        assert all(ID_NUMBER not in page for page in pages(kind))


def test_a_meeting_that_did_not_agree_resolves_no_amount() -> None:
    (page,) = pages(K.COLLECTIVE_MINUTES, is_agreed=False, resolved_amount=Decimal("0.00"))
    assert "不同意给予临时救助。" in page
    assert "不超过" not in page


def test_ledger_and_reconciliation_add_up_in_figures_and_capitals() -> None:
    (ledger,) = pages(K.RESERVE_LEDGER)
    # 4,120.00 + 17,000.00 − 1,120.00 − 1,528.00
    assert "壹万捌仟肆佰柒拾贰元整（期初4,120.00＋收入17,000.00－支出2,648.00＝期末18,472.00元）" in ledger
    (table,) = pages(K.RESERVE_RECONCILIATION)
    # 472.00 + 17,990.00 − 18,472.00
    assert "-10.00" in table
    assert "先行救助2笔，大写：贰仟陆佰肆拾捌元整" in table


def test_a_slip_that_differs_from_its_entry_is_pointed_out() -> None:
    record = AID[K.RESERVE_RECONCILIATION]
    slips = record.slips  # type: ignore[attr-defined]
    (table,) = pages(K.RESERVE_RECONCILIATION, slips=(replace(slips[0], entry_amount=Decimal("1000.00")), slips[1]))
    assert "1,000.00不符" in table
