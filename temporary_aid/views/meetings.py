"""一事一议: asking the meeting, recording what it resolved, and voiding what was recorded wrongly."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.access import grant
from temporary_aid import services
from temporary_aid.forms.meetings import AskMeetingForm, MeetingForm, VoidForm, WithdrawRequestForm, participant_rows
from temporary_aid.models import CollectiveDecision
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import visible_to
from temporary_aid.queries.assessing import assess
from temporary_aid.queries.meetings import request_of
from temporary_aid.rules.plans import read_plan
from temporary_aid.views.loading import aid_or_404, attempt, staff_of, to_aid
from temporary_aid.views.pages import act_page


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """提请一事一议; the amount begins with what was planned, else with what the table proposes."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    assessment = assess(aid, at=timezone.now(), stages=read_plan(aid.plan))
    proposed = assessment.suggestion.amount if assessment.suggestion else None
    form = AskMeetingForm(request.POST or None, initial={"amount": assessment.amount or proposed})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, "提请一事一议", lambda: services.ask_meeting(aid, **given, by=staff, at=timezone.now()))
        if done is not None:
            messages.success(request, "已提请一事一议，等待联席会议决议；这件照常在办。")
            return to_aid(aid.pk, "meeting")
    effect = "救助金额超过上限或一年内的次数已满的，提请县联席会议一事一议。决议登记以后，在决议金额以内办理。"
    return act_page(
        request,
        aid,
        form,
        title="提请一事一议",
        template="ask_meeting",
        effect=effect,
        submit="提请",
        assessment=assessment,
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回提请, while the meeting has not resolved."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    form = WithdrawRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            "撤回一事一议提请",
            lambda: services.withdraw_request(aid, reason=reason, by=staff, at=timezone.now()),
        )
        if done is not None:
            messages.success(request, "已撤回提请，可以改过再提请。")
            return to_aid(aid.pk, "meeting")
    return act_page(request, aid, form, title="撤回一事一议提请", submit="撤回提请")


@grant(Permission.RECORD_COLLECTIVE_DECISION)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """登记一事一议."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.RECORD_COLLECTIVE_DECISION, area=aid.area)
    data = request.POST if request.method == "POST" else None
    asked = request_of(aid)
    begins: dict[str, Any] = {"matter": aid.situation, "place": "县民政局会议室"}
    if asked is not None:
        begins |= {"matter": asked.reason, "resolved_amount": asked.asked_amount}
    form = MeetingForm(data, request.FILES or None, initial=begins)
    rows = participant_rows(data)
    if data is not None and all([form.is_valid(), rows.is_valid()]):
        meeting = form.meeting(rows.present())
        done = attempt(
            form, "登记一事一议", lambda: services.record_decision(aid, meeting, by=staff, at=timezone.now())
        )
        if done is not None:
            messages.success(request, f"一事一议（{done.minutes_number}）已登记。")
            return to_aid(aid.pk, "meeting")
    assessment = assess(aid, at=timezone.now(), stages=read_plan(aid.plan))
    context = {"rows": rows, "assessment": assessment, "asked": asked}
    return act_page(request, aid, form, title="登记一事一议", template="meeting", **context)


@grant(Permission.RECORD_COLLECTIVE_DECISION)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """作废一事一议 that was recorded wrongly, while nothing rests on it."""
    staff = staff_of(request)
    found = CollectiveDecision.objects.filter(aid__in=visible_to(staff)).select_related("aid__area__parent")
    decision = get_object_or_404(found, pk=pk)
    check_can_act(staff, Permission.RECORD_COLLECTIVE_DECISION, area=decision.aid.area)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form, "作废一事一议", lambda: services.void_decision(decision, reason=reason, by=staff, at=timezone.now())
        )
        if done is not None:
            messages.success(request, "一事一议已作废，可以重新登记。")
            return to_aid(decision.aid_id, "meeting")
    effect = f"会议纪要{decision.minutes_number}作废以后不能恢复。已经按它批准的不能作废。"
    return act_page(request, decision.aid, form, title="作废一事一议", effect=effect, submit="作废", danger=True)
