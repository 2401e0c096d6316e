"""审核确认: four eyes, a fresh assessment, then the award or a refusal with reasons, or a return."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from applications import papers
from applications.models import Case, Decision, Proposal
from applications.models.terms import REFUSAL_CONTEST
from applications.permissions import (
    Permission,
    check_can_act,
    check_can_confirm,
    has_lawful_confirmer,
    township_decides,
)
from applications.queries import (
    Grounds,
    current_proposal,
    due_after,
    grounds_of,
    lacks_before_decision,
)
from applications.queries.telling import intended, must_tell, whom
from applications.rules.process import Authority, CaseState, EventKind
from applications.rules.suggestion import Difference, differences, outcome_differences
from applications.services.aid import tell_of_end
from applications.services.deadlines import set_deadlines
from applications.services.effects import check_month_holds
from applications.services.grounds import store_grounds
from applications.services.issuing import issue
from applications.services.outcomes import outcome_of
from applications.services.steps import NotNow, advance, check_not_related, lock_case, require_state, write_event
from foundation.errors import ServiceError
from households.models import Household
from organizations.models import Staff


class FactsChanged(ServiceError):
    """Facts or the result changed after the proposal; ``differences`` shows what."""

    def __init__(self, found: Sequence[Difference]) -> None:
        super().__init__("初审之后家庭情况或测算结果有变化，不能直接确认。请核对下列差异，退回补查后重新初审。")
        self.differences = list(found)


def enter_confirming(case: Case, *, event: EventKind, by: Staff, on: date, late_reason: str) -> None:
    """Send a locked case up; where no lawful confirmer is left in a delegated township, to the county."""
    advance(case, "send_to_confirm", event=event, by=by, on=on, late_reason=late_reason)
    send_up_if_stranded(case, by=by, on=on)


def send_up_if_stranded(case: Case, *, by: Staff | None, on: date) -> bool:
    """Give a locked case to the county by itself where its township may no longer decide it.

    :param by: whose act left it so; None for the nightly task.
    :returns: whether it went up.
    """
    if case.authority != Authority.TOWNSHIP or case.state != CaseState.CONFIRMING:
        return False
    if has_lawful_confirmer(case, on=on):
        return False
    move_to_county(
        case,
        by=by,
        on=on,
        reason="乡镇没有可以依法确认的人员" if township_decides(case, on=on) else _why_not_the_township(case),
    )
    return True


def _why_not_the_township(case: Case) -> str:
    return "救助金额超过乡镇审批限额" if case.matter.is_paid_once else "乡镇的审核确认委托已经结束"


@transaction.atomic
def send_up_stranded(*, on: date) -> int:
    """Give the county every case that its township may no longer decide (转县民政局确认).

    :returns: how many went up.
    """
    waiting = Case.objects.filter(state=CaseState.CONFIRMING, authority=Authority.TOWNSHIP)
    return sum(send_up_if_stranded(lock_case(case), by=None, on=on) for case in waiting.order_by("pk"))


def move_to_county(case: Case, *, by: Staff | None, on: date, reason: str) -> None:
    """Give a locked case waiting for confirmation to the county (转县民政局确认), with the county's terms."""
    case.authority = Authority.COUNTY
    set_deadlines(case, state_clock=on)
    case.version += 1
    case.save()
    write_event(case, EventKind.SENT_TO_COUNTY, by=by, on=on, note=reason)


def check_contest_over(case: Case, proposal: Proposal, *, on: date) -> None:
    """What goes against the family goes up only after it was told and its days to contest are over (F57 §§18, 32).

    :raises NotNow: not told yet, or the days are not over.
    """
    if not must_tell(case, proposal):
        return
    what = intended(case, proposal)
    if proposal.told_family_on is None:
        raise NotNow(f"请先告知{whom(case)}{what}及理由，再报审核确认。")
    due = due_after(case, REFUSAL_CONTEST, start=proposal.told_family_on)
    if due is not None and on <= due.on:
        raise NotNow(f"{whom(case)}可以在{due.on:%Y年%-m月%-d日}前举证异议，次日起才能报审核确认。")


@transaction.atomic
def approve(
    case: Case, *, opinion: str, by: Staff, on: date, late_reason: str = "", version: int | None = None
) -> Decision:
    """Confirm the proposal (确认同意; F57 §§20–21): the award begins the month after ``on``.

    :raises NotPermitted: no right to confirm, or the person had a hand in the case (four eyes).
    :raises FactsChanged: a fresh assessment differs from the one the proposal rests on.
    :raises AlreadyCovered: a person stands in another current award.
    """
    case, proposal = _ready_to_decide(case, by=by, on=on, version=version)
    if not proposal.is_eligible:
        words = case.matter.words
        raise NotNow(f"初审意见是{words.disagree}，不能{words.approved}；有不同意见请退回补查。")
    grounds = _assess_again(case, proposal, by=by, on=on)
    decision = Decision.objects.create(
        case=case,
        proposal=proposal,
        assessment=grounds.assessment,
        further=grounds.further,
        is_eligible=True,
        basis=proposal.basis,
        category=proposal.category,
        monthly_amount=proposal.monthly_amount,
        valid_months=proposal.valid_months,
        aid_amount=proposal.aid_amount,
        review_result=proposal.review_result,
        phase_out_months=proposal.phase_out_months,
        decided_by=by,
        decided_on=on,
        opinion=opinion or "同意",
    )
    effect = outcome_of(case).carry_out(case, proposal, by=by, on=on)
    case.decided_on = on
    advance(
        case,
        "approve",
        event=EventKind.APPROVED,
        by=by,
        on=on,
        late_reason=late_reason,
        note=effect.note,
        data=effect.data,
    )
    for kind, record in papers.approval_papers(case, decision=decision, on=on):
        issue(case, kind, record, by=by, on=on)
    outcome_of(case).follow_up(case, decision, by=by, on=on)
    return decision


def _ready_to_decide(case: Case, *, by: Staff, on: date, version: int | None) -> tuple[Case, Proposal]:
    # Nobody changes the family while it is assessed and decided; its row is locked first, as its own acts do.
    Household.objects.select_for_update(of=("self",), no_key=True).get(pk=case.household_id)
    case = lock_case(case, version=version)
    check_can_confirm(by, case)
    require_state(case, CaseState.CONFIRMING)
    check_not_related(case, by)
    if case.authority == Authority.TOWNSHIP and not township_decides(case, on=on):
        raise NotNow(f"{_why_not_the_township(case)}，这个办件由县民政局审核确认。")
    if missing := lacks_before_decision(case, on=on):
        raise NotNow("；".join(lack.text for lack in missing) + "。")
    proposal = current_proposal(case)
    assert proposal is not None  # noqa: S101 -- a case up for confirmation has a signed proposal
    return case, proposal


def _assess_again(case: Case, proposal: Proposal, *, by: Staff, on: date) -> Grounds:
    check_month_holds(case, proposal)
    grounds = store_grounds(case, by=by, on=on, month=proposal.from_month, aid_amount=proposal.aid_amount)
    found = differences(proposal.assessment.facts, grounds.facts)
    compared = case.matter.compared
    found += outcome_differences(compared(grounds_of(proposal).result), compared(grounds.result))
    if found:
        raise FactsChanged(found)
    return grounds


@transaction.atomic
def refuse(
    case: Case,
    *,
    opinion: str,
    reasons: str = "",
    facts_found: str = "",
    clause: str = "",
    by: Staff,
    on: date,
    late_reason: str = "",
    version: int | None = None,
) -> Decision:
    """Refuse (不予确认; F57 §21): which test failed, by how much, after which clause, what else the family may claim.

    :param reasons: what is to be said beside the failed tests of the assessment, which go into the decision by
        themselves; where none failed, the whole reason, with ``facts_found`` and ``clause``.
    :raises NotNow: neither a failed test nor facts, reason and clause.
    :raises FactsChanged: a fresh assessment differs from the one the proposal rests on.
    """
    case, proposal = _ready_to_decide(case, by=by, on=on, version=version)
    if proposal.is_eligible:
        words = case.matter.words
        raise NotNow(f"初审意见是{words.agree}，不能直接{words.refused}；有不同意见请退回补查，由乡镇重新初审。")
    grounds = _assess_again(case, proposal, by=by, on=on)
    failed = papers.failed_sentences(case, grounds)
    own = {"reasons": reasons.strip(), "facts_found": facts_found.strip(), "clause": clause.strip().rstrip("。")}
    _check_grounds(own, has_failed_test=bool(failed), refused=case.matter.words.refused)
    statement = "\n".join(filter(None, [*failed, own["reasons"]]))
    decision = Decision.objects.create(
        case=case,
        proposal=proposal,
        assessment=grounds.assessment,
        further=grounds.further,
        is_eligible=False,
        decided_by=by,
        decided_on=on,
        opinion=opinion or case.matter.words.refused,
        **{**own, "reasons": statement},
    )
    case.decided_on = on
    advance(case, "refuse", event=EventKind.REFUSED, by=by, on=on, late_reason=late_reason, note=statement)
    for kind, record in papers.refusal_papers(case, decision=decision, on=on):
        issue(case, kind, record, by=by, on=on)
    tell_of_end(case, by=by, on=on)
    return decision


def _check_grounds(own: Mapping[str, str], *, has_failed_test: bool, refused: str) -> None:
    """A refusal states facts, reason and clause: the assessment's failed tests, or what staff write; F57 §21."""
    asked = {"facts_found": "查明的事实", "reasons": f"{refused}的理由", "clause": "依据的条款"}
    if has_failed_test and not (own["facts_found"] or own["clause"]):
        return
    for name, what in asked.items():
        if not own[name]:
            why = "事实、理由和条款须一并写明" if has_failed_test else "试算没有未通过的条件"
            raise NotNow(f"{why}，请写明{what}。", field=name)


@transaction.atomic
def send_back(
    case: Case, *, missing: str, by: Staff, on: date, late_reason: str = "", version: int | None = None
) -> Case:
    """Return the case saying what is missing (退回补查): confirming → returned."""
    case = lock_case(case, version=version)
    check_can_confirm(by, case)
    require_state(case, CaseState.CONFIRMING)
    if not missing.strip():
        raise NotNow("请写明要补查什么。", field="missing")
    advance(case, "send_back", event=EventKind.RETURNED, by=by, on=on, late_reason=late_reason, note=missing)
    return case


@transaction.atomic
def resume(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Case:
    """Take up a returned case again (继续调查): returned → investigating."""
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.RETURNED)
    advance(case, "reinvestigate", event=EventKind.RESUMED, by=by, on=on, late_reason=late_reason)
    return case
