"""The archive (归档): the PDF as it was issued, held against its digest."""

import json
import logging

from django.core.files.base import ContentFile
from django.db import connection

from documents.models import Document, DocumentKind
from documents.records import Record, record_from
from documents.services.rendering import Stamp, render_pdf, template_version
from foundation.crypto import DecryptionError, sm3_hex
from foundation.errors import ServiceError

logger = logging.getLogger(__name__)


class ArchiveDamaged(ServiceError):
    """The archived file is missing or not the one that was issued."""


def archive(document: Document, pdf: bytes) -> bool:
    """Write the PDF of a document that is committed; whether it could be written.

    The document is issued already, so a storage that fails must not look like an act that failed: the file is made
    again by :func:`archive_missing`, or when it is first read.
    """
    storage, name = document.pdf.storage, str(document.pdf.name)
    try:
        if not storage.exists(name):
            storage.save(name, ContentFile(pdf))
    except OSError as error:
        logger.error("document %s is not archived yet: %s", document.pk, error.strerror or type(error).__name__)
        return False
    return True


def archive_missing() -> tuple[int, int]:
    """Make again what is not in the archive: the storage failed, or the process ended between commit and writing.

    :returns: how many were archived, and how many could not be.
    """
    archived = failed = 0
    for pk, name in Document.objects.order_by("pk").values_list("pk", "pdf").iterator():
        if not Document.pdf.field.storage.exists(name):
            is_archived = _archive_again(Document.objects.get(pk=pk))
            archived, failed = archived + is_archived, failed + (not is_archived)
    return archived, failed


def _archive_again(document: Document) -> bool:
    try:
        pdf = _reprint(document)
    except ArchiveDamaged:
        logger.error("document %s is missing in the archive and cannot be printed as it was", document.pk)
        return False
    return archive(document, pdf)


def archived_pdf(document: Document) -> bytes:
    """The PDF as it was issued, byte for byte.

    Where the file is not there yet (inside the issuing transaction, or after a crash between commit and archive), it
    is printed again from the content record; it counts only when its digest is the one recorded, and is then archived.

    :raises ArchiveDamaged: neither the file nor the reprint is the PDF that was issued.
    """
    if not document.pdf.storage.exists(str(document.pdf.name)):
        pdf = _reprint(document)
        if not connection.in_atomic_block:
            archive(document, pdf)  # now, while the template is still the one that it was printed with
        return pdf
    try:
        with document.pdf.storage.open(str(document.pdf.name)) as file:
            stored: bytes = file.read()
    except (DecryptionError, ValueError) as error:
        raise ArchiveDamaged(f"{document.number}的归档文件已损坏，打不开，请立即报告系统管理员。") from error
    return _as_recorded(document, stored)


def record_of(document: Document) -> Record:
    """What the document prints (内容记录), as it was issued."""
    return record_from(DocumentKind(document.kind), json.loads(document.record.reveal())["fields"])


def _reprint(document: Document) -> bytes:
    if document.template_version != template_version():
        raise ArchiveDamaged(f"{document.number}的归档文件不见了，请立即报告系统管理员。")
    kind = DocumentKind(document.kind)
    record = record_of(document)
    stamp = Stamp(number=document.number, issued_on=document.issued_on, check_code=document.check_code)
    return _as_recorded(document, render_pdf(kind, record, stamp=stamp))


def _as_recorded(document: Document, pdf: bytes) -> bytes:
    if sm3_hex(pdf) != document.pdf_digest:
        raise ArchiveDamaged(f"{document.number}的归档文件与登记的摘要不符，请立即报告系统管理员。")
    return pdf
