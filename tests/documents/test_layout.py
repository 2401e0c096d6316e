"""Where things stand on the papers: on which page, under which header, with which total, where the body signs."""

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from documents import records
from documents.models import DocumentKind
from documents.services import preview_pdf
from documents.services.rendering import render_pdf
from tests.documents.reading import pages_of, text_of
from tests.documents.sample_parts import (
    APPRAISAL,
    INCOMES,
    LONG_NAME,
    PERSONS,
    PUBLIC_ROWS,
    RARE_NAME,
    VISIT,
    person,
)
from tests.documents.samples import SAMPLES
from tests.documents.test_papers import STAMP

K = DocumentKind
MILLIMETRE = 72 / 25.4
CHARACTER = 156 * MILLIMETRE / 28
SIX = (*PERSONS, person("胡德明", "父母"), person("汪三妹", "父母", sex="女"))


def pages(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def sample(kind: DocumentKind, **changes: Any) -> Any:
    return replace(SAMPLES[kind], **changes)  # type: ignore[type-var]


@pytest.mark.parametrize("kind", K)
def test_titles_have_no_stray_white_space(kind: DocumentKind) -> None:
    title = PdfReader(io.BytesIO(preview_pdf(kind, SAMPLES[kind]))).metadata.title
    assert title
    assert title == "".join(title.split())


@pytest.mark.parametrize("contact", ["绩溪县民政局", "板桥头乡为民服务中心社会救助窗口"])
def test_the_approval_notice_of_six_people_fits_one_page(contact: str) -> None:
    covered = tuple(records.CoveredRow(row.name, "B类", Decimal("151.00")) for row in SIX)
    notice = sample(K.APPROVAL_NOTICE, persons=covered, body="绩溪县板桥头乡人民政府", contact=contact)
    (page,) = pages(render_pdf(notice.kind, notice, stamp=STAMP))
    assert "保障对象共6人" in page
    assert "签收日期" in page


def test_a_visit_form_of_an_ordinary_family_takes_one_page_blank_or_filled() -> None:
    assert pages_of(preview_pdf(K.VISIT_FORM, sample(K.VISIT_FORM, visit=None))) == 1
    assert pages_of(render_pdf(K.VISIT_FORM, sample(K.VISIT_FORM, persons=SIX), stamp=STAMP)) == 1


@pytest.mark.parametrize("visit", [None, replace(VISIT, facts_found=VISIT.facts_found * 8)])
def test_a_longer_visit_form_has_the_family_on_one_page_and_the_whole_visit_on_the_next(visit: Any) -> None:
    form = sample(K.VISIT_FORM, persons=SIX, incomes=INCOMES * 4, visit=visit)
    first, second = pages(preview_pdf(form.kind, form))
    assert "家庭财产" in first and "吃穿住用情况" not in first
    assert "吃穿住用情况" in second and "以上记录属实" in second


def test_boxes_to_tick_are_squares_that_every_font_has() -> None:
    form = sample(K.VISIT_FORM)
    assert "■一致□不一致" in text_of(preview_pdf(form.kind, form))
    differs = sample(K.VISIT_FORM, visit=replace(VISIT, agrees_with_declaration=False))
    assert "□一致■不一致" in text_of(preview_pdf(form.kind, differs))
    for kind in K:
        assert not set("☑☐✓✔") & set(text_of(preview_pdf(kind, SAMPLES[kind])))


def test_every_page_of_a_long_table_has_its_header() -> None:
    sheet = sample(K.PUBLICITY_SHEET, rows=PUBLIC_ROWS * 20)
    printed = pages(render_pdf(sheet.kind, sheet, stamp=STAMP))
    assert len(printed) > 2
    for page in printed:
        if RARE_NAME in page or "合计" in page:
            assert "序号申请人姓名" in page
    form = sample(K.APPLICATION_FORM, incomes=INCOMES * 30)
    for page in pages(preview_pdf(form.kind, form)):
        if "务工证明" in page:
            assert "2026年金额（元）凭据" in page


def test_a_row_is_not_torn_and_the_total_does_not_stand_alone() -> None:
    for count in range(1, 14):
        sheet = sample(K.PUBLICITY_SHEET, rows=(records.PublicRow(LONG_NAME, 1, Decimal("755.00")),) * count)
        *_, last = [page for page in pages(preview_pdf(sheet.kind, sheet)) if "755.00" in page]
        assert f"{count}迪丽热巴" in last, count


def test_incomes_end_with_their_total_in_figures_and_capitals() -> None:
    # 8,400 counts, the basic pension of 1,800 does not.
    text = text_of(preview_pdf(K.APPLICATION_FORM, SAMPLES[K.APPLICATION_FORM]))
    assert "合计大写：捌仟肆佰元整（不含不计入的）8,400.00" in text
    assert "合计大写：贰仟肆佰元整2,400.00" in text


def test_public_sheets_of_several_families_end_with_their_total() -> None:
    # 2,142.50 + 755.00
    for kind in (K.PUBLICITY_SHEET, K.ANNOUNCEMENT_SHEET):
        assert "合计2户（大写：贰仟捌佰玖拾柒元伍角）2,897.50" in text_of(preview_pdf(kind, SAMPLES[kind]))
    one = sample(K.PUBLICITY_SHEET, rows=PUBLIC_ROWS[:1])
    assert "合计" not in text_of(preview_pdf(one.kind, one))
    refused = sample(K.PUBLICITY_SHEET, is_refusal=True, rows=(records.PublicRow("甲", 3, None),) * 2)
    assert "合计" not in text_of(preview_pdf(refused.kind, refused))


@pytest.mark.parametrize("body", ["绩溪县民政局", "绩溪县板桥头乡人民政府"])
def test_the_date_ends_four_characters_from_the_right_and_the_body_signs_over_its_middle(body: str) -> None:
    """GB/T 9704-2012 §7.3.5.1."""
    notice = sample(K.ACCEPTANCE_NOTICE, body=body)
    pdf = render_pdf(notice.kind, notice, stamp=STAMP)
    (date_begins,) = left_edges(pdf, "2026年12月18日")
    *_, body_begins = left_edges(pdf, body)
    date_ends = (210 - 26) * MILLIMETRE - 4 * CHARACTER
    middle_of_date = (date_begins + date_ends) / 2
    middle_of_body = body_begins + len(body) * CHARACTER / 2
    assert abs(middle_of_body - middle_of_date) < 2
    # 1, 3, 7 … 18: eight figures of half a character and three characters.
    assert abs((date_ends - date_begins) / CHARACTER - 7) < 1.5


def left_edges(pdf: bytes, words: str) -> list[float]:
    """Where lines of these words begin, in points from the left, from the top of the paper down."""
    lines: dict[float, list[tuple[float, str]]] = {}

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            height = round(tm[5] * cm[3] + cm[5], 0)
            lines.setdefault(height, []).append((tm[4] * cm[0] + cm[4], text.strip()))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    found = []
    for height in sorted(lines, reverse=True):
        parts = sorted(lines[height])
        if "".join(text for _, text in parts) == words:
            found.append(parts[0][0])
    return found


def test_an_appraisal_of_fifteen_takes_one_page_blank_or_filled_and_longer_names_carry_the_header_over() -> None:
    blank = sample(K.APPRAISAL_RECORD, appraisal=None)
    assert pages_of(preview_pdf(blank.kind, blank)) == 1
    assert "□情况属实□情况不实" in text_of(preview_pdf(blank.kind, blank))
    row = records.ParticipantRow("汪三", "村（居）民代表", "赞成")
    held = replace(APPRAISAL, participants=(row,) * 15)
    assert pages_of(render_pdf(blank.kind, sample(blank.kind, appraisal=held), stamp=STAMP)) == 1
    many = replace(held, participants=(replace(row, name=LONG_NAME * 3),) * 15)
    first, second = pages(render_pdf(blank.kind, sample(blank.kind, appraisal=many), stamp=STAMP))
    assert "序号参评人姓名身份意见签名" in first and "参评人数" not in first
    assert "序号参评人姓名身份意见签名" in second and "以上记录属实" in second


def test_an_appraisal_record_ticks_what_was_found() -> None:
    form = sample(K.APPRAISAL_RECORD)
    text = text_of(preview_pdf(form.kind, form))
    for words in ("■情况属实□情况不实", "赞成2票反对1票弃权1人", "程桂英党员代表不记名", "其中村（居）民代表2人"):
        assert words in text, words
    against = sample(form.kind, appraisal=replace(APPRAISAL, agreed=False))
    assert "□情况属实■情况不实" in text_of(preview_pdf(form.kind, against))
