"""How the records of a case name who did something: a deputy (代理) with whoever they stood for."""

from collections.abc import Sequence

from django.utils import timezone

from applications.models import Case, CaseEvent, Decision, Proposal
from applications.permissions import Permission
from applications.rules.process import EventKind
from organizations.models import Staff
from organizations.queries import deputising
from organizations.rules.separation import Deputising, name_in_office

_P, _K = Permission, EventKind
_CONFIRMING = frozenset({_P.CONFIRM, _P.CONFIRM_DELEGATED})
_SIGNING = frozenset({_P.SIGN_PROPOSAL, _P.PROPOSE})
_BY_RIGHT_OF: dict[EventKind, frozenset[Permission]] = {
    **dict.fromkeys((_K.APPROVED, _K.REFUSED, _K.RETURNED), _CONFIRMING),
    **dict.fromkeys((_K.PROPOSED, _K.DRAFT_RETURNED), _SIGNING),
    _K.DRAFTED: frozenset({_P.PROPOSE}),
    _K.ACCEPTED: frozenset({_P.ACCEPT}),
    _K.VISITED: frozenset({_P.INVESTIGATE}),
    _K.COUNTY_VISITED: frozenset({_P.COUNTY_VISIT}),
    _K.PUBLICISED: frozenset({_P.PUBLICISE}),
    _K.EXTENDED: frozenset({_P.EXTEND_DEADLINE}),
}
"""What an event takes, where one post allows it and another of the same person may not; others any post allows."""


def deputies_of(case: Case) -> list[Deputising]:
    """Deputies' posts that held in the case's area while it ran."""
    since = case.intake.opened_on
    pairs = deputising(since=since, on=timezone.localdate())
    return [pair for pair in pairs if pair.covers(case.area.code, since=since)]


def name_of_actor(event: CaseEvent, deputies: Sequence[Deputising], *, area_code: str) -> str:
    """Who did what happened; the system's own work is 系统."""
    if event.by is None:
        return "系统"
    needed = _BY_RIGHT_OF.get(EventKind(event.kind), frozenset())
    return _named(event.by, deputies, on=timezone.localdate(event.at), area_code=area_code, by_right_of=needed)


def signers_of(proposal: Proposal) -> tuple[str, str]:
    """Who drafted and who signed the proposal (拟初审意见、签发); empty where nobody signed yet."""
    case = proposal.case
    deputies = deputies_of(case)
    drafted = _named(
        proposal.drafted_by,
        deputies,
        on=proposal.drafted_on,
        area_code=case.area.code,
        by_right_of=_BY_RIGHT_OF[_K.DRAFTED],
    )
    if proposal.signed_by is None or proposal.signed_on is None:
        return drafted, ""
    return drafted, _named(
        proposal.signed_by, deputies, on=proposal.signed_on, area_code=case.area.code, by_right_of=_SIGNING
    )


def decider_of(decision: Decision) -> str:
    """Who confirmed or refused (审核确认)."""
    case = decision.case
    return _named(
        decision.decided_by,
        deputies_of(case),
        on=decision.decided_on,
        area_code=case.area.code,
        by_right_of=_CONFIRMING,
    )


def _named(staff: Staff, deputies: Sequence[Deputising], **when: object) -> str:
    return name_in_office(staff.pk, staff.name, deputies, **when)  # type: ignore[arg-type]
