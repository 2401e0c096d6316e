"""Who may go through which door of dynamic management (动态管理), and what lies behind each."""

from datetime import date
from typing import Any

from benefits.models import Award
from dynamic_review import services
from dynamic_review.models import ReviewExtension, ReviewTrigger
from dynamic_review.services import ExtensionData
from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Permission, Role
from tests.benefits.builders import grant
from tests.households.builders import data, register
from tests.matrix.awards import phase_out
from tests.matrix.rule import BOTH, POST, any_of
from tests.matrix.world import MORNING, World
from tests.support.crews import LINXI, VILLAGES
from tests.support.factories import area, make_id_number, make_staff

P = Permission
TODAY = MORNING.date()
_SINCE = date(2026, 1, 1)


def awarded() -> tuple[Award, Staff]:
    """A family of 临溪镇 in an award whose review is planned, and the township's clerk."""
    with acting(actor="system:test"):
        officer = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=_SINCE)
        head = data("胡德旺", id_number=make_id_number(birth_date=date(1970, 3, 12)))
        family = register(officer, code=VILLAGES[LINXI], head=head)
        approver = make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE)
        award = grant(family, approver, decided_on=date(2026, 8, 10))
        services.plan_reviews(on=TODAY)
        return award, officer


def trigger() -> ReviewTrigger:
    award, officer = awarded()
    with acting(actor="system:test"):
        return services.note_by_hand(award, cause="reported", happened_on=TODAY, note="打工", by=officer, on=TODAY)


def extension() -> ReviewExtension:
    with acting(actor="system:test"):
        approver = make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE)
        terms = ExtensionData([area(LINXI)], ["dibao"], TODAY, TODAY, 3, "皖民发〔2026〕1号", "暴雨")
        return services.extend_reviews(data=terms, by=approver, on=TODAY)


def _of_award(methods: tuple[str, ...] = BOTH) -> dict[str, Any]:
    return {"door": MANAGE, "sees": SEE, "needs": MANAGE, "methods": methods, "kwargs": _award}


def _award(world: World) -> list[dict[str, Any]]:
    return [{"pk": awarded()[0].pk}]


SEE, MANAGE, EXTEND = any_of(P.VIEW_REVIEW), any_of(P.MANAGE_REVIEWS), any_of(P.EXTEND_REVIEWS)
CONFIRM = any_of(P.CONFIRM, P.CONFIRM_DELEGATED)

REVIEW_DOORS: dict[str, dict[str, Any]] = {
    "list": {"door": SEE},
    "export": {"door": any_of(P.EXPORT), "methods": POST},
    "tour": {"door": MANAGE, "sees": MANAGE, "methods": POST, "query": {"village": VILLAGES[LINXI]}},
    "chosen": {"door": MANAGE, "methods": POST},
    "relevel": {"door": MANAGE, "sees": MANAGE, "methods": POST, "query": {"township": LINXI}},
    "board": {"door": SEE},
    "restore": {
        "door": any_of(P.MANAGE_PHASE_OUT),
        "sees": any_of(P.MANAGE_PHASE_OUT),
        "kwargs": lambda world: [{"pk": phase_out().pk}],
        "methods": BOTH,
    },
    "look": {"door": CONFIRM},
    "begin": {"door": CONFIRM, "methods": POST},
    "triggers": {"door": SEE},
    "settle": {
        "door": MANAGE,
        "sees": SEE,
        "needs": MANAGE,
        "methods": BOTH,
        "kwargs": lambda world: [{"pk": trigger().pk}],
    },
    "extensions": {"door": SEE},
    "extend": {"door": EXTEND, "methods": BOTH},
    "revoke_extension": {
        "door": EXTEND,
        "sees": SEE,
        "needs": EXTEND,
        "methods": BOTH,
        "kwargs": lambda world: [{"pk": extension().pk}],
    },
    "start": _of_award(POST),
    "report": _of_award(),
    "complaint": _of_award(),
    "offer": _of_award(),
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
