"""Who may go through which door of care after approval (照料服务), and what lies behind each."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from benefits.models import Award
from benefits.services import Care
from care import services
from care.models import Admission, CareAgreement, CareVisit, SelfCareReport
from care.services import AgreementData, AssessmentData, VisitData
from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Permission, Role
from tests.benefits.builders import grant
from tests.households.builders import data, register
from tests.matrix.world import MORNING, World
from tests.support.crews import LINXI, VILLAGES
from tests.support.factories import area, make_id_number, make_staff

P = Permission
TODAY = MORNING.date()
_SINCE = date(2026, 1, 1)
GET, POST, BOTH = ("get",), ("post",), ("get", "post")


def _staff(role: Role) -> Staff:
    return make_staff(role, LINXI if role == Role.TOWNSHIP_OFFICER else "341824", on=_SINCE)


def supported(mode: str = "home_based") -> tuple[Award, Staff]:
    """Somebody of 临溪镇 supported as 特困, and the township's clerk."""
    with acting(actor="system:test"):
        officer = _staff(Role.TOWNSHIP_OFFICER)
        head = data("胡德旺", id_number=make_id_number(birth_date=date(1950, 3, 12)))
        family = register(officer, code=VILLAGES[LINXI], head=head, residence="rural")
        care = Care(Decimal("54.00"), "self_reliant", mode)
        approver = _staff(Role.COUNTY_APPROVER)
        return grant(family, approver, scheme="tekun", care=care, decided_on=date(2026, 8, 10)), officer


def visit() -> CareVisit:
    award, officer = supported()
    found = VisitData(TODAY, "程晓燕", "good", "good", "good", "poor", problem="屋顶漏雨")
    with acting(actor="system:test"):
        return services.record_visit(award, data=found, by=officer, at=MORNING, on=TODAY)


def agreement() -> CareAgreement:
    award, officer = supported()
    terms = AgreementData(
        carer_kind="neighbour",
        carer_name="胡德才",
        carer_id_number=make_id_number(birth_date=date(1975, 6, 1)),
        carer_phone="13905639999",
        relation="",
        contents=["meals"],
        other_contents="",
        frequency="daily",
        starts_on=TODAY,
        ends_on=date(2027, 9, 24),
    )
    with acting(actor="system:test"):
        return services.draft_agreement(award, data=terms, by=officer, on=TODAY)


def admission() -> Admission:
    award, officer = supported("institutional")
    with acting(actor="system:test"):
        home = services.save_home(None, name="临溪镇敬老院", area=area(LINXI), by=_staff(Role.COUNTY_OFFICER))
        return services.admit(award, home=home, admitted_on=TODAY, by=officer, on=TODAY)


def report(*, is_assessed: bool = False) -> SelfCareReport:
    award, officer = supported()
    with acting(actor="system:test"):
        made = services.report_change(
            award, reported_on=TODAY, reported_by="村委会", change="摔伤", by=officer, on=TODAY
        )
        if is_assessed:
            found = AssessmentData(
                ["walking"], "home_based", "本人", TODAY, "家中", officer, _staff(Role.COUNTY_OFFICER), "一项不能"
            )
            services.assess_self_care(made, data=found, by=officer, on=TODAY)
        return made


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


def _pk(make: Callable[[], Any], **more: str) -> Callable[[World], list[dict[str, Any]]]:
    return lambda world: [{"pk": make().pk, **more}]


def _of(make: Callable[[], Any], needs: frozenset[Permission], methods: tuple[str, ...] = BOTH) -> dict[str, Any]:
    """A door to something of a person: seen by who sees care there, used by who holds the right there."""
    return {"door": needs, "sees": SEE, "needs": needs, "kwargs": _pk(make), "methods": methods}


SEE, VISIT, MANAGE = _any(P.VIEW_CARE), _any(P.RECORD_CARE_VISIT), _any(P.MANAGE_CARE)
HOMES, ASSESS = _any(P.MANAGE_WELFARE_HOMES), _any(P.MANAGE_CARE, P.COUNTY_VISIT)

CARE_DOORS: dict[str, dict[str, Any]] = {
    "list": {"door": SEE},
    "export": {"door": _any(P.EXPORT), "methods": POST},
    "sheet": {"door": VISIT, "sees": VISIT, "methods": POST, "query": {"village": VILLAGES[LINXI]}},
    "homes": {"door": SEE},
    "add_home": {"door": HOMES, "methods": BOTH},
    "edit_home": {"door": HOMES, "methods": BOTH, "kwargs": lambda world: [{"pk": admission().home_id}]},
    "detail": {"door": SEE, "sees": SEE, "kwargs": lambda world: [{"pk": visit().award_id}]},
    "record_visit": _of(lambda: supported()[0], VISIT),
    "report": _of(lambda: supported()[0], VISIT),
    "draft_agreement": _of(lambda: supported()[0], MANAGE),
    "admit": _of(lambda: supported("institutional")[0], MANAGE),
    "discharge": _of(admission, MANAGE),
    "void_visit": _of(visit, VISIT),
    "settle_point": _of(lambda: visit().points.get(), VISIT),
    "print_agreement": _of(agreement, MANAGE, POST),
    "sign_agreement": _of(agreement, MANAGE),
    "end_agreement": _of(agreement, MANAGE),
    "reveal": {
        "door": _any(P.REVEAL_IDENTITY),
        "sees": SEE,
        "needs": _any(P.REVEAL_IDENTITY),
        "kwargs": _pk(agreement, what="id-number"),
        "methods": POST,
    },
    "assess": _of(report, ASSESS),
    "decide": _of(lambda: report(is_assessed=True), _any(P.CONFIRM)),
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
