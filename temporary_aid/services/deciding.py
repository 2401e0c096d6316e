"""急难型简化程序: propose, approve or refuse, send back; an entrusted village decides alone (handbook 10.4).

Money first, papers later: no paper is asked for before the decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from applications.queries import current_proposal
from applications.services import renew_pages
from documents.models import DocumentKind
from eligibility.rules.choices import AidGrade, HardshipType
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import AdvanceRequest, AidEventKind, TemporaryAid
from temporary_aid.permissions import Permission, can_act, check_can_approve, check_not_acted_on
from temporary_aid.queries import AidTerms, aid_terms, followed_amount, hold_people_of, level_for
from temporary_aid.queries.entrusting import entrustment_of
from temporary_aid.rules.plans import PlannedStage, read_plan, times_given, total
from temporary_aid.rules.states import AidRoute, AidState, DecidedBy
from temporary_aid.services.base import (
    NeedsCollectiveDecision,
    NotAllowed,
    check_told,
    explain_if_late,
    lock_aid,
    require_state,
    write_event,
)
from temporary_aid.services.granting import Judgement, Reasons, judge, keep_grant, make_stages
from temporary_aid.services.issuing import issue_paper
from temporary_aid.services.means import request_by_itself
from temporary_aid.services.owed import owe_papers
from temporary_aid.services.publicity import set_publicity_due

_INSTEAD = "改按简化程序提出救助意见"
_BY_VILLAGE = "改由受委托的村（社区）直接决定救助"


@dataclass(frozen=True)
class ProposalData:
    """拟救助意见: how bad it is, what is given in which stages, and why.

    :param stages: at least one; together they are the amount.
    :param late_reason: why help comes after its hours; asked for once the clock has run out.
    """

    grade: str
    stages: Sequence[PlannedStage]
    opinion: str
    reasons: Reasons = field(default_factory=Reasons)
    late_reason: str = ""


@transaction.atomic
def keep_plan(aid: TemporaryAid, data: ProposalData, *, by: Staff, at: datetime) -> TemporaryAid:
    """Keep what is meant to be given while an aid goes through a case (支出型): read when the case is proposed.

    Whoever has the case open to confirm it sees that stages, forms or days are not what they were.

    :raises NotAllowed: no case of it is under way, or the amount is not to be granted so.
    """
    case = TemporaryAid.objects.select_related("case").get(pk=aid.pk).case
    if case is not None:  # before the aid, as every act on a case locks it
        renew_pages(case)
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.IN_CASE, AidState.OPENED)
    if aid.hardship is not HardshipType.EXPENDITURE:
        raise NotAllowed("急难型的请直接提出救助意见。")
    _check_fits_proposal(aid, data.stages)
    _keep_proposal(aid, data, at=at)
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.CHANGED, by=by, at=at, note=_planned(data.stages))
    return aid


@transaction.atomic
def propose_aid(aid: TemporaryAid, data: ProposalData, *, by: Staff, at: datetime) -> TemporaryAid:
    """Propose urgent aid (提出救助意见): opened → proposed.

    :raises NeedsCollectiveDecision: above the maximum or beyond the frequency.
    :raises NotAllowed: the state is another, or something is missing.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    _check_urgent(aid)
    require_state(aid, AidState.OPENED, AidState.ADVANCE_ASKED)
    before = aid.state
    _keep_proposal(aid, data, at=at)
    opinion = check_told(data.opinion, "请写明救助意见。", field="opinion")
    explain_if_late(aid, data.late_reason, by=by, at=at)
    _settle_request(aid, _INSTEAD, by=by, at=at)
    aid.propose()
    aid.proposed_by, aid.proposed_at, aid.proposal_opinion = by, at, opinion
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.PROPOSED, by=by, at=at, note=f"{_planned(data.stages)}。{opinion}", from_state=before)
    request_by_itself(aid, by=by, at=at)
    return aid


@transaction.atomic
def approve_aid(
    aid: TemporaryAid, *, opinion: str, by: Staff, at: datetime, version: int | None = None, late_reason: str = ""
) -> TemporaryAid:
    """Approve urgent aid as proposed (批准): the township up to its limit, the county above; the stages are made.

    Everything is judged anew: since the proposal the family may have been helped elsewhere.

    :param version: the version that the approver saw.
    :raises NotPermitted: not the approver's level, or the approver handled it.
    :raises NeedsCollectiveDecision: above the maximum or beyond the frequency by now.
    """
    aid = _lock_to_approve(aid, by=by)
    require_state(aid, AidState.PROPOSED)
    if version is not None and version != aid.version:
        raise NotAllowed("这件临时救助刚被改过，请刷新页面看过以后再审批。")
    terms, stages = aid_terms(aid.area, on=timezone.localdate(at)), read_plan(aid.plan)
    hold_people_of(aid)
    is_townships = level_for(aid, total(stages), terms=terms) is DecidedBy.TOWNSHIP
    check_can_approve(by, aid, is_townships=is_townships)
    reasons = Reasons(below=aid.below_reason, difference=aid.difference_reason)
    found = judge(aid, stages, reasons=reasons, terms=terms, at=at)
    told = check_told(opinion, "请写明审批意见。", field="opinion")
    explain_if_late(aid, late_reason, by=by, at=at)
    level = DecidedBy.TOWNSHIP if is_townships and _as_township(by, aid) else DecidedBy.COUNTY
    _grant(aid, stages, found=found, reasons=reasons, terms=terms, level=level, opinion=told, by=by, at=at)
    return aid


@transaction.atomic
def send_back(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """Send a proposal back (退回): proposed → opened; the plan stays, to be mended.

    :raises NotAllowed: nothing is proposed, or no reason.
    """
    aid = _lock_to_approve(aid, by=by)
    require_state(aid, AidState.PROPOSED)
    check_not_acted_on(aid, by)
    told, before = check_told(reason, "请写明退回的原因。", field="reason"), aid.state
    aid.send_back()
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.RETURNED, by=by, at=at, note=told, from_state=before)
    return aid


@transaction.atomic
def refuse_aid(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """Refuse urgent aid (不予救助), proposed or not: opened or proposed → refused.

    :raises NotAllowed: the state is another, or no reason.
    """
    aid = _lock_to_approve(aid, by=by)
    _check_urgent(aid)
    require_state(aid, AidState.OPENED, AidState.PROPOSED)
    check_not_acted_on(aid, by)
    told, before = check_told(reason, "请写明不予救助的理由。", field="reason"), aid.state
    aid.route, aid.decided_level = AidRoute.SIMPLIFIED, _level_of(by, aid)
    aid.decided_by, aid.decided_at, aid.decision_opinion = by, at, told
    aid.ended_on, aid.ended_by = timezone.localdate(at), by
    aid.refuse()
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.REFUSED, by=by, at=at, note=told, from_state=before)
    issue_paper(aid, DocumentKind.TEMP_AID_REFUSAL, by=by, on=timezone.localdate(at))
    return aid


@transaction.atomic
def decide_in_village(aid: TemporaryAid, data: ProposalData, *, by: Staff, at: datetime) -> TemporaryAid:
    """An entrusted village decides small urgent aid alone (村级委托): opened → approved; handbook task 17.

    What 快速登记 asked the township to pay first is settled by it: the village decides instead.

    :raises NotPermitted: the person holds no post there.
    :raises NeedsCollectiveDecision: above the maximum or beyond the frequency.
    :raises NotAllowed: not entrusted, above the village's limit, or something is missing.
    """
    aid = lock_aid(aid, by=by, permission=Permission.ENTRUSTED_AID)
    _check_urgent(aid)
    require_state(aid, AidState.OPENED, AidState.ADVANCE_ASKED)
    terms = _check_villages(aid, total(data.stages), on=timezone.localdate(at))
    try:
        found = _keep_proposal(aid, data, at=at)
    except NeedsCollectiveDecision as error:
        raise NeedsCollectiveDecision(
            f"{error.message}村里不能直接决定，请提请乡镇办理。", field=error.field
        ) from error
    opinion = check_told(data.opinion, "请写明救助意见。", field="opinion")
    explain_if_late(aid, data.late_reason, by=by, at=at)
    if aid.state == AidState.ADVANCE_ASKED:
        aid.decline_advance()
        _settle_request(aid, _BY_VILLAGE, by=by, at=at, from_state=AidState.ADVANCE_ASKED)
    aid.proposed_by, aid.proposed_at, aid.proposal_opinion = by, at, opinion
    _grant(
        aid,
        data.stages,
        found=found,
        reasons=data.reasons,
        terms=terms,
        level=DecidedBy.VILLAGE,
        opinion=opinion,
        by=by,
        at=at,
    )
    return aid


def _check_villages(aid: TemporaryAid, amount: Decimal, *, on: date) -> AidTerms:
    """The figures by which a village decides on a locked aid.

    :raises NotAllowed: not entrusted on the day, or above the village's limit.
    """
    if entrustment_of(aid.area, on=on) is None:
        raise NotAllowed(f"县里没有委托{aid.area.name}决定临时救助，请提请乡镇办理。")
    terms = aid_terms(aid.area, on=on)
    hold_people_of(aid)
    followed = followed_amount(aid)
    if amount + followed > terms.village_limit:
        before = f"连同此前同一次的{in_figures(followed)}元" if followed else ""
        raise NotAllowed(
            f"救助金额{before}超过村级委托限额{in_figures(terms.village_limit)}元，请提请乡镇办理。", field="amount"
        )
    return terms


def _keep_proposal(aid: TemporaryAid, data: ProposalData, *, at: datetime) -> Judgement:
    """Judge what is proposed and keep it on a locked aid, without saving it.

    :raises NotAllowed: no grade, or not to be granted so.
    """
    if data.grade not in {grade.value for grade in AidGrade}:
        raise NotAllowed("请选择困难程度。", field="grade")
    aid.grade = data.grade
    terms = aid_terms(aid.area, on=timezone.localdate(at))
    found = judge(aid, data.stages, reasons=data.reasons, terms=terms, at=at)
    aid.plan = [stage.as_dict() for stage in data.stages]
    aid.below_reason, aid.difference_reason = data.reasons.below.strip(), data.reasons.difference.strip()
    aid.suggested_amount, aid.suggestion = found.suggestion.amount, list(found.suggestion.lines)
    return found


def _grant(
    aid: TemporaryAid,
    stages: Sequence[PlannedStage],
    *,
    found: Judgement,
    reasons: Reasons,
    terms: AidTerms,
    level: DecidedBy,
    opinion: str,
    by: Staff,
    at: datetime,
) -> None:
    before = aid.state
    keep_grant(
        aid, stages, found=found, reasons=reasons, terms=terms, route=AidRoute.SIMPLIFIED, level=level, by=by, at=at
    )
    aid.decision_opinion = opinion
    aid.approve()
    set_publicity_due(aid, terms=terms)
    aid.version += 1
    aid.save()
    make_stages(aid, stages)
    note = f"{level.label}批准{in_figures(total(stages))}元。{opinion}"
    write_event(aid, AidEventKind.APPROVED, by=by, at=at, note=note, from_state=before)
    for kind in (DocumentKind.TEMP_AID_FORM, DocumentKind.TEMP_AID_NOTICE):
        issue_paper(aid, kind, by=by, on=timezone.localdate(at))
    owe_papers(aid, by=by, at=at)


def _settle_request(aid: TemporaryAid, why: str, *, by: Staff, at: datetime, from_state: str = "") -> None:
    """Answer a village's open request for an advance (提请先行): the aid is decided in another way instead.

    Left open, it would stand in the way of another request after the proposal is sent back.

    :param why: which other way.
    :param from_state: the state before, where the act changed it.
    """
    request = AdvanceRequest.objects.select_for_update().filter(aid=aid, declined_at=None).first()
    if request is None:
        return
    request.declined_by, request.declined_at, request.declined_reason = by, at, why
    request.save(update_fields=["declined_by", "declined_at", "declined_reason"])
    write_event(aid, AidEventKind.ADVANCE_DECLINED, by=by, at=at, note=why, from_state=from_state)


def _check_fits_proposal(aid: TemporaryAid, stages: Sequence[PlannedStage]) -> None:
    """
    :raises NotAllowed: the case's signed proposal says another sum.
    """
    standing = current_proposal(aid.case) if aid.case is not None else None
    if standing is None or not standing.is_eligible or standing.signed_on is None:
        return
    if standing.aid_amount != total(stages):
        raise NotAllowed(
            f"初审意见已签发，拟救助{in_figures(standing.aid_amount or Decimal(0))}元，各期合计须与它一致；"
            "要改金额，请先在办件中退改。",
            field="amount",
        )


def _check_urgent(aid: TemporaryAid) -> None:
    """
    :raises NotAllowed: 支出型, which goes through a case.
    """
    if aid.hardship is not HardshipType.URGENT:
        raise NotAllowed("支出型临时救助按一般程序办理，请转入办件。")


def _lock_to_approve(aid: TemporaryAid, *, by: Staff) -> TemporaryAid:
    """The aid, locked, for who approves at either level."""
    level = Permission.APPROVE_AID_COUNTY
    return lock_aid(aid, by=by, permission=Permission.APPROVE_AID_TOWNSHIP if _as_township(by, aid) else level)


def _as_township(by: Staff, aid: TemporaryAid) -> bool:
    return can_act(by, Permission.APPROVE_AID_TOWNSHIP, area=aid.area)


def _level_of(by: Staff, aid: TemporaryAid) -> DecidedBy:
    return DecidedBy.TOWNSHIP if _as_township(by, aid) else DecidedBy.COUNTY


def _planned(stages: Sequence[PlannedStage]) -> str:
    times = times_given(stages)
    count = f"，分{times}期" if times > 1 else ""
    return f"拟救助{in_figures(total(stages))}元{count}"
