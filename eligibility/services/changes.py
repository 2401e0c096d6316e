"""Changes of parameters (调整单): entered by one administrator, approved by another, superseding what ran (四眼)."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from eligibility.models import ChangeState, Parameter, ParameterChange, SourceDocument
from eligibility.queries import decided_otherwise, resting_on
from eligibility.services.parameters import SourceData, check_parameter, record_source_document
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import deputising
from organizations.rules.separation import standing_as_one


class NotChangeable(ServiceError):
    """The change cannot be made as entered: decisions rest on the value, or it is decided already."""


@transaction.atomic
def propose_parameter(
    key: str,
    *,
    value: Any,
    area: Area,
    residence: str,
    from_day: date,
    source: SourceDocument | SourceData,
    by: Staff,
    on: date,
    is_sample: bool = False,
    is_local_practice: bool = False,
    note: str = "",
    late_reason: str = "",
) -> ParameterChange:
    """Enter a parameter's value from a day on (录入调整); it holds once another administrator approves it.

    :param value: as the assessment's JSON holds it; nested ones whole.
    :param late_reason: why it holds from a day for which decisions were made already (追溯执行).
    :raises NotPermitted: the person may not manage parameters in the area.
    :raises NotAParameter: unknown key, or a value that it may not have.
    :raises NotChangeable: a change of the parameter waits, or decisions rest on what it would alter.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=area)
    check_parameter(key, value)
    if isinstance(source, SourceData):
        source = record_source_document(
            source.number, title=source.title, issued_on=source.issued_on, scan=source.scan, by=by, area=area
        )
    change = ParameterChange(
        key=key,
        value=value,
        area=area,
        residence=residence,
        from_day=from_day,
        source=source,
        is_sample=is_sample,
        is_local_practice=is_local_practice,
        note=note,
        late_reason=late_reason.strip(),
        entered_by=by,
        entered_on=on,
    )
    _check_resting(change, _rows_of(change))
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        if "change_one_waiting" not in str(error):
            raise
        raise NotChangeable("这个参数已有一份调整单等待审批，请先审批或撤回那一份。") from error
    return change


@transaction.atomic
def approve_change(change: ParameterChange, *, by: Staff, on: date, note: str = "") -> Parameter:
    """Approve a change (审批同意): the running value ends the day before, the new one holds from its day on.

    :raises NotPermitted: the person entered it, or may not manage parameters in the area.
    :raises NotChangeable: decided already, or decisions rest on what it would alter.
    """
    change = _to_decide(change, by=by)
    # One writer at a time: two at once would both find the same running value, or none.
    Area.objects.select_for_update(of=("self",)).get(pk=change.area_id)
    rows = _rows_of(change)
    _check_resting(change, rows)
    parameter = _put(change, rows)
    change.state, change.parameter = ChangeState.APPROVED, parameter
    _decide(change, by=by, on=on, note=note)
    return parameter


@transaction.atomic
def return_change(change: ParameterChange, *, reason: str, by: Staff, on: date) -> None:
    """Return a change to who entered it (退回); nothing changes.

    :raises NotPermitted: the person entered it, or may not manage parameters in the area.
    :raises NotChangeable: decided already, or no reason.
    """
    change = _to_decide(change, by=by)
    if not reason.strip():
        raise NotChangeable("请写明退回的原因。", field="reason")
    change.state = ChangeState.RETURNED
    _decide(change, by=by, on=on, note=reason)


@transaction.atomic
def withdraw_change(change: ParameterChange, *, by: Staff, on: date) -> None:
    """Withdraw a change that waits (撤回); only who entered it does.

    :raises NotPermitted: somebody else entered it.
    :raises NotChangeable: decided already.
    """
    change = _locked(change)
    if change.entered_by_id != by.pk:
        raise NotPermitted("只有录入人可以撤回；不同意的，请退回。")
    change.state = ChangeState.WITHDRAWN
    _decide(change, by=by, on=on, note="")


def _locked(change: ParameterChange) -> ParameterChange:
    locked = ParameterChange.objects.select_for_update(of=("self",)).select_related("area").get(pk=change.pk)
    if locked.state != ChangeState.PROPOSED:
        raise NotChangeable(f"这份调整单{locked.get_state_display()}，不能再办。")
    return locked


def _to_decide(change: ParameterChange, *, by: Staff) -> ParameterChange:
    change = _locked(change)
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=change.area)
    if change.entered_by_id == by.pk:
        raise NotPermitted("录入人不能审批自己录入的值，请由另一名管理员审批。")
    deputies = deputising(since=change.entered_on, on=timezone.localdate())
    if by.pk in standing_as_one(frozenset({change.entered_by_id}), deputies):
        raise NotPermitted("您代理录入人，或由录入人代理，两人算一个人：请由另一名管理员审批。")
    return change


def _decide(change: ParameterChange, *, by: Staff, on: date, note: str) -> None:
    change.decided_by, change.decided_on, change.decision_note = by, on, note.strip()
    change.save()


def _rows_of(change: ParameterChange) -> list[Parameter]:
    return list(Parameter.objects.filter(key=change.key, area=change.area_id, residence=change.residence))


def _check_resting(change: ParameterChange, rows: list[Parameter]) -> None:
    """
    :raises NotChangeable: decisions rest on the value that the change would alter, or days already decided by another
        value would get a new one without a reason.
    """
    running = _running(rows, change.from_day)
    begins_here = running is not None and running.valid.lower == change.from_day
    if running is not None and begins_here and (count := resting_on(running, since=change.from_day)):
        raise NotChangeable(f"已有{count}次初审或决定按这一天起的值作出，不能改；请从另一天起取代。", field="from_day")
    count = decided_otherwise(change, until=_next_start(rows, change.from_day))
    if count and not change.late_reason:
        raise NotChangeable(
            f"这一天以后已有{count}次初审或决定按现行的值作出。确需追溯执行的，请写明原因；已作出的决定不变，差额另行补发。",
            field="late_reason",
        )


def _next_start(rows: list[Parameter], day: date) -> date | None:
    return min((row.valid.lower for row in rows if row.valid.lower and row.valid.lower > day), default=None)


def _running(rows: list[Parameter], day: date) -> Parameter | None:
    return next((row for row in rows if day in row.valid), None)


def _put(change: ParameterChange, rows: list[Parameter]) -> Parameter:
    """A value that begins the same day is corrected in place, its history kept; a later one stays, and this one ends
    where it begins."""
    names = ("value", "source", "is_sample", "is_local_practice", "note")
    facts = {name: getattr(change, name) for name in names}
    running = _running(rows, change.from_day)
    if running is not None and running.valid.lower == change.from_day:
        for name, fact in facts.items():
            setattr(running, name, fact)
        running.save(update_fields=list(facts))
        return running
    if running is not None:
        running.valid = DateRange(running.valid.lower, change.from_day)
        running.save(update_fields=["valid"])
    return Parameter.objects.create(
        key=change.key,
        area=change.area,
        residence=change.residence,
        valid=DateRange(change.from_day, _next_start(rows, change.from_day)),
        **facts,
    )
