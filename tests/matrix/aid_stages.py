"""Who may go through which door of stages, ends and figures of aid, and what lies behind each."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.trail import acting
from organizations.permissions import Permission, Role
from temporary_aid.models import AidBankFile, AidStage, TemporaryAid
from tests.support.crews import crew
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped, in_stages

P = Permission
GET, POST, BOTH = ("get",), ("post",), ("get", "post")


def _helped() -> Helped:
    """Urgent aid of 临溪镇 in two stages, nothing paid yet."""
    with acting(actor="system:test"):
        return helped(*in_stages("1000.00", "560.00"), people=crew(), name="胡德旺")


def aid() -> TemporaryAid:
    return _helped().aid


def stage(serial: int) -> AidStage:
    return _helped().stage(serial)


def sent_file() -> AidBankFile:
    """A file that went to the bank; all that is in it was taken back since."""
    with acting(actor="system:test"):
        by = make_staff(Role.FINANCE_OFFICER, "341824", on=date(2026, 1, 1))
        return AidBankFile.objects.create(
            number="YH2026-0001", stages_count=1, amount=Decimal("1560.00"), sent_by=by, sent_at=PAID
        )


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


def _of(make: Callable[[], Any], needs: frozenset[Permission], methods: tuple[str, ...] = BOTH) -> dict[str, Any]:
    """A door to something of 临溪镇: seen by who sees aid there, used by who holds the right there."""
    return {
        "door": needs,
        "sees": SEE,
        "needs": needs,
        "kwargs": lambda world: [{"pk": make().pk}],
        "methods": methods,
    }


SEE, VISIT, HANDLE, PAY = _any(P.VIEW_AID), _any(P.REPORT_HARDSHIP), _any(P.HANDLE_AID), _any(P.PAY_AID)
END = _any(P.HANDLE_AID, P.APPROVE_AID_TOWNSHIP, P.APPROVE_AID_COUNTY)

AID_STAGE_DOORS: dict[str, dict[str, Any]] = {
    "visit": _of(aid, VISIT),
    "visit_stage": _of(lambda: stage(2), VISIT),
    "confirm_stage": _of(lambda: stage(2), HANDLE, POST),
    "pay_stage": _of(lambda: stage(1), PAY),
    "take_back_export": _of(lambda: stage(1), _any(P.WRITE_BANK_FILE)),
    "cancel_rest": _of(aid, END),
    "cancel_stage": _of(lambda: stage(1), END),
    "follow_up": _of(aid, HANDLE),
    "close": _of(aid, HANDLE),
    "stages": {"door": SEE},
    "export_stages": {"door": _any(P.EXPORT), "methods": POST},
    "bank_file": {"door": _any(P.WRITE_BANK_FILE), "methods": BOTH},
    "bank_files": {"door": _any(P.WRITE_BANK_FILE)},
    "bank_file_again": {
        "door": _any(P.WRITE_BANK_FILE),
        "sees": _any(P.WRITE_BANK_FILE),
        "kwargs": lambda world: [{"pk": sent_file().pk}],
        "methods": BOTH,
    },
    "figures": {"door": SEE},
    "export_figures": {"door": _any(P.EXPORT), "methods": POST},
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
