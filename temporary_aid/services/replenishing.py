"""补拨: asked by the township, or by itself below the warning line; answered by the county, then paid in."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Staff
from temporary_aid.models import EntryKind, Replenishment, ReplenishmentState, ReserveEntry, ReserveFund
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries.reserve import WarningLine, warning_line
from temporary_aid.services.base import NotAllowed, check_told, next_number
from temporary_aid.services.entries import Cause, lock_fund, write_entry

_OPEN = (ReplenishmentState.ASKED, ReplenishmentState.APPROVED)
_TURNED_DOWN = (ReplenishmentState.REFUSED, ReplenishmentState.TAKEN_BACK, ReplenishmentState.REVOKED)


@transaction.atomic
def ask_replenishment(fund: ReserveFund, *, amount: Decimal, reason: str, by: Staff, at: datetime) -> Replenishment:
    """The township asks the county for money (申请补拨).

    :param amount: yuan.
    :raises NotPermitted: the person does not keep the township's reserve.
    :raises NotAllowed: another request is open, nothing asked for, or no reason.
    """
    fund = lock_fund(fund.pk)
    check_can_act(by, Permission.KEEP_RESERVE, area=fund.area)
    reason = check_told(reason, "请写明申请补拨的理由。", field="reason")
    if amount <= 0:
        raise NotAllowed("申请金额须大于0。", field="amount")
    if (other := fund.replenishments.filter(state__in=_OPEN).first()) is not None:
        raise NotAllowed(f"补拨申请{other.number}正在办理，不用再提。")
    with because("申请补拨", reason):
        return _ask(fund, warning_line(fund, on=timezone.localdate(at)), amount=amount, reason=reason, by=by, at=at)


def ask_if_low(fund: ReserveFund, *, at: datetime) -> Replenishment | None:
    """Ask by itself (系统提请) where a locked reserve is below its warning line; once while a request is open.

    Where the last request was refused, taken back or revoked, it is not asked again until money moves or the line
    changes.
    """
    found = warning_line(fund, on=timezone.localdate(at))
    if found.line is None or not found.is_crossed_by(fund.balance):
        return None
    if fund.replenishments.filter(state__in=_OPEN).exists():
        return None
    last = fund.replenishments.filter(state__in=_TURNED_DOWN, warning_line=found.line).order_by("-pk").first()
    if last is not None and last.balance_then == fund.balance and not _moved_since(last):
        return None
    reason = f"余额{in_figures(fund.balance)}元，低于预警线{in_figures(found.line)}元，补到年初数"
    return _ask(fund, found, amount=found.lacking(fund.balance), reason=reason, by=None, at=at)


def _moved_since(request: Replenishment) -> bool:
    return request.fund.entries.filter(at__gt=request.asked_at).exists()


def ask_for_low_ones(*, at: datetime) -> int:
    """Ask for every reserve that fell below its line without being spent from: a new year, another rate (nightly).

    Each reserve in a transaction of its own; done twice it asks nothing twice.

    :returns: how many requests were made.
    """
    made = 0
    for fund in ReserveFund.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            made += ask_if_low(lock_fund(fund), at=at) is not None
    return made


def _ask(
    fund: ReserveFund, found: WarningLine, *, amount: Decimal, reason: str, by: Staff | None, at: datetime
) -> Replenishment:
    return Replenishment.objects.create(
        number=next_number("BB", timezone.localdate(at).year),
        fund=fund,
        balance_then=fund.balance,
        warning_line=found.line or Decimal(0),
        asked_amount=amount,
        is_automatic=by is None,
        reason=reason,
        asked_by=by,
        asked_at=at,
    )


@transaction.atomic
def approve_replenishment(
    replenishment: Replenishment, *, amount: Decimal, opinion: str, by: Staff, at: datetime
) -> None:
    """The county grants money, as much as asked for or another amount (批准补拨); it waits to be paid in.

    :param amount: yuan.
    :raises NotPermitted: the person does not answer requests.
    :raises NotAllowed: answered already, nothing granted, another amount without an opinion, or one's own request.
    """
    row = _lock(replenishment, by=by, permission=Permission.APPROVE_REPLENISHMENT)
    _check_waits(row, by=by)
    if amount <= 0:
        raise NotAllowed("批准金额须大于0；不同意补拨的，请选择“不予补拨”。", field="amount")
    if amount != row.asked_amount:
        check_told(opinion, "批准金额与申请金额不同，请写明意见。", field="opinion")
    row.state, row.approved_amount, row.opinion = ReplenishmentState.APPROVED, amount, opinion.strip()
    row.answered_by, row.answered_at = by, at
    with because("批准补拨", opinion):
        row.save(update_fields=["state", "approved_amount", "opinion", "answered_by", "answered_at"])


@transaction.atomic
def refuse_replenishment(replenishment: Replenishment, *, opinion: str, by: Staff, at: datetime) -> None:
    """The county does not grant it (不予补拨).

    :raises NotPermitted: the person does not answer requests.
    :raises NotAllowed: answered already, no opinion, or one's own request.
    """
    row = _lock(replenishment, by=by, permission=Permission.APPROVE_REPLENISHMENT)
    _check_waits(row, by=by)
    row.opinion = check_told(opinion, "请写明不予补拨的理由。", field="opinion")
    row.state, row.answered_by, row.answered_at = ReplenishmentState.REFUSED, by, at
    with because("不予补拨", opinion):
        row.save(update_fields=["state", "opinion", "answered_by", "answered_at"])


@transaction.atomic
def take_back_replenishment(replenishment: Replenishment, *, by: Staff) -> None:
    """The township takes its own request back before it is answered (撤回申请).

    :raises NotPermitted: the person does not keep the township's reserve.
    :raises NotAllowed: answered already, or the system asked.
    """
    row = _lock(replenishment, by=by, permission=Permission.KEEP_RESERVE)
    if row.state != ReplenishmentState.ASKED:
        raise NotAllowed(f"补拨申请{row.number}已经答复，不能撤回。")
    if row.is_automatic:
        raise NotAllowed("系统提请的补拨由县民政局答复，不能撤回。")
    row.state = ReplenishmentState.TAKEN_BACK
    with because("撤回补拨申请"):
        row.save(update_fields=["state"])


@transaction.atomic
def pay_replenishment(replenishment: Replenishment, *, voucher: str, by: Staff, at: datetime, on: date) -> ReserveEntry:
    """The granted money reached the township's reserve (拨付到账); once.

    :raises NotPermitted: the person does not allocate.
    :raises NotAllowed: not granted, paid already, no voucher, or the day does not fit.
    """
    row = _lock(replenishment, by=by, permission=Permission.ALLOCATE_RESERVE)
    if row.state != ReplenishmentState.APPROVED or row.approved_amount is None:
        raise NotAllowed(f"补拨申请{row.number}现在是“{row.get_state_display()}”，不能拨付。请刷新页面。")
    voucher = check_told(voucher, "请填拨款凭证号。", field="voucher")
    with because("拨付补拨资金"):
        entry = write_entry(
            row.fund,
            EntryKind.REPLENISHMENT,
            amount=row.approved_amount,
            note=f"补拨 {row.number}",
            voucher=voucher,
            by=by,
            at=at,
            on=on,
            cause=Cause(replenishment=row),
        )
        row.state = ReplenishmentState.PAID
        row.save(update_fields=["state"])
    return entry


@transaction.atomic
def revoke_replenishment(replenishment: Replenishment, *, reason: str, by: Staff, at: datetime) -> None:
    """The county revokes what it granted (撤销批准): it cannot be paid, or came in another way; another may be asked.

    :raises NotPermitted: the person does not answer requests.
    :raises NotAllowed: not granted, paid already, no reason, or one's own request.
    """
    row = _lock(replenishment, by=by, permission=Permission.APPROVE_REPLENISHMENT)
    if row.state != ReplenishmentState.APPROVED:
        raise NotAllowed(f"补拨申请{row.number}现在是“{row.get_state_display()}”，不能撤销批准。请刷新页面。")
    if row.asked_by_id == by.pk:
        raise NotAllowed("申请人不能办理自己的补拨申请，请交由他人办理。")
    row.revoked_reason = check_told(reason, "请写明撤销批准的原因。", field="reason")
    row.state, row.revoked_by, row.revoked_at = ReplenishmentState.REVOKED, by, at
    with because("撤销批准补拨", reason):
        row.save(update_fields=["state", "revoked_by", "revoked_at", "revoked_reason"])


def _lock(replenishment: Replenishment, *, by: Staff, permission: Permission) -> Replenishment:
    """The request with its reserve, both locked: the reserve first, as every other act does."""
    fund = lock_fund(replenishment.fund_id)
    check_can_act(by, permission, area=fund.area)
    row = Replenishment.objects.select_for_update(of=("self",)).get(pk=replenishment.pk)
    row.fund = fund
    return row


def _check_waits(row: Replenishment, *, by: Staff) -> None:
    if row.state != ReplenishmentState.ASKED:
        raise NotAllowed(f"补拨申请{row.number}已经是“{row.get_state_display()}”，请刷新页面。")
    if row.asked_by_id == by.pk:
        raise NotAllowed("申请人不能审批自己的补拨申请，请交由他人办理。")
