"""Files of an aid: checked by content, stored encrypted, as the families' attachments are."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction

from foundation.crypto import sm3_hex
from foundation.errors import NotPermitted
from foundation.files import check_picture, clean_upload
from organizations.models import Staff
from temporary_aid.models import AidFile, AidFileKind, TemporaryAid
from temporary_aid.permissions import Permission, can_act
from temporary_aid.services.base import NotAllowed, check_not_related
from temporary_aid.services.owed import settle_by_itself

ADDING = (
    Permission.HANDLE_AID,
    Permission.REPORT_HARDSHIP,
    Permission.RECORD_COLLECTIVE_DECISION,
    Permission.PAY_AID,
)
"""Who works on an aid adds files to it."""
PICTURES = frozenset({AidFileKind.SCENE_PHOTO})
"""Kinds that show something: a PDF is none."""


@transaction.atomic
def add_file(
    aid: TemporaryAid,
    *,
    kind: str,
    upload: File,  # type: ignore[type-arg]
    by: Staff,
    at: datetime,
    field: str = "file",
) -> AidFile:
    """Keep a photo or paper of an aid (附件); a picture is drawn anew, without its place and camera.

    :param kind: a :class:`temporary_aid.models.AidFileKind`.
    :param field: the form's field, beside which a refusal stands.
    :raises NotPermitted: the person does not work on aid there, or is a registered near relative.
    :raises NotAllowed: neither PDF, JPEG nor PNG by its content, a PDF for a photo of the scene, empty, or
        too large.
    """
    # The new row's foreign key holds the aid at commit: taken before what is owed, as every act takes it.
    aid = TemporaryAid.objects.select_for_update(of=("self",)).select_related("area__parent").get(pk=aid.pk)
    if not any(can_act(by, permission, area=aid.area) for permission in ADDING):
        raise NotPermitted(f"您没有为{aid.area.name}的临时救助上传附件的权限。")
    check_not_related(aid, by)
    try:
        if kind in PICTURES:
            check_picture(upload)
        content_type, kept = clean_upload(upload)
    except ValidationError as error:
        raise NotAllowed(error.messages[0], field=field) from error
    content = kept.read()
    kept_file = AidFile.objects.create(
        aid=aid,
        kind=kind,
        file=ContentFile(content, name=upload.name),
        original_name=(upload.name or "")[-120:],
        content_type=content_type,
        size=len(content),
        digest=sm3_hex(content),
        uploaded_by=by,
        uploaded_at=at,
    )
    settle_by_itself(aid, by=by, at=at)
    return kept_file
