"""支出型 through the case machine (一般程序): its intake and case are opened here, its answers come back by signals."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from applications.models import Case, Proposal
from applications.rules.process import Authority, CaseState
from applications.services import open_case
from documents.models import DocumentKind
from eligibility.rules.choices import HardshipType
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import AidEventKind, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries import aid_terms
from temporary_aid.rules.plans import PlannedStage, read_plan, total
from temporary_aid.rules.states import AidRoute, AidState, DecidedBy
from temporary_aid.services.base import NotAllowed, lock_aid, require_state, write_event
from temporary_aid.services.granting import Reasons, judge, keep_grant, make_stages
from temporary_aid.services.issuing import issue_paper
from temporary_aid.services.reopening import hold_report, reopen_report

_REASON_LENGTH = 300
_ENDED = {CaseState.WITHDRAWN: "家庭撤回申请", CaseState.TERMINATED: "办件终止"}


@transaction.atomic
def open_expenditure(aid: TemporaryAid, *, by: Staff, at: datetime) -> Case:
    """Take an aid for spending into the ordinary way (转入一般程序): opened → in_case; its case is drafted.

    From there the family's papers are signed, checked, publicised and decided on the case's own pages.

    :raises NotAllowed: not spending, in another state, or no family on record.
    :raises NotOpenable: a case of the family for temporary aid is under way.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    if aid.hardship is not HardshipType.EXPENDITURE:
        raise NotAllowed("急难型按简化程序办理，不用转入办件。")
    require_state(aid, AidState.OPENED)
    if aid.household is None or aid.applicant is None:
        raise NotAllowed(
            "支出型按家庭救助，请先登记并关联家庭；家庭档案在外乡镇的，由该乡镇办理，或者请该乡镇先“转出”、本乡镇接收。"
        )
    before = aid.state
    reason = f"{aid.get_cause_display()}：{aid.situation}"
    case = open_case(
        aid.household,
        applicant=aid.applicant,
        reason=f"{reason[: _REASON_LENGTH - 20]}（{aid.number}）",
        by=by,
        on=timezone.localdate(at),
    )
    aid.case, aid.route = case, AidRoute.ORDINARY
    aid.enter_case()
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.IN_CASE, by=by, at=at, note=f"办件{case.number}", from_state=before)
    return case


def aid_of(case: Case) -> TemporaryAid | None:
    """The aid that a case is about, unlocked."""
    return TemporaryAid.objects.filter(case=case).first()


@transaction.atomic
def check_proposal(case: Case, proposal: Proposal, *, amount: Decimal, by: Staff, at: datetime) -> TemporaryAid:
    """Judge what a case proposes against the aid's own plan (拟发放计划), and keep who proposed it.

    :param amount: proposed, yuan.
    :raises NotAllowed: there is no plan, it comes to another sum, or such an amount takes what is not there.
    """
    aid = _locked(case)
    stages = _planned(aid, amount)
    terms = aid_terms(aid.area, on=timezone.localdate(at))
    judge(aid, stages, reasons=_reasons(aid), terms=terms, at=at)
    aid.proposed_by, aid.proposed_at, aid.proposal_opinion = by, at, proposal.opinion[:300]
    aid.version += 1
    aid.save()
    note = f"办件{case.number}拟救助{in_figures(amount)}元"
    write_event(aid, AidEventKind.PROPOSED, by=by, at=at, note=note)
    return aid


@transaction.atomic
def grant_by_case(case: Case, proposal: Proposal, *, by: Staff, at: datetime) -> TemporaryAid:
    """Grant what the case approved (审核确认): in_case → approved; the stages are made.

    :raises NotAllowed: since the proposal the plan or what the family was granted elsewhere has changed.
    """
    aid = _locked(case)
    assert proposal.aid_amount is not None  # noqa: S101 -- held by proposal_eligible_has_amount
    stages, before = _planned(aid, proposal.aid_amount), aid.state
    terms, reasons = aid_terms(aid.area, on=timezone.localdate(at)), _reasons(aid)
    found = judge(aid, stages, reasons=reasons, terms=terms, at=at)
    level = DecidedBy.TOWNSHIP if case.authority == Authority.TOWNSHIP else DecidedBy.COUNTY
    keep_grant(
        aid,
        stages,
        found=found,
        reasons=reasons,
        terms=terms,
        route=AidRoute.ORDINARY,
        level=level,
        by=by,
        at=at,
    )
    aid.decision_opinion = f"办件{case.number}审核确认"
    aid.approve()
    aid.version += 1
    aid.save()
    make_stages(aid, stages)
    note = f"办件{case.number}，{level.label}批准{in_figures(total(stages))}元"
    write_event(aid, AidEventKind.APPROVED, by=by, at=at, note=note, from_state=before)
    # The family is told by the case's own notice (确认通知书).
    issue_paper(aid, DocumentKind.TEMP_AID_FORM, by=by, on=timezone.localdate(at))
    return aid


@transaction.atomic
def end_with_case(case: Case, *, state: str, by: Staff, at: datetime) -> TemporaryAid | None:
    """End an aid whose case ended without it: refused (不予救助), or withdrawn and terminated (不再办理).

    Of what was not decided the report (急难报告) waits again, as where the aid itself is given up.
    """
    aid = aid_of(case)
    if aid is None:
        return None
    report = hold_report(aid)
    aid, on = _locked(case), timezone.localdate(at)
    before = aid.state
    if state == CaseState.REFUSED:
        aid.decided_level = DecidedBy.TOWNSHIP if case.authority == Authority.TOWNSHIP else DecidedBy.COUNTY
        aid.decided_by, aid.decided_at = by, at
        aid.decision_opinion = f"办件{case.number}不予救助"
        aid.refuse()
        kind, note = AidEventKind.REFUSED, f"办件{case.number}"
    else:
        note = f"办件{case.number}：{_ENDED[CaseState(state)]}"
        aid.end_note = note
        aid.withdraw()
        kind, note = AidEventKind.WITHDRAWN, note + reopen_report(aid, report)
    aid.ended_on, aid.ended_by = on, by
    aid.version += 1
    aid.save()
    write_event(aid, kind, by=by, at=at, note=note, from_state=before)
    return aid


def _locked(case: Case) -> TemporaryAid:
    """The aid of a case, locked; whether the person may do it, the case has asked.

    :raises NotAllowed: the case has no aid, or the aid is not in it any more.
    """
    rows = TemporaryAid.objects.select_for_update(of=("self",)).select_related("area__parent", "household")
    aid = rows.filter(case=case).first()
    if aid is None:
        raise NotAllowed("这个办件没有临时救助登记，请从“临时救助”登记后转入。")
    require_state(aid, AidState.IN_CASE)
    return aid


def _planned(aid: TemporaryAid, amount: Decimal) -> list[PlannedStage]:
    """The plan that comes to the amount.

    :raises NotAllowed: there is none, or it comes to another sum.
    """
    stages = read_plan(aid.plan)
    if not stages:
        raise NotAllowed(f"请先在{aid.number}的页面填写“拟发放计划”。", field="aid_amount")
    if total(stages) != amount:
        raise NotAllowed(
            f"拟发放计划合计{in_figures(total(stages))}元，与拟救助的{in_figures(amount)}元不一致；"
            f"请先在{aid.number}的页面改计划，或照计划填金额。",
            field="aid_amount",
        )
    return stages


def _reasons(aid: TemporaryAid) -> Reasons:
    return Reasons(below=aid.below_reason, difference=aid.difference_reason)
