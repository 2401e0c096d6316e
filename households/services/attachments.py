"""Attachments: checked by content, stored encrypted."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from foundation.crypto import sm3_hex
from foundation.files import check_upload
from households.models import Attachment, Household
from households.permissions import can_see
from households.services.families import NotAllowedNow
from organizations.models import Staff


@transaction.atomic
def add_attachment(household: Household, *, kind: str, upload: File, by: Staff, at: datetime) -> Attachment:  # type: ignore[type-arg]
    """Keep a file that a family handed in or staff took (附件).

    :raises NotAllowedNow: neither PDF, JPEG nor PNG by its content, empty, or too large.
    """
    if not can_see(by, household):
        raise NotAllowedNow("您不能为这个家庭上传附件。")
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
    """Take an attachment out of use (作废); the file is kept."""
    if not can_see(by, attachment.household):
        raise NotAllowedNow("您不能作废这个附件。")
    attachment.voided_at, attachment.voided_reason = at, reason
    attachment.save(update_fields=["voided_at", "voided_reason"])
