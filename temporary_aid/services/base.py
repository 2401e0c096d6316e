"""What every act on an aid does first and last: lock, ask the right, number, write what happened."""

from datetime import datetime

from foundation.crypto import normal_form
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Staff
from temporary_aid.models import AidCounter, AidEvent, AidEventKind, TemporaryAid
from temporary_aid.permissions import Permission, check_can_act, related_to
from temporary_aid.rules.clock import is_late, is_out_of_mind
from temporary_aid.rules.states import AidState


class NotAllowed(ServiceError):
    """The act does not fit: the state is another, a value is wrong, or something is not said."""


class NeedsCollectiveDecision(NotAllowed):
    """Beyond the maximum or the frequency: the county's meeting has to resolve first (一事一议)."""


def lock_aid(aid: TemporaryAid, *, by: Staff, permission: Permission) -> TemporaryAid:
    """The aid, locked until the transaction ends, where the person may do the act.

    :raises NotPermitted: no right to do the act in the aid's area, or a registered near relative (F57 §11).
    """
    rows = TemporaryAid.objects.select_for_update(of=("self",)).select_related("area__parent", "household")
    locked = rows.get(pk=aid.pk)
    check_can_act(by, permission, area=locked.area)
    check_not_related(locked, by)
    return locked


def check_not_related(aid: TemporaryAid, by: Staff) -> None:
    """
    :raises NotPermitted: the person is a registered near relative (近亲属备案) of the family.
    """
    if related_to(aid).include(by.pk, by.name):
        raise NotPermitted("您是这个家庭登记备案的近亲属，须回避，请交由他人办理。")


def require_state(aid: TemporaryAid, *states: AidState) -> None:
    """
    :raises NotAllowed: the aid is in none of the states.
    """
    if aid.state not in states:
        raise NotAllowed(f"临时救助{aid.number}现在是“{aid.aid_state.label}”，不能这样办理。请刷新页面。")


def check_told(text: str, sentence: str, *, field: str) -> str:
    """
    :raises NotAllowed: nothing is written.
    """
    if not text.strip():
        raise NotAllowed(sentence, field=field)
    return text.strip()


def check_reported(reported_at: datetime, *, at: datetime, field: str) -> None:
    """
    :raises NotAllowed: first reported in time to come, or so long ago that the year must be mistyped.
    """
    if reported_at > at:
        raise NotAllowed("首次报告时间不能晚于现在。", field=field)
    if is_out_of_mind(reported_at, at=at):
        raise NotAllowed("首次报告时间不能早于一年以前，请核对年份。", field=field)


def check_hands(by: Staff, *, second_hand: str, received_by: str = "") -> None:
    """Two hands (两人经办), and neither of them the recipient's; 程 晓燕 and 程晓燕 are one.

    :param received_by: empty where it is asked elsewhere or follows from an account.
    :raises NotAllowed: nobody beside who enters it, or one of the two received it.
    """
    second = normal_form(check_told(second_hand, "发放须两人经办，请填第二经办人。", field="second_hand"))
    if second == normal_form(by.name):
        raise NotAllowed("第二经办人须是另一个人。", field="second_hand")
    if normal_form(received_by) in (normal_form(by.name), second):
        raise NotAllowed("领取人不能是经办人。", field="received_by")


def next_number(letter: str, year: int) -> str:
    """The next number of a kind in a year: LS2026-0001; the counter's row is the lock.

    :param letter: LS 临时救助, JN 急难报告, XX 先行单, BB 补拨, YH 送银行文件.
    """
    AidCounter.objects.get_or_create(year=year, kind=letter)
    counter = AidCounter.objects.select_for_update().get(year=year, kind=letter)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{letter}{year}-{counter.last:04d}"


def write_event(
    aid: TemporaryAid,
    kind: AidEventKind,
    *,
    by: Staff | None,
    at: datetime,
    note: str = "",
    from_state: str = "",
) -> AidEvent:
    """Write what happened (经过), in the transaction of the act.

    :param from_state: the state before, where the act changed it.
    """
    to_state = aid.state if from_state and from_state != aid.state else ""
    return AidEvent.objects.create(
        aid=aid,
        kind=kind,
        at=at,
        by=by,
        note=note[:500],
        from_state=from_state if to_state else "",
        to_state=to_state,
    )


def explain_if_late(aid: TemporaryAid, reason: str, *, by: Staff, at: datetime) -> None:
    """Keep why urgent aid is late (超期原因), once, where its clock has run out; lateness never blocks (handbook 0.4).

    :raises NotAllowed: late, and no reason is or was given.
    """
    if aid.help_due_at is None or aid.first_paid_at is not None or not is_late(at, due=aid.help_due_at):
        return
    if aid.events.filter(kind=AidEventKind.OVERDUE_EXPLAINED).exists():
        return
    told = check_told(reason, "已超过应救助时间，请写明原因；写明后照常办理。", field="late_reason")
    write_event(aid, AidEventKind.OVERDUE_EXPLAINED, by=by, at=at, note=told)
