"""What every step of a case shares: the lock, the order of dates, the deadline, lateness explained, the event."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.models import Case, CaseCounter, CaseEvent, OverdueReason
from applications.permissions import is_related
from applications.queries import state_due
from applications.rules.process import OPEN_TO_RELATIVES, CaseState, EventKind
from benefits.queries import covered_elsewhere
from foundation.errors import ServiceError, StaleVersion
from organizations.models import Staff

_ENDING = frozenset({"withdraw", "terminate"})
"""What may still be done with the case of a family that has ended."""


class NotOpenable(ServiceError):
    """A case of the scheme cannot be opened for the family now."""


class NotNow(ServiceError):
    """The case's state does not allow the act."""


class OverdueReasonMissing(ServiceError):
    """The step is left late: its reason is asked for (handbook 0.4)."""


class Recused(ServiceError):
    """The person is a registered near relative of the family and keeps out of the case (F57 §11)."""


def lock_case(case: Case, *, version: int | None = None) -> Case:
    """The case as it stands, locked until the transaction ends.

    :raises StaleVersion: the page was made from an earlier version.
    """
    # First the row alone: who waits for a case whose village or applicant changes meanwhile would find no joined row.
    Case.objects.select_for_update().only("pk").get(pk=case.pk)
    locked = Case.objects.select_related("area__parent", "household__area", "intake", "applicant__person").get(
        pk=case.pk
    )
    if version is not None and version != locked.version:
        raise StaleVersion("这个办件刚刚被别人办理过，请核对最新情况后再办。")
    return locked


def require_state(case: Case, *states: CaseState) -> None:
    """
    :raises NotNow: the case is in another state.
    """
    if case.state not in states:
        wanted = "、".join(state.label for state in states)
        raise NotNow(f"这个办件现在是“{case.case_state.label}”，这一步只能在“{wanted}”时办理。请刷新页面查看。")


def check_not_related(case: Case, staff: Staff) -> None:
    """
    :raises Recused: the person is named as a near relative in the intake's register.
    """
    if is_related(staff, case):
        raise Recused("您与这个家庭有近亲属备案关系（或同名），须回避，请交由其他人员办理。")


def covered_elsewhere_in_words(case: Case, *, on: date) -> str:
    """What the trail keeps of awards that cover members elsewhere, so that it is known who was told when.

    It stops no application: the other award may end before the decision.
    """
    found = covered_elsewhere(case.household, on=on)
    return f"提示：{'；'.join(map(str, found))}，请先与该乡镇核实" if found else ""


def advance(
    case: Case,
    act: str,
    *,
    event: EventKind,
    by: Staff,
    on: date,
    late_reason: str = "",
    note: str = "",
    data: Mapping[str, Any] | None = None,
    clock_from: date | None = None,
) -> CaseEvent:
    """Take a locked case one transition on and write what happened.

    :param act: name of the transition on :class:`Case`.
    :param clock_from: day from which the new state's term runs, where it is not the day of the act.
    :raises OverdueReasonMissing: the state is left after its due day without a reason.
    :raises NotNow: ``on`` lies before the state began, or the family has ended.
    """
    before = case.case_state
    if on < case.state_since:
        raise NotNow(f"日期不能早于上一步的日期（{case.state_since:%Y年%-m月%-d日}）。", field="on")
    if case.household.ended_on is not None and act not in _ENDING and not case.matter.of_award:
        raise NotNow("这个家庭已经注销，办件不能再往下办；申请人死亡的，请办理“终止办理”。")
    explain_if_late(case, reason=late_reason, by=by, on=on)
    getattr(case, act)()
    case.state_since = on
    # What a deadline runs from is read from the events, this one among them.
    happened = write_event(case, event, by=by, on=on, note=note, data=data, from_state=before, to_state=case.case_state)
    due = state_due(case, start=clock_from or on)
    case.state_due_on = due.on if due else None
    case.due_is_provisional = case.due_is_provisional or bool(due and due.provisional)
    case.version += 1
    case.save()
    return happened


def renew_pages(case: Case) -> None:
    """What stands beside a case has changed (拟发放计划): whoever has its page open looks again before acting on it."""
    locked = lock_case(case)
    locked.version += 1
    locked.save(update_fields=["version"])


def hand_back_draft(case: Case) -> None:
    """A locked case's draft no longer waits for its signature: something new has to go into it first."""
    if case.awaits_signature:
        case.awaits_signature = False
    case.version += 1
    case.save()


def write_event(
    case: Case,
    kind: EventKind,
    *,
    by: Staff | None,
    on: date,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    from_state: str = "",
    to_state: str = "",
) -> CaseEvent:
    """Write what happened to a case (经过), in the transaction of the act.

    :raises Recused: the person is a registered near relative of the family and the act is not open to them.
    """
    if by is not None and kind not in OPEN_TO_RELATIVES:
        check_not_related(case, by)
    return CaseEvent.objects.create(
        case=case,
        kind=kind,
        by=by,
        on=on,
        note=note[:500],
        data=dict(data or {}),
        from_state=str(from_state),
        to_state=str(to_state),
    )


def explain_if_late(case: Case, *, reason: str, by: Staff, on: date) -> None:
    """Keep why the step is left late; lateness never blocks, silence does.

    :raises OverdueReasonMissing: late, and no reason given now or before.
    """
    late_for = [due for due in (case.state_due_on, case.due_on) if due and on > due]
    if not late_for:
        return
    keep_overdue_reason(case, due_on=min(late_for), reason=reason, by=by, on=on)


def keep_overdue_reason(case: Case, *, due_on: date, reason: str, by: Staff, on: date) -> None:
    """Keep why something due on a day came later (超期原因).

    :raises OverdueReasonMissing: no reason given now or before.
    """
    explained = OverdueReason.objects.filter(case=case, state=case.state, due_on=due_on).exists()
    if not reason.strip():
        if explained:
            return
        raise OverdueReasonMissing(
            f"这一步应于{due_on:%Y年%-m月%-d日}前办完，已经超期，请写明超期原因。", field="late_reason"
        )
    OverdueReason.objects.create(
        case=case, state=case.state, due_on=due_on, reason=reason.strip(), given_by=by, given_on=on
    )
    write_event(case, EventKind.OVERDUE_EXPLAINED, by=by, on=on, note=reason.strip())


def next_serial(year: int) -> int:
    """The next number of a year; the counter's row is the lock."""
    CaseCounter.objects.get_or_create(year=year)
    counter = CaseCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
