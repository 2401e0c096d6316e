"""小额先行救助 on the page of an aid: what stands, and which acts the person may do next."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from eligibility.rules.choices import HardshipType
from foundation.pages import Lamp, deadline_lamp
from organizations.models import Staff
from organizations.queries import working_calendar
from temporary_aid.models import (
    AdvanceRequest,
    AidRecoupment,
    AidRecoupmentState,
    PettyAdvance,
    Supplement,
    SupplementResult,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, had_a_hand_in, ordering_permissions, related_to
from temporary_aid.queries.advances import balance_of, is_released, left_to_recoup, overdue_supplements
from temporary_aid.queries.owed import owed_of
from temporary_aid.queries.terms import aid_terms
from temporary_aid.rules.states import AidState

_BEFORE_PAY = (AidState.OPENED, AidState.ADVANCE_ASKED)
_PAID = (AidState.ADVANCED, AidState.SUPPLEMENTED, AidState.APPROVED, AidState.CLOSED)
"""States of aid whose money may be asked back; also after the end (办结)."""


@dataclass
class AdvancePanel:
    """What the panel 小额先行救助 shows.

    :param offers: acts that the person may do now, as name of the URL, its words and whether it is the usual one.
    :param lamp: how the due day of the papers stands, while they are still to come.
    :param blocked: advances of the township whose papers are overdue, where they stop this one.
    """

    requests: list[AdvanceRequest]
    slip: PettyAdvance | None
    supplements: list[Supplement]
    recoupment: AidRecoupment | None
    lamp: Lamp | None = None
    balance: Decimal | None = None
    blocked: int = 0
    left: Decimal = Decimal("0.00")
    offers: list[tuple[str, int, str, bool]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.requests or self.slip or self.supplements or self.recoupment or self.blocked)


def advance_panel(aid: TemporaryAid, *, staff: Staff, at: datetime) -> AdvancePanel:
    """Read the panel; eleven queries at most, however much stands on it.

    A registered near relative of the family (近亲属备案) is offered nothing.
    """
    panel = AdvancePanel(
        requests=list(aid.advance_requests.select_related("asked_by", "declined_by")),
        slip=PettyAdvance.objects.filter(aid=aid).select_related("paid_by").first(),
        supplements=list(aid.supplements.select_related("submitted_by", "checked_by").prefetch_related("papers")),
        recoupment=AidRecoupment.objects.filter(aid=aid)
        .select_related("decided_by", "waived_by")
        .prefetch_related("repayments__recorded_by")
        .first(),
    )
    held = frozenset(right for right in Permission if aid.area_id in staff.area_ids(right))
    if related_to(aid).include(staff.pk, staff.name):
        held = frozenset()
    today = timezone.localdate(at)
    if panel.slip is not None and aid.state == AidState.ADVANCED:
        due = panel.slip.supplement_due_on
        left = working_calendar().between(today, due)
        provisional = panel.slip.supplement_due_is_provisional
        panel.lamp = deadline_lamp(due, working_days_left=left, on=today, provisional=provisional)
    if panel.recoupment is not None:
        panel.left = left_to_recoup(panel.recoupment)
    if aid.state in _BEFORE_PAY and aid.hardship is HardshipType.URGENT:
        _before_payment(panel, aid, held, at=at)
    _after_payment(panel, aid, held, staff=staff)
    return panel


def _before_payment(panel: AdvancePanel, aid: TemporaryAid, held: frozenset[Permission], *, at: datetime) -> None:
    """Ask, pay, decline, release: while nothing is paid."""
    on = timezone.localdate(at)
    if Permission.VIEW_RESERVE in held:
        panel.balance = balance_of(aid.area)
    if aid_terms(aid.area, on=on).supplement_blocks and not is_released(aid):
        panel.blocked = overdue_supplements(aid.area, on=on).count()
    asked = aid.state == AidState.ADVANCE_ASKED
    handles = Permission.HANDLE_AID in held
    if {Permission.PAY_AID, Permission.HANDLE_AID} <= held:
        panel.offers.append(("pay_advance", aid.pk, "先行救助", True))
    if asked and handles:
        panel.offers.append(("decline_advance", aid.pk, "不予先行", False))
    if not asked and Permission.REPORT_HARDSHIP in held:
        panel.offers.append(("ask_advance", aid.pk, "提请先行救助", not handles))
    if panel.blocked and Permission.APPROVE_AID_COUNTY in held:
        panel.offers.append(("release_advance", aid.pk, "放行先行救助", True))


def _after_payment(panel: AdvancePanel, aid: TemporaryAid, held: frozenset[Permission], *, staff: Staff) -> None:
    """Papers, their check, and what has to come back."""
    handles = Permission.HANDLE_AID in held
    if aid.state == AidState.ADVANCED and handles:
        panel.offers.append(("submit_supplement", aid.pk, "提交补充说明", True))
        panel.offers.append(("set_relieved", aid.pk, "登记急难解除日", False))
    elif aid.state == AidState.APPROVED and handles and owed_of(aid) is not None:
        panel.offers.append(("set_relieved", aid.pk, "登记急难解除日", False))
    _of_approver(panel, aid, held, staff=staff)
    if panel.recoupment is not None and panel.recoupment.state == AidRecoupmentState.OPEN:
        if handles:
            panel.offers.append(("record_repayment", aid.pk, "登记退回款项", True))
        if Permission.APPROVE_AID_COUNTY in held and staff.pk not in had_a_hand_in(
            aid, also=[panel.recoupment.decided_by_id]
        ):
            panel.offers.append(("waive_recoupment", aid.pk, "核销余款", False))


def _of_approver(panel: AdvancePanel, aid: TemporaryAid, held: frozenset[Permission], *, staff: Staff) -> None:
    """Check the papers, ask the money back: only of who had no hand in it, nor stands for who had (代理)."""
    approves = {Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY} & held
    if not approves or aid.state not in _PAID:
        return
    acted = had_a_hand_in(aid, also=[panel.slip.paid_by_id] if panel.slip else [])
    waiting = next((row for row in panel.supplements if row.result == SupplementResult.WAITING), None)
    if waiting is not None and staff.pk not in acted | {waiting.submitted_by_id}:
        panel.offers.append(("check_supplement", waiting.pk, "审核补充说明", True))
    if aid.first_paid_at and staff.pk not in acted and held & set(ordering_permissions(aid, acted=acted)):
        panel.offers.append(("order_recoupment", aid.pk, "决定追回", False))
