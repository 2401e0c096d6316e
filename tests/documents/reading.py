"""What a PDF says, in which fonts, on how many pages."""

import io
import re
from typing import Any

from pypdf import PdfReader


def text_of(pdf: bytes) -> str:
    """All text, without the spaces and line breaks that the layout puts in."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def pages_of(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Names of the fonts, without the subset tag, and whether each is embedded."""
    found: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant: Any = font.get_object()["/DescendantFonts"][0].get_object()
            name = str(descendant["/BaseFont"]).lstrip("/").partition("+")[2]
            descriptor = descendant["/FontDescriptor"].get_object()
            found[name] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


def lines_of(pdf: bytes, *, page: int = 0) -> list[tuple[float, str]]:
    """Lines of a page from top to bottom: height in points from the foot, and text."""
    by_height: dict[float, str] = {}

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            height = round(tm[5] * cm[3] + cm[5], 1)
            by_height[height] = by_height.get(height, "") + text.strip()

    PdfReader(io.BytesIO(pdf)).pages[page].extract_text(visitor_text=visit)
    return sorted(by_height.items(), reverse=True)
