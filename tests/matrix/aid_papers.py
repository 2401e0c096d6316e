"""Who may go through which door to the papers of temporary aid (临时救助文书), and what lies behind each."""

from datetime import date
from decimal import Decimal
from typing import Any

from documents.services import void_document
from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Permission, Role
from temporary_aid import services
from temporary_aid.models import AidPaper, Reconciliation, ReserveFund
from tests.matrix.world import MORNING
from tests.support.aid_papers import fund, granted
from tests.support.crews import LINXI
from tests.support.factories import make_staff

P = Permission
TODAY = MORNING.date()
_SINCE = date(2026, 1, 1)
POST, BOTH = ("post",), ("get", "post")
SEE, RESERVE = frozenset({P.VIEW_AID}), frozenset({P.VIEW_RESERVE})
DECIDES = frozenset({P.APPROVE_AID_TOWNSHIP})


def _staff(role: Role) -> Staff:
    return make_staff(role, LINXI if role.value.startswith("township") else "341824", on=_SINCE)


def notice(*, is_voided: bool = False) -> AidPaper:
    """告知书 of an aid of 临溪镇 that the township approved."""
    officer, lead = _staff(Role.TOWNSHIP_OFFICER), _staff(Role.TOWNSHIP_APPROVER)
    aid = granted(officer, lead)
    with acting(actor="system:test"):
        made = services.issue_paper(aid, "temp_aid_notice", by=lead, on=TODAY)
        if is_voided:
            void_document(made.document, reason="盖错章", by=lead, on=TODAY)
    return made


def form() -> AidPaper:
    """申请审批表 of the same aid, with the recipient's ID number in full."""
    found = notice().aid
    assert found is not None
    with acting(actor="system:test"):
        return services.issue_paper(found, "temp_aid_form", by=_staff(Role.TOWNSHIP_APPROVER), on=TODAY)


def reserve() -> ReserveFund:
    """备用金 of 临溪镇; one a township, so the one that is there."""
    found = ReserveFund.objects.filter(area__code=LINXI).first()
    with acting(actor="system:test"):
        return found or fund(_staff(Role.COUNTY_OFFICER), township=LINXI)


def reconciliation() -> Reconciliation:
    of, nothing = reserve(), Decimal("0.00")
    sums = dict.fromkeys(("allocated", "advanced", "refunded", "withdrawn", "counted_cash"), nothing)
    with acting(actor="system:test"):
        found, _ = Reconciliation.objects.get_or_create(
            fund=of,
            month=date(2026, 8, 1),
            defaults=sums
            | {"opening": nothing, "closing": nothing, "bank_balance": nothing, "advances_count": 0}
            | {"prepared_by": _staff(Role.TOWNSHIP_OFFICER), "prepared_on": TODAY},
        )
    return found


AID_PAPER_DOORS: dict[str, dict[str, Any]] = {
    "paper": {"door": SEE, "sees": SEE, "kwargs": lambda world: [{"pk": notice().pk}], "methods": BOTH},
    "paper with the number": {
        "door": SEE,
        "sees": SEE,
        "needs": frozenset({P.REVEAL_IDENTITY}),
        "kwargs": lambda world: [{"pk": form().pk}],
        "methods": BOTH,
    },
    "reissue_paper": {
        "door": frozenset({P.ISSUE_DOCUMENT, P.APPROVE_AID_TOWNSHIP, P.APPROVE_AID_COUNTY}),
        "sees": SEE,
        "needs": DECIDES,
        "kwargs": lambda world: [{"pk": notice(is_voided=True).pk}],
        "methods": BOTH,
    },
    "print_ledger": {
        "door": RESERVE,
        "sees": RESERVE,
        "kwargs": lambda world: [{"pk": reserve().pk}],
        "methods": BOTH,
    },
    "print_reconciliation": {
        "door": RESERVE,
        "sees": RESERVE,
        "kwargs": lambda world: [{"pk": reconciliation().pk}],
        "methods": POST,
    },
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
