"""一户一档: everything on paper of a case, in the order of the process."""

from collections.abc import Iterator
from datetime import date

from django.utils.timezone import localtime

from applications.models import Announcement, Case, IntakePaper, PublicityPhoto, SupplementItem, VisitAttachment
from applications.models.intakes import PaperKind
from applications.papers.bodies import confirming_body, matter_of, place_of
from documents.models import Document, DocumentKind
from documents.services import DossierPart, archived_pdf, dossier_pdf
from households.models import Attachment
from households.models.attachments import AttachmentKind

_EVIDENCE = (
    AttachmentKind.ID_CARD,
    AttachmentKind.HOUSEHOLD_REGISTER,
    AttachmentKind.DISABILITY_CARD,
    AttachmentKind.MEDICAL_RECORD,
    AttachmentKind.INCOME_PROOF,
    AttachmentKind.EXPENSE_PROOF,
)


def dossier(case: Case) -> bytes:
    """The case's dossier as one PDF: signed papers, evidence, notices, visit, publicity, decision, announcement."""
    issued = [
        link.document
        for link in case.documents.select_related("document").order_by("document__issued_on", "document__pk")
    ]
    return dossier_pdf(title=f"{matter_of(case)}档案（一户一档）", cover=_cover(case), parts=list(_parts(case, issued)))


def _cover(case: Case) -> list[tuple[str, str]]:
    return [
        ("申请人", case.applicant.person.name),
        ("住址", place_of(case.area, case.household.address)),
        ("家庭编号", case.household.number),
        ("受理编号", case.intake.number),
        ("办件编号", case.number),
        ("受理日期", _day(case.accepted_on)),
        ("审核确认机关", confirming_body(case)),
        ("办理结果", f"{case.case_state.label}　{_day(case.decided_on)}"),
    ]


def _parts(case: Case, issued: list[Document]) -> Iterator[DossierPart]:
    yield from _signed_papers(case)
    for attachment in case.household.attachments.filter(voided_at=None, kind__in=_EVIDENCE).order_by("kind", "pk"):
        yield _scan(attachment)
    yield from _issued(issued, DocumentKind.SUPPLEMENT_NOTICE)
    received = SupplementItem.objects.filter(notice__case=case, attachment__isnull=False).select_related("attachment")
    for item in received:
        yield _scan(item.attachment, title=f"补正材料：{item.name}", on=item.received_on)
    yield from _issued(issued, DocumentKind.ACCEPTANCE_NOTICE)
    yield from _issued(issued, DocumentKind.VISIT_FORM)
    for link in VisitAttachment.objects.filter(visit__case=case).select_related("visit", "attachment"):
        yield _scan(link.attachment, on=link.visit.visited_on)
    yield from _issued(issued, DocumentKind.PUBLICITY_SHEET)
    for photo in PublicityPhoto.objects.filter(publicity__case=case).select_related("publicity", "attachment"):
        yield _scan(photo.attachment, on=photo.publicity.posted_on)
    for kind in (
        DocumentKind.APPROVAL_FORM,
        DocumentKind.APPROVAL_NOTICE,
        DocumentKind.REFUSAL_NOTICE,
        DocumentKind.TERMINATION_NOTICE,
    ):
        yield from _issued(issued, kind)
    yield from _issued(issued, DocumentKind.ANNOUNCEMENT_SHEET)
    for posted in Announcement.objects.filter(case=case, photo__isnull=False).select_related("photo"):
        if posted.photo is not None:
            yield _scan(posted.photo, title="公布照片", on=posted.posted_on)


def _signed_papers(case: Case) -> Iterator[DossierPart]:
    papers = IntakePaper.objects.filter(intake=case.intake_id, voided_at=None).select_related("attachment")
    by_kind = {paper.kind: paper for paper in papers}
    for kind in PaperKind:
        if paper := by_kind.get(kind):
            yield _scan(paper.attachment, title=f"{kind.label}（签字）", on=paper.signed_on)


def _issued(issued: list[Document], kind: DocumentKind) -> Iterator[DossierPart]:
    for document in issued:
        if document.kind == kind:
            yield DossierPart(
                title=document.title,
                on=document.issued_on,
                content=archived_pdf(document),
                note=f"{document.number}（已作废）" if document.voided_on else document.number,
            )


def _scan(attachment: Attachment | None, *, title: str = "", on: date | None = None) -> DossierPart:
    assert attachment is not None  # noqa: S101 -- the querysets above ask for an attachment
    with attachment.file.open() as file:
        content = file.read()
    return DossierPart(
        title=title or attachment.get_kind_display(),
        on=on or localtime(attachment.uploaded_at).date(),
        content=content,
        content_type=attachment.content_type,
        note=attachment.file_name,
    )


def _day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else ""
