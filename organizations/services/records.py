"""Who read what (查阅留痕)."""

from collections.abc import Sequence
from datetime import datetime

from organizations.models import AccessRecord, Staff


def record_access(
    *, kind: str, staff: Staff, at: datetime, subject_type: str, subject_id: int | None, reason: str = ""
) -> AccessRecord:
    """Record that somebody read personal data (查阅留痕)."""
    return AccessRecord.objects.create(
        kind=kind, staff=staff, at=at, subject_type=subject_type, subject_id=subject_id, reason=reason
    )


def record_accesses(
    *, kind: str, staff: Staff, at: datetime, subject_type: str, subject_ids: Sequence[int], reason: str = ""
) -> None:
    """Record that somebody read personal data of many at once (批量查阅留痕), a row for each."""
    AccessRecord.objects.bulk_create(
        [
            AccessRecord(kind=kind, staff=staff, at=at, subject_type=subject_type, subject_id=subject_id, reason=reason)
            for subject_id in subject_ids
        ]
    )
