"""How the papers look: every one prints, rare characters too, 22 lines of 28 characters."""

import base64
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from documents import records
from documents.models import DocumentKind
from documents.services import SIGNATURE_KINDS, preview_pdf
from documents.services.rendering import Stamp, html_pdf, render_pdf
from tests.documents.reading import fonts_of, lines_of, pages_of, text_of
from tests.documents.sample_parts import ID_NUMBER, LONG_NAME, PERSONS, RARE_NAME
from tests.documents.samples import SAMPLES

STAMP = Stamp(number="绩民救确〔2026〕1号", issued_on=date(2026, 12, 18), check_code="0123456789abcdef")
ISSUED = [kind for kind in DocumentKind if kind not in SIGNATURE_KINDS]
PAGES = {DocumentKind.REFUSAL_NOTICE: 2, DocumentKind.TEKUN_FORM: 2, DocumentKind.SUPPORT_END_NOTICE: 2}
FORBIDDEN = ("A类", "B类", "C类", "残疾", "重病", "身份证", "账号", "银行", "3418", "因残", "因病", "住址")


def test_there_is_a_sample_of_every_kind() -> None:
    assert set(SAMPLES) == set(DocumentKind)


@pytest.mark.parametrize("kind", DocumentKind)
def test_paper_prints_names_in_embedded_fonts_on_the_pages_that_it_should_take(kind: DocumentKind) -> None:
    stamp = None if kind in SIGNATURE_KINDS else STAMP
    pdf = render_pdf(kind, SAMPLES[kind], stamp=stamp)
    text = text_of(pdf)
    assert RARE_NAME in text
    assert pages_of(pdf) == PAGES.get(kind, 1)
    fonts = fonts_of(pdf)
    assert all(fonts.values())
    assert "Noto-Serif-SC" in fonts
    assert any(name.startswith("Fandol") for name in fonts)


@pytest.mark.parametrize("kind", DocumentKind)
def test_equal_content_gives_equal_bytes(kind: DocumentKind) -> None:
    assert preview_pdf(kind, SAMPLES[kind]) == preview_pdf(kind, SAMPLES[kind])


@pytest.mark.parametrize("kind", ISSUED)
def test_issued_paper_shows_number_and_check_code_and_a_preview_says_draft(kind: DocumentKind) -> None:
    issued = text_of(render_pdf(kind, SAMPLES[kind], stamp=STAMP))
    assert "绩民救确〔2026〕1号" in issued
    assert "0123456789abcdef" in issued
    assert "草稿" not in issued
    draft = text_of(preview_pdf(kind, SAMPLES[kind]))
    assert "草稿" in draft
    assert "校验码" not in draft


@pytest.mark.parametrize("kind", sorted(SIGNATURE_KINDS))
def test_paper_for_signature_carries_no_draft_mark(kind: DocumentKind) -> None:
    assert "草稿" not in text_of(preview_pdf(kind, SAMPLES[kind]))


def test_qr_code_is_printed_only_where_a_public_address_is_set(public_address: str) -> None:
    kind = DocumentKind.ACCEPTANCE_NOTICE
    assert STAMP.qr_code.startswith("data:image/svg+xml")
    with_code = render_pdf(kind, SAMPLES[kind], stamp=STAMP)
    assert pages_of(with_code) == 1
    assert "绩民救确〔2026〕1号" in text_of(with_code)


def test_without_a_public_address_there_is_no_qr_code() -> None:
    assert STAMP.qr_code == ""


def test_notice_has_22_lines_of_28_characters_a_page() -> None:
    """GB/T 9704-2012 §5.2.2: 225 mm high and 156 mm wide."""
    sample = SAMPLES[DocumentKind.REFUSAL_NOTICE]
    assert isinstance(sample, records.RefusalNotice)
    pdf = render_pdf(sample.kind, replace(sample, reasons=("查" * 28 * 30,)), stamp=STAMP)
    lines = [(height, text) for height, text in lines_of(pdf, page=1) if set(text) == {"查"}]
    assert len(lines) == 22
    assert {len(text) for _, text in lines} == {28}
    steps = {round(above - below, 1) for (above, _), (below, _) in pairwise(lines)}
    assert steps <= {28.9, 29.0, 29.1}


def test_notice_numbers_its_pages_with_dashes() -> None:
    pdf = render_pdf(DocumentKind.REFUSAL_NOTICE, SAMPLES[DocumentKind.REFUSAL_NOTICE], stamp=STAMP)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert "— 1 —" in pages[0].extract_text()
    assert "— 2 —" in pages[1].extract_text()


def test_long_family_continues_on_a_second_page_under_the_same_headers() -> None:
    sample = SAMPLES[DocumentKind.APPROVAL_FORM]
    assert isinstance(sample, records.ApprovalForm)
    pdf = render_pdf(sample.kind, replace(sample, persons=PERSONS * 12), stamp=STAMP)
    assert pages_of(pdf) == 3
    second = PdfReader(io.BytesIO(pdf)).pages[1].extract_text()
    assert "劳动能力" in second.replace("\n", "")


@pytest.mark.parametrize("kind", [DocumentKind.PUBLICITY_SHEET, DocumentKind.ANNOUNCEMENT_SHEET])
def test_sheets_for_the_village_say_name_number_amount_and_nothing_of_why(kind: DocumentKind) -> None:
    text = text_of(render_pdf(kind, SAMPLES[kind], stamp=STAMP))
    for word in ("三十八号桥村", RARE_NAME, LONG_NAME, "2,142.50", "755.00", "0563-8150000"):
        assert word in text
    for word in FORBIDDEN:
        assert word not in text


def test_records_of_village_sheets_have_no_place_for_what_may_not_be_shown() -> None:
    assert set(records.PublicRow.__dataclass_fields__) == {"name", "person_count", "monthly_amount"}


def test_publicity_of_a_refusal_names_no_amount() -> None:
    sample = SAMPLES[DocumentKind.PUBLICITY_SHEET]
    assert isinstance(sample, records.PublicitySheet)
    refused = replace(sample, is_refusal=True, rows=(records.PublicRow("胡德旺", 3, None),))
    text = text_of(preview_pdf(sample.kind, refused))
    assert "拟不予确认对象公示" in text
    assert "拟同意" not in text


def test_official_forms_carry_the_full_id_number_and_notices_never() -> None:
    for kind in (DocumentKind.APPLICATION_FORM, DocumentKind.APPROVAL_FORM, DocumentKind.AUTHORIZATION_LETTER):
        assert ID_NUMBER in text_of(preview_pdf(kind, SAMPLES[kind]))
    for kind in (DocumentKind.APPROVAL_NOTICE, DocumentKind.REFUSAL_NOTICE, DocumentKind.ACCEPTANCE_NOTICE):
        assert ID_NUMBER not in text_of(preview_pdf(kind, SAMPLES[kind]))


def test_approval_prints_the_amount_in_figures_and_capitals() -> None:
    for kind in (DocumentKind.APPROVAL_FORM, DocumentKind.APPROVAL_NOTICE):
        text = text_of(preview_pdf(kind, SAMPLES[kind]))
        assert "2,142.50元（大写：贰仟壹佰肆拾贰元伍角" in text


def test_an_opinion_without_a_full_stop_is_not_run_into_what_follows() -> None:
    form = SAMPLES[DocumentKind.TEKUN_FORM]
    assert isinstance(form, records.TekunForm)
    said = replace(form, proposal=replace(form.proposal, opinion="情况属实，拟同意"))
    assert "情况属实，拟同意。保障对象2人" in text_of(preview_pdf(form.kind, said))


def test_refusal_states_facts_sum_clause_other_doors_and_remedies() -> None:
    text = text_of(preview_pdf(DocumentKind.REFUSAL_NOTICE, SAMPLES[DocumentKind.REFUSAL_NOTICE]))
    for words in (
        "年工资性收入36,000.00元",
        "得33,600.00元；除以12个月、3人，人均月收入933.33元",
        "超出178.33元（依据：《最低生活保障审核确认办法》第八条）",
        "务工收入未如实申报。依据：《最低生活保障审核确认办法》第三十条。",
        "2．遭遇突发困难的，临时救助（乡镇社会救助窗口）。",
        "60日内，向绩溪县人民政府申请行政复议",
        "6个月内依法向有管辖权的人民法院提起行政诉讼",
        "0563-8150000",
    ):
        assert words in text


def test_authorization_lets_guardians_sign_for_the_young() -> None:
    text = text_of(preview_pdf(DocumentKind.AUTHORIZATION_LETTER, SAMPLES[DocumentKind.AUTHORIZATION_LETTER]))
    assert all(row.name in text for row in PERSONS)
    assert text.count("／") == 2
    assert "胡德明" in text


def test_markup_in_a_name_is_printed_as_it_is() -> None:
    sample = SAMPLES[DocumentKind.ACCEPTANCE_NOTICE]
    assert isinstance(sample, records.AcceptanceNotice)
    assert "<script>甲" in text_of(preview_pdf(sample.kind, replace(sample, applicant="<script>甲")))


def test_nothing_outside_is_fetched(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    Image.new("RGB", (9, 9), "red").save(picture)
    data = base64.b64encode(picture.read_bytes()).decode()
    outside = html_pdf(f'<html lang="zh"><title>图</title><img src="{picture.as_uri()}">', identifier="x")
    inside = html_pdf(f'<html lang="zh"><title>图</title><img src="data:image/png;base64,{data}">', identifier="x")
    assert len(PdfReader(io.BytesIO(outside)).pages[0].images) == 0
    assert len(PdfReader(io.BytesIO(inside)).pages[0].images) == 1


def test_record_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="受理通知书"):
        preview_pdf(DocumentKind.ACCEPTANCE_NOTICE, SAMPLES[DocumentKind.PUBLICITY_SHEET])


@pytest.mark.parametrize("kind", DocumentKind)
def test_record_written_down_reads_back_equal(kind: DocumentKind) -> None:
    written = records.fields_of(SAMPLES[kind])
    assert records.record_from(kind, written) == SAMPLES[kind]


def test_canonical_json_is_one_writing_for_equal_content() -> None:
    assert records.canonical_json({"b": Decimal("1") == 1, "a": "胡"}) == '{"a":"胡","b":true}'


def test_records_hold_only_values_that_can_be_written_down() -> None:
    sample = SAMPLES[DocumentKind.ACCEPTANCE_NOTICE]
    assert isinstance(sample, records.AcceptanceNotice)
    with pytest.raises(TypeError, match="float"):
        records.fields_of(replace(sample, contact=1.5))  # type: ignore[arg-type]
