"""小额先行救助: the village asks with a word and a photo, the township pays from its reserve, papers follow (F2018)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from documents.models import DocumentKind
from eligibility.rules.choices import HardshipType
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import (
    AdvanceRequest,
    AidEventKind,
    AidFileKind,
    AidStage,
    PayMethod,
    PaySource,
    PettyAdvance,
    ReserveEntry,
    StageForm,
    StageState,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import AidTerms, aid_terms, followed_amount, hold_people_of
from temporary_aid.queries.advances import is_released, overdue_supplements
from temporary_aid.rules.clock import hours_between, is_late
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.rules.states import AidRoute, AidState, DecidedBy
from temporary_aid.services import reserve
from temporary_aid.services.base import (
    NotAllowed,
    check_hands,
    check_told,
    lock_aid,
    next_number,
    require_state,
    write_event,
)
from temporary_aid.services.files import add_file
from temporary_aid.services.granting import Reasons, judge, keep_grant, make_stages
from temporary_aid.services.issuing import issue_paper
from temporary_aid.services.means import request_by_itself
from temporary_aid.services.relieving import check_relieved, set_slip_due


@dataclass(frozen=True)
class AskData:
    """村级提请: the village's word; amount in yuan."""

    amount: Decimal
    vouched_by: str
    word: str
    vouched_position: str = ""


@dataclass(frozen=True)
class AdvanceData:
    """What the township's clerk enters when money is handed over.

    :param amount: yuan, up to and with ``AidTerms.advance_limit``.
    :param grade: 困难程度, a value of :class:`eligibility.rules.choices.AidGrade`.
    :param second_hand: 第二经办人; somebody else than who enters it.
    :param relieved_on: 急难解除日, where the emergency is over already; the papers are due after it.
    :param paid_at: 到手时间, where it is entered afterwards; None for the moment of entering.
    :param entry_reason: 补记原因, asked where that is longer ago than the county's hours for it.
    """

    amount: Decimal
    grade: str
    second_hand: str
    received_by: str
    relieved_on: date | None = None
    voucher: str = ""
    reasons: Reasons = field(default_factory=Reasons)
    late_reason: str = ""
    paid_at: datetime | None = None
    entry_reason: str = ""


@transaction.atomic
def ask_advance(aid: TemporaryAid, *, data: AskData, photo: Any, by: Staff, at: datetime) -> AdvanceRequest:
    """村级提请先行救助: the village's word with a photo of the scene; nothing else is asked before the money.

    :param photo: an uploaded picture.
    :raises NotAllowed: not an urgent aid that waits, nothing asked for, nobody's word, no photo.
    """
    aid = lock_aid(aid, by=by, permission=Permission.REPORT_HARDSHIP)
    require_state(aid, AidState.OPENED)
    _check_urgent(aid)
    if data.amount <= 0:
        raise NotAllowed("提请金额须大于0。", field="amount")
    vouched_by = check_told(data.vouched_by, "请填村级证明人。", field="vouched_by")
    word = check_told(data.word, "请写村级意见。", field="word")
    if not photo:
        raise NotAllowed("请拍一张现场照片。", field="photo")
    request = AdvanceRequest.objects.create(
        aid=aid,
        asked_amount=data.amount,
        vouched_by=vouched_by,
        vouched_position=data.vouched_position.strip(),
        word=word,
        photo=add_file(aid, kind=AidFileKind.SCENE_PHOTO, upload=photo, by=by, at=at),
        asked_by=by,
        asked_at=at,
    )
    before = aid.state
    aid.ask_advance()
    aid.save(update_fields=["state"])
    note = f"提请{in_figures(data.amount)}元；{vouched_by}：{word}"
    write_event(aid, AidEventKind.ADVANCE_ASKED, by=by, at=at, note=note, from_state=before)
    return request


@transaction.atomic
def decline_advance(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """不予先行救助: back to 待处置, to be decided in another way; the reason is told to the village.

    :raises NotAllowed: nobody asked, or no reason is given.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.ADVANCE_ASKED)
    reason = check_told(reason, "请写明不予先行救助的理由。", field="reason")
    request = aid.advance_requests.select_for_update().get(declined_at=None)
    request.declined_by, request.declined_at, request.declined_reason = by, at, reason
    request.save(update_fields=["declined_by", "declined_at", "declined_reason"])
    before = aid.state
    aid.decline_advance()
    aid.save(update_fields=["state"])
    write_event(aid, AidEventKind.ADVANCE_DECLINED, by=by, at=at, note=reason, from_state=before)
    return aid


@transaction.atomic
def release_advance(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """县级放行: this aid may be paid first although papers of the township's earlier ones are overdue (handbook 10.4).

    :raises NotAllowed: the aid waits for no advance, is released already, or no reason is given.
    """
    aid = lock_aid(aid, by=by, permission=Permission.APPROVE_AID_COUNTY)
    require_state(aid, AidState.OPENED, AidState.ADVANCE_ASKED)
    _check_urgent(aid)
    reason = check_told(reason, "请写明放行的理由。", field="reason")
    if is_released(aid):
        raise NotAllowed(f"临时救助{aid.number}已经放行，请乡镇尽快发放。")
    write_event(aid, AidEventKind.ADVANCE_RELEASED, by=by, at=at, note=reason)
    return aid


@transaction.atomic
def pay_advance(aid: TemporaryAid, *, data: AdvanceData, by: Staff, at: datetime, receipt: Any = None) -> PettyAdvance:
    """小额先行救助: pay from the township's reserve, before any paper but the slip, within the ceiling.

    Past the clock hours it is still paid, with the reason for being late (handbook 0.4). What was handed over at night
    is entered in the morning: hours, figures, the reserve's day and the papers' due day go by when the family had it.

    :param receipt: a photo of the recipient's signature, or nothing.
    :raises NeedsCollectiveDecision: above the maximum or beyond the frequency.
    :raises NotAllowed: above the ceiling or the balance, one hand only, a time that cannot be or of a signed month,
        late, entered late or below the minimum without a reason, or papers of earlier ones are overdue and the
        county has not released this one.
    """
    aid = lock_aid(aid, by=by, permission=Permission.PAY_AID)
    check_can_act(by, Permission.HANDLE_AID, area=aid.area)
    require_state(aid, AidState.OPENED, AidState.ADVANCE_ASKED)
    _check_urgent(aid)
    on, paid_at = timezone.localdate(at), _paid_at(aid, data, at=at)
    terms = aid_terms(aid.area, on=timezone.localdate(paid_at))
    late_reason = _check_slip(aid, data, terms=terms, by=by, at=at, paid_at=paid_at)
    entry_reason = _why_entered_late(data, terms=terms, at=at, paid_at=paid_at)
    check_not_blocked(aid, terms=terms, on=on)
    aid.grade = data.grade
    stages = [PlannedStage(form=StageForm.MONEY, amount=data.amount)]
    found = judge(aid, stages, reasons=data.reasons, terms=terms, at=paid_at)
    entry = _spend(aid, data, by=by, at=at, on=timezone.localdate(paid_at))
    keep_grant(
        aid,
        stages,
        found=found,
        reasons=data.reasons,
        terms=terms,
        route=AidRoute.PETTY_ADVANCE,
        level=DecidedBy.TOWNSHIP,
        by=by,
        at=at,
    )
    before = aid.state
    # Whoever proposed it in another way before it came back is not who decides now.
    aid.proposed_by, aid.first_paid_at = None, paid_at
    aid.advance()
    aid.save()
    _pay_stage(aid, stages, data, receipt, by=by, at=at)
    slip = _write_slip(
        aid, data, entry, terms=terms, late_reason=late_reason, entry_reason=entry_reason, by=by, paid_at=paid_at
    )
    note = f"{slip.number}，{in_figures(data.amount)}元，{slip.received_by}领取，余额{in_figures(slip.balance_after)}元"
    write_event(aid, AidEventKind.ADVANCED, by=by, at=at, note=note, from_state=before)
    if late_reason:
        write_event(aid, AidEventKind.OVERDUE_EXPLAINED, by=by, at=at, note=late_reason)
    if entry_reason:
        write_event(aid, AidEventKind.OVERDUE_EXPLAINED, by=by, at=at, note=f"补记原因：{entry_reason}")
    issue_paper(aid, DocumentKind.PETTY_ADVANCE_SLIP, by=by, on=on)
    request_by_itself(aid, by=by, at=at)
    return slip


def check_not_blocked(aid: TemporaryAid, *, terms: AidTerms, on: date) -> None:
    """
    :raises NotAllowed: the county stops new advances where papers are overdue, and has not released this one.
    """
    if not terms.supplement_blocks or is_released(aid):
        return
    overdue = overdue_supplements(aid.area, on=on).count()
    if overdue:
        raise NotAllowed(
            f"本乡镇有{overdue}件先行救助逾期未补手续，暂停新的先行救助。请先补齐，或请县民政局对本件放行。"
        )


def _check_urgent(aid: TemporaryAid) -> None:
    if aid.hardship is not HardshipType.URGENT:
        raise NotAllowed("只有急难型可以先行救助；支出型请按一般程序办理。")


def _paid_at(aid: TemporaryAid, data: AdvanceData, *, at: datetime) -> datetime:
    """When the family had the money; a form tells minutes, and the report was made in the midst of one.

    :raises NotAllowed: in time to come, or before anybody reported.
    """
    if data.paid_at is None:
        return at
    if data.paid_at > at:
        raise NotAllowed("到手时间不能晚于现在。", field="paid_at")
    if data.paid_at < aid.first_reported_at.replace(second=0, microsecond=0):
        said = timezone.localtime(aid.first_reported_at)
        raise NotAllowed(f"到手时间不能早于首次报告时间（{said:%-m月%-d日%H:%M}）。", field="paid_at")
    return max(data.paid_at, aid.first_reported_at)


def _why_entered_late(data: AdvanceData, *, terms: AidTerms, at: datetime, paid_at: datetime) -> str:
    """Why a payment is entered later (补记) than within the county's hours; empty within them.

    :raises NotAllowed: later, and no reason is given.
    """
    if paid_at >= at - timedelta(hours=terms.entry_hours):
        return ""
    sentence = f"发放已超过{terms.entry_hours}小时才补记：请核对到手时间；没有填错的，写明补记的原因。"
    return check_told(data.entry_reason, sentence, field="entry_reason")


def _spend(aid: TemporaryAid, data: AdvanceData, *, by: Staff, at: datetime, on: date) -> ReserveEntry:
    """
    :param on: the day of the payment; one of a signed month (已签认) is refused beside its time.
    """
    note = f"先行救助{aid.number} {aid.recipient_name}"
    try:
        return reserve.spend_advance(
            aid, amount=data.amount, note=note, voucher=data.voucher.strip(), by=by, at=at, on=on
        )
    except NotAllowed as error:
        if error.field != "on":
            raise
        raise NotAllowed(error.message, field="paid_at") from error


def _check_slip(
    aid: TemporaryAid, data: AdvanceData, *, terms: AidTerms, by: Staff, at: datetime, paid_at: datetime
) -> str:
    """What the slip has to say.

    :returns: the reason for being late, empty in time.
    """
    if terms.advance_limit <= 0:
        raise NotAllowed("县里没有开放小额先行救助，请按简化程序办理。")
    if data.amount <= 0:
        raise NotAllowed("先行金额须大于0。", field="amount")
    hold_people_of(aid)
    followed = followed_amount(aid)
    if data.amount + followed > terms.advance_limit:
        before = f"连同此前同一次的{in_figures(followed)}元" if followed else ""
        raise NotAllowed(
            f"先行金额{before}不能超过限额{in_figures(terms.advance_limit)}元；需要更多的，先行救助以后在补充说明中增加各期。",
            field="amount",
        )
    check_told(data.received_by, "请填领取人。", field="received_by")
    check_hands(by, second_hand=data.second_hand, received_by=data.received_by)
    if data.relieved_on:
        check_relieved(aid, data.relieved_on, on=timezone.localdate(at))
    if aid.help_due_at is None or not is_late(paid_at, due=aid.help_due_at):
        return ""
    hours = hours_between(aid.first_reported_at, paid_at)
    return check_told(
        data.late_reason, f"自首次报告已过{hours}小时，超过{terms.hours}小时，请写明原因。", field="late_reason"
    )


def _pay_stage(
    aid: TemporaryAid, stages: list[PlannedStage], data: AdvanceData, receipt: Any, *, by: Staff, at: datetime
) -> AidStage:
    """The advance is the first stage (第1期), in the recipient's hand already."""
    (stage,) = make_stages(aid, stages)
    stage.state, stage.source, stage.method = StageState.PAID, PaySource.RESERVE, PayMethod.CASH
    stage.paid_at, stage.paid_by = aid.first_paid_at, by
    stage.second_hand, stage.received_by = data.second_hand.strip(), data.received_by.strip()
    stage.voucher = data.voucher.strip()
    if receipt:
        stage.receipt = add_file(aid, kind=AidFileKind.RECEIPT, upload=receipt, by=by, at=at)
    stage.save()
    return stage


def _write_slip(
    aid: TemporaryAid,
    data: AdvanceData,
    entry: ReserveEntry,
    *,
    terms: AidTerms,
    late_reason: str,
    entry_reason: str,
    by: Staff,
    paid_at: datetime,
) -> PettyAdvance:
    slip = PettyAdvance(
        aid=aid,
        number=next_number("XX", timezone.localdate(paid_at).year),
        amount=data.amount,
        limit_amount=terms.advance_limit,
        entry=entry,
        balance_after=entry.balance_after,
        paid_at=paid_at,
        paid_by=by,
        second_hand=data.second_hand.strip(),
        received_by=data.received_by.strip(),
        is_late=bool(late_reason),
        late_reason=late_reason,
        entry_reason=entry_reason,
        relieved_on=data.relieved_on,
    )
    set_slip_due(slip, terms=terms)
    slip.save()
    return slip
