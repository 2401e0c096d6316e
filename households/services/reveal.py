"""Showing a personal value in full is a recorded act."""

from datetime import datetime

from django.db import transaction

from foundation.crypto import Secret
from households.models import Household
from households.services.checks import NotAllowedNow
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act
from organizations.services import record_access


@transaction.atomic
def reveal(value: Secret, *, of: Household, subject: tuple[str, int], reason: str, by: Staff, at: datetime) -> str:
    """Give a value in full (查看完整信息) and record who read it, when and why.

    :param subject: what the value stands on: kind and primary key.
    :raises NotPermitted: the person may not see full numbers in the family's area.
    :raises NotAllowedNow: no reason.
    """
    check_can_act(by, Permission.REVEAL_IDENTITY, area=of.area)
    if not reason.strip():
        raise NotAllowedNow("请写明查看事由。", field="reason")
    kind, pk = subject
    record_access(kind="reveal", staff=by, at=at, subject_type=kind, subject_id=pk, reason=reason.strip()[:200])
    return value.reveal()


@transaction.atomic
def record_export(*, count: int, reason: str, by: Staff, at: datetime) -> None:
    """Record that a list of families was taken out (导出名单)."""
    record_access(
        kind="export", staff=by, at=at, subject_type="household", subject_id=None, reason=f"{reason}（{count}户）"[:200]
    )


@transaction.atomic
def record_opening(*, attachment_id: int, by: Staff, at: datetime) -> None:
    """Record that an attachment was opened (打开附件)."""
    record_access(kind="attachment", staff=by, at=at, subject_type="attachment", subject_id=attachment_id)
