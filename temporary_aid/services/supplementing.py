"""补充说明: papers and signatures after the emergency; another person checks them, and the aid is approved (F2018)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from documents.models import DocumentKind
from foundation.errors import NotPermitted
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import (
    AidEventKind,
    AidFileKind,
    Supplement,
    SupplementPaper,
    SupplementResult,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, acted_on, approving_permissions, can_act, check_can_act
from temporary_aid.queries import aid_terms, hold_people_of, level_for
from temporary_aid.rules.plans import PlannedStage, total
from temporary_aid.rules.states import AidRoute, AidState, DecidedBy
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.files import add_file
from temporary_aid.services.granting import Reasons, judge, keep_grant, make_stages
from temporary_aid.services.issuing import issue_paper
from temporary_aid.services.publicity import set_publicity_due
from temporary_aid.services.relieving import keep_relieved

NO_REASONS = Reasons()


@dataclass(frozen=True)
class SupplementData:
    """补充说明 as the clerk writes it: whom, why and how much were found right.

    :param late_reason: 逾期原因, asked after the due day only.
    :param relieved_reason: why the emergency was over on another day than was registered (更正的理由).
    """

    facts: str
    relieved_on: date | None = None
    late_reason: str = ""
    relieved_reason: str = ""


@transaction.atomic
def submit_supplement(
    aid: TemporaryAid, *, data: SupplementData, papers: Sequence[Any], by: Staff, at: datetime
) -> Supplement:
    """提交补充说明 with what was signed and stamped afterwards.

    :param papers: uploaded files, one at least.
    :raises NotAllowed: nothing was paid first, no facts, no paper, or overdue without a reason.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.ADVANCED)
    facts = check_told(data.facts, "请写明核实的情况：对象、事由、金额。", field="facts")
    if not papers:
        raise NotAllowed("请上传补签字盖章的材料，至少一份。", field="papers")
    slip, late_reason = aid.advance_slip, ""
    if data.relieved_on and data.relieved_on != slip.relieved_on:
        keep_relieved(aid, data.relieved_on, reason=data.relieved_reason, by=by, at=at)
        slip.refresh_from_db()
    if timezone.localdate(at) > slip.supplement_due_on:
        sentence = f"补手续期限是{slip.supplement_due_on:%Y年%-m月%-d日}，已经逾期，请写明原因。"
        late_reason = check_told(data.late_reason, sentence, field="late_reason")
    supplement = Supplement.objects.create(
        aid=aid,
        facts=facts,
        relieved_on=slip.relieved_on,
        late_reason=late_reason,
        submitted_by=by,
        submitted_at=at,
    )
    for upload in papers:
        paper = add_file(aid, kind=AidFileKind.SUPPLEMENT, upload=upload, by=by, at=at)
        SupplementPaper.objects.create(supplement=supplement, file=paper)
    before = aid.state
    aid.supplement()
    aid.save(update_fields=["state"])
    write_event(aid, AidEventKind.SUPPLEMENTED, by=by, at=at, note=facts, from_state=before)
    if late_reason:
        write_event(aid, AidEventKind.OVERDUE_EXPLAINED, by=by, at=at, note=late_reason)
    return supplement


@transaction.atomic
def accept_supplement(
    supplement: Supplement,
    *,
    opinion: str,
    by: Staff,
    at: datetime,
    further: Sequence[PlannedStage] = (),
    reasons: Reasons = NO_REASONS,
) -> TemporaryAid:
    """审核通过补充说明: the aid is approved as paid, or with further stages (后续各期).

    Above the township's limit, and where nobody of the township is left to, the county approves. The figures are those
    of the day on which it was paid.

    :param further: stages beside what was paid.
    :raises NotPermitted: no right to approve, or the person had a hand in it.
    :raises NeedsCollectiveDecision: all stages together are above the maximum, or beyond the frequency.
    :raises NotAllowed: it waits no more, is approved at the other level, no opinion, or a reason is missing.
    """
    aid, supplement = _lock(supplement, by=by)
    slip = aid.advance_slip
    terms = aid_terms(aid.area, on=timezone.localdate(slip.paid_at))
    stages = [PlannedStage(form="money", amount=slip.amount), *further]
    hold_people_of(aid)
    limit = level_for(aid, total(stages), terms=terms)
    check_may_check(supplement, aid, level=limit, by=by)
    # Also what is the township's own, where nobody is left there to check it.
    level = limit if can_act(by, Permission.APPROVE_AID_TOWNSHIP, area=aid.area) else DecidedBy.COUNTY
    opinion = check_told(opinion, "请写审核意见。", field="opinion")
    kept = Reasons(reasons.below or aid.below_reason, reasons.difference or aid.difference_reason)
    # Counted on the day of the payment: what was granted to the family after it does not stand before it.
    found = judge(aid, stages, reasons=kept, terms=terms, at=slip.paid_at)
    _close(supplement, SupplementResult.ACCEPTED, opinion, by=by, at=at)
    keep_grant(
        aid,
        stages,
        found=found,
        reasons=kept,
        terms=terms,
        route=AidRoute.PETTY_ADVANCE,
        level=level,
        by=by,
        at=at,
    )
    set_publicity_due(aid, terms=terms)
    before = aid.state
    aid.proposed_by, aid.proposed_at = supplement.submitted_by, supplement.submitted_at
    aid.proposal_opinion, aid.decision_opinion = supplement.facts[:300], opinion
    aid.approve()
    aid.save()
    make_stages(aid, further, after=1)
    note = f"{level.label}批准{in_figures(total(stages))}元；{opinion}"
    write_event(aid, AidEventKind.SUPPLEMENT_ACCEPTED, by=by, at=at, note=note, from_state=before)
    for kind in (DocumentKind.SUPPLEMENT_STATEMENT, DocumentKind.TEMP_AID_FORM, DocumentKind.TEMP_AID_NOTICE):
        issue_paper(aid, kind, by=by, on=timezone.localdate(at))
    return aid


@transaction.atomic
def return_supplement(supplement: Supplement, *, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """退回补充: what is missing is told; the due day stays.

    :raises NotPermitted: no right to approve, or the person had a hand in it.
    :raises NotAllowed: it waits no more, or no reason is given.
    """
    aid, supplement = _lock(supplement, by=by)
    check_may_check(supplement, aid, level=None, by=by)
    reason = check_told(reason, "请写明要补充什么。", field="reason")
    _close(supplement, SupplementResult.RETURNED, reason, by=by, at=at)
    before = aid.state
    aid.return_supplement()
    aid.save(update_fields=["state"])
    write_event(aid, AidEventKind.SUPPLEMENT_RETURNED, by=by, at=at, note=reason, from_state=before)
    return aid


def check_may_check(supplement: Supplement, aid: TemporaryAid, *, level: DecidedBy | None, by: Staff) -> None:
    """
    :param level: where it is approved; nothing where either level may do it.
    :raises NotPermitted: no right to approve, or the person, or whom they stand for, registered, paid or
        submitted it (四眼).
    :raises NotAllowed: it is approved at the other level.
    """
    county = can_act(by, Permission.APPROVE_AID_COUNTY, area=aid.area)
    township = can_act(by, Permission.APPROVE_AID_TOWNSHIP, area=aid.area)
    if not county:
        check_can_act(by, Permission.APPROVE_AID_TOWNSHIP, area=aid.area)
    acted = acted_on(aid, also=(supplement.submitted_by_id, aid.advance_slip.paid_by_id))
    if by.pk in acted:
        raise NotPermitted(
            "登记、先行发放或提交补充说明的人（代理的算作本人）不能审核，请由另一人审核（经办与审批分开）。"
        )
    if level is DecidedBy.COUNTY and not county:
        raise NotAllowed("各期合计超过乡镇审批限额，请由县民政局审批人审核这份补充说明。", field="further_amount")
    if level is DecidedBy.TOWNSHIP and not township:
        needed = approving_permissions(aid, is_townships=True, acted=acted)
        if Permission.APPROVE_AID_COUNTY not in needed:
            raise NotAllowed("各期合计在乡镇审批限额以内，由乡镇审核人审核；您可以退回补充。", field="further_amount")


def _lock(supplement: Supplement, *, by: Staff) -> tuple[TemporaryAid, Supplement]:
    """The aid first, then its statement, as every act locks them."""
    aid = lock_aid(supplement.aid, by=by, permission=Permission.VIEW_AID)
    row = Supplement.objects.select_for_update().get(pk=supplement.pk)
    require_state(aid, AidState.SUPPLEMENTED)
    if row.result != SupplementResult.WAITING:
        raise NotAllowed(f"这份补充说明已经“{row.get_result_display()}”。请刷新页面。")
    return aid, row


def _close(supplement: Supplement, result: SupplementResult, opinion: str, *, by: Staff, at: datetime) -> None:
    supplement.result, supplement.opinion = result, opinion
    supplement.checked_by, supplement.checked_at = by, at
    supplement.save(update_fields=["result", "opinion", "checked_by", "checked_at"])
