"""Attachments: checked by content, stored encrypted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from foundation.crypto import sm3_hex
from foundation.files import check_upload
from households.models import Attachment, Household
from households.permissions import check_can_attach
from households.services.checks import NotAllowedNow
from organizations.models import Staff


@transaction.atomic
def add_attachment(household: Household, *, kind: str, upload: File, by: Staff, at: datetime) -> Attachment:  # type: ignore[type-arg]
    """Keep a file that a family handed in or staff took (附件).

    :raises NotPermitted: the person only reads here.
    :raises NotAllowedNow: neither PDF, JPEG nor PNG by its content, empty, or too large.
    """
    check_can_attach(by, household)
    try:
        content_type = check_upload(upload)
    except ValidationError as error:
        raise NotAllowedNow(error.messages[0], field="file") from error
    upload.seek(0)
    digest = sm3_hex(upload.read())
    return Attachment.objects.create(
        household=household,
        kind=kind,
        file=upload,
        original_name=(upload.name or "")[-120:],
        content_type=content_type,
        size=upload.size,
        digest=digest,
        uploaded_by=by,
        uploaded_at=at,
    )


@transaction.atomic
def void_attachment(attachment: Attachment, *, reason: str, by: Staff, at: datetime) -> None:
    """Take an attachment out of use (作废); the file is kept.

    :raises NotAllowedNow: no reason, or voided already.
    """
    check_can_attach(by, attachment.household)
    attachment = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if attachment.voided_at:
        raise NotAllowedNow("这个附件已经作废。")
    if not reason.strip():
        raise NotAllowedNow("请写明作废原因。", field="reason")
    attachment.voided_at, attachment.voided_reason = at, reason.strip()
    attachment.save(update_fields=["voided_at", "voided_reason"])
