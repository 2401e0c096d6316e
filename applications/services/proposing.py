"""初审: drafting and signing the proposal, telling the family of a refusal that is proposed."""

from datetime import date
from typing import Any

from django.db import transaction

from applications.models import Case, Proposal, ProposalPerson
from applications.permissions import Permission, can_act, check_can_act, check_can_sign, signing_permission
from applications.queries import (
    current_proposal,
    lacks_before_confirming,
    lacks_before_proposal,
    needs_publicity,
    open_publicity,
    suggested,
)
from applications.queries.telling import intended, must_tell, whom
from applications.rules.process import CaseState, EventKind
from applications.rules.suggestion import SuggestedPerson, Suggestion
from applications.services.aid import check_authority_holds, fix_authority, tell_of_proposal
from applications.services.confirming import check_contest_over, enter_confirming
from applications.services.deadlines import set_deadlines
from applications.services.effects import check_month
from applications.services.grounds import store_grounds
from applications.services.outcomes import NotProposable, ProposalData, ProposedPerson, outcome_of
from applications.services.self_care import check_assessed
from applications.services.steps import (
    NotNow,
    advance,
    check_not_related,
    explain_if_late,
    lock_case,
    require_state,
    write_event,
)
from applications.services.support_choices import check_chosen
from organizations.models import Staff


@transaction.atomic
def draft_proposal(
    case: Case, *, data: ProposalData, by: Staff, on: date, late_reason: str = "", version: int | None = None
) -> Proposal:
    """Draft the proposal (拟初审意见; F57 §19) on an assessment made and stored now; an earlier draft is replaced.

    :raises NotProposable: check or visit are missing, values do not fit, or a difference is not explained.
    """
    case = lock_case(case, version=version)
    check_can_act(by, Permission.PROPOSE, area=case.area)
    require_state(case, CaseState.INVESTIGATING, CaseState.APPRAISING)
    check_not_related(case, by)
    if missing := lacks_before_proposal(case, on=on):
        raise NotProposable("还不能提出初审意见：" + "；".join(lack.text for lack in missing) + "。")
    explain_if_late(case, reason=late_reason, by=by, on=on)
    _check_values(case, data)
    members = [person.member for person in data.persons]
    check_assessed(case, members, on=on)
    check_chosen(case, members, on=on)
    month = check_month(case, data, on=on)
    grounds = store_grounds(case, by=by, on=on, month=month, aid_amount=data.aid_amount)
    if data.is_eligible:
        outcome_of(case).check_result(case, data, grounds.result)
    suggestion = suggested(case, grounds.result, grounds.facts)
    if not data.difference_reason.strip() and suggestion.is_unsettled and not data.is_eligible:
        raise NotProposable(
            "还有法定义务人没有查明，不能直接拟不予确认。请先查明；确实不予确认的，请写明理由。",
            field="difference_reason",
        )
    if not data.difference_reason.strip() and _differs(data, suggestion):
        raise NotProposable("与系统建议不同，请写明理由。", field="difference_reason")
    case.proposals.filter(replaced_on=None).update(replaced_on=on)
    proposal = Proposal.objects.create(
        case=case,
        assessment=grounds.assessment,
        further=grounds.further,
        is_eligible=data.is_eligible,
        basis=data.basis,
        category=data.category,
        monthly_amount=data.monthly_amount,
        valid_months=data.valid_months,
        aid_amount=data.aid_amount,
        review_result=data.review_result,
        phase_out_months=data.phase_out_months,
        opinion=data.opinion,
        difference_reason=data.difference_reason,
        from_month=month,
        from_month_reason=data.from_month_reason.strip() if month else "",
        drafted_by=by,
        drafted_on=on,
    )
    ProposalPerson.objects.bulk_create(
        [
            ProposalPerson(
                proposal=proposal,
                member=person.member,
                topup_monthly_amount=person.topup_monthly_amount,
                topup_class=person.topup_class,
                monthly_amount=person.monthly_amount,
                care_monthly_amount=person.care_monthly_amount,
                care_level=person.care_level,
                support_mode=person.support_mode,
            )
            for person in data.persons
        ]
    )
    authority = fix_authority(case, on=on)
    tell_of_proposal(case, proposal, grounds.result, by=by, on=on)
    case.awaits_signature = True
    case.version += 1
    case.save()
    note = outcome_of(case).in_words(data) if data.is_eligible else case.matter.words.disagree
    write_event(case, EventKind.DRAFTED, by=by, on=on, note="，由".join(filter(None, (note, authority))))
    return proposal


def _check_values(case: Case, data: ProposalData) -> None:
    if not data.opinion.strip():
        raise NotProposable("请写初审意见。", field="opinion")
    if data.is_eligible:
        outcome_of(case).check_values(case, data)
    elif case.matter.is_review:
        raise NotProposable("请选择复核结果。", field="review_result")
    elif data.persons or data.monthly_amount is not None or data.aid_amount is not None:
        raise NotProposable(f"{case.matter.words.disagree}的，不填保障对象和金额。", field="is_eligible")


def _differs(data: ProposalData, suggestion: Suggestion) -> bool:
    """Whether anything that is signed is not what the rules come to."""
    names = ("is_eligible", "basis", "category", "monthly_amount", "valid_months", "review_result")
    if suggestion.phase_out_months is not None and data.phase_out_months != suggestion.phase_out_months:
        return True
    if any(getattr(data, name) != getattr(suggestion, name) for name in names):
        return True
    return {_of_person(row.member.pk, row) for row in data.persons} != {
        _of_person(row.member_id, row) for row in suggestion.persons
    }


def _of_person(key: int, row: ProposedPerson | SuggestedPerson) -> tuple[Any, ...]:
    return (
        key,
        row.topup_monthly_amount,
        row.monthly_amount,
        row.care_monthly_amount,
        row.care_level,
        row.support_mode,
    )


@transaction.atomic
def return_draft(case: Case, *, note: str, by: Staff, on: date) -> Case:
    """The signer hands the draft back with what to mend (退改初审意见)."""
    case = lock_case(case)
    check_can_sign(by, case, on=on)
    require_state(case, CaseState.INVESTIGATING, CaseState.APPRAISING)
    if not case.awaits_signature:
        raise NotNow("没有待签发的初审意见。")
    if not note.strip():
        raise NotNow("请写明要修改什么。", field="note")
    case.awaits_signature = False
    case.version += 1
    case.save()
    write_event(case, EventKind.DRAFT_RETURNED, by=by, on=on, note=note)
    return case


@transaction.atomic
def sign_proposal(case: Case, *, by: Staff, on: date, late_reason: str = "", version: int | None = None) -> Case:
    """Sign the proposal (签发初审意见): → proposed. In a delegated township the clerk signs, the lead confirms.

    :raises NotPermitted: the person does not sign proposals of this case.
    :raises NotNow: nothing is waiting for a signature.
    """
    case = lock_case(case, version=version)
    check_can_sign(by, case, on=on)
    check_not_related(case, by)
    require_state(case, CaseState.INVESTIGATING, CaseState.APPRAISING)
    check_authority_holds(case, on=on)
    proposal = current_proposal(case)
    if not case.awaits_signature or proposal is None:
        raise NotNow("还没有拟好的初审意见，不能签发。")
    if missing := lacks_before_proposal(case, on=on):
        raise NotNow("还不能签发：" + "；".join(lack.text for lack in missing) + "。")
    proposal.signed_by, proposal.signed_on = by, on
    proposal.save(update_fields=["signed_by", "signed_on"])
    case.awaits_signature = False
    note = intended(case, proposal)
    if not can_act(by, signing_permission(case), area=case.area):
        note += "（分管负责人回避，由经办人签发）"
    posted = None if needs_publicity(case, proposal, on=on) else open_publicity(case)
    advance(
        case,
        "propose",
        event=EventKind.PROPOSED,
        by=by,
        on=on,
        late_reason=late_reason,
        note=note,
        # After an objection the case waits for the end of the seven days, where it does not go up on the wall anew.
        clock_from=max(on, posted.last_day) if posted else None,
    )
    return case


@transaction.atomic
def tell_not_eligible(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Proposal:
    """Tell the family what is proposed against it, with reasons (告知拟不予确认, 拟减发、停发; F57 §§18–19, 32).

    :raises OverdueReasonMissing: told after the step's due day without a reason.
    """
    case = lock_case(case)
    check_can_act(by, Permission.PROPOSE, area=case.area)
    require_state(case, CaseState.PROPOSED)
    proposal = _told_of(case)
    if proposal.told_family_on is not None:
        raise NotNow(f"已经告知过{whom(case)}。")
    explain_if_late(case, reason=late_reason, by=by, on=on)
    proposal.told_family_on = on
    proposal.save(update_fields=["told_family_on"])
    # The township cannot go on before the family's days are over: its own begin then.
    set_deadlines(case)
    case.version += 1
    case.save()
    write_event(case, EventKind.TOLD_NOT_ELIGIBLE, by=by, on=on, note=intended(case, proposal))
    return proposal


@transaction.atomic
def contest(case: Case, *, evidence: str, by: Staff, on: date, late_reason: str = "") -> Case:
    """The family contests with evidence what it was told of (举证异议; F57 §18): → investigating."""
    case = lock_case(case)
    check_can_act(by, Permission.PROPOSE, area=case.area)
    require_state(case, CaseState.PROPOSED)
    proposal = _told_of(case)
    if proposal.told_family_on is None:
        raise NotNow(f"请先告知{whom(case)}{intended(case, proposal)}及理由。")
    if not evidence.strip():
        raise NotNow(f"请写明{whom(case)}举出的证据。", field="evidence")
    advance(case, "reinvestigate", event=EventKind.CONTESTED, by=by, on=on, late_reason=late_reason, note=evidence)
    return case


@transaction.atomic
def send_to_confirm(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Case:
    """Send a proposed case up without (another) publicity: a refusal that stands, or after an objection (F57 §19).

    :raises NotNow: the proposal has to be publicised first, or the family's days to contest are not over.
    """
    case = lock_case(case)
    check_can_act(by, Permission.PROPOSE, area=case.area)
    require_state(case, CaseState.PROPOSED)
    proposal = current_proposal(case)
    assert proposal is not None  # noqa: S101 -- a proposed case has a signed proposal
    if proposal.is_eligible and needs_publicity(case, proposal, on=on):
        raise NotNow(f"{case.matter.words.agree}的须先公示7天，再报审核确认。")
    check_contest_over(case, proposal, on=on)
    if needs_publicity(case, proposal, on=on):
        raise NotNow(f"按本县设置，{case.matter.words.disagree}的也要先公示。")
    if missing := lacks_before_confirming(case, on=on):
        raise NotNow("还不能报审核确认：" + "；".join(lack.text for lack in missing) + "。")
    case.publicities.filter(closed_on=None).update(closed_on=on)
    enter_confirming(case, event=EventKind.SENT_TO_CONFIRM, by=by, on=on, late_reason=late_reason)
    return case


def _told_of(case: Case) -> Proposal:
    """
    :raises NotNow: what is proposed is not told to the family first.
    """
    proposal = current_proposal(case)
    if case.matter.ends_award:
        raise NotNow("拟继续供养的，不需要告知。")
    if proposal is None or not must_tell(case, proposal):
        raise NotNow("这份复核意见不需要先告知家庭。" if case.matter.is_review else "初审意见不是拟不予确认。")
    return proposal
