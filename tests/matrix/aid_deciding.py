"""Who may go through which door of registering and deciding temporary aid (临时救助), and what lies behind each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Permission, Role
from temporary_aid import services
from temporary_aid.models import AidFile, CollectiveDecision, TemporaryAid, VillageEntrustment
from temporary_aid.services.files import ADDING
from tests.benefits.builders import set_parameter
from tests.matrix.world import MORNING, World
from tests.support.aid import aid_data, photo
from tests.support.crews import LINXI, VILLAGES
from tests.support.factories import area, make_staff
from tests.temporary_aid.builders import SINCE, meeting, proposal

P = Permission
GET, POST, BOTH = ("get",), ("post",), ("get", "post")


def _staff(role: Role) -> Staff:
    code = {Role.TOWNSHIP_OFFICER: LINXI, Role.TOWNSHIP_APPROVER: LINXI}.get(role, "341824")
    return make_staff(role, code, on=SINCE)


def opened(*, state: str = "opened", kind: str = "urgent") -> TemporaryAid:
    """Aid of 临溪镇, as far as it has come."""
    with acting(actor="system:test"):
        officer = _staff(Role.TOWNSHIP_OFFICER)
        at = MORNING - timedelta(hours=2)
        data = aid_data(kind=kind, first_reported_at=at)
        aid = services.open_aid(data, by=officer, at=at)
        if state != "opened":
            aid = services.propose_aid(aid, proposal(), by=officer, at=at)
        if state == "approved":
            aid = services.approve_aid(aid, opinion="同意", by=_staff(Role.TOWNSHIP_APPROVER), at=at)
        return aid


def unknown() -> TemporaryAid:
    """Aid of somebody without papers."""
    with acting(actor="system:test"):
        at = MORNING - timedelta(hours=2)
        data = aid_data(id_number="", missing_id_reason="lost", first_reported_at=at)
        return services.open_aid(data, by=_staff(Role.TOWNSHIP_OFFICER), at=at)


def photographed() -> AidFile:
    aid = opened()
    with acting(actor="system:test"):
        return services.add_file(aid, kind="scene_photo", upload=photo(), by=aid.opened_by, at=MORNING)


def identity() -> AidFile:
    aid = opened()
    with acting(actor="system:test"):
        return services.add_file(aid, kind="identity", upload=photo(), by=aid.opened_by, at=MORNING)


def resolved() -> CollectiveDecision:
    aid = opened()
    with acting(actor="system:test"):
        return services.record_decision(aid, meeting(), by=_staff(Role.COUNTY_OFFICER), at=MORNING)


def entrusted() -> VillageEntrustment:
    with acting(actor="system:test"):
        set_parameter("village_temp_limit", "2")
        data = services.EntrustmentData(MORNING.date(), None, "绩民〔2026〕18号", photo("文件.jpg"))
        by = _staff(Role.COUNTY_APPROVER)
        return services.entrust_village(area(VILLAGES[LINXI]), data, by=by, on=MORNING.date())


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


def _of(
    make: Callable[[], Any], needs: frozenset[Permission] | None, methods: tuple[str, ...] = BOTH, **more: str
) -> dict[str, Any]:
    """A door to something of an aid: seen by who sees aid there, used by who holds the right there."""

    def kwargs(world: World) -> list[dict[str, Any]]:
        return [{"pk": make().pk, **more}]

    return {"door": needs or SEE, "sees": SEE, "needs": needs, "kwargs": kwargs, "methods": methods}


SEE, HANDLE, MEETING = _any(P.VIEW_AID), _any(P.HANDLE_AID), _any(P.RECORD_COLLECTIVE_DECISION)
ENTRUST = _any(P.ENTRUST_VILLAGES)
TOWNSHIP, EITHER = _any(P.APPROVE_AID_TOWNSHIP), _any(P.APPROVE_AID_TOWNSHIP, P.APPROVE_AID_COUNTY)

AID_DECIDING_DOORS: dict[str, dict[str, Any]] = {
    "list": {"door": SEE},
    "find": {"door": SEE, "methods": POST},
    "export": {"door": _any(P.EXPORT), "methods": POST},
    "start": {"door": HANDLE, "methods": BOTH},
    "open": {"door": HANDLE, "methods": BOTH},
    "suggest": {"door": HANDLE, "methods": POST},
    "detail": _of(opened, None, GET),
    "file": _of(photographed, None),
    "file of identity": _of(identity, None) | {"needs": _any(P.REVEAL_IDENTITY)},
    "add_file": _of(opened, _any(*ADDING)),
    "reveal": _of(opened, _any(P.REVEAL_IDENTITY), POST, what="id-number"),
    "mend": _of(opened, HANDLE),
    "identify": _of(unknown, HANDLE),
    "correct_number": _of(lambda: opened(state="approved"), EITHER),
    "link": _of(opened, HANDLE),
    "withdraw": _of(opened, HANDLE),
    "propose": _of(opened, HANDLE),
    "suggest_for": _of(opened, None, POST) | {"door": _any(P.HANDLE_AID, P.ENTRUSTED_AID)},
    "open_case": _of(opened, HANDLE),
    "request_means": _of(opened, _any(P.REQUEST_MEANS_CHECK), POST),
    "confirm_papers": _of(lambda: opened(state="approved"), HANDLE, POST),
    "decide_in_village": _of(opened, _any(P.ENTRUSTED_AID)),
    "approve": _of(lambda: opened(state="proposed"), TOWNSHIP) | {"door": EITHER},
    "send_back": _of(lambda: opened(state="proposed"), EITHER),
    "refuse": _of(lambda: opened(state="proposed"), EITHER),
    "print_publicity": {"door": HANDLE, "methods": BOTH},
    "post": _of(lambda: opened(state="approved"), HANDLE),
    "ask_meeting": _of(opened, HANDLE),
    "take_back_meeting": _of(opened, HANDLE),
    "record_meeting": _of(opened, MEETING),
    "void_meeting": _of(resolved, MEETING),
    "entrustments": {"door": SEE},
    "export_entrustments": {"door": _any(P.EXPORT), "methods": POST},
    "entrust": {"door": ENTRUST, "methods": BOTH},
    "end_entrustment": _of(entrusted, ENTRUST),
    "entrustment_scan": _of(entrusted, None, GET),
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
