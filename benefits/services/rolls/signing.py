"""Signatures under a roll (乡镇核、县核、财政复核并定册), its return (退回) and its voiding (作废)."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from benefits.models import LineState, MonthlyRoll, RollEventKind, RollKind, RollLine, RollState
from benefits.queries.roll_checks import (
    Misfit,
    overpaid_by,
    paid_to_ended_accounts,
    reissued_though_arrived,
    taken_too_much_by,
)
from benefits.services.funds import allocate_funding
from benefits.services.recouping import settle_recouped
from benefits.services.rolls.filling import clear
from benefits.services.rolls.preparing import take_back_signatures
from benefits.services.rolls.standing import OPEN, RollRefused, check_signs, check_state, check_told, locked, note
from benefits.signals import roll_freezing
from foundation.errors import NotPermitted
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act

_OPINION = "请写明核对意见。"
_FREEZING = 0x726F6C6C
"""Names our lock among all advisory locks of the database: "roll"."""
NEXT_SIGNATURE = {
    RollState.PREPARED.value: Permission.CHECK_ROLL_TOWNSHIP,
    RollState.TOWNSHIP_CHECKED.value: Permission.CHECK_ROLL_COUNTY,
    RollState.COUNTY_CHECKED.value: Permission.CHECK_ROLL_FINANCE,
}
"""Whose signature a roll waits for, who may also return it."""


class RollOutdated(RollRefused):
    """What is owed has changed since the roll was made: it is to be made again."""


def hold_freezing(scheme: str) -> None:
    """Let nobody freeze a roll of a scheme until the transaction is over, and wait for who is doing it.

    One at a time: an award that moved stands in two townships' rolls for two months.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_FREEZING, scheme])


@transaction.atomic
def check_roll_township(roll: MonthlyRoll, *, opinion: str, by: Staff, on: date) -> MonthlyRoll:
    """Sign a roll for the township (乡镇核对), as the first of three.

    :raises NotPermitted: no such right in the township, or the person prepared it, or stands for who did.
    :raises RollRefused: it does not wait for this signature, or no opinion is given.
    """
    roll = locked(roll)
    check_state(roll, RollState.PREPARED)
    check_signs(roll, Permission.CHECK_ROLL_TOWNSHIP, by=by, on=on)
    check_told(opinion, _OPINION, field="opinion")
    roll.state, roll.township_checked_by, roll.township_checked_on = RollState.TOWNSHIP_CHECKED, by, on
    _save(roll, RollEventKind.TOWNSHIP_CHECKED, opinion, by=by, on=on)
    return roll


@transaction.atomic
def check_roll_county(roll: MonthlyRoll, *, opinion: str, by: Staff, on: date) -> MonthlyRoll:
    """Sign a roll for the county's civil affairs (县民政审核), after the township.

    :raises NotPermitted: no such right, or the person, or whom they stand for, had a hand in it before.
    :raises RollRefused: it does not wait for this signature, or no opinion is given.
    """
    roll = locked(roll)
    check_state(roll, RollState.TOWNSHIP_CHECKED)
    check_signs(roll, Permission.CHECK_ROLL_COUNTY, by=by, on=on)
    check_told(opinion, _OPINION, field="opinion")
    roll.state, roll.county_checked_by, roll.county_checked_on = RollState.COUNTY_CHECKED, by, on
    _save(roll, RollEventKind.COUNTY_CHECKED, opinion, by=by, on=on)
    return roll


@transaction.atomic
def freeze_roll(roll: MonthlyRoll, *, opinion: str, by: Staff, at: datetime) -> MonthlyRoll:
    """Sign a roll for finance and freeze it (财政复核并定册): from now on only the bank's answers are added.

    What each of its months is owed is asked again, by everything decided: where something was lowered or stopped, or
    another roll has paid the month, it is refused; so it is where it would pay to an account that is ended.

    :raises NotPermitted: no such right, or the person, or whom they stand for, had a hand in it before.
    :raises RollOutdated: it would pay above what is owed, to a closed account, or anew what the bank has paid after
        all; up to ten families are named.
    :raises RollRefused: it does not wait for this signature, no opinion is given, or a room above holds it up.
    """
    on = timezone.localdate(at)
    roll = locked(roll)
    check_state(roll, RollState.COUNTY_CHECKED)
    check_signs(roll, Permission.CHECK_ROLL_FINANCE, by=by, on=on)
    check_told(opinion, _OPINION, field="opinion")
    hold_freezing(roll.scheme)
    roll_freezing.send(MonthlyRoll, roll=roll)
    _check_current(roll)
    if roll.kind == RollKind.REISSUE:
        RollLine.objects.filter(reissue__roll=roll).update(state=LineState.REISSUED)
    roll.state, roll.finance_checked_by, roll.frozen_at = RollState.FROZEN, by, at
    _save(roll, RollEventKind.FROZEN, opinion, by=by, on=on)
    allocate_funding(roll)
    settle_recouped(roll, on=on)
    if not roll.lines.exclude(state=LineState.LAPSED).exists():
        # Nothing of it is paid any more: there is nothing to send, and no answer to wait for.
        roll.state = RollState.SETTLED
        with because("没有应发的，定册即办结"):
            roll.save(update_fields=["state"])
    return roll


def _check_current(roll: MonthlyRoll) -> None:
    for found, what in (
        (overpaid_by(roll), "应发已经变化或已由别的发放册发放"),
        (taken_too_much_by(roll), "追回已经变化"),
        (paid_to_ended_accounts(roll), "发放账户已经更换或停用"),
        (reissued_though_arrived(roll), "原来的一笔银行已经报发放成功"),
    ):
        if found:
            raise RollOutdated(f"生成以后，{_named(found)}的{what}。请重新生成这本发放册，再核对。")


def _named(found: list[Misfit]) -> str:
    more = f"等{found[0].found}处" if found[0].found > len(found) else ""
    return "、".join(map(str, found)) + more


@transaction.atomic
def return_roll(roll: MonthlyRoll, *, reason: str, by: Staff, on: date) -> MonthlyRoll:
    """Send a roll back to whoever prepares it (退回), by the person whose signature it waits for.

    :raises NotPermitted: it does not wait for a signature of this person's.
    :raises RollRefused: it is frozen or void, or no reason is given.
    """
    roll = locked(roll)
    check_state(roll, *OPEN)
    permission = NEXT_SIGNATURE[roll.state]
    check_can_act(by, permission, area=roll.area)
    check_told(reason, "请写明退回的原因，说清要改什么。", field="reason")
    take_back_signatures(roll)
    _save(roll, RollEventKind.RETURNED, reason, by=by, on=on)
    return roll


@transaction.atomic
def void_roll(roll: MonthlyRoll, *, reason: str, by: Staff, on: date) -> MonthlyRoll:
    """Void a roll before it is frozen (作废): its lines go, what it came to stays on record.

    :raises NotPermitted: no right to make rolls in the township.
    :raises RollRefused: it is frozen or void, or no reason is given.
    """
    roll = locked(roll)
    check_can_act(by, Permission.PREPARE_ROLL, area=roll.area)
    check_state(roll, *OPEN)
    check_told(reason, "请写明作废的原因。", field="reason")
    clear(roll)
    roll.state, roll.voided_by, roll.voided_on, roll.void_reason = RollState.VOIDED, by, on, reason.strip()[:200]
    _save(roll, RollEventKind.VOIDED, reason, by=by, on=on)
    return roll


def _save(roll: MonthlyRoll, kind: RollEventKind, words: str, *, by: Staff, on: date) -> None:
    with because(kind.label, words):
        roll.save()
    note(roll, kind, by=by, on=on, words=words)


def can_sign(roll: MonthlyRoll, *, by: Staff, on: date) -> bool:
    """Whether the roll waits for a signature that this person may give; for buttons."""
    permission = NEXT_SIGNATURE.get(roll.state)
    if permission is None or not can_act(by, permission, area=roll.area):
        return False
    try:
        check_signs(roll, permission, by=by, on=on)
    except NotPermitted:
        return False
    return True
