"""Papers from records: HTML templates made into PDF, the same bytes for the same content."""

import atexit
import gc
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from documents.models import SIGNED_ONLY, DocumentKind
from documents.records import Record
from foundation.crypto import sm3_hex

_FOLDER = "documents/papers"
SIGNATURE_KINDS = SIGNED_ONLY | {
    DocumentKind.VISIT_FORM,
    DocumentKind.APPRAISAL_RECORD,
    DocumentKind.SELFCARE_FORM,
}
"""Papers that are printed to be signed, unnumbered, without a draft mark; of the last three the record too."""
_RENDERING = Lock()
"""The font map behind the one configuration of a process is not made for two threads at once."""


@dataclass(frozen=True)
class Stamp:
    """What an issued paper carries beside its content: number (文号), date of issue, check code, where to check it."""

    number: str
    issued_on: date
    check_code: str

    @property
    def qr_code(self) -> str:
        """QR code of the check page as a data address; empty where no public address is set."""
        if not settings.PUBLIC_BASE_URL:
            return ""
        address = settings.PUBLIC_BASE_URL + reverse("documents:check_code", args=[self.check_code])
        return segno.make(address, error="m").svg_data_uri(border=0)


def preview_pdf(kind: DocumentKind, record: Record) -> bytes:
    """The paper without a number: for signature, or marked 草稿 where it is a paper that is issued."""
    return render_pdf(kind, record, stamp=None, is_draft=kind not in SIGNATURE_KINDS)


def render_pdf(kind: DocumentKind, record: Record, *, stamp: Stamp | None, is_draft: bool = False) -> bytes:
    """The paper as PDF; equal content gives equal bytes.

    :raises ValueError: the record belongs to another kind of paper.
    """
    if record.kind != kind:
        raise ValueError(f"{type(record).__name__} 不是“{DocumentKind(kind).label}”的内容记录")
    html = render_to_string(
        f"{_FOLDER}/{DocumentKind(kind).value}.html", {"paper": record, "stamp": stamp, "is_draft": is_draft}
    )
    return html_pdf(html, identifier=stamp.check_code if stamp else kind)


def html_pdf(html: str, *, identifier: str) -> bytes:
    """HTML as PDF with embedded fonts; nothing is fetched but data addresses.

    :param identifier: the PDF's own id, in place of a random one.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    with _RENDERING:
        source = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"]))
        options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": identifier.encode()}
        document = source.render(stylesheets=[_stylesheet()], font_config=_font_configuration(), **options)
        # Templates are laid out over several lines; a title has none.
        document.metadata.title = " ".join((document.metadata.title or "").split())
        pdf: bytes = document.write_pdf(**options)
    return pdf


@cache
def template_version() -> str:
    """Changes whenever a template or the stylesheet of the papers does."""
    folder = Path(settings.BASE_DIR, "templates", _FOLDER)
    sources = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".html", ".css"}]
    return sm3_hex(b"\0".join(sources))[:12]


@cache
def _font_configuration() -> Any:
    # One a process: a fresh one for every paper would not give its memory back.
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_let_go)
    return FontConfiguration()


def _let_go() -> None:
    """Free the fonts while their libraries are loaded: freed by the interpreter's own end they crash the process."""
    _stylesheet.cache_clear()
    _font_configuration.cache_clear()
    gc.collect()


@cache
def _stylesheet() -> Any:
    from weasyprint import CSS

    return CSS(string=render_to_string(f"{_FOLDER}/papers.css"), font_config=_font_configuration())
