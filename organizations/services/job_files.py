"""Files that long work makes (结果文件): encrypted like every private file, for some days only."""

from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from foundation.errors import ServiceError
from foundation.files import private_path
from organizations.models import JobFile, Staff
from organizations.models.records import AccessKind
from organizations.services.records import record_access

KEPT_DAYS = 7
"""For how many days after the one on which it was made a file can be taken away."""


class FileGone(ServiceError):
    """The file is not there any more."""


def keep_file(job_id: int, content: bytes, *, name: str, content_type: str, on: date) -> JobFile:
    """Keep what a job made; made again by another attempt, it takes the place of the first.

    The row comes before the file: a process that ends in between leaves no file that no row names.
    """
    with transaction.atomic():
        kept = JobFile.objects.select_for_update().filter(job=job_id).first() or JobFile(job_id=job_id)
        former = str(kept.file.name or "")
        kept.name, kept.content_type, kept.size = name, content_type, len(content)
        kept.kept_until = on + timedelta(days=KEPT_DAYS)
        kept.file.name = private_path(kept, "")
        kept.save()
    storage = kept.file.storage
    if former:
        storage.delete(former)
    storage.save(str(kept.file.name), ContentFile(content))
    return kept


def take_away(kept: JobFile, *, by: Staff, at: datetime) -> bytes:
    """The file, on record as read (下载结果).

    :raises FileGone: it was deleted, or its days are over.
    """
    name = str(kept.file.name or "")
    if not name or kept.kept_until < timezone.localdate(at) or not kept.file.storage.exists(name):
        raise FileGone(f"结果文件只保留{KEPT_DAYS}天，已经删除。需要的请重新发起。")
    with kept.file.storage.open(name) as file:
        content: bytes = file.read()
    record_access(
        kind=AccessKind.DOCUMENT, staff=by, at=at, subject_type="job", subject_id=kept.job_id, reason=f"下载{kept.name}"
    )
    return content


def drop_files(*, on: date) -> int:
    """Delete the files whose days are over; their rows stay.

    :returns: how many.
    """
    dropped = 0
    for kept in JobFile.objects.filter(kept_until__lt=on).exclude(file="").order_by("pk"):
        kept.file.storage.delete(str(kept.file.name))
        kept.file.name = ""
        kept.save(update_fields=["file"])
        dropped += 1
    return dropped
