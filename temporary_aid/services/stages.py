"""分期: visit a family again, confirm a stage by what was found, or cancel what is left."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import (
    AidEventKind,
    AidFileKind,
    AidStage,
    AidVisit,
    StageState,
    TemporaryAid,
)
from temporary_aid.permissions import Permission, acted_on, can_act, check_can_act
from temporary_aid.queries.ends import may_be_cancelled_alone
from temporary_aid.queries.paying import is_nobody_left
from temporary_aid.rules.states import AidState
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.files import add_file
from temporary_aid.services.payable import check_needed
from temporary_aid.services.sending import check_none_sent

ENDING = (Permission.HANDLE_AID, Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)
"""Who may cancel what is left (终止余期)."""
VISITED_IN = (AidState.ADVANCED, AidState.SUPPLEMENTED, AidState.APPROVED)
"""States in which a family that was helped is visited again."""


@dataclass(frozen=True)
class VisitData:
    """What a visit (走访) found.

    :param condition_met: 条件已满足, of a stage with a condition (发放条件).
    :param early_reason: 提前原因, where the visit confirms a stage before its planned day.
    """

    visited_on: date
    visitors: str
    finding: str
    still_in_need: bool
    condition_met: bool = False
    early_reason: str = ""


@transaction.atomic
def record_visit(
    aid: TemporaryAid,
    *,
    data: VisitData,
    by: Staff,
    at: datetime,
    on: date,
    stage: AidStage | None = None,
    photo: Any = None,
    confirms: bool = False,
) -> AidVisit:
    """Record that a helped family was visited (登记走访), by the village or the township.

    :param stage: the stage that the visit is made for (本期走访); of one that is given together with another, that one.
    :param photo: an uploaded file, or nothing.
    :param confirms: confirm the stage at once; takes the right to handle aid.
    :raises NotAllowed: nothing was granted, a day to come or before the decision, or something is not said.
    """
    aid = lock_aid(aid, by=by, permission=Permission.REPORT_HARDSHIP)
    require_state(aid, *VISITED_IN)
    _check_visit(aid, data, on=on)
    if stage is not None:
        stage = _lock_leader(aid, stage)
        require_stage(stage, StageState.PLANNED)
    kept = add_file(aid, kind=AidFileKind.VISIT_PHOTO, upload=photo, by=by, at=at) if photo is not None else None
    visit = AidVisit.objects.create(
        aid=aid,
        stage=stage,
        visited_on=data.visited_on,
        visitors=data.visitors.strip(),
        finding=data.finding.strip(),
        still_in_need=data.still_in_need,
        condition_met=data.condition_met and stage is not None and bool(stage.condition),
        photo=kept,
        recorded_by=by,
        recorded_at=at,
    )
    found = "仍然困难" if data.still_in_need else "困难已缓解"
    which = f"第{stage.serial}期，" if stage is not None else ""
    met = "，条件已满足" if visit.condition_met else ""
    write_event(aid, AidEventKind.VISITED, by=by, at=at, note=f"{which}{found}{met}：{visit.finding}")
    if stage is not None and confirms:
        check_can_act(by, Permission.HANDLE_AID, area=aid.area)
        _confirm(aid, stage, data.early_reason, by=by, at=at)
    return visit


@transaction.atomic
def confirm_stage(stage: AidStage, *, by: Staff, at: datetime, early_reason: str = "") -> AidStage:
    """Let a planned stage be paid (确认本期), since its last visit found the family still in need (handbook 10.4).

    What is given together with it (同时发放) is confirmed by the same visit.

    :param early_reason: 提前原因, before the planned day.
    :raises NotAllowed: not planned, not visited, the last visit found that the need is over or the condition is not
        met, the stage before is not paid, or too early without a reason.
    """
    aid = lock_aid(stage.aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.APPROVED)
    stage = _lock_leader(aid, stage)
    require_stage(stage, StageState.PLANNED)
    return _confirm(aid, stage, early_reason, by=by, at=at)


def _confirm(aid: TemporaryAid, stage: AidStage, early_reason: str, *, by: Staff, at: datetime) -> AidStage:
    """
    :raises NotAllowed: no visit that speaks for the stage, or too early without a reason.
    """
    require_state(aid, AidState.APPROVED)
    visit = stage.visits.order_by("-visited_on", "-pk").first()
    if visit is None:
        raise NotAllowed(f"第{stage.serial}期还没有走访，请先登记走访再确认。")
    if not visit.still_in_need:
        raise NotAllowed(
            f"最近一次走访认为困难已缓解，第{stage.serial}期不能确认发放。请终止余期；情况又有变化的，请重新走访。",
            field="still_in_need",
        )
    if stage.condition and not visit.condition_met:
        raise NotAllowed(
            f"第{stage.serial}期的发放条件是“{stage.condition}”，最近一次走访没有写明条件已满足，不能确认发放。"
            "条件满足后请重新走访。",
            field="condition_met",
        )
    check_needed(stage, on=timezone.localdate(at))
    _check_follows(stage, visit)
    early = in_words_if_early(stage, early_reason, on=timezone.localdate(at), what="确认")
    confirmed = [stage, *_given_with(stage)]
    for row in confirmed:
        row.state = StageState.READY
        row.visited_on, row.visitors, row.finding = visit.visited_on, visit.visitors, visit.finding
        row.visit_photo, row.confirmed_by = visit.photo, by
        row.save()
    note = "、".join(f"第{row.serial}期，{in_figures(row.amount)}元" for row in confirmed)
    write_event(aid, AidEventKind.STAGE_CONFIRMED, by=by, at=at, note=note + early)
    return stage


def _check_follows(stage: AidStage, visit: AidVisit) -> None:
    """A visit tells what the stages before came to, so it is made when they reached the family, or later.

    :raises NotAllowed: a stage before is not paid, or was paid after the visit.
    """
    before = AidStage.objects.filter(aid=stage.aid_id, serial__lt=stage.serial)
    before = before.exclude(state=StageState.CANCELLED).order_by("serial")
    open_one = before.filter(paid_at=None).first()
    if open_one is not None:
        raise NotAllowed(
            f"第{open_one.serial}期还没有发放，第{stage.serial}期不能确认。请先登记第{open_one.serial}期发放。"
        )
    last = before.order_by("-paid_at", "-serial").first()
    if last is None or last.paid_at is None:
        return
    paid_on = timezone.localdate(last.paid_at)
    if visit.visited_on < paid_on:
        raise NotAllowed(
            f"走访在第{last.serial}期发放（{paid_on:%-m月%-d日}）以前，不能确认第{stage.serial}期。请在发放后重新走访。",
            field="visited_on",
        )


def is_early(stage: AidStage, *, on: date) -> bool:
    """Whether a day lies before the stage's planned one (计划日期)."""
    return stage.planned_on is not None and on < stage.planned_on


def in_words_if_early(stage: AidStage, reason: str, *, on: date, what: str) -> str:
    """Words for the event where something is done before the stage's planned day (计划日期); empty from that day on.

    :raises NotAllowed: too early, and no reason is given.
    """
    if stage.planned_on is None or not is_early(stage, on=on):
        return ""
    planned = f"{stage.planned_on:%Y年%-m月%-d日}"
    told = check_told(
        reason, f"第{stage.serial}期计划{planned}发放，提前{what}须写明原因；写明后照常办理。", field="early_reason"
    )
    return f"，提前{what}（计划{planned}）：{told}"


@transaction.atomic
def cancel_rest(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime, on: date) -> list[AidStage]:
    """Cancel every stage that is not paid (终止余期), as a visit found that the need is over; what was paid stays.

    Where nothing was paid, or the last visit found the family still in need, that takes a second person (handbook 0.5).

    :raises NotPermitted: no right to end it.
    :raises NotAllowed: nothing is left to cancel, nobody visited since the last payment, no reason, or it takes
        somebody else than who handled or visited it.
    """
    aid = lock_aid(aid, by=by, permission=Permission.VIEW_AID)
    check_may_cancel(aid, by=by)
    require_state(aid, AidState.APPROVED)
    reason = check_told(reason, "请写明终止余期的原因。", field="reason")
    left = list(
        aid.stages.select_for_update(of=("self",))
        .filter(state__in=(StageState.PLANNED, StageState.READY))
        .order_by("serial")
    )
    if not left:
        raise NotAllowed("没有还没发放的期次，不用终止。")
    check_none_sent(left)
    _check_found(aid, by=by, on=on)
    for stage in left:
        stage.state = StageState.CANCELLED
        stage.cancelled_on, stage.cancelled_by, stage.cancelled_reason = on, by, reason
        stage.save()
    serials = "、".join(f"第{stage.serial}期" for stage in left)
    write_event(aid, AidEventKind.STAGE_CANCELLED, by=by, at=at, note=f"{serials}：{reason}")
    return left


@transaction.atomic
def cancel_one(stage: AidStage, *, reason: str, by: Staff, at: datetime, on: date) -> AidStage:
    """Cancel goods or a service that cannot be given (终止本期), while what is given together with it goes on.

    Without it a want of stock would hold up every later stage, or take the money with the goods. It takes from what
    was granted and no visit speaks for it, so it takes a second person (handbook 0.5).

    :raises NotPermitted: no right to end it.
    :raises NotAllowed: money, not waiting to be given, nothing that it is given with stands, no reason, or it takes
        somebody else than who handled it.
    """
    aid = lock_aid(stage.aid, by=by, permission=Permission.VIEW_AID)
    check_may_cancel(aid, by=by)
    require_state(aid, AidState.APPROVED)
    reason = check_told(reason, "请写明终止本期的原因。", field="reason")
    stage = lock_stage(aid, stage)
    if not may_be_cancelled_alone(stage, aid.stages.all()):
        raise NotAllowed("只有待发放、与别的期次同时发放的实物或服务可以单独终止；其余的请终止余期。")
    if by.pk != aid.decided_by_id and by.pk in acted_on(aid):
        raise NotAllowed("登记、提出、发放的人（代理的算作本人）不能自己终止，请由审批人或者另一名经办人终止。")
    stage.state = StageState.CANCELLED
    stage.cancelled_on, stage.cancelled_by, stage.cancelled_reason = on, by, reason
    stage.save()
    note = f"第{stage.serial}期，{in_figures(stage.amount)}元：{reason}"
    write_event(aid, AidEventKind.STAGE_CANCELLED, by=by, at=at, note=note)
    return stage


def check_may_cancel(aid: TemporaryAid, *, by: Staff) -> None:
    """
    :raises NotPermitted: the person neither handles aid there nor approves what the aid was approved by.
    """
    if not any(can_act(by, right, area=aid.area) for right in ENDING):
        check_can_act(by, Permission.HANDLE_AID, area=aid.area)


def _check_found(aid: TemporaryAid, *, by: Staff, on: date) -> None:
    """Nothing of it is asked where the recipient is registered dead and nobody of the family is left to visit.

    :raises NotAllowed: not visited since the decision and the last payment, or an end that takes a second person by
        one who registered, proposed or visited, or whom they stand for (代理); whoever decided the aid may.
    """
    if is_nobody_left(aid, on=on):
        return
    paid = [timezone.localdate(at) for at in aid.stages.values_list("paid_at", flat=True) if at is not None]
    visit = aid.visits.first()
    if visit is None or (paid and visit.visited_on < max(paid)):
        since = "最后一次发放以后" if paid else "决定救助以后"
        raise NotAllowed(f"{since}还没有走访，不能终止余期。请先登记走访，写明现在的情况，再终止。")
    if paid and not visit.still_in_need:
        return
    if by.pk != aid.decided_by_id and by.pk in acted_on(aid, also=[visit.recorded_by_id]):
        why = "最近一次走访认为仍然困难" if paid else "还没有发放过"
        raise NotAllowed(
            f"这件临时救助{why}，登记、提出、走访的人（代理的算作本人）不能自己终止，请由审批人或者另一名经办人终止。"
        )


def _lock_leader(aid: TemporaryAid, stage: AidStage) -> AidStage:
    """The stage that is visited and confirmed for one that is given together with it (同时发放), locked."""
    if stage.given_with is None:
        return lock_stage(aid, stage)
    return lock_stage(aid, aid.stages.get(serial=stage.given_with))


def _given_with(stage: AidStage) -> list[AidStage]:
    """What is given together with a stage and waits for its visit too, locked."""
    rows = AidStage.objects.select_for_update(of=("self",)).filter(aid=stage.aid_id, given_with=stage.serial)
    return list(rows.filter(state=StageState.PLANNED).order_by("serial"))


def lock_stage(aid: TemporaryAid, stage: AidStage) -> AidStage:
    """A stage of a locked aid, locked until the transaction ends."""
    found = AidStage.objects.select_for_update(of=("self",)).get(pk=stage.pk, aid=aid)
    found.aid = aid
    return found


def require_stage(stage: AidStage, wanted: StageState) -> None:
    """
    :raises NotAllowed: the stage stands elsewhere.
    """
    if stage.state == wanted:
        return
    if stage.state == StageState.PAID:
        raise NotAllowed(f"第{stage.serial}期已经发放，不能再办。")
    if stage.state == StageState.PLANNED:
        raise NotAllowed(f"第{stage.serial}期还没有走访确认，不能发放。")
    raise NotAllowed(f"第{stage.serial}期现在是“{StageState(stage.state).label}”，不能这样办理。请刷新页面。")


def _check_visit(aid: TemporaryAid, data: VisitData, *, on: date) -> None:
    """
    :raises NotAllowed: the day cannot be, or something is not said.
    """
    if data.visited_on > on:
        raise NotAllowed("走访日期不能晚于今天。", field="visited_on")
    if aid.decided_at is not None and data.visited_on < timezone.localdate(aid.decided_at):
        raise NotAllowed("走访日期不能早于决定救助的日期。", field="visited_on")
    check_told(data.visitors, "请填走访人。", field="visitors")
    check_told(data.finding, "请写明走访情况。", field="finding")
