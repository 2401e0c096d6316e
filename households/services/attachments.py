"""Attachments: checked by content, stored encrypted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from foundation.crypto import sm3_hex
from foundation.files import clean_upload
from households.models import Attachment, Consent, Expense, Household, Income
from households.permissions import check_can_attach
from households.services.checks import NotAllowedNow
from households.signals import attachment_voiding
from organizations.models import Staff


@transaction.atomic
def add_attachment(household: Household, *, kind: str, upload: File, by: Staff, at: datetime) -> Attachment:  # type: ignore[type-arg]
    """Keep a file that a family handed in or staff took (附件); a picture is drawn anew, without its place and camera.

    :raises NotPermitted: the person only reads here.
    :raises NotAllowedNow: neither PDF, JPEG nor PNG by its content, empty, or too large.
    """
    check_can_attach(by, household)
    try:
        content_type, kept = clean_upload(upload)
    except ValidationError as error:
        raise NotAllowedNow(error.messages[0], field="file") from error
    content = kept.read()
    return Attachment.objects.create(
        household=household,
        kind=kind,
        file=ContentFile(content, name=upload.name),
        original_name=(upload.name or "")[-120:],
        content_type=content_type,
        size=len(content),
        digest=sm3_hex(content),
        uploaded_by=by,
        uploaded_at=at,
    )


@transaction.atomic
def void_attachment(attachment: Attachment, *, reason: str, by: Staff, at: datetime) -> None:
    """Take an attachment out of use (作废); the file is kept.

    :raises NotAllowedNow: no reason, voided already, or something on record rests on it.
    """
    rows = Attachment.objects.select_for_update(of=("self",)).select_related("household__area")
    attachment = rows.get(pk=attachment.pk)
    # Who had the family before it moved away still reads the attachment, and voids it no more.
    check_can_attach(by, attachment.household)
    if attachment.voided_at:
        raise NotAllowedNow("这个附件已经作废。")
    if not reason.strip():
        raise NotAllowedNow("请写明作废原因。", field="reason")
    _check_unused(attachment)
    attachment_voiding.send(Attachment, attachment=attachment)
    attachment.voided_at, attachment.voided_reason = at, reason.strip()
    attachment.save(update_fields=["voided_at", "voided_reason"])


def _check_unused(attachment: Attachment) -> None:
    """
    :raises NotAllowedNow: a consent in force or a row of the family's means rests on it.
    """
    if Consent.objects.filter(scan=attachment, withdrawn_on=None).exists():
        raise NotAllowedNow("这份扫描件是在用核查授权的依据，不能作废；授权有误的，请先撤回那份授权。")
    for rows, name in ((Income, "收入"), (Expense, "支出")):
        if rows.objects.filter(evidence=attachment, voided_at=None, member__left_on=None).exists():
            raise NotAllowedNow(f"这个附件是一笔{name}的凭据，不能作废；请先在{name}里换下这个附件。")
