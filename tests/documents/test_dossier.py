"""一户一档: cover, index and all parts as one PDF, every page numbered."""

import io
from datetime import date

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from documents.models import DocumentKind
from documents.services import DossierPart, dossier_pdf, preview_pdf
from tests.documents.reading import pages_of, text_of
from tests.documents.samples import SAMPLES

ON = date(2026, 11, 23)
COVER = [("申请人", "胡㛃䶮"), ("住址", "金沙镇三十八号桥村胡家组12号")]


def photo(size: tuple[int, int] = (3000, 1600), *, kind: str = "JPEG", orientation: int = 1) -> bytes:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, (90, 120, 150)).save(buffer, kind, exif=exif)
    return buffer.getvalue()


def scanned(*, pages: int = 1, width: float = 842, height: float = 1191, password: str = "") -> bytes:
    writer, buffer = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=width, height=height)
    if password:
        writer.encrypt(password)
    writer.write(buffer)
    return buffer.getvalue()


def issued(kind: DocumentKind = DocumentKind.REFUSAL_NOTICE) -> DossierPart:
    return DossierPart("不予确认通知书", ON, preview_pdf(kind, SAMPLES[kind]), note="绩民救不予〔2026〕1号")


def test_index_says_on_which_page_each_part_begins() -> None:
    parts = [
        DossierPart("申请表（签字）", ON, photo(), "image/jpeg"),
        DossierPart("核查授权书（签字）", ON, scanned(pages=3)),
        issued(),
    ]
    pdf = dossier_pdf(title="最低生活保障档案（一户一档）", cover=COVER, parts=parts)
    assert PdfReader(io.BytesIO(pdf)).metadata == {"/Title": "最低生活保障档案（一户一档）"}
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2 + 1 + 3 + 2
    assert "胡㛃䶮" in pages[0].extract_text()
    index = "".join(pages[1].extract_text().split())
    assert "1申请表（签字）2026年11月23日13" in index
    assert "2核查授权书（签字）2026年11月23日34" in index
    assert "3不予确认通知书绩民救不予〔2026〕1号2026年11月23日27" in index
    assert "第7页共8页" in "".join(pages[6].extract_text().split())
    assert "不予确认最低生活保障通知书" in "".join(pages[6].extract_text().split())


def test_outline_leads_to_the_parts() -> None:
    pdf = dossier_pdf(title="档案", cover=COVER, parts=[issued(), issued()])
    reader = PdfReader(io.BytesIO(pdf))
    assert [reader.get_destination_page_number(item) for item in reader.outline] == [2, 4]  # type: ignore[arg-type]


def test_pages_of_every_size_come_out_on_upright_a4() -> None:
    parts = [
        DossierPart("大图", ON, scanned(width=1191, height=842)),
        DossierPart("小票", ON, scanned(width=200, height=300)),
        DossierPart("照片", ON, photo(kind="PNG", size=(50, 2400)), "image/png"),
    ]
    pages = PdfReader(io.BytesIO(dossier_pdf(title="档案", cover=COVER, parts=parts))).pages
    assert len(pages) == 5
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages} == {(595, 842)}


def test_locked_or_broken_scan_is_named_and_does_not_stop_the_dossier() -> None:
    parts = [
        DossierPart("加密材料", ON, scanned(password="1234")),
        DossierPart("损坏照片", ON, b"\xff\xd8\xff not a picture", "image/jpeg"),
        issued(),
    ]
    pdf = dossier_pdf(title="档案", cover=COVER, parts=parts)
    assert pages_of(pdf) == 6
    assert text_of(pdf).count("无法并入本卷") == 2


def test_scripts_and_links_of_uploaded_files_are_left_behind() -> None:
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.add_open_action(JavaScript("app.alert('x')"))
    writer.write(buffer)
    part = DossierPart("材料", ON, buffer.getvalue())
    pdf = dossier_pdf(title="档案", cover=COVER, parts=[part])
    assert "/Names" in PdfReader(io.BytesIO(part.content)).root_object
    assert "/Names" not in PdfReader(io.BytesIO(pdf)).root_object


def test_long_index_runs_over_pages_and_numbers_stay_right() -> None:
    parts = [DossierPart(f"材料{number}", ON, scanned()) for number in range(60)]
    pdf = dossier_pdf(title="档案", cover=COVER, parts=parts)
    reader = PdfReader(io.BytesIO(pdf))
    front = len(reader.pages) - 60
    assert front == 3
    assert f"60材料592026年11月23日1{front + 60}" in "".join(reader.pages[2].extract_text().split())
