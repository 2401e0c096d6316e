"""Who read what (查阅留痕)."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from foundation.rates import OUT_OF_REACH
from organizations.models import AccessRecord, Staff
from organizations.models.records import AccessKind

_A_DAY = 86400

LONGEST_REASON = 200


def lock_own_row(staff: Staff) -> None:
    """Let one act of a person after another be counted: what is sent at once does not pass a limit together."""
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=staff.pk)


def record_access(
    *,
    kind: str,
    staff: Staff,
    at: datetime,
    subject_type: str,
    subject_id: int | None,
    purpose: str = "",
    reason: str = "",
    person_ids: Sequence[int] = (),
    row_count: int | None = None,
    query: str = "",
) -> AccessRecord:
    """Record that somebody read personal data (查阅留痕).

    :param person_ids: keys of the persons whose data it is, where they are known.
    :param row_count: of an export.
    :param query: what cut an exported list; numbers of people masked.
    """
    return AccessRecord.objects.create(
        kind=kind,
        staff=staff,
        at=at,
        subject_type=subject_type,
        subject_id=subject_id,
        purpose=purpose,
        reason=reason[:LONGEST_REASON],
        person_ids=list(person_ids),
        row_count=row_count,
        query=query,
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


def record_page(*, staff: Staff, at: datetime, subject_type: str, subject_id: int) -> None:
    """Record that somebody opened the page of a family or a case (打开页面), once a day each.

    The cache only spares rows: a row too many where it does not answer, never one too few.
    """
    key = f"opened:{staff.pk}:{subject_type}:{subject_id}:{timezone.localdate(at):%Y%m%d}"
    if _is_noted(key):
        return
    record_access(kind=AccessKind.PAGE, staff=staff, at=at, subject_type=subject_type, subject_id=subject_id)
    transaction.on_commit(lambda: _note(key))


def _is_noted(key: str) -> bool:
    try:
        return cache.get(key) is not None
    except OUT_OF_REACH:
        return False


def _note(key: str) -> None:
    with suppress(*OUT_OF_REACH):
        cache.set(key, 1, _A_DAY)
