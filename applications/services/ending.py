"""Instead of a decision: withdrawing, terminating, taking the last step back."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from applications import papers
from applications.models import Case, CaseEvent
from applications.permissions import Permission, can_act, check_can_act, check_can_sign, confirming_permission
from applications.queries import current_proposal
from applications.rules.process import TAKE_BACK, Authority, CaseState, EventKind
from applications.services.aid import tell_of_end
from applications.services.deadlines import set_deadlines
from applications.services.issuing import issue, void_issued
from applications.services.publicity import take_down
from applications.services.steps import NotNow, advance, lock_case, write_event
from documents.models import DocumentKind
from foundation.errors import NotPermitted
from households.models import Attachment
from organizations.models import Staff
from organizations.models.delegations import Scheme

TERMINATION_CAUSES = {
    "refuses": "申请人拒不配合调查",
    "died": "申请人死亡",
}
_CLAUSES = {
    "refuses": "《最低生活保障审核确认办法》第二十九条",
    "died": "申请人死亡，本次申请没有申请人可以继续办理（本地做法）",
}
_REFUSES_TEKUN = "《特困人员认定办法》第十三条第二款，拒不配合的终止办理为本地做法"
"""F43 asks for cooperation and leaves open what follows where there is none."""
_TAKEN_BACK = "撤销上一步"


@transaction.atomic
def withdraw(case: Case, *, reason: str, by: Staff, on: date, paper: Attachment | None = None) -> Case:
    """The family withdraws its application (撤回申请), from any state before the decision.

    :param paper: the scan of what the family signed; required once the application is registered.
    :raises NotNow: decided already, no reason, or the family's signed paper is missing.
    """
    case = lock_case(case)
    before_registration = case.state == CaseState.DRAFT
    check_can_act(by, Permission.OPEN_INTAKE if before_registration else Permission.ACCEPT, area=case.area)
    _check_open(case)
    if case.matter.of_award:
        raise NotNow(f"{case.get_kind_display()}不是家庭的申请；不再办理的，请撤销{case.get_kind_display()}程序。")
    if not reason.strip():
        raise NotNow("请写明家庭撤回的原因。", field="reason")
    if paper is None and not before_registration:
        raise NotNow("请上传家庭签字的撤回申请。", field="paper")
    if paper is not None and paper.household_id != case.household_id:
        raise NotNow("这份撤回申请不是这个家庭的附件。", field="paper")
    close_publicity_early(case, on=on)
    data = {"attachment": paper.pk} if paper else {}
    advance(case, "withdraw", event=EventKind.WITHDRAWN, by=by, on=on, late_reason=reason, note=reason, data=data)
    tell_of_end(case, by=by, on=on)
    return case


@transaction.atomic
def terminate(case: Case, *, cause: str, reason: str, by: Staff, on: date) -> Case:
    """Terminate the procedure (终止办理; F57 §29): refuses to cooperate, or the applicant died; the family is told."""
    case = lock_case(case)
    if not can_act(by, confirming_permission(case), area=case.area):
        check_can_act(by, Permission.ACCEPT, area=case.area)
    _check_open(case)
    if case.matter.of_award:
        raise NotNow(f"{case.get_kind_display()}不再办理的，请撤销{case.get_kind_display()}程序。")
    if cause not in TERMINATION_CAUSES:
        raise NotNow("请选择终止的情形。", field="cause")
    if cause == "died" and not applicant_died(case):
        raise NotNow("申请人没有登记死亡；确已死亡的，请先在家庭页办理“死亡”。", field="cause")
    if not reason.strip():
        raise NotNow("请写明终止的具体情况。", field="reason")
    close_publicity_early(case, on=on)
    note = f"{TERMINATION_CAUSES[cause]}：{reason}"
    was_registered = case.state != CaseState.DRAFT
    advance(case, "terminate", event=EventKind.TERMINATED, by=by, on=on, late_reason=reason, note=note)
    if was_registered:
        clause = _REFUSES_TEKUN if cause == "refuses" and case.scheme == Scheme.TEKUN else _CLAUSES[cause]
        notice = papers.termination_notice(case, cause=cause, reason=reason.strip(), clause=clause, on=on)
        issue(case, DocumentKind.TERMINATION_NOTICE, notice, by=by, on=on)
    tell_of_end(case, by=by, on=on)
    return case


def applicant_died(case: Case) -> bool:
    """Whether the applicant is recorded as dead, or one was and the head has applied on for the family."""
    if case.applicant.person.died_on is not None:
        return True
    return case.events.filter(kind=EventKind.FAMILY_CHANGED, data__has_key="died").exists()


def _check_open(case: Case) -> None:
    if not case.is_open:
        raise NotNow("这个办件已经办结。")


def close_publicity_early(case: Case, *, on: date) -> None:
    """The procedure ends while the sheet hangs: its publicity ends with it."""
    case.publicities.filter(closed_on=None).update(closed_on=on)


def previous_state(case: Case) -> CaseState | None:
    """The state that taking the last step back would lead to, None where it cannot be taken back."""
    return taken_back_to(case, _last_step(case))


def taken_back_to(case: Case, last: CaseEvent | None) -> CaseState | None:
    """The state that taking a case's last step back would lead to, None where it cannot be taken back.

    :param last: the last event that changed the state.
    """
    if last is None or last.to_state != case.state:
        return None
    target = CaseState(last.from_state) if last.from_state else None
    return target if target in TAKE_BACK.get(case.case_state, frozenset()) else None


def may_take_back(case: Case, by: Staff, *, events: Sequence[CaseEvent] | None = None) -> bool:
    """Whether the person made the last step and nobody has acted since.

    :param events: all that happened, the newest first, where that is read already.
    """
    happened = list(case.events.order_by("-pk")) if events is None else events
    last = next((event for event in happened if event.to_state), None)
    if last is None or taken_back_to(case, last) is None:
        return False
    return all(event.by_id == by.pk for event in happened if event.pk >= last.pk)


def _last_step(case: Case) -> CaseEvent | None:
    return case.events.exclude(to_state="").order_by("-pk").first()


@transaction.atomic
def take_back(case: Case, *, by: Staff, on: date) -> Case:
    """Take the last step back (撤销上一步): whoever made it, until the next person acts.

    :raises NotPermitted: somebody else made the step or has acted since.
    :raises NotNow: the step cannot be undone (a family holds its list, a decision is made).
    """
    case = lock_case(case)
    target = previous_state(case)
    if target is None:
        raise NotNow("上一步不能撤销。")
    if not may_take_back(case, by):
        raise NotPermitted("只有办理上一步的人，在别人接着办理之前，才能撤销。")
    _check_still_permitted(case, by, on=on)
    note = _undo(case, target, by=by, on=on)
    before = case.case_state
    case.take_back(str(target))
    entered = case.events.filter(to_state=target).order_by("-pk").values_list("on", flat=True).first()
    case.state_since = entered or on
    set_deadlines(case)
    case.version += 1
    case.save()
    write_event(case, EventKind.TAKEN_BACK, by=by, on=on, note=note, from_state=before, to_state=target)
    return case


_STEP_PERMISSIONS: dict[CaseState, Permission] = {
    CaseState.SUBMITTED: Permission.OPEN_INTAKE,
    CaseState.ACCEPTED: Permission.ACCEPT,
    CaseState.INVESTIGATING: Permission.INVESTIGATE,
    CaseState.PUBLICISED: Permission.PUBLICISE,
    CaseState.CONFIRMING: Permission.PROPOSE,
}


def _check_still_permitted(case: Case, by: Staff, *, on: date) -> None:
    """Who made the step may still make it: a post may have ended since."""
    match case.case_state:
        case CaseState.PROPOSED:
            check_can_sign(by, case, on=on)
            return
        case CaseState.RETURNED:
            permission = confirming_permission(case)
        case state:
            permission = _STEP_PERMISSIONS[state]
    check_can_act(by, permission, area=case.area)


def _undo(case: Case, target: CaseState, *, by: Staff, on: date) -> str:
    """Put back what the step set beside the state.

    :returns: what is left to do by hand.
    """
    match case.case_state:
        case CaseState.ACCEPTED:
            if case.documents.filter(document__delivery__isnull=False, document__voided_on=None).exists():
                raise NotNow("受理通知书已经送达，受理不能撤销；家庭不再申请的，请办理撤回。")
            void_issued(case, DocumentKind.ACCEPTANCE_NOTICE, reason=_TAKEN_BACK, by=by, on=on)
            case.accepted_on, case.due_on, case.due_is_provisional = None, None, False
        case CaseState.PROPOSED:
            proposal = current_proposal(case)
            assert proposal is not None  # noqa: S101 -- a proposed case has a signed proposal
            proposal.signed_by, proposal.signed_on = None, None
            proposal.save(update_fields=["signed_by", "signed_on"])
            case.awaits_signature = True
        case CaseState.PUBLICISED:
            return take_down(case, reason=_TAKEN_BACK, by=by, on=on)
        case CaseState.CONFIRMING if target == CaseState.PUBLICISED:
            latest = case.publicities.order_by("-pk").first()
            assert latest is not None  # noqa: S101 -- the case came from publicity
            latest.closed_on = None
            latest.save(update_fields=["closed_on"])
            _back_to_township(case)
        case CaseState.CONFIRMING:
            _back_to_township(case)
    return ""


def _back_to_township(case: Case) -> None:
    """The step sent the case up to the county by itself: taken back, it is the township's again."""
    last = _last_step(case)
    if last is not None and case.events.filter(pk__gt=last.pk, kind=EventKind.SENT_TO_COUNTY).exists():
        case.authority = Authority.TOWNSHIP
