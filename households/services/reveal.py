"""Showing a personal value in full is a recorded act."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from foundation.crypto import Secret
from households.services.checks import NotAllowedNow
from organizations.models import Area, Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission, check_can_act
from organizations.queries.readings import reveals_since
from organizations.services import Reason, lock_own_row, record_access


@transaction.atomic
def reveal(
    value: Secret,
    *,
    area: Area,
    subject: tuple[str, int],
    reason: Reason,
    by: Staff,
    at: datetime,
    person_ids: Sequence[int] = (),
) -> str:
    """Give one value in full (查看完整信息) and record who read it, when and what for.

    :raises NotPermitted: the person may not see full numbers in the area.
    :raises NotAllowedNow: no reason, or too many values within the last hour.
    """
    record_reveal(area=area, subject=subject, reason=reason, by=by, at=at, person_ids=person_ids)
    return value.reveal()


@transaction.atomic
def record_reveal(
    *,
    area: Area,
    subject: tuple[str, int],
    reason: Reason,
    by: Staff,
    at: datetime,
    person_ids: Sequence[int] = (),
) -> None:
    """Record that somebody reads a value in full, or a paper or scan on which it stands; whoever answers it shows it.

    :param area: where the family lives.
    :param subject: what the value stands on: kind and primary key.
    :param person_ids: whose value it is, where that is a person of ours.
    :raises NotPermitted: the person may not see full numbers in the area.
    :raises NotAllowedNow: no reason, or too many values within the last hour.
    """
    check_can_act(by, Permission.REVEAL_IDENTITY, area=area)
    if not reason.words.strip():
        raise NotAllowedNow("请写明查看事由。", field="reason")
    lock_own_row(by)
    if reveals_since(by, since=at - timedelta(hours=1), at=at) >= settings.REVEALS_PER_HOUR:
        raise NotAllowedNow(
            f"一小时内查看完整信息已达{settings.REVEALS_PER_HOUR}次，请稍后再看；成批需要的，请县民政局完整导出。"
        )
    kind, pk = subject
    record_access(
        kind=AccessKind.REVEAL,
        staff=by,
        at=at,
        subject_type=kind,
        subject_id=pk,
        purpose=reason.purpose,
        reason=reason.words,
        person_ids=person_ids,
    )


@transaction.atomic
def record_opening(*, attachment_id: int, by: Staff, at: datetime) -> None:
    """Record that an attachment was opened (打开附件)."""
    record_access(kind=AccessKind.ATTACHMENT, staff=by, at=at, subject_type="attachment", subject_id=attachment_id)
