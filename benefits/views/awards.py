"""The page of an award: its life as a chart and as rows, whom it covers, what was paid; suspending and resuming."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from benefits import services
from benefits.forms import LessIncomeForm, ResumeForm, SuspendForm
from benefits.models import Award
from benefits.queries import AwardStory, owed, story_of, visible_to
from benefits.rules.months import first_month
from benefits.signals import award_page_opened
from benefits.views.loading import source_links
from foundation.access import grant
from foundation.charts import step_chart
from foundation.dates import chinese_month
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.trail import because
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Permission

_NAV = {"nav_key": "awards"}


@grant(Permission.VIEW_AWARD)
@require_safe
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One award with everything that became of it."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    found = visible_to(staff).select_related("household", "area__parent", "end__decided_by")
    row = get_object_or_404(found, pk=pk)
    story = story_of(row, on=today)
    suspension = row.suspensions.filter(ended_on=None).first()
    running = row.phase_outs.filter(revoked_on=None)
    phase_out = running.filter(last_month=row.ends_month).first() if row.ends_month else None
    decides = services.may_suspend(staff, scheme=row.scheme, area=row.area, on=today)
    runs = row.state in ("active", "phase_out")
    context = {
        "award": row,
        "family_name": _name_of(row.household),
        "story": story,
        "owed": owed(row, max(row.starts_month, today.replace(day=1))),
        "owed_month": max(row.starts_month, today.replace(day=1)),
        "chart": step_chart({"每月": story.levels}, until=max(today, row.starts_month)) if story.levels else None,
        "addresses": _addresses(story, staff),
        "checks": row.checks.filter(settled_on=None).select_related("person"),
        "papers": row.papers.select_related("document"),
        "paid": page_of(request, story.paid),
        "suspension": suspension,
        "is_to_come": suspension is not None and suspension.from_month > first_month(today),
        "phase_out": phase_out,
        "actions": _actions(row, staff, on=today),
        "may_suspend": decides and runs and suspension is None,
        "may_resume": decides and suspension is not None,
        "may_revoke": phase_out is not None
        and row.state in ("phase_out", "suspended")
        and row.area_id in staff.area_ids(Permission.MANAGE_PHASE_OUT),
        "may_report": phase_out is not None
        and row.state in ("phase_out", "suspended")
        and row.area_id in staff.area_ids(Permission.PROPOSE),
        "may_open_family": row.area_id in staff.area_ids(Permission.VIEW_HOUSEHOLD),
        **_NAV,
    }
    return render(request, "benefits/award.html", context)


@grant(Permission.CONFIRM, Permission.CONFIRM_DELEGATED)
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend an award from a month on (暂缓发放)."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    row = _decided_by(staff, pk, on=today)
    form = SuspendForm(request.POST or None, initial={"from_month": max(first_month(today), row.starts_month)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _done(form, "暂缓发放", services.decide_suspension, row, **given, by=staff, on=today):
            messages.success(request, f"待遇{row.number}从{chinese_month(given['from_month'])}起暂缓发放。")
            return redirect("benefits:award", row.pk)
    effect = "暂缓的月份不发放，直到恢复；暂缓期间请抓紧核实。恢复时再决定暂缓的月份是否补发。"
    return _confirm(request, row, form, title="暂缓发放", effect=effect, danger=True)


@grant(Permission.CONFIRM, Permission.CONFIRM_DELEGATED)
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Resume an award from a month on (恢复发放), and say whether what was withheld is paid."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    row = _decided_by(staff, pk, on=today)
    suspension = get_object_or_404(row.suspensions, ended_on=None)
    is_to_come = suspension.from_month > first_month(today)
    title = "撤销暂缓" if is_to_come else "恢复发放"
    start: dict[str, Any] = {"from_month": max(first_month(today), suspension.from_month)}
    if source := request.GET.get("source", "")[:40]:
        start |= {"reason": f"复核（{source}）认定继续享受待遇"}
    form = ResumeForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _done(form, title, services.decide_resumption, row, **given, by=staff, on=today):
            done = "照常发放" if is_to_come else f"从{chinese_month(given['from_month'])}起恢复发放"
            messages.success(request, f"待遇{row.number}{done}。")
            return redirect("benefits:award", row.pk)
    effect = f"从{chinese_month(suspension.from_month)}起暂缓，原因：{suspension.reason}。"
    if is_to_come:
        effect += f"现在还没有开始：从{chinese_month(suspension.from_month)}起恢复，就是撤销这次暂缓，一个月也不少发。"
    else:
        effect += "选择补发的，随下一次发放册补发。"
    return _confirm(request, row, form, title=title, effect=effect, danger=False)


@grant(Permission.PROPOSE)
@require_http_methods(["GET", "POST"])
def less_income(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the income of a family in phase-out fell again (收入又减少)."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    found = visible_to(staff).filter(area_id__in=staff.area_ids(Permission.PROPOSE))
    row = get_object_or_404(found.select_related("household"), pk=pk)
    form = LessIncomeForm(request.POST or None, initial={"happened_on": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _done(form, "登记收入减少", services.report_less_income, row, **given, by=staff, on=today):
            messages.success(request, "收入减少已登记，列入待核查，县民政局的渐退名单上同时标出。")
            return redirect("benefits:award", row.pk)
    effect = "登记以后列入需核查，县民政局在渐退名单上看到，可以撤销渐退、恢复待遇；需要重新核算的，请接着办理复核。"
    return _confirm(request, row, form, title="登记收入减少", effect=effect, danger=False)


def _decided_by(staff: Staff, pk: int, *, on: date) -> Award:
    row = get_object_or_404(visible_to(staff).select_related("household", "area__parent"), pk=pk)
    if not services.may_suspend(staff, scheme=row.scheme, area=row.area, on=on):
        raise NotPermitted(f"暂缓和恢复发放由审核确认{row.get_scheme_display()}的机关决定，您没有这项权限。")
    return row


def _done(form: BaseForm, act: str, service: Any, row: Award, **given: Any) -> bool:
    try:
        with because(act):
            service(row, **given)
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return False
    return True


def _confirm(request: HttpRequest, row: Award, form: BaseForm, **words: Any) -> HttpResponse:
    context = {
        "family": f"{_name_of(row.household)}：{row.get_scheme_display()}待遇 {row.number}",
        "action_label": words["title"],
        "cancel_url": reverse("benefits:award", args=[row.pk]),
        "award": row,
        "form": form,
        **words,
        **_NAV,
    }
    return render(request, "benefits/award_act.html", context)


def _addresses(story: AwardStory, staff: Staff) -> dict[str, str]:
    numbers = {event.source for event in story.events if event.source}
    return source_links(numbers, staff=staff)


def _actions(row: Award, staff: Staff, *, on: date) -> list[tuple[str, str]]:
    answers: list[tuple[Any, Any]] = award_page_opened.send(Award, award=row, staff=staff, on=on)
    return [action for _, answer in answers for action in answer or ()]


def _name_of(household: Household) -> str:
    head = household.members.filter(relation="head").select_related("person").order_by("-pk").first()
    return f"{head.person}家庭" if head else household.number
