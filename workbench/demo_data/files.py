"""Small files as a family hands them in: a drawn photo and a one-page PDF, each clearly marked as invented."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

MARK = "DEMO - NOT A REAL DOCUMENT"


def photo(name: str, *, seed: int) -> SimpleUploadedFile:
    """A little JPEG: sky, ground and a house in the colours of the seed."""
    rng = random.Random(seed)  # noqa: S311 -- a drawing
    image = Image.new("RGB", (320, 240), (200 + rng.randrange(40), 220, 240))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 170, 320, 240), fill=(110 + rng.randrange(40), 140, 90))
    pen.rectangle((90, 100, 230, 190), fill=(225, 215 - rng.randrange(40), 200))
    pen.polygon([(75, 100), (160, 50), (245, 100)], fill=(70 + rng.randrange(40), 70, 75))
    pen.text((60, 215), MARK, fill=(255, 255, 255))
    content = io.BytesIO()
    image.save(content, format="JPEG", quality=60)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def scan(name: str) -> SimpleUploadedFile:
    """A one-page PDF, written by hand: it needs no library and its bytes never change."""
    text = f"BT /F1 18 Tf 72 760 Td ({MARK}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    size = len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return SimpleUploadedFile(name, body, content_type="application/pdf")
