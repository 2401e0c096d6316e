"""What is done to an account, on record (账号记录)."""

from datetime import date
from typing import Any

from organizations.models import Staff, StaffEvent, StaffEventKind


def note(account: Staff, kind: StaffEventKind, *, by: Staff, on: date, note: str = "", reason: str = "") -> None:
    """Write down what somebody did to an account, in the transaction in which it is done."""
    limits: Any = StaffEvent._meta
    StaffEvent.objects.create(
        staff=account,
        kind=kind,
        on=on,
        by=by,
        note=note[: limits.get_field("note").max_length],
        reason=reason.strip()[: limits.get_field("reason").max_length],
    )
