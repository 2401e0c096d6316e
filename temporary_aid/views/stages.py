"""分期: the panel on the aid's page, visiting, confirming, paying, cancelling, and the further aid that follows."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from eligibility.rules.choices import HardshipType
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Staff
from temporary_aid.forms.stages import (
    CancelForm,
    CancelStageForm,
    ConfirmForm,
    FollowUpForm,
    PaymentForm,
    TakeBackForm,
    VisitForm,
)
from temporary_aid.models import AidStage, StageState, TemporaryAid
from temporary_aid.permissions import Permission, can_act, check_can_act, standing_for
from temporary_aid.queries.ends import may_be_cancelled_alone, stages_left
from temporary_aid.queries.paying import Stop, annotate_stop
from temporary_aid.queries.stages import account_for, payee_of, progress_of, stages_visible_to
from temporary_aid.queries.terms import help_hours
from temporary_aid.rules.clock import is_late
from temporary_aid.rules.states import AidState
from temporary_aid.services.following import may_be_followed, open_follow_up
from temporary_aid.services.paying import pay_stage
from temporary_aid.services.sending import take_back_export
from temporary_aid.services.stages import (
    ENDING,
    VISITED_IN,
    cancel_one,
    cancel_rest,
    check_may_cancel,
    confirm_stage,
    is_early,
    record_visit,
)
from temporary_aid.views.loading import REFUSED, aid_or_404, attempt, staff_of, to_aid

CANCEL_RULE = (
    "终止以前须走访（有发放的，在最后一次发放以后）；一期都没有发放、或者走访认为仍然困难的，"
    "登记、提出、走访的人不能自己终止，由审批人或者另一名经办人终止。"
)
CANCEL_ALONE_RULE = "登记、提出、发放的人不能自己终止，由审批人或者另一名经办人终止。"
NAV = {"nav_key": "temporary_aid"}


def stage_part(aid: TemporaryAid, staff: Staff, at: datetime) -> dict[str, Any]:
    """What ``_stages.html`` on the aid's page shows; few queries whatever the number of stages."""
    rows = aid.stages.select_related("visit_photo", "receipt", "paid_by", "confirmed_by", "cancelled_by", "exported_by")
    stages = list(annotate_stop(rows, on=timezone.localdate(at)))
    if not stages:
        return {"stages": []}
    is_approved, on = aid.state == AidState.APPROVED, timezone.localdate(at)
    mine = {right: can_act(staff, right, area=aid.area) for right in (Permission.HANDLE_AID, Permission.PAY_AID)}
    may_visit = can_act(staff, Permission.REPORT_HARDSHIP, area=aid.area) and aid.state in VISITED_IN
    left = [row for row in stages if row.state in (StageState.PLANNED, StageState.READY)]
    may_handle = is_approved and mine[Permission.HANDLE_AID]
    may_end = is_approved and any(can_act(staff, right, area=aid.area) for right in ENDING)
    follows = mine[Permission.HANDLE_AID] and may_be_followed(aid)
    close = reverse("temporary_aid:close", args=[aid.pk])
    visits = list(aid.visits.select_related("stage"))
    return {
        "stages": stages,
        "stops": dict(Stop.choices),
        "stage_visits": visits,
        "visited_stages": {visit.stage_id for visit in visits if visit.still_in_need},
        "progress": progress_of(aid),
        "questions": {row.pk: _question(row, aid, stages) for row in left if not is_early(row, on=on)},
        "may_visit": may_visit,
        "may_confirm": may_handle,
        "may_pay": is_approved and mine[Permission.PAY_AID] and staff.pk not in standing_for(aid, [aid.decided_by_id]),
        "may_take_back": can_act(staff, Permission.WRITE_BANK_FILE, area=aid.area),
        "may_cancel": may_end and bool(left),
        "cancelled_alone": {row.pk for row in left if may_end and may_be_cancelled_alone(row, stages)},
        "may_follow_up": follows,
        "follow_ups": list(aid.follow_ups.order_by("pk")),
        "follows": aid.follow_up_of,
        "offers": [("办结", close, "" if left else "primary")] if may_handle else [],
    }


def _question(stage: AidStage, aid: TemporaryAid, stages: list[AidStage]) -> str:
    """确认本期 names whom and how much it is about; what is given together is confirmed with it."""
    both = [row for row in stages if row.leads == stage.serial]
    serials = "、".join(f"第{row.serial}期" for row in both)
    amount = in_figures(sum((row.amount for row in both), Decimal(0)))
    return f"确认发放{aid.recipient_name}的{serials}，{amount}元？"


def stage_or_404(request: HttpRequest, pk: int) -> AidStage:
    """The stage of an aid that the person may see; 404 elsewhere."""
    rows = stages_visible_to(staff_of(request)).select_related(
        "aid__area__parent", "aid__household", "account__payee_member__person"
    )
    return get_object_or_404(rows, pk=pk)


@grant(Permission.REPORT_HARDSHIP)
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """登记走访 of a helped family, for no stage of its own."""
    return _visit(request, aid_or_404(request, pk), None)


@grant(Permission.REPORT_HARDSHIP)
@require_http_methods(["GET", "POST"])
def visit_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """本期走访; the township may confirm the stage with it, and whatever is given together with it."""
    stage = stage_or_404(request, pk)
    if stage.given_with:
        return redirect("temporary_aid:visit_stage", stage.aid.stages.get(serial=stage.given_with).pk)
    return _visit(request, stage.aid, stage)


def _visit(request: HttpRequest, aid: TemporaryAid, stage: AidStage | None) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    check_can_act(staff, Permission.REPORT_HARDSHIP, area=aid.area)
    may_confirm = stage is not None and can_act(staff, Permission.HANDLE_AID, area=aid.area)
    form = VisitForm(
        request.POST or None,
        request.FILES or None,
        stage=stage,
        on=timezone.localdate(now),
        may_confirm=may_confirm and aid.state == AidState.APPROVED,
        initial={"visited_on": timezone.localdate(now), "visitors": staff.name},
    )
    if request.method == "POST" and form.is_valid():
        visit = attempt(
            form,
            "临时救助走访",
            lambda: record_visit(
                aid,
                data=form.visit,
                by=staff,
                at=now,
                on=timezone.localdate(now),
                stage=stage,
                photo=form.cleaned_data["photo"] or None,
                confirms=form.cleaned_data.get("confirms", False),
            ),
        )
        if visit is not None:
            messages.success(request, f"{aid.recipient_name}的走访已登记。")
            return to_aid(aid.pk, "stages")
    title = f"第{stage.serial}期走访" if stage is not None else "登记走访"
    effect = _of_stage(stage) if stage is not None else ""
    return form_page(request, aid, form, title=title, effect=effect, submit="保存走访")


@grant(Permission.HANDLE_AID)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """确认本期: from planned to what may be paid; before the planned day a page asks why first."""
    stage, staff, now = stage_or_404(request, pk), staff_of(request), timezone.now()
    check_can_act(staff, Permission.HANDLE_AID, area=stage.aid.area)
    if is_early(stage, on=timezone.localdate(now)):
        return _confirm_early(request, stage, now)
    try:
        with because("确认本期发放"):
            confirm_stage(stage, by=staff, at=now)
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"第{stage.serial}期已确认，待发放。")
    return to_aid(stage.aid_id, "stages")


def _confirm_early(request: HttpRequest, stage: AidStage, now: datetime) -> HttpResponse:
    is_told = "early_reason" in request.POST
    form = ConfirmForm(request.POST if is_told else None)
    if is_told and form.is_valid():
        reason, staff = form.cleaned_data["early_reason"], staff_of(request)
        confirmed = attempt(
            form, "提前确认本期发放", lambda: confirm_stage(stage, by=staff, at=now, early_reason=reason)
        )
        if confirmed is not None:
            messages.success(request, f"第{stage.serial}期已提前确认，待发放。")
            return to_aid(stage.aid_id, "stages")
    more = {
        "effect": _of_stage(stage),
        "submit": "提前确认",
        "action": reverse("temporary_aid:confirm_stage", args=[stage.pk]),
    }
    return form_page(request, stage.aid, form, title=f"提前确认第{stage.serial}期", **more)


@grant(Permission.WRITE_BANK_FILE)
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回送银行: what the bank does not pay waits to be paid again."""
    stage, staff, now = stage_or_404(request, pk), staff_of(request), timezone.now()
    check_can_act(staff, Permission.WRITE_BANK_FILE, area=stage.aid.area)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        taken = attempt(form, "撤回送银行", lambda: take_back_export(stage, reason=reason, by=staff, at=now))
        if taken is not None:
            messages.success(request, f"第{stage.serial}期已撤回，重新待发放。")
            return to_aid(stage.aid_id, "stages")
    effect = f"{_of_stage(stage)}撤回后可以重新导出给银行，或者改为现金发放；银行已经发放的不要撤回，请登记发放。"
    title = f"撤回第{stage.serial}期送银行"
    return form_page(request, stage.aid, form, title=title, effect=effect, submit="撤回送银行", danger=True)


@grant(Permission.PAY_AID)
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """登记发放 of one stage."""
    stage, staff, now = stage_or_404(request, pk), staff_of(request), timezone.now()
    aid = stage.aid
    check_can_act(staff, Permission.PAY_AID, area=aid.area)
    account = account_for(stage)
    late = aid.first_paid_at is None and aid.help_due_at is not None and is_late(now, due=aid.help_due_at)
    form = PaymentForm(
        request.POST or None,
        request.FILES or None,
        stage=stage,
        has_account=account is not None,
        is_late=late,
        on=timezone.localdate(now),
        initial={"paid_at": timezone.localtime(now), "provider": stage.provider},
    )
    if request.method == "POST" and form.is_valid():
        paid = attempt(
            form,
            "临时救助发放",
            lambda: pay_stage(
                stage,
                data=form.payment,
                by=staff,
                at=now,
                on=timezone.localdate(now),
                receipt=form.cleaned_data["receipt"] or None,
            ),
        )
        if paid is not None:
            messages.success(request, f"第{stage.serial}期{in_figures(stage.amount)}元已登记发放给{paid.received_by}。")
            return to_aid(aid.pk, "stages")
    more = {"account": account, "payee": payee_of(account) if account else "", "stage": stage, "is_late": late}
    return form_page(
        request, aid, form, title=f"登记第{stage.serial}期发放", effect=_of_stage(stage), submit="登记发放", **more
    )


@grant(*ENDING)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """终止余期: what is left is not paid any more."""
    aid, staff, now = aid_or_404(request, pk), staff_of(request), timezone.now()
    check_may_cancel(aid, by=staff)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        cancelled = attempt(
            form,
            "终止余期",
            lambda: cancel_rest(aid, reason=reason, by=staff, at=now, on=timezone.localdate(now)),
        )
        if cancelled:
            messages.success(request, f"已终止{len(cancelled)}期。")
            return to_aid(aid.pk, "stages")
    left = list(stages_left(aid).order_by("serial"))
    rows = "、".join(f"第{row.serial}期{in_figures(row.amount)}元" for row in left)
    effect = f"终止后不再发放、不能恢复：{rows}。已发放的不受影响。{CANCEL_RULE}" if left else "没有还没发放的期次。"
    more = {"last_visit": aid.visits.first()}
    return form_page(request, aid, form, title="终止余期", effect=effect, submit="终止余期", danger=True, **more)


@grant(*ENDING)
@require_http_methods(["GET", "POST"])
def cancel_alone(request: HttpRequest, pk: int) -> HttpResponse:
    """终止本期: goods that cannot be given, without the money that goes with them."""
    stage, staff, now = stage_or_404(request, pk), staff_of(request), timezone.now()
    check_may_cancel(stage.aid, by=staff)
    form = CancelStageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, on = form.cleaned_data["reason"], timezone.localdate(now)
        if attempt(form, "终止本期", lambda: cancel_one(stage, reason=reason, by=staff, at=now, on=on)) is not None:
            messages.success(request, f"第{stage.serial}期已终止。")
            return to_aid(stage.aid_id, "stages")
    effect = f"{_of_stage(stage)}终止后不再发放、不能恢复；同时发放的其他各项和以后各期照常办理。{CANCEL_ALONE_RULE}"
    title = f"终止第{stage.serial}期"
    return form_page(request, stage.aid, form, title=title, effect=effect, submit="终止本期", danger=True)


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """登记跟进救助: a further aid for the same hardship."""
    aid, staff, now = aid_or_404(request, pk), staff_of(request), timezone.now()
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    is_urgent = aid.hardship is HardshipType.URGENT
    form = FollowUpForm(
        request.POST or None,
        hours=help_hours(aid.area, on=timezone.localdate(now)) if is_urgent else None,
        initial={"grade": aid.grade, "reported_at": timezone.localtime(now)},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, "跟进救助", lambda: open_follow_up(aid, by=staff, at=now, **form.cleaned_data))
        if made is not None:
            messages.success(request, f"跟进救助{made.number}已登记，与原救助合计1次。")
            return to_aid(made.pk)
    effect = (
        f"救助对象、家庭、事由（{aid.get_cause_display()}）和地点从{aid.number}带过来，不用重填；"
        "跟进救助与原救助合计1次，金额另行审批。"
    )
    return form_page(request, aid, form, title="登记跟进救助", effect=effect, submit="登记跟进救助")


def form_page(request: HttpRequest, aid: TemporaryAid, form: Any, *, title: str, **more: Any) -> HttpResponse:
    """One form of one aid."""
    context = {"aid": aid, "form": form, "title": title} | more | NAV
    return render(request, "temporary_aid/stage_form.html", context, status=REFUSED if form.is_bound else 200)


def _of_stage(stage: AidStage) -> str:
    parts = [f"第{stage.serial}期：{stage.get_form_display()}{in_figures(stage.amount)}元"]
    parts += [f"{'另购' if stage.is_bought else ''}{row['name']}{row['count']}{row['unit']}" for row in stage.items]
    if stage.service:
        parts.append(stage.get_service_display())
    if stage.given_with:
        parts.append(f"与第{stage.given_with}期同时发放")
    if stage.condition:
        parts.append(f"条件：{stage.condition}")
    if stage.planned_on:
        parts.append(f"计划{stage.planned_on:%Y年%-m月%-d日}")
    return "；".join(parts) + "。"
