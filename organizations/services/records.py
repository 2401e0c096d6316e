"""Who read what (查阅留痕)."""

from datetime import datetime

from organizations.models import AccessRecord, Staff


def record_access(
    *, kind: str, staff: Staff, at: datetime, subject_type: str, subject_id: int | None, reason: str = ""
) -> AccessRecord:
    """Record that somebody read personal data (查阅留痕)."""
    return AccessRecord.objects.create(
        kind=kind, staff=staff, at=at, subject_type=subject_type, subject_id=subject_id, reason=reason
    )
