"""临时救助: what the rooms above are told of a case, and who decides it by its amount."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.dispatch import Signal

from applications.models import Case, Proposal
from applications.permissions import authority_of, township_decides
from applications.rules.matters import Result
from applications.rules.process import Authority
from applications.services.deadlines import set_deadlines
from applications.services.steps import NotNow
from applications.signals import aid_approved, aid_ceiling_asked, aid_ended, aid_proposed
from organizations.models import Staff

_AUTHORITIES = {Authority.TOWNSHIP: "乡镇审批", Authority.COUNTY: "县民政局审批"}


def tell_of_proposal(case: Case, proposal: Proposal, result: Result, *, by: Staff, on: date) -> None:
    """Ask whoever keeps the aid's own record whether so much may be proposed; nothing of another matter or a refusal.

    :param result: of the assessment made with the proposed amount.
    :raises NotProposable: what such an amount takes is not there.
    """
    if not case.matter.is_paid_once or not proposal.is_eligible:
        return
    _send(aid_proposed, case=case, proposal=proposal, amount=proposal.aid_amount, result=result, by=by, on=on)


def cause_ceiling(case: Case, *, on: date) -> Decimal | None:
    """The county's own top for what the aid of a case is for (因学上限), in bases; None for the type's."""
    if not case.matter.is_paid_once:
        return None
    answers: list[tuple[Any, Any]] = aid_ceiling_asked.send(Case, case=case, on=on)
    return next((most for _, most in answers if isinstance(most, Decimal)), None)


def tell_of_approval(case: Case, proposal: Proposal, *, by: Staff, on: date) -> str:
    """Have created what is paid.

    :returns: what came of it, in words.
    """
    answers = _send(aid_approved, case=case, proposal=proposal, by=by, on=on)
    return "；".join(answer for answer in answers if isinstance(answer, str) and answer)


def tell_of_end(case: Case, *, by: Staff, on: date) -> None:
    """Say that a locked case ended without aid: refused, withdrawn or terminated."""
    if case.matter.is_paid_once:
        aid_ended.send(Case, case=case, state=case.state, by=by, on=on)


def _send(signal: Signal, **told: Any) -> list[Any]:
    """What the receivers answer.

    :raises RuntimeError: there is none: money would be promised with nobody to pay it.
    """
    answers = signal.send(Case, **told)
    if not answers:
        raise RuntimeError(f"nobody keeps the aid of case {told['case'].number}: no receiver is connected")
    return [answer for _, answer in answers]


def fix_authority(case: Case, *, on: date) -> str:
    """Fix anew who decides a locked case by what is proposed, with the terms that go with it; the caller saves it.

    :returns: who decides now, in words; empty where amounts do not say it.
    """
    if not case.matter.is_paid_once:
        return ""
    authority = authority_of(case, on=on)
    if authority != case.authority:
        case.authority = authority
        set_deadlines(case)
    return _AUTHORITIES[authority]


def check_authority_holds(case: Case, *, on: date) -> None:
    """
    :raises NotNow: since the draft the township's limit has changed, so that somebody else signs what is proposed.
    """
    if case.matter.is_paid_once and case.authority == Authority.TOWNSHIP and not township_decides(case, on=on):
        raise NotNow("拟稿以后乡镇审批限额有变化，这份意见由县民政局审批；请退改，重新拟初审意见后由分管负责人签发。")
