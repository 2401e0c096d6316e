"""What people hand in: pictures keep their pixels and nothing else, a PDF that does things is not taken."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from foundation.files import LONGEST_SIDE, clean_upload
from households import services
from households.models import Household
from organizations.models import Staff
from tests.households.builders import picture
from tests.households.web import as_staff
from tests.support.factories import AT

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def kept(content: bytes, name: str = "照片.jpg") -> Image.Image:
    _, file = clean_upload(SimpleUploadedFile(name, content))
    return Image.open(io.BytesIO(file.read()))


def photo(**options: Any) -> bytes:
    """Red above blue, as a phone held upright stores it: lying, with a note on how to turn it, and where it was."""
    image = Image.new("RGB", (40, 80), "red")
    image.paste("blue", (0, 40, 40, 80))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "PHONE-OF-HU"
    exif.get_ifd(GPS)[1] = "N"
    output = io.BytesIO()
    image.rotate(90, expand=True).save(output, "JPEG", exif=exif, comment=b"30.07N 118.59E", **options)
    return output.getvalue()


def test_a_photo_loses_its_place_and_camera_and_stands_upright() -> None:
    content = photo()
    assert b"PHONE-OF-HU" in content and b"30.07N" in content
    image = kept(content)
    assert not image.getexif() and "comment" not in image.info and "exif" not in image.info
    assert image.size == (40, 80)
    red, blue = image.getpixel((20, 10)), image.getpixel((20, 70))
    assert red[0] > 200 > red[2] and blue[2] > 200 > blue[0]


def test_a_drawn_picture_loses_its_texts_and_what_hangs_behind_it() -> None:
    note, output = PngInfo(), io.BytesIO()
    note.add_text("Author", "SECRET-AUTHOR")
    Image.new("RGBA", (20, 20), (1, 2, 3, 128)).save(output, "PNG", pnginfo=note)
    content = output.getvalue() + b"<script>alert(1)</script>"
    _, file = clean_upload(SimpleUploadedFile("图.png", content))
    clean = file.read()
    assert b"SECRET-AUTHOR" not in clean and b"<script>" not in clean
    assert Image.open(io.BytesIO(clean)).getpixel((3, 3)) == (1, 2, 3, 128)


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG")])
def test_every_kind_of_picture_stays_a_picture(mode: str, kind: str) -> None:
    output = io.BytesIO()
    Image.new(mode, (30, 20)).save(output, kind)
    image = kept(output.getvalue())
    assert image.format == kind and image.size == (30, 20)


def test_a_huge_picture_is_made_smaller() -> None:
    output = io.BytesIO()
    Image.new("L", (LONGEST_SIDE * 2, 100)).save(output, "PNG")
    assert kept(output.getvalue(), "图.png").size == (LONGEST_SIDE, 50)


def a_pdf(act: Any = None) -> bytes:
    writer, output = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    if act:
        act(writer)
    writer.write(output)
    return output.getvalue()


def _launch(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(action))


def _script_on_opening(writer: PdfWriter) -> None:
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    names = ArrayObject([TextStringObject("x"), writer._add_object(DictionaryObject(script))])
    tree = DictionaryObject({NameObject("/JavaScript"): DictionaryObject({NameObject("/Names"): names})})
    writer._root_object[NameObject("/Names")] = tree


def _script_of_a_page(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    opened = DictionaryObject({NameObject("/O"): writer._add_object(DictionaryObject(action))})
    writer.pages[0][NameObject("/AA")] = opened


def _form(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): ArrayObject(), NameObject("/Fields"): ArrayObject()})
    writer._root_object[NameObject("/AcroForm")] = form


@pytest.mark.parametrize(
    "act",
    [
        _script_on_opening,
        lambda writer: writer.add_attachment("账本.exe", b"MZ"),
        _launch,
        _script_of_a_page,
        _form,
    ],
)
def test_a_pdf_that_does_things_is_refused_in_words(act: Any) -> None:
    with pytest.raises(ValidationError, match="带有脚本、自动打开的程序或夹带的文件"):
        clean_upload(SimpleUploadedFile("扫描件.pdf", a_pdf(act)))


def test_a_plain_pdf_is_kept_byte_for_byte_also_with_a_link_in_it() -> None:
    link = Link(rect=(0, 0, 50, 50), url="https://www.gov.cn/")
    content = a_pdf(lambda writer: writer.add_annotation(0, link))
    kind, file = clean_upload(SimpleUploadedFile("扫描件.pdf", content))
    assert (kind, file.read()) == ("application/pdf", content)


@pytest.mark.django_db
def test_an_attachment_is_served_as_what_it_is_and_nothing_else(clerk: Staff, family: Household) -> None:
    paper = services.add_attachment(
        family, kind="id_card", upload=SimpleUploadedFile('证件".html', photo()), by=clerk, at=AT
    )
    served = as_staff(clerk).get(reverse("households:attachment", args=[paper.pk]))
    assert b"PHONE-OF-HU" not in served.content and len(served.content) == paper.size
    assert served["Content-Type"] == "image/jpeg" and served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"] and served["Cache-Control"] == "private, no-store"
    assert served["Content-Disposition"].startswith("inline; filename")


@pytest.mark.django_db
def test_an_active_pdf_is_refused_beside_its_field(clerk: Staff, family: Household) -> None:
    upload = SimpleUploadedFile("扫描件.pdf", a_pdf(_launch))
    page = as_staff(clerk).post(reverse("households:attach", args=[family.pk]), {"kind": "id_card", "file": upload})
    assert "夹带的文件" in page.content.decode() and not family.attachments.exists()


@pytest.mark.django_db
def test_the_form_takes_a_picture_from_the_phone(clerk: Staff, family: Household) -> None:
    page = as_staff(clerk).post(reverse("households:attach", args=[family.pk]), {"kind": "id_card", "file": picture()})
    assert page.status_code == 302 and family.attachments.get().content_type == "image/jpeg"
