"""Many issued papers as one PDF, for printing in one go (批量打印)."""

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

from documents.models import Document
from documents.services.archive import archived_pdf


def joined_pdf(documents: Sequence[Document]) -> bytes:
    """The archived PDFs behind each other, with an outline by number.

    :raises ArchiveDamaged: one of them is missing or not the one that was issued.
    """
    writer = PdfWriter()
    for document in documents:
        writer.append(PdfReader(io.BytesIO(archived_pdf(document))), outline_item=document.number)
    writer.compress_identical_objects()
    writer.metadata = None
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
