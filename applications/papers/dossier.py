"""一户一档: everything on paper of a case, in the order of the process."""

from collections.abc import Iterator
from datetime import date

from django.utils.timezone import localtime

from applications.models import (
    Announcement,
    Case,
    IntakePaper,
    Objection,
    PublicityPhoto,
    SupplementItem,
    VisitAttachment,
)
from applications.models.intakes import PaperKind
from applications.papers import sheets
from applications.papers.bodies import confirming_body, matter_of, place_of, subject_of
from applications.queries import current_proposal
from applications.rules.process import EventKind
from documents.models import Document, DocumentKind
from documents.services import DossierPart, archived_pdf, dossier_pdf
from foundation.dates import chinese_date
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
    """The case's dossier as one PDF: every paper, scan and record of it, from the signed application to the history."""
    issued = [
        link.document
        for link in case.documents.select_related("document__delivery__recorded_by").order_by(
            "document__issued_on", "document__pk"
        )
    ]
    return dossier_pdf(title=f"{matter_of(case)}档案（一户一档）", cover=_cover(case), parts=list(_parts(case, issued)))


def _cover(case: Case) -> list[tuple[str, str]]:
    return [
        (subject_of(case), case.applicant.person.name),
        ("住址", place_of(case.area, "" if case.family_moved_away else case.household.address)),
        ("家庭编号", case.household.number),
        ("受理编号", case.intake.number),
        ("办件编号", case.number),
        ("受理日期", chinese_date(case.accepted_on)),
        ("审核确认机关", confirming_body(case)),
        ("办理结果", f"{case.state_in_words}　{chinese_date(case.decided_on)}"),
    ]


def _parts(case: Case, issued: list[Document]) -> Iterator[DossierPart]:
    """All parts in the order of the process."""
    yield from _application(case, issued)
    yield from _investigation(case, issued)
    yield from _proposal(case, issued)
    yield from _outcome(case, issued)
    reasons = list(case.overdue_reasons.select_related("given_by"))
    yield from _there(sheets.deadlines_part(case, getattr(case, "extension", None), reasons))
    yield sheets.history_part(case)


def _application(case: Case, issued: list[Document]) -> Iterator[DossierPart]:
    if case.matter.ends_award:
        yield _scan(case.termination.evidence, title="终止情形证明材料", on=case.termination.happened_on)
    yield from _signed_papers(case)
    evidence = case.household.attachments.filter(voided_at=None, kind__in=_EVIDENCE)
    if case.family_moved_away:
        evidence = evidence.filter(uploaded_at__date__lte=case.state_since)
    for attachment in evidence.order_by("kind", "pk"):
        yield _scan(attachment)
    yield from _issued(issued, DocumentKind.SUPPLEMENT_NOTICE)
    received = SupplementItem.objects.filter(notice__case=case, attachment__isnull=False).select_related("attachment")
    for item in received:
        yield _scan(item.attachment, title=f"补正材料：{item.name}", on=item.received_on)
    yield from _issued(issued, DocumentKind.ACCEPTANCE_NOTICE)


def _investigation(case: Case, issued: list[Document]) -> Iterator[DossierPart]:
    checks = case.means_checks.select_related(
        "means_check__requested_by", "means_check__answered_by", "means_check__consent"
    )
    for link in checks.order_by("pk"):
        yield sheets.means_check_part(case, link.means_check)
        for row in link.means_check.findings.filter(report__isnull=False).select_related("report"):
            yield _scan(row.report, title=f"核对回执：{row.get_source_display()}", on=link.means_check.answered_on)
    yield from _issued(issued, DocumentKind.VISIT_FORM)
    for visited in VisitAttachment.objects.filter(visit__case=case).select_related("visit", "attachment"):
        yield _scan(visited.attachment, on=visited.visit.visited_on)
    yield from _issued(issued, DocumentKind.SELFCARE_FORM)
    yield from _self_care_scans(case)
    yield from _issued(issued, DocumentKind.APPRAISAL_RECORD)
    for held in case.appraisals.filter(document=None).select_related("recorded_by").order_by("held_on", "pk"):
        yield sheets.appraisal_part(case, held)


def _self_care_scans(case: Case) -> Iterator[DossierPart]:
    for assessed in case.self_care_assessments.filter(scan__isnull=False).select_related("scan").order_by("pk"):
        yield _scan(assessed.scan, title="生活自理能力评估表（签字）", on=assessed.assessed_on)
    for chosen in case.support_choices.filter(scan__isnull=False).select_related("scan").order_by("pk"):
        yield _scan(chosen.scan, title="保障选择（签字）", on=chosen.chosen_on)


def _proposal(case: Case, issued: list[Document]) -> Iterator[DossierPart]:
    proposal, decision = current_proposal(case), getattr(case, "decision", None)
    if proposal is not None:
        yield sheets.proposal_part(case, proposal)
    # Confirming assesses anew and goes on only where the answer is the proposal's: one of the two says it all.
    if outcome := decision or proposal:
        yield sheets.assessment_part(case, outcome)
    yield from _issued(issued, DocumentKind.PUBLICITY_SHEET)
    yield from _issued(issued, DocumentKind.SUPPORT_END_SHEET)
    for photo in PublicityPhoto.objects.filter(publicity__case=case).select_related("publicity", "attachment"):
        yield _scan(photo.attachment, on=photo.publicity.posted_on)
    if raised := list(Objection.objects.filter(publicity__case=case).select_related("received_by")):
        yield sheets.objections_part(case, raised)
    if complaints := list(case.complaints.select_related("received_by")):
        yield sheets.complaints_part(case, complaints)
    yield from _there(sheets.returns_part(case))


def _outcome(case: Case, issued: list[Document]) -> Iterator[DossierPart]:
    for kind in (
        DocumentKind.APPROVAL_FORM,
        DocumentKind.TEKUN_FORM,
        DocumentKind.APPROVAL_NOTICE,
        DocumentKind.REFUSAL_NOTICE,
        DocumentKind.TERMINATION_NOTICE,
        DocumentKind.SUPPORT_END_FORM,
        DocumentKind.SUPPORT_END_NOTICE,
        DocumentKind.SUPPORT_KEPT_NOTICE,
        DocumentKind.SUPPORT_END_VILLAGE,
        DocumentKind.REVIEW_FORM,
        DocumentKind.ADJUSTMENT_NOTICE,
        DocumentKind.STOP_NOTICE,
        DocumentKind.PHASEOUT_NOTICE,
        DocumentKind.REVIEW_NOTICE,
    ):
        yield from _issued(issued, kind)
    yield from _there(sheets.deliveries_part(case, issued))
    yield from _issued(issued, DocumentKind.ANNOUNCEMENT_SHEET)
    for posted in Announcement.objects.filter(case=case, photo__isnull=False).select_related("photo"):
        if posted.photo is not None:
            yield _scan(posted.photo, title="公布照片", on=posted.posted_on)
    for event in case.events.filter(
        kind__in=(EventKind.WITHDRAWN, EventKind.TERMINATED, EventKind.CALLED_OFF)
    ).select_related("by"):
        yield sheets.end_part(case, event)
        if paper := Attachment.objects.filter(household=case.household, pk=event.data.get("attachment")).first():
            yield _scan(paper, title="撤回申请（签字）", on=event.on)


def _there(part: DossierPart | None) -> list[DossierPart]:
    return [part] if part else []


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
