"""What the page of an aid shows of registering and deciding it, and the buttons of what may be done next."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from eligibility.queries import MissingParameters
from eligibility.rules.choices import HardshipType
from foundation.errors import NotPermitted
from organizations.models import Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission, can_act, can_approve
from temporary_aid.queries import aid_terms, level_for
from temporary_aid.queries.assessing import assess, decided_assessment
from temporary_aid.queries.detail import standing_decision_of
from temporary_aid.queries.entrusting import entrustment_of
from temporary_aid.queries.means import means_of
from temporary_aid.queries.owed import owed_panel
from temporary_aid.rules.plans import read_plan, total
from temporary_aid.rules.states import BEFORE_DECISION, BEFORE_GRANT, GRANTED_STATES, AidState, DecidedBy
from temporary_aid.services.files import ADDING
from temporary_aid.services.identifying import check_may_correct_number
from temporary_aid.views.pages import PLAN_WORDS

Offer = tuple[str, str, str]


def deciding_part(aid: TemporaryAid, staff: Staff, at: datetime) -> dict[str, Any]:
    """Amount, reasoning, meeting, publicity, and what the person may do about them."""
    stages, decision = read_plan(aid.plan), standing_decision_of(aid)
    may_record = can_act(staff, Permission.RECORD_COLLECTIVE_DECISION, area=aid.area)
    requests = list(aid.collective_requests.select_related("asked_by", "withdrawn_by"))
    may_be_resolved = decision is None and aid.state in BEFORE_GRANT
    is_asked = may_be_resolved and any(row.withdrawn_at is None for row in requests)
    context: dict[str, Any] = {
        **PLAN_WORDS,
        "plan": stages if aid.state not in GRANTED_STATES else [],
        "meetings": list(aid.collective_decisions.all()),
        "collective_requests": requests,
        "waits_for_meeting": is_asked,
        "may_record_meeting": may_record,
        "may_add_file": any(can_act(staff, permission, area=aid.area) for permission in ADDING),
        "may_post": can_act(staff, Permission.HANDLE_AID, area=aid.area) and aid.state in GRANTED_STATES,
        "publicity_is_late": aid.publicity_due_on is not None and timezone.localdate(at) > aid.publicity_due_on,
        "owed": owed_panel(aid, on=timezone.localdate(at)),
        "may_bring_papers": can_act(staff, Permission.HANDLE_AID, area=aid.area),
        "means": means_of(aid, on=timezone.localdate(at)),
        "may_open_check": can_act(staff, Permission.VIEW_CASE, area=aid.area),
        "may_ask_check": can_act(staff, Permission.REQUEST_MEANS_CHECK, area=aid.area),
        "offers": _offers(aid, staff, at),
    }
    if may_be_resolved:
        context["offers"] += _of_meeting(aid, staff, may_record=may_record, is_asked=is_asked)
    if aid.decided_at is not None:
        context["assessment"] = decided_assessment(aid)
        return context
    try:
        context["assessment"] = assess(aid, at=at, stages=stages, decision=decision)
    except MissingParameters as error:
        context["why_not_assessed"] = str(error)
    return context


def _offers(aid: TemporaryAid, staff: Staff, at: datetime) -> list[Offer]:
    offers = []
    if can_act(staff, Permission.HANDLE_AID, area=aid.area):
        offers += _of_clerk(aid)
    offers += _of_village(aid, staff, at)
    offers += _of_approver(aid, staff, at)
    return offers


def _of_clerk(aid: TemporaryAid) -> list[Offer]:
    offers = []
    if aid.state in BEFORE_DECISION:
        offers.append(_offer(aid, "更正登记", "mend"))
        offers.append(_offer(aid, "不再办理", "withdraw"))
    if aid.is_open and not aid.recipient_id_number:
        offers.append(_offer(aid, "补登身份", "identify"))
    if aid.is_open and aid.household_id is None:
        offers.append(_offer(aid, "关联家庭", "link"))
    if aid.hardship is HardshipType.URGENT:
        if aid.state in (AidState.OPENED, AidState.ADVANCE_ASKED):
            offers.append(_offer(aid, "提出救助意见", "propose", "primary"))
    elif aid.state in (AidState.OPENED, AidState.IN_CASE):
        offers.append(_offer(aid, "拟发放计划", "propose"))
        if aid.state == AidState.OPENED and aid.household_id is not None:
            offers.append(_offer(aid, "转入一般程序", "open_case", "primary"))
    return offers


def _of_meeting(aid: TemporaryAid, staff: Staff, *, may_record: bool, is_asked: bool) -> list[Offer]:
    offers = []
    if can_act(staff, Permission.HANDLE_AID, area=aid.area):
        offers.append(
            _offer(aid, "撤回一事一议提请", "take_back_meeting")
            if is_asked
            else _offer(aid, "提请一事一议", "ask_meeting")
        )
    if may_record:
        offers.append(_offer(aid, "登记一事一议", "record_meeting", "primary" if is_asked else ""))
    return offers


def _of_village(aid: TemporaryAid, staff: Staff, at: datetime) -> list[Offer]:
    if aid.state not in (AidState.OPENED, AidState.ADVANCE_ASKED) or aid.hardship is not HardshipType.URGENT:
        return []
    if not can_act(staff, Permission.ENTRUSTED_AID, area=aid.area):
        return []
    if entrustment_of(aid.area, on=timezone.localdate(at)) is None:
        return []
    return [_offer(aid, "村级决定救助", "decide_in_village", "primary")]


def _of_approver(aid: TemporaryAid, staff: Staff, at: datetime) -> list[Offer]:
    if not staff.may(Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY):
        return []
    if aid.state in GRANTED_STATES:
        return [_offer(aid, "更正身份证号", "correct_number")] if _may_correct(aid, staff) else []
    if aid.hardship is not HardshipType.URGENT:
        return []
    if aid.state == AidState.PROPOSED:
        terms = aid_terms(aid.area, on=timezone.localdate(at))
        level = level_for(aid, total(read_plan(aid.plan)), terms=terms)
        if can_approve(staff, aid, is_townships=level is DecidedBy.TOWNSHIP):
            return [_offer(aid, "审批", "approve", "primary")]
    if aid.state == AidState.OPENED and can_approve(staff, aid, is_townships=True):
        return [_offer(aid, "不予救助", "refuse")]
    return []


def _may_correct(aid: TemporaryAid, staff: Staff) -> bool:
    if not aid.recipient_id_number:
        return False
    try:
        check_may_correct_number(aid, by=staff)
    except NotPermitted:
        return False
    return True


def _offer(aid: TemporaryAid, label: str, name: str, kind: str = "") -> Offer:
    return label, reverse(f"temporary_aid:{name}", args=[aid.pk]), kind
