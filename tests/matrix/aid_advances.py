"""Who may go through which door of reports, advances, their papers and recoupment, and what lies behind each."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Permission, Role
from temporary_aid.models import AidRecoupment, HardshipReport, Supplement, TemporaryAid
from temporary_aid.services.advancing import AdvanceData, AskData, ask_advance, pay_advance
from temporary_aid.services.recouping import order_recoupment
from temporary_aid.services.reports import ReportData, dismiss_report, enter_report
from temporary_aid.services.supplementing import SupplementData, submit_supplement
from tests.matrix.aid_papers import reserve
from tests.matrix.world import MORNING, World
from tests.support.aid import open_urgent, photo
from tests.support.crews import LINXI, VILLAGES
from tests.support.factories import area, make_staff

P = Permission
_SINCE = date(2026, 1, 1)
_NIGHT = MORNING - timedelta(hours=10)
_AMOUNT = Decimal("2340.00")
GET, POST, BOTH = ("get",), ("post",), ("get", "post")


def _staff(role: Role) -> Staff:
    level = role.value.split("_")[0]
    code = {"village": VILLAGES[LINXI], "township": LINXI}.get(level, "341824")
    return make_staff(role, code, on=_SINCE)


def report() -> HardshipReport:
    """An emergency of 临溪镇 that was reported last night."""
    data = ReportData(
        area=area(VILLAGES[LINXI]),
        source="village_assistant",
        reported_at=_NIGHT,
        reporter_name="汪志强",
        person_name="胡德旺",
        situation="夜里失火",
        person_phone="13905632207",
        cause="fire",
    )
    with acting(actor="system:test"):
        return enter_report(data, by=_staff(Role.VILLAGE_ASSISTANT), at=MORNING)


def ticket() -> HardshipReport:
    """A ticket of the hotline that is settled and not rung back."""
    found = report()
    with acting(actor="system:test"):
        HardshipReport.objects.filter(pk=found.pk).update(source="hotline", hotline_ticket=f"WT{found.pk}")
        return dismiss_report(found, reason="已安置", by=_staff(Role.TOWNSHIP_OFFICER), at=MORNING)


def aid() -> TemporaryAid:
    """An urgent aid of 临溪镇 for which nobody has asked an advance."""
    return open_urgent(
        _staff(Role.TOWNSHIP_OFFICER),
        at=MORNING,
        name="胡德旺",
        id_number="",
        missing_id_reason="lost",
        first_reported_at=_NIGHT,
        occurred_on=_NIGHT.date(),
    )


def asked() -> TemporaryAid:
    made = aid()
    with acting(actor="system:test"):
        data = AskData(_AMOUNT, "汪志强", "情况属实")
        ask_advance(made, data=data, photo=photo(), by=_staff(Role.VILLAGE_ASSISTANT), at=MORNING)
    return made


def advanced() -> TemporaryAid:
    made = aid()
    reserve()
    with acting(actor="system:test"):
        data = AdvanceData(_AMOUNT, "moderate", "胡玉兰", "胡德旺")
        pay_advance(made, data=data, by=_staff(Role.TOWNSHIP_OFFICER), at=MORNING)
    made.refresh_from_db()
    return made


def supplement() -> Supplement:
    made = advanced()
    with acting(actor="system:test"):
        by = _staff(Role.TOWNSHIP_OFFICER)
        return submit_supplement(made, data=SupplementData("属实"), papers=[photo()], by=by, at=MORNING)


def recoupment() -> AidRecoupment:
    made = advanced()
    with acting(actor="system:test"):
        by = _staff(Role.TOWNSHIP_APPROVER)
        return order_recoupment(made, due_amount=_AMOUNT, reason="谎报", by=by, at=MORNING)


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


def _of(
    make: Callable[[], Any], needs: frozenset[Permission], *, door: frozenset[Permission] | None = None
) -> dict[str, Any]:
    """A door to something of 临溪镇: seen by who sees aid there, used by who holds the right there."""
    return {
        "door": door or needs,
        "sees": SEE,
        "needs": needs,
        "kwargs": lambda world: [{"pk": make()}],
        "methods": BOTH,
    }


SEE, REPORT, HANDLE = _any(P.VIEW_AID), _any(P.REPORT_HARDSHIP), _any(P.HANDLE_AID)
TOWNSHIP, COUNTY = _any(P.APPROVE_AID_TOWNSHIP), _any(P.APPROVE_AID_COUNTY)


def _see(make: Callable[[], Any]) -> dict[str, Any]:
    def kwargs(world: World) -> list[dict[str, Any]]:
        return [{"pk": make()}]

    return {"door": SEE, "sees": SEE, "kwargs": kwargs}


AID_ADVANCE_DOORS: dict[str, dict[str, Any]] = {
    "reports": {"door": SEE},
    "export_reports": {"door": _any(P.EXPORT), "methods": POST},
    "add_report": {"door": REPORT, "methods": BOTH},
    "quick": {"door": REPORT, "methods": BOTH},
    "report": _see(lambda: report().pk),
    "reveal_report": _of(lambda: report().pk, _any(P.REVEAL_IDENTITY))
    | {"kwargs": lambda world: [{"pk": report().pk, "what": "phone"}], "methods": POST},
    "take_report": _of(lambda: report().pk, HANDLE),
    "dismiss_report": _of(lambda: report().pk, HANDLE),
    "duplicate_report": _of(lambda: report().pk, HANDLE),
    "call_back": _of(lambda: ticket().pk, REPORT),
    "advances": {"door": SEE},
    "export_advances": {"door": _any(P.EXPORT), "methods": POST},
    "ask_advance": _of(lambda: aid().pk, REPORT),
    "decline_advance": _of(lambda: asked().pk, HANDLE),
    "release_advance": _of(lambda: aid().pk, COUNTY),
    "pay_advance": _of(lambda: asked().pk, HANDLE, door=_any(P.PAY_AID)),
    "set_relieved": _of(lambda: advanced().pk, HANDLE),
    "submit_supplement": _of(lambda: advanced().pk, HANDLE),
    "check_supplement": _of(lambda: supplement().pk, TOWNSHIP | COUNTY),
    "order_recoupment": _of(lambda: advanced().pk, TOWNSHIP, door=TOWNSHIP | COUNTY),
    "record_repayment": _of(lambda: recoupment().aid_id, HANDLE),
    "waive_recoupment": _of(lambda: recoupment().aid_id, COUNTY),
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
