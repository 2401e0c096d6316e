"""One-family dossier (一户一档): cover, index and every paper as one PDF with running page numbers."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from PIL import Image, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError

from documents.services.rendering import html_pdf

_A4_WIDTH, _A4_HEIGHT = 595.28, 841.89
_LONGEST_SIDE = 2000  # about 170 dots an inch on A4: legible, and a fraction of a phone's photo
_PDF = "application/pdf"


@dataclass(frozen=True)
class DossierPart:
    """One paper of the dossier: an issued document, a signed scan or a photo."""

    title: str
    on: date | None
    content: bytes
    content_type: str = _PDF
    note: str = ""


@dataclass(frozen=True)
class SheetTable:
    """A table of a dossier sheet; ``widths`` in millimetres, an empty one takes what is left."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[str, ...] = ()
    heading: str = ""

    @property
    def heads(self) -> list[tuple[str, str]]:
        """Each column with its width."""
        widths = self.widths or ("",) * len(self.columns)
        return list(zip(self.columns, widths, strict=True))


@dataclass(frozen=True)
class DossierSheet:
    """卷内页: what is on record and has no paper of its own, printed for the dossier."""

    title: str
    case_number: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[SheetTable, ...] = ()


@dataclass(frozen=True)
class _Entry:
    title: str
    on: date | None
    note: str
    first_page: int
    pages: int


def dossier_pdf(*, title: str, cover: Sequence[tuple[str, str]], parts: Sequence[DossierPart]) -> bytes:
    """Cover, index with page numbers, then all parts in their order, every page numbered.

    :param cover: what the cover says: label and value.
    """
    bodies = [_pages(part) for part in parts]
    front = _front(title, cover, parts, bodies, front_pages=0)
    front = _front(title, cover, parts, bodies, front_pages=len(front))
    writer = PdfWriter()
    for page in [*front, *(page for body in bodies for page in body)]:
        writer.add_page(page)
    for part, entry in zip(parts, _entries(parts, bodies, front_pages=len(front)), strict=True):
        writer.add_outline_item(title=part.title, page_number=entry.first_page - 1)
    _stamp(writer)
    writer.compress_identical_objects()
    writer.metadata = {"/Title": title}  # and nothing of the program and the moment
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def sheet_part(sheet: DossierSheet, *, on: date | None = None, note: str = "") -> DossierPart:
    """A sheet as a part of the dossier."""
    html = render_to_string("documents/papers/dossier_sheet.html", {"sheet": sheet})
    return DossierPart(title=sheet.title, on=on, content=html_pdf(html, identifier="sheet"), note=note)


def _entries(parts: Sequence[DossierPart], bodies: Sequence[Sequence[PageObject]], *, front_pages: int) -> list[_Entry]:
    entries, page = [], front_pages + 1
    for part, body in zip(parts, bodies, strict=True):
        entries.append(_Entry(title=part.title, on=part.on, note=part.note, first_page=page, pages=len(body)))
        page += len(body)
    return entries


def _front(
    title: str,
    cover: Sequence[tuple[str, str]],
    parts: Sequence[DossierPart],
    bodies: Sequence[Sequence[PageObject]],
    *,
    front_pages: int,
) -> list[PageObject]:
    html = render_to_string(
        "documents/papers/dossier.html",
        {"title": title, "cover": cover, "entries": _entries(parts, bodies, front_pages=front_pages)},
    )
    return list(PdfReader(io.BytesIO(html_pdf(html, identifier="dossier"))).pages)


def _pages(part: DossierPart) -> list[PageObject]:
    try:
        if part.content_type == _PDF:
            return _a4_pages(part.content)
        return _image_pages(part)
    except (PyPdfError, OSError, ValueError, Image.DecompressionBombError):
        # A scan may be locked or broken; the dossier says so in its place and goes on.
        html = render_to_string("documents/papers/dossier_part.html", {"title": part.title, "image": ""})
        return list(PdfReader(io.BytesIO(html_pdf(html, identifier="part"))).pages)


def _image_pages(part: DossierPart) -> list[PageObject]:
    with Image.open(io.BytesIO(part.content), formats=("JPEG", "PNG")) as source:
        image = ImageOps.exif_transpose(source).convert("RGB")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    address = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
    html = render_to_string("documents/papers/dossier_part.html", {"title": part.title, "image": address})
    return list(PdfReader(io.BytesIO(html_pdf(html, identifier="part"))).pages)


def _a4_pages(content: bytes) -> list[PageObject]:
    """The pages shrunk or centred onto upright A4, without links, scripts and form fields."""
    source, target = PdfWriter(clone_from=PdfReader(io.BytesIO(content))), PdfWriter()
    for page in source.pages:
        for key in ("/Annots", "/AA"):
            if key in page:
                del page[key]
        page.transfer_rotation_to_content()
        box = page.cropbox
        width, height = float(box.width), float(box.height)
        scale = min(_A4_WIDTH / width, _A4_HEIGHT / height, 1.0)
        shift_x = (_A4_WIDTH - width * scale) / 2 - float(box.left) * scale
        shift_y = (_A4_HEIGHT - height * scale) / 2 - float(box.bottom) * scale
        sheet = target.add_blank_page(width=_A4_WIDTH, height=_A4_HEIGHT)
        sheet.merge_transformed_page(page, Transformation().scale(scale).translate(shift_x, shift_y))
    return list(target.pages)


def _stamp(writer: PdfWriter) -> None:
    total = len(writer.pages)
    html = render_to_string("documents/papers/dossier_stamps.html", {"pages": range(1, total + 1), "total": total})
    stamps = PdfReader(io.BytesIO(html_pdf(html, identifier="stamps"))).pages
    for page, stamp in zip(writer.pages, stamps, strict=True):
        page.merge_page(stamp)
