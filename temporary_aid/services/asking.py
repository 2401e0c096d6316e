"""提请一事一议: a clerk asks the county's meeting for what is beyond the maximum or the frequency; handbook 10.4."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import AidEventKind, CollectiveRequest, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries import aid_terms, followed_amount, frequency_of, hold_people_of
from temporary_aid.rules.states import BEFORE_GRANT
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.granting import standing_decision


@transaction.atomic
def ask_meeting(aid: TemporaryAid, *, amount: Decimal, reason: str, by: Staff, at: datetime) -> CollectiveRequest:
    """Ask the meeting for an amount (提请一事一议): the aid stays where it is, and the secretary is told.

    :param amount: all stages together, yuan.
    :raises NotAllowed: decided, asked or resolved on already, no amount, no reason, or it takes no resolution.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, *BEFORE_GRANT)
    if standing_decision(aid) is not None:
        raise NotAllowed("这件临时救助已登记过一事一议，按决议办理即可。")
    if aid.collective_requests.filter(withdrawn_at=None).exists():
        raise NotAllowed("这件临时救助已经提请一事一议；要改金额或理由的，请先撤回。")
    if amount <= 0:
        raise NotAllowed("请填拟救助金额；只转介、没有实际给付的不用一事一议。", field="amount")
    told = check_told(reason, "请写明提请一事一议的理由。", field="reason")
    _check_takes_meeting(aid, amount, at=at)
    request = CollectiveRequest.objects.create(aid=aid, asked_amount=amount, reason=told, asked_by=by, asked_at=at)
    write_event(aid, AidEventKind.COLLECTIVE_ASKED, by=by, at=at, note=f"拟救助{in_figures(amount)}元：{told}")
    return request


@transaction.atomic
def withdraw_request(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> CollectiveRequest:
    """Take back what was asked of the meeting (撤回提请), while it has not resolved.

    :raises NotAllowed: nothing was asked, the meeting has resolved, or no reason.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    request = aid.collective_requests.select_for_update().filter(withdrawn_at=None).first()
    if request is None:
        raise NotAllowed("这件临时救助没有提请一事一议。")
    if standing_decision(aid) is not None:
        raise NotAllowed("一事一议的决议已经登记，不能撤回提请。")
    request.withdrawn_reason = check_told(reason, "请写明撤回的原因。", field="reason")
    request.withdrawn_by, request.withdrawn_at = by, at
    request.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    write_event(aid, AidEventKind.COLLECTIVE_ASK_WITHDRAWN, by=by, at=at, note=request.withdrawn_reason)
    return request


def _check_takes_meeting(aid: TemporaryAid, amount: Decimal, *, at: datetime) -> None:
    """
    :raises NotAllowed: neither above the maximum nor beyond the frequency.
    """
    slip = getattr(aid, "advance_slip", None)
    # What was paid first is judged by the day of the payment, as its supplement will be (accept_supplement).
    on = timezone.localdate(slip.paid_at if slip is not None else at)
    terms = aid_terms(aid.area, on=on)
    hold_people_of(aid)
    maximum = terms.guideline(aid.hardship, aid.cause).maximum
    if amount + followed_amount(aid) > maximum or frequency_of(aid, terms=terms, on=on).is_beyond:
        return
    raise NotAllowed(
        f"拟救助金额没有超过上限{in_figures(maximum)}元，一年内的次数也没有满，不用一事一议，请直接提出救助意见。",
        field="amount",
    )
