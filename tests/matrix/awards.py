"""Who may go through which door of an award's life (待遇) and of phase-out (渐退), and what lies behind each."""

from datetime import date
from typing import Any

from benefits import services
from benefits.models import Award, PhaseOut
from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Permission, Role
from tests.benefits.builders import grant
from tests.households.builders import data, register
from tests.matrix.rule import BOTH, POST, any_of
from tests.matrix.world import MORNING
from tests.support.crews import LINXI, VILLAGES
from tests.support.factories import make_id_number, make_staff

P = Permission
TODAY = MORNING.date()
_SINCE = date(2026, 1, 1)


def awarded(*, is_suspended: bool = False) -> tuple[Award, Staff]:
    """An award of a family of 临溪镇, and who approves for the county."""
    with acting(actor="system:test"):
        officer = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=_SINCE)
        head = data("胡德旺", id_number=make_id_number(birth_date=date(1971, 3, 12)))
        family = register(officer, code=VILLAGES[LINXI], head=head)
        approver = make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE)
        award = grant(family, approver, decided_on=date(2026, 6, 10))
        if is_suspended:
            month = date(2026, 9, 1)
            services.suspend_award(award, from_month=month, reason="联系不上", by=approver, on=date(2026, 8, 20))
        return award, approver


def phase_out() -> PhaseOut:
    award, approver = awarded()
    with acting(actor="system:test"):
        return services.start_phase_out(
            award, months=3, suggested_months=3, suggestion="", reason="儿子就业", by=approver, on=date(2026, 8, 20)
        )


_SEE, _DECIDE = any_of(P.VIEW_AWARD), any_of(P.CONFIRM, P.CONFIRM_DELEGATED)


def _decided(*, is_suspended: bool) -> dict[str, Any]:
    """A township that confirms nothing itself finds the award and may not decide."""
    return {
        "door": _DECIDE,
        "sees": _SEE,
        "needs": any_of(P.CONFIRM),
        "kwargs": lambda world: [{"pk": awarded(is_suspended=is_suspended)[0].pk}],
        "methods": BOTH,
    }


AWARD_DOORS: dict[str, dict[str, Any]] = {
    "award": {"door": _SEE, "sees": _SEE, "kwargs": lambda world: [{"pk": phase_out().award_id}]},
    "suspend": _decided(is_suspended=False),
    "resume": _decided(is_suspended=True),
    "less_income": {
        "door": any_of(P.PROPOSE),
        "sees": any_of(P.PROPOSE),
        "kwargs": lambda world: [{"pk": phase_out().award_id}],
        "methods": BOTH,
    },
    "phase_outs": {"door": _SEE},
    "export_phase_outs": {"door": any_of(P.EXPORT), "methods": POST},
    "revoke_phase_out": {
        "door": any_of(P.MANAGE_PHASE_OUT),
        "sees": any_of(P.MANAGE_PHASE_OUT),
        "kwargs": lambda world: [{"pk": phase_out().pk}],
        "methods": BOTH,
    },
}
"""By the name of the URL, what ``tests.matrix.rules.Rule`` takes."""
