"""The archive (归档): the PDF as it was issued, held against its digest."""

import json

from django.core.files.base import ContentFile
from django.db import connection

from documents.models import Document, DocumentKind
from documents.records import record_from
from documents.services.rendering import Stamp, render_pdf, template_version
from foundation.crypto import sm3_hex
from foundation.errors import ServiceError


class ArchiveDamaged(ServiceError):
    """The archived file is missing or not the one that was issued."""


def archived_pdf(document: Document) -> bytes:
    """The PDF as it was issued, byte for byte.

    Where the file is not there yet (inside the issuing transaction, or after a crash between commit and archive), it
    is printed again from the content record; it counts only when its digest is the one recorded, and is then archived.

    :raises ArchiveDamaged: neither the file nor the reprint is the PDF that was issued.
    """
    storage, name = document.pdf.storage, str(document.pdf.name)
    is_archived = storage.exists(name)
    if is_archived:
        with storage.open(name) as file:
            pdf: bytes = file.read()
    else:
        pdf = _reprint(document)
    if sm3_hex(pdf) != document.pdf_digest:
        raise ArchiveDamaged(f"{document.number}的归档文件与登记的摘要不符，请立即报告系统管理员。")
    if not is_archived and not connection.in_atomic_block:
        # Now, while the template is still the one that it was printed with.
        storage.save(name, ContentFile(pdf))
    return pdf


def _reprint(document: Document) -> bytes:
    if document.template_version != template_version():
        raise ArchiveDamaged(f"{document.number}的归档文件不见了，请立即报告系统管理员。")
    kind = DocumentKind(document.kind)
    record = record_from(kind, json.loads(document.record.reveal())["fields"])
    stamp = Stamp(number=document.number, issued_on=document.issued_on, check_code=document.check_code)
    return render_pdf(kind, record, stamp=stamp)
