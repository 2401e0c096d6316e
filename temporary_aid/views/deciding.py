"""急难型简化程序 at the desk: propose, approve, send back, refuse; the entrusted village; 事后公示."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from eligibility.rules.choices import HardshipType
from foundation.access import grant
from foundation.money import in_figures
from temporary_aid import services
from temporary_aid.forms.deciding import ApproveForm, PostForm, RefuseForm, SendBackForm
from temporary_aid.forms.plans import ProposalForm, stage_rows
from temporary_aid.models import AdvanceRequest, AidEventKind, TemporaryAid
from temporary_aid.permissions import Permission, can_act, check_can_act, check_can_approve, check_not_acted_on
from temporary_aid.queries import aid_terms, level_for
from temporary_aid.queries.assessing import assess
from temporary_aid.queries.detail import standing_decision_of
from temporary_aid.queries.entrusting import entrustment_of
from temporary_aid.queries.means import means_of
from temporary_aid.rules.clock import is_late
from temporary_aid.rules.plans import read_plan, total
from temporary_aid.rules.states import DecidedBy
from temporary_aid.views.loading import aid_or_404, attempt, staff_of, to_aid
from temporary_aid.views.pages import PLAN_WORDS, act_page

_APPROVING = (Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """提出救助意见 of urgent aid; of spending the plan that its case's proposal rests on."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    is_urgent = aid.hardship is HardshipType.URGENT
    title = "提出救助意见" if is_urgent else "拟发放计划"
    act = services.propose_aid if is_urgent else services.keep_plan
    done = "已提出，等待审批。" if is_urgent else "拟发放计划已保存；拟初审意见时按此填救助金额。"
    return _with_stages(request, aid, title=title, act=act, done=done, asks_opinion=is_urgent)


@grant(Permission.ENTRUSTED_AID)
@require_http_methods(["GET", "POST"])
def decide_in_village(request: HttpRequest, pk: int) -> HttpResponse:
    """村级委托: the village decides within its limit; what it asked to be paid first is suggested."""
    aid, staff, today = aid_or_404(request, pk), staff_of(request), timezone.localdate()
    check_can_act(staff, Permission.ENTRUSTED_AID, area=aid.area)
    limit = in_figures(aid_terms(aid.area, on=today).village_limit)
    asked = aid.advance_requests.filter(declined_at=None).first()
    effect = f"受县里委托，{limit}元以内由村里直接决定；决定以后不能更改。"
    if asked is not None:
        effect += "已经提请的先行救助不再由乡镇先行，改按村里的决定发放。"
    if entrustment_of(aid.area, on=today) is None:
        effect = f"县里没有委托{aid.area.name}决定临时救助，请提请乡镇办理。"
    return _with_stages(
        request,
        aid,
        title="村级决定救助",
        act=services.decide_in_village,
        done="已决定救助。请按期公示，并配合乡镇发放。",
        asks_opinion=True,
        effect=effect,
        submit="决定救助",
        asked=asked,
    )


def _with_stages(
    request: HttpRequest,
    aid: TemporaryAid,
    *,
    title: str,
    act: Callable[..., TemporaryAid],
    done: str,
    asks_opinion: bool,
    asked: AdvanceRequest | None = None,
    **more: Any,
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    plan, decision = read_plan(aid.plan), standing_decision_of(aid)
    assessment = assess(aid, at=now, stages=plan, decision=decision)
    data = request.POST if request.method == "POST" else None
    form = ProposalForm(data, aid=aid, is_late=_asks_why_late(aid, at=now), asks_opinion=asks_opinion)
    suggested = assessment.suggestion.amount if assessment.suggestion else None
    if asked is not None:
        suggested = asked.asked_amount
        form.initial["opinion"] = asked.word
    if decision is not None and decision.is_agreed:
        suggested = decision.resolved_amount
    rows = stage_rows(data, area=aid.area, plan=aid.plan, suggested=suggested)
    if data is not None and all([form.is_valid(), rows.is_valid()]):
        made = attempt(form, title, lambda: act(aid, form.proposal(rows.stages()), by=staff, at=timezone.now()))
        if made is not None:
            messages.success(request, done)
            return to_aid(aid.pk)
    may_ask = decision is None and can_act(staff, Permission.HANDLE_AID, area=aid.area)
    context = {"rows": rows, "assessment": assessment, "decision": decision, "may_ask_meeting": may_ask} | more
    return act_page(request, aid, form, title=title, template="propose", **context)


@grant(Permission.HANDLE_AID, Permission.ENTRUSTED_AID)
@require_POST
def suggest_for(request: HttpRequest, pk: int) -> HttpResponse:
    """What the stages and the grade that are typed just now come to, and what they take; nothing is written."""
    aid = aid_or_404(request, pk)
    form, rows = ProposalForm(request.POST, aid=aid), stage_rows(request.POST, area=aid.area)
    form.is_valid()
    rows.is_valid()
    aid.grade = form.cleaned_data.get("grade", "")
    readable = [row for row in rows.forms if row.is_bound and not row.errors]
    stages = [row.stage() for row in readable if row.cleaned_data.get("form") and not row.cleaned_data.get("DELETE")]
    assessment = assess(aid, at=timezone.now(), stages=stages, decision=standing_decision_of(aid))
    return HttpResponse(
        render_to_string("temporary_aid/_suggestion.html", {"assessment": assessment, "is_typed": True})
    )


@grant(*_APPROVING)
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """同意: the page shows once more what is approved."""
    aid, staff, now = aid_or_404(request, pk), staff_of(request), timezone.now()
    stages = read_plan(aid.plan)
    terms = aid_terms(aid.area, on=timezone.localdate(now))
    check_can_approve(staff, aid, is_townships=level_for(aid, total(stages), terms=terms) is DecidedBy.TOWNSHIP)
    data = request.POST if request.method == "POST" else None
    form = ApproveForm(data, is_late=_asks_why_late(aid, at=now), initial={"version": aid.version})
    if data is not None and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, "批准临时救助", lambda: services.approve_aid(aid, **given, by=staff, at=timezone.now()))
        if done is not None:
            messages.success(request, f"{aid.number}已批准{in_figures(total(stages))}元，转入发放。")
            return to_aid(aid.pk)
    return act_page(
        request,
        aid,
        form,
        title="审批",
        template="approve",
        submit=f"同意救助{in_figures(total(stages))}元",
        stages=stages,
        **PLAN_WORDS,
        assessment=assess(aid, at=now, stages=stages, decision=standing_decision_of(aid)),
        decision=standing_decision_of(aid),
        means=means_of(aid, on=timezone.localdate(now)),
        may_open_check=can_act(staff, Permission.VIEW_CASE, area=aid.area),
    )


@grant(*_APPROVING)
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回经办."""
    aid = _to_approve(request, pk)
    return _reasoned(
        request,
        aid,
        SendBackForm(request.POST or None),
        services.send_back,
        title="退回经办",
        effect="退回以后由经办人改过再提出，拟发放计划保留。",
        done="已退回经办人。",
    )


@grant(*_APPROVING)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """不予救助."""
    aid = _to_approve(request, pk)
    return _reasoned(
        request,
        aid,
        RefuseForm(request.POST or None),
        services.refuse_aid,
        title="不予救助",
        effect="决定以后不能更改；告知书写明理由、依据和救济途径。",
        done="已作出不予救助的决定，请告知本人。",
        danger=True,
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """事后公示."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    form = PostForm(request.POST or None, request.FILES or None, initial={"place": f"{aid.area.short_name}公开栏"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, "登记事后公示", lambda: services.post_aid(aid, **given, by=staff, at=timezone.now()))
        if done is not None:
            messages.success(request, "公示已登记。")
            return to_aid(aid.pk, "publicity")
    effect = "公示救助对象、事由、金额，不公示身份证号、电话、住址和病情。"
    return act_page(request, aid, form, title="登记事后公示", effect=effect)


def _to_approve(request: HttpRequest, pk: int) -> TemporaryAid:
    """The aid where the person approves at either level and had no hand in it."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    if aid.area_id not in staff.area_ids(Permission.APPROVE_AID_TOWNSHIP):
        check_can_act(staff, Permission.APPROVE_AID_COUNTY, area=aid.area)
    check_not_acted_on(aid, staff)
    return aid


def _reasoned(
    request: HttpRequest, aid: TemporaryAid, form: BaseForm, act: Callable[..., Any], *, done: str, **words: Any
) -> HttpResponse:
    """One act that takes nothing but a reason."""
    staff = staff_of(request)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = attempt(form, words["title"], lambda: act(aid, reason=reason, by=staff, at=timezone.now()))
        if made is not None:
            messages.success(request, done)
            return to_aid(aid.pk)
    return act_page(request, aid, form, submit=words["title"], **words)


def _asks_why_late(aid: TemporaryAid, *, at: datetime) -> bool:
    if aid.help_due_at is None or aid.first_paid_at is not None or not is_late(at, due=aid.help_due_at):
        return False
    return not aid.events.filter(kind=AidEventKind.OVERDUE_EXPLAINED).exists()
