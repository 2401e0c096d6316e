"""公示: seven days in the village, photo of the posting, objections; then up for confirmation."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications.models import Case, Complaint, Objection, Publicity, PublicityPhoto
from applications.permissions import Permission, can_act, check_can_act
from applications.queries import (
    current_proposal,
    lacks_before_confirming,
    open_publicity,
    sheet_mates,
)
from applications.rules.process import AFTER_OBJECTION, CaseState, EventKind
from applications.services.confirming import check_contest_over, enter_confirming
from applications.services.deadlines import set_deadlines
from applications.services.steps import NotNow, advance, hand_back_draft, lock_case, require_state, write_event
from documents import services as documents
from documents.models import Document
from households import services as households
from households.models import Attachment
from households.models.attachments import AttachmentKind
from organizations.models import Staff


def take_down(case: Case, *, reason: str, by: Staff, on: date) -> str:
    """Take a locked case's posting back; its sheet is voided unless other cases still rest on it.

    A case that was withdrawn or terminated rests on no sheet.

    :returns: what is left to do by hand.
    """
    publicity = open_publicity(case)
    assert publicity is not None  # noqa: S101 -- a publicised case has an open publicity
    # Two cases of one sheet taken back at once: the later one finds that nobody is left on it.
    sheet = Document.objects.select_for_update(of=("self",)).get(pk=publicity.document_id)
    publicity.closed_on, publicity.taken_back = on, True
    publicity.save(update_fields=["closed_on", "taken_back"])
    _hang_again(publicity, on=on)
    ended = (CaseState.WITHDRAWN, CaseState.TERMINATED)
    if Publicity.objects.filter(document=sheet, taken_back=False).exclude(case__state__in=ended).exists():
        return f"公示单{sheet.number}上还有其他家庭，继续有效；请在张贴处划去这一户"
    if sheet.voided_on is None:
        documents.void_document(sheet, reason=reason, by=by, on=on)
    return ""


def _hang_again(taken: Publicity, *, on: date) -> None:
    """The sheet in whose place another went up hangs on, where its days are not over."""
    replaced = Publicity.objects.filter(
        case=taken.case_id, taken_back=False, closed_on=taken.posted_on, last_day__gte=on, objections__isnull=False
    ).first()
    if replaced is not None:
        replaced.closed_on = None
        replaced.save(update_fields=["closed_on"])


@transaction.atomic
def add_publicity_photo(publicity: Publicity, *, attachment: Attachment, by: Staff, on: date) -> PublicityPhoto:
    """Keep a photo that proves the posting (公示照片)."""
    case = lock_case(publicity.case)
    check_can_act(by, Permission.OPEN_INTAKE, area=case.area)
    if not case.is_open:
        raise NotNow("这个办件已经办结，不能再上传公示照片。")
    if attachment.household_id != case.household_id:
        raise NotNow("这张照片不是这个家庭的附件。", field="attachment")
    photo = PublicityPhoto.objects.create(publicity=publicity, attachment=attachment)
    write_event(case, EventKind.PHOTO_ADDED, by=by, on=on)
    return photo


@transaction.atomic
def photograph_sheet(
    publicity: Publicity,
    *,
    uploads: Sequence[UploadedFile],  # type: ignore[type-arg]
    by: Staff,
    on: date,
    at: datetime,
) -> list[PublicityPhoto]:
    """Keep photos of a posted sheet with every case that still hangs on it (公示照片)."""
    taken = [(upload.name, upload.read()) for upload in uploads]
    hanging = sheet_mates(publicity) | Publicity.objects.filter(pk=publicity.pk)
    return [
        add_publicity_photo(row, attachment=_kept(row, name, content, by=by, at=at), by=by, on=on)
        for row in hanging.select_related("case__household").order_by("case")
        for name, content in taken
    ]


def _kept(row: Publicity, name: str | None, content: bytes, *, by: Staff, at: datetime) -> Attachment:
    # A copy for each family: what is stored is moved away from under an upload.
    upload = ContentFile(content, name=name)
    return households.add_attachment(
        row.case.household, kind=AttachmentKind.PUBLICITY_PHOTO, upload=upload, by=by, at=at
    )


@transaction.atomic
def raise_objection(
    case: Case,
    *,
    raised_on: date,
    content: str,
    by: Staff,
    on: date,
    raised_by_name: str = "",
    phone: str = "",
    late_reason: str = "",
) -> Objection:
    """Take in an objection (收到异议; F57 §19): publicised → objected.

    The sheet stays on the wall until its last day and further objections are taken in meanwhile; one against a new
    proposal leads back to the investigation.

    :raises NotNow: raised outside the days of publicity or after today.
    """
    case = lock_case(case)
    check_can_act(by, Permission.PUBLICISE, area=case.area)
    require_state(case, CaseState.PUBLICISED, *AFTER_OBJECTION)
    publicity = open_publicity(case)
    if publicity is None:
        raise NotNow("这个办件现在没有公示；公示期满以后的反映请登记为投诉举报。")
    if not publicity.posted_on <= raised_on <= min(on, publicity.last_day):
        raise NotNow("提出日期须在张贴之后、公示期满和今天之前。", field="raised_on")
    if not content.strip():
        raise NotNow("请写明异议内容。", field="content")
    objection = Objection.objects.create(
        publicity=publicity,
        raised_on=raised_on,
        raised_by_name=raised_by_name,
        phone=phone,
        content=content,
        received_by=by,
    )
    act = {CaseState.PUBLICISED: "object", CaseState.PROPOSED: "reinvestigate"}.get(case.case_state)
    if act is None:
        hand_back_draft(case)
        write_event(case, EventKind.OBJECTED, by=by, on=on)
    else:
        advance(case, act, event=EventKind.OBJECTED, by=by, on=on, late_reason=late_reason)
    if case.matter.ends_award:
        # 15 working days to decide, publicity anew among them (F43 §26).
        set_deadlines(case)
        case.save()
    return objection


@transaction.atomic
def reinvestigate(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Case:
    """Investigate the objection anew (就异议重新调查): objected → investigating."""
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.OBJECTED)
    advance(case, "reinvestigate", event=EventKind.REINVESTIGATED, by=by, on=on, late_reason=late_reason)
    return case


@transaction.atomic
def resolve_objection(objection: Objection, *, resolution: str, by: Staff, on: date) -> Objection:
    """Write down how an objection was dealt with (处理结果); the new proposal waits for it."""
    case = lock_case(objection.publicity.case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, *AFTER_OBJECTION)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.resolved_on is not None:
        raise NotNow("这条异议已有处理结果。")
    if not resolution.strip():
        raise NotNow("请写明查明的情况和处理结果。", field="resolution")
    objection.resolved_on, objection.resolution = on, resolution
    objection.save(update_fields=["resolved_on", "resolution"])
    write_event(case, EventKind.OBJECTION_RESOLVED, by=by, on=on, note=resolution)
    return objection


@transaction.atomic
def close_publicity(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Case:
    """Publicity is over without objection (公示期满): publicised → confirming.

    :raises NotNow: its last day is not over, no photo proves the posting, or a family that is to be refused has
        not been told or may still contest.
    """
    case = lock_case(case)
    check_can_act(by, Permission.PUBLICISE, area=case.area)
    require_state(case, CaseState.PUBLICISED)
    if missing := lacks_before_confirming(case, on=on):
        raise NotNow("还不能报审核确认：" + "；".join(lack.text for lack in missing) + "。")
    publicity = open_publicity(case)
    assert publicity is not None  # noqa: S101 -- a publicised case has an open publicity
    proposal = current_proposal(case)
    assert proposal is not None  # noqa: S101 -- a publicised case has a signed proposal
    check_contest_over(case, proposal, on=on)
    publicity.closed_on = on
    publicity.save(update_fields=["closed_on"])
    enter_confirming(case, event=EventKind.PUBLICITY_CLOSED, by=by, on=on, late_reason=late_reason)
    return case


@transaction.atomic
def receive_complaint(case: Case, *, received_on: date, content: str, by: Staff, on: date) -> Complaint:
    """Take in a complaint before the decision (投诉举报); it asks for a visit by county staff (F57 §20)."""
    case = lock_case(case)
    if not can_act(by, Permission.COUNTY_VISIT, area=case.area):
        check_can_act(by, Permission.ACCEPT, area=case.area)
    if not case.is_open:
        raise NotNow("这个办件已经办结，投诉举报请走复核。")
    if not content.strip() or received_on > on:
        raise NotNow("请写明投诉举报内容，日期不能晚于今天。", field="content")
    complaint = Complaint.objects.create(case=case, received_on=received_on, content=content, received_by=by)
    write_event(case, EventKind.COMPLAINT_RECEIVED, by=by, on=on)
    return complaint
