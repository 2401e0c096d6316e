"""一事一议: recording what the meeting resolved, and voiding what was recorded wrongly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.access import grant
from temporary_aid import services
from temporary_aid.forms.meetings import MeetingForm, VoidForm, participant_rows
from temporary_aid.models import CollectiveDecision
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import visible_to
from temporary_aid.queries.assessing import assess
from temporary_aid.rules.plans import read_plan
from temporary_aid.views.loading import aid_or_404, attempt, staff_of, to_aid
from temporary_aid.views.pages import act_page


@grant(Permission.RECORD_COLLECTIVE_DECISION)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """登记一事一议."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.RECORD_COLLECTIVE_DECISION, area=aid.area)
    data = request.POST if request.method == "POST" else None
    form = MeetingForm(data, request.FILES or None, initial={"matter": aid.situation, "place": "县民政局会议室"})
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
    return act_page(request, aid, form, title="登记一事一议", template="meeting", rows=rows, assessment=assessment)


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
