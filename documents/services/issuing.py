"""Issuing (制发) and voiding: numbers without gaps, digests, archive."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from documents.models import Document, DocumentKind, NumberCounter
from documents.queries import prefix_in_force
from documents.records import Record, canonical_json, fields_of
from documents.services.archive import archive
from documents.services.rendering import Stamp, render_pdf, template_version
from documents.signals import document_voided, document_voiding
from foundation.crypto import sm3_hex
from foundation.dates import chinese_date
from foundation.errors import ServiceError
from foundation.files import private_path
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act


class NotIssuable(ServiceError):
    """The body has no number prefix for this kind of document."""


class NotVoidable(ServiceError):
    """The document is voided already, or not issued yet on that day."""


@transaction.atomic
def issue_document(
    *, kind: DocumentKind, issuing_area: Area, area: Area, record: Record, by: Staff | None, on: date
) -> Document:
    """Number, print and archive a document (制发文书).

    Whether the person may issue it is the caller's duty: notices go out as part of an act (受理, 公示, 审核确认), and
    who may do the act may issue them; issued by itself, a document takes ``Permission.ISSUE_DOCUMENT`` in the area.

    The number's counter stays locked until the outer transaction ends, so a rollback leaves no gap; the file is
    written after the commit, so it leaves no orphan either; where that fails, :func:`archive_missing` writes it.

    :param issuing_area: the county, or the township that issues it; its prefix and its count of numbers.
    :param area: the village that it concerns.
    :raises NotIssuable: no prefix is set for the body and kind.
    :raises ValueError: the record belongs to another kind.
    """
    wanted = [Paper(area, record)]
    (document,) = issue_documents(wanted, kind=kind, issuing_area=issuing_area, by=by, on=on)
    return document


@dataclass(frozen=True)
class Paper:
    """One of many papers of a kind to be issued in one go: the village that it concerns, and what it says."""

    area: Area
    record: Record


@transaction.atomic
def issue_documents(
    papers: Sequence[Paper], *, kind: DocumentKind, issuing_area: Area, by: Staff | None, on: date
) -> list[Document]:
    """Number, print and archive papers of one kind, in their order and in the same few statements however many.

    As :func:`issue_document`; the counter is held while all of them are printed, so let them be some dozens.
    """
    prefix = _prefix(kind, issuing_area, on.year)
    first = _next_serials(kind, issuing_area, on.year, count=len(papers))
    made = []
    for serial, paper in enumerate(papers, start=first):
        document, pdf = _printed(paper, kind=kind, number=f"{prefix}〔{on.year}〕{serial}号", on=on)
        document.issuing_area, document.serial, document.issued_by = issuing_area, serial, by
        made.append((document, pdf))
    documents = Document.objects.bulk_create(document for document, _ in made)
    transaction.on_commit(lambda: [archive(document, pdf) for document, pdf in made])
    return documents


def _printed(paper: Paper, *, kind: DocumentKind, number: str, on: date) -> tuple[Document, bytes]:
    version = template_version()
    content = canonical_json(
        {
            "kind": DocumentKind(kind).value,
            "number": number,
            "issued_on": on.isoformat(),
            "fields": fields_of(paper.record),
            "template_version": version,
        }
    )
    digest = sm3_hex(content.encode())
    pdf = render_pdf(kind, paper.record, stamp=Stamp(number=number, issued_on=on, check_code=digest[:16]))
    document = Document(
        kind=DocumentKind(kind).value,
        title=f"{getattr(paper.record, 'matter', '')}{DocumentKind(kind).label}",
        area=paper.area,
        number=number,
        year=on.year,
        issued_on=on,
        record=content,
        record_digest=digest,
        template_version=version,
        pdf_digest=sm3_hex(pdf),
    )
    document.pdf.name = private_path(document, "")
    return document, pdf


@transaction.atomic
def void_document(document: Document, *, reason: str, by: Staff, on: date) -> Document:
    """Void an issued document (作废): its number stays used, the check page says so.

    :raises NotPermitted: the person may not issue documents for the issuing body.
    :raises NotVoidable: voided before, no reason, or a day before the issue.
    :raises ServiceError: a room above still rests on it.
    """
    locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    check_may_void(locked, by=by)
    if locked.voided_on is not None:
        raise NotVoidable(f"{locked.number}已于{chinese_date(locked.voided_on)}作废。")
    if not reason.strip():
        raise NotVoidable("请填写作废原因。", field="reason")
    if on < locked.issued_on:
        raise NotVoidable("作废日期不能早于制发日期。", field="on")
    locked.voided_on, locked.voided_reason, locked.voided_by = on, reason.strip(), by
    locked.save(update_fields=["voided_on", "voided_reason", "voided_by"])
    document_voided.send(Document, document=locked, by=by, on=on)
    return locked


@transaction.atomic
def void_documents(keys: Collection[int], *, reason: str, by: Staff, on: date) -> int:
    """Void papers with the act that they told of (回退): of no case, so that no room above rests on them.

    Whether the person may undo the act is the caller's duty; what is voided already stays as it is.

    :returns: how many were voided.
    """
    standing = Document.objects.filter(pk__in=keys, voided_on=None)
    list(standing.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return standing.update(voided_on=Greatest("issued_on", Value(on)), voided_reason=reason[:200], voided_by=by)


def check_may_void(document: Document, *, by: Staff) -> None:
    """Whether the person may void the document as it stands.

    :raises NotPermitted: the person may not issue documents for the issuing body, or not of this kind.
    :raises ServiceError: a room above still rests on it.
    """
    check_can_act(by, Permission.ISSUE_DOCUMENT, area=document.issuing_area)
    document_voiding.send(Document, document=document, by=by)


@transaction.atomic
def move_documents(documents: Iterable[Document], *, area: Area) -> None:
    """Let papers follow their case to another village (所涉村): who works there sees and delivers them.

    Whether the case moves is the caller's duty; what was issued, and by whom, stays.
    """
    for document in Document.objects.select_for_update(of=("self",)).filter(
        pk__in=[document.pk for document in documents]
    ):
        document.area = area
        document.save(update_fields=["area"])


def _prefix(kind: DocumentKind, issuing_area: Area, year: int) -> str:
    prefix = prefix_in_force(issuing_area, kind, year=year)
    if prefix is None:
        raise NotIssuable(
            f"{issuing_area.name}的“{DocumentKind(kind).label}”没有设置文号字头，请先由县民政局在文号字头中补上。"
        )
    return prefix.prefix


def _next_serials(kind: DocumentKind, issuing_area: Area, year: int, *, count: int) -> int:
    """The first of so many numbers that follow one another."""
    counter, _ = NumberCounter.objects.select_for_update().get_or_create(area=issuing_area, kind=kind, year=year)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return first
