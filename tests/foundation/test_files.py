"""Uploads are judged by what is in them."""

import io
import random

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from pypdf import PdfWriter

from foundation.files import check_upload


def a_pdf(*, pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def judged(content: bytes) -> str:
    return check_upload(SimpleUploadedFile("扫描件.pdf", content))


def test_a_pdf_with_a_page_is_taken() -> None:
    assert judged(a_pdf()) == "application/pdf"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-<script>alert(1)</script>", "打不开"),
        (b"%PDF-1.7\n" + b"\0" * 5000 + b"\n%%EOF", "打不开"),
        (a_pdf(pages=0), "没有内容页"),
        (a_pdf(password="secret"), "密码"),
    ],
)
def test_what_only_begins_like_a_pdf_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        judged(content)


def test_a_damaged_pdf_is_refused_in_words_or_read() -> None:
    whole, chance = a_pdf(pages=3), random.Random(20261123)
    for _ in range(300):
        damaged = bytearray(whole)
        for place in chance.sample(range(5, len(whole)), 12):
            damaged[place] = chance.randrange(256)
        try:
            assert judged(bytes(damaged)) == "application/pdf"
        except ValidationError as refusal:
            assert "PDF" in refusal.messages[0]


def test_a_picture_cut_short_is_refused_also_where_pillow_would_fill_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    picture = io.BytesIO()
    Image.effect_noise((200, 200), 60).save(picture, "JPEG")
    whole = picture.getvalue()
    assert judged(whole) == "image/jpeg"
    with pytest.raises(ValidationError, match="只收"):
        judged(whole[: len(whole) // 2])
    assert ImageFile.LOAD_TRUNCATED_IMAGES
