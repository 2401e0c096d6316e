"""Monthly rolls (发放册): the list, making them, one roll with its lines, and what is done with it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits.forms.roll_acts import ACTS, RollAct
from benefits.forms.rolls import ROLL_LIST, LineFilter, PrepareForm, RollFilter
from benefits.models import MonthlyRoll, RollKind, RollLine
from benefits.queries import rolls as queries
from benefits.queries.funds import plan_excess
from benefits.queries.missing_rolls import missing_rolls
from benefits.queries.returns import open_omission
from benefits.resources.rolls import RollResource
from benefits.rules.months import first_month
from benefits.services import rolls as services
from benefits.services.omissions import approve_omitted, drop_omitted, propose_omitted
from benefits.services.sending import send_roll
from benefits.views.loading import NAV, UNREADABLE, roll_or_404, staff_of
from benefits.views.roll_pages import offered, roll_steps
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.once import fresh_token
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission, can_act
from organizations.queries import list_tools
from organizations.services import export_list


@grant(Permission.VIEW_ROLL)
@require_safe
def roll_list(request: HttpRequest) -> HttpResponse:
    """Rolls of the person's townships, the latest month first."""
    staff, today = staff_of(request), timezone.localdate()
    form = RollFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = queries.list_rolls(staff, **form.cleaned_data) if is_readable else MonthlyRoll.objects.none()
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tools": list_tools(staff, ROLL_LIST, request.GET),
        "may_prepare": staff.may(Permission.PREPARE_ROLL),
        "may_export": staff.may(Permission.EXPORT),
        "missing": missing_rolls(staff, on=today) if staff.may(Permission.PREPARE_ROLL) else [],
        "query": request.GET.urlencode(),
        **NAV,
    }
    return render(request, "benefits/rolls.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_rolls(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record; no person is named in it."""
    staff, now = staff_of(request), timezone.now()
    form = RollFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = queries.list_rolls(staff, **form.cleaned_data).filter(area_id__in=staff.area_ids(Permission.EXPORT))
    content = export_list(
        RollResource(), rows, words="导出发放册清单{}本", query=request.GET.urlencode(), by=staff, at=now
    )
    return spreadsheet(content, name=f"rolls-{timezone.localdate(now):%Y%m%d}")


def _month_asked(request: HttpRequest) -> date | None:
    """The month of the address, as the warning of missing rolls leads here."""
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return None


@grant(Permission.PREPARE_ROLL)
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Choose month, scheme and townships (生成发放册); the work runs in the background."""
    staff, now = staff_of(request), timezone.now()
    initial = {
        "month": _month_asked(request) or first_month(timezone.localdate(now)),
        "scheme": request.GET.get("scheme", ""),
        "townships": request.GET.getlist("township"),
        "token": fresh_token(),
    }
    form = PrepareForm(request.POST or None, staff=staff, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            job = services.prepare_rolls_of_month(
                wanted["month"],
                wanted["scheme"],
                [form.areas[code] for code in wanted["townships"]],
                by=staff,
                at=now,
                token=wanted["token"],
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            return redirect("organizations:job", job.pk)
    refused = request.method == "POST"
    return render(request, "benefits/prepare_rolls.html", {"form": form, **NAV}, status=UNREADABLE if refused else 200)


@grant(Permission.VIEW_ROLL)
@require_safe
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """One roll: what it comes to, who signed it, the next act, and its lines."""
    staff, today = staff_of(request), timezone.localdate()
    found = roll_or_404(request, pk)
    form = LineFilter(request.GET, roll=found)
    is_readable = form.is_valid()
    lines = RollLine.objects.none()
    if is_readable:
        wanted = form.cleaned_data
        lines = queries.lines_of(found, text=wanted["q"].strip(), village=wanted["village"], show=wanted["show"])
    acts = offered(found, staff=staff, on=today)
    context = {
        "roll": found,
        "figures": queries.figures_of(found.lines.all()),
        "steps": roll_steps(found),
        "events": found.events.select_related("by"),
        "acts": acts,
        "form": form,
        "page": page_of(request, lines),
        "is_cut": is_readable and any(form.cleaned_data.values()),
        "stopped": queries.stopped_since(found) if found.kind == RollKind.REGULAR else 0,
        "excess": plan_excess(found) if staff.may(Permission.CHECK_ROLL_FINANCE, Permission.MANAGE_FUND_PLAN) else 0,
        "funding": found.funding.all(),
        "returns": found.returns.filter(state="taken"),
        "omission": open_omission(found),
        "may_export": can_act(staff, Permission.EXPORT, area=found.area),
        "may_send": can_act(staff, Permission.RECORD_PAYMENT, area=found.area),
        "query": request.GET.urlencode(),
        **NAV,
    }
    return render(request, "benefits/roll.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.PREPARE_ROLL, *(permission for act in ACTS.values() for permission in act.permissions))
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one act on a roll: asks once, naming the roll and the effect."""
    staff, now = staff_of(request), timezone.now()
    if name not in ACTS:
        raise Http404
    found, wanted = roll_or_404(request, pk), ACTS[name]
    if not any(can_act(staff, permission, area=found.area) for permission in wanted.permissions):
        raise NotPermitted(f"您没有在{found.area.name}办理“{wanted.label}”的权限。")
    form = wanted.form(request.POST or None) if wanted.form else None
    is_ready = request.method == "POST" and (form is None or form.is_valid())
    if is_ready and (answer := _done(request, wanted, found, form, staff=staff, at=now)):
        return answer
    context = {
        "title": wanted.label,
        "family": f"{found.area.name}{found.month:%Y年%-m月}{found.get_scheme_display()}发放册 {found.number}",
        "effect": wanted.effect_on(found),
        "excess": plan_excess(found) if name == "freeze" else None,
        "action_label": wanted.label,
        "cancel_url": reverse("benefits:roll", args=[found.pk]),
        "danger": wanted.danger,
        "form": form,
        "roll": found,
        **NAV,
    }
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "benefits/roll_act.html", context, status=status)


def _done(
    request: HttpRequest, wanted: RollAct, found: MonthlyRoll, form: Any, *, staff: Staff, at: datetime
) -> HttpResponse | None:
    """Back to the roll; None where the act was refused and the page says why."""
    try:
        with because(wanted.label):
            _perform(wanted.name, found, form.cleaned_data if form else {}, staff=staff, at=at)
    except NotPermitted:
        raise
    except ServiceError as error:
        if form is None:
            messages.error(request, error.message)
            return redirect("benefits:roll", found.pk)
        show_refusal(form, error)
        return None
    messages.success(request, f"{found.number}：{wanted.done}")
    return redirect("benefits:roll", found.pk)


_OMISSIONS: Mapping[str, Callable[..., Any]] = {
    "omitted": propose_omitted,
    "confirm-omitted": approve_omitted,
    "drop-omitted": drop_omitted,
}
"""What is done about payments that the bank never spoke of (回盘缺项), by the name of the act."""


def _perform(name: str, found: MonthlyRoll, given: dict[str, Any], *, staff: Staff, at: datetime) -> None:
    today = timezone.localdate(at)
    match name:
        case "check-township":
            services.check_roll_township(found, opinion=given["opinion"], by=staff, on=today)
        case "check-county":
            services.check_roll_county(found, opinion=given["opinion"], by=staff, on=today)
        case "freeze":
            services.freeze_roll(found, opinion=given["opinion"], by=staff, at=at)
        case "send":
            send_roll(found, by=staff, on=today)
        case "return":
            services.return_roll(found, reason=given["reason"], by=staff, on=today)
        case "prepare":
            services.prepare_roll(found.month, found.scheme, found.area, by=staff, on=today)
        case "omitted" | "confirm-omitted" | "drop-omitted":
            _OMISSIONS[name](found, **given, by=staff, on=today)
        case "void":
            services.void_roll(found, reason=given["reason"], by=staff, on=today)
