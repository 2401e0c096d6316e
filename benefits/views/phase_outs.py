"""渐退名单: who is phased out until when, its export, and revoking a phase-out before its end."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits import services
from benefits.forms import PHASE_OUT_LIST, PhaseOutFilter, RevokeForm
from benefits.models import PhaseOut
from benefits.queries import list_phase_outs, phase_outs_visible_to
from benefits.queries.phase_outs import stands_on
from benefits.resources import PhaseOutResource
from benefits.rules.phase_out import unpaid_from
from benefits.signals import phase_outs_listed
from eligibility.queries import further_value
from eligibility.rules.further_parameters import PHASE_OUT_LIST_DAYS
from foundation.access import grant
from foundation.dates import chinese_date, chinese_month
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import county, list_tools
from organizations.services import export_list

_UNREADABLE = 422
_NAV = {"nav_key": "phase_outs"}
_TONES = {"running": "accent", "soon": "due", "ended": "", "revoked": "good", "early": "late"}
_WORDS = {"running": "渐退中", "soon": "即将到期", "ended": "已到期", "revoked": "已撤销", "early": "提前停发"}


@grant(Permission.VIEW_AWARD)
@require_safe
def phase_out_list(request: HttpRequest) -> HttpResponse:
    """Phase-outs of the person's areas, what ends first at the head."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    days = _days(today)
    form = PhaseOutFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = list_phase_outs(staff, on=today, days=days, **form.cleaned_data) if is_readable else PhaseOut.objects.none()
    page = page_of(request, rows)
    revoking = staff.area_ids(Permission.MANAGE_PHASE_OUT)
    for row in page:
        _dress(row, on=today, days=days, revoking=revoking)
    _lead_back(page, staff, on=today)
    context = {
        "form": form,
        "page": page,
        "tools": list_tools(staff, PHASE_OUT_LIST, request.GET),
        "days": days,
        "may_export": staff.may(Permission.EXPORT),
        "revoking": revoking,
        "query": request.GET.urlencode(),
        **_NAV,
    }
    return render(request, "benefits/phase_outs.html", context, status=200 if is_readable else _UNREADABLE)


def _dress(row: Any, *, on: date, days: int, revoking: Any) -> None:
    standing = stands_on(row, on=on, days=days)
    row.standing, row.tone = _WORDS[standing], _TONES[standing]
    row.stops_on = unpaid_from(row.last_month)
    row.is_running = standing in ("running", "soon")
    row.may_revoke = row.is_running and row.award.area_id in revoking


def _lead_back(page: Any, staff: Staff, *, on: date) -> None:
    """Where the person brings a family back, as the room above answers."""
    running = [row for row in page if row.is_running]
    answers: list[tuple[Any, Any]] = phase_outs_listed.send(PhaseOut, rows=running, staff=staff, on=on)
    addresses = {key: address for _, answer in answers for key, address in (answer or {}).items()}
    for row in page:
        row.restore_url = addresses.get(row.pk, "")


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record; there is no ID number in it."""
    staff, now = cast("Staff", request.user), timezone.now()
    today = timezone.localdate(now)
    form = PhaseOutFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = list_phase_outs(staff, on=today, days=_days(today), **form.cleaned_data)
    content = export_list(
        PhaseOutResource(),
        rows.filter(award__area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出渐退名单{}户",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"phase-outs-{today:%Y%m%d}")


@grant(Permission.MANAGE_PHASE_OUT)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a phase-out before its end, with the reason (撤销渐退)."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    found = phase_outs_visible_to(staff).filter(award__area_id__in=staff.area_ids(Permission.MANAGE_PHASE_OUT))
    row = get_object_or_404(found.select_related("award__household", "award__area"), pk=pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _revoked(row, form, by=staff, on=today):
        messages.success(request, f"待遇{row.award.number}的渐退已撤销，恢复按月发放。")
        return redirect("benefits:award", row.award_id)
    head = row.award.household.members.filter(relation="head").select_related("person").order_by("-pk").first()
    name = head.person if head else row.award.household.number
    context = {
        "title": "撤销渐退",
        "award": row.award,
        "family": f"{name}家庭：{row.award.get_scheme_display()}待遇 {row.award.number}",
        "effect": f"原决定渐退{row.months}个月，最后发放月{chinese_month(row.last_month)}，"
        f"自{chinese_date(unpaid_from(row.last_month))}起停发。撤销以后待遇不再到期停发，从下月起按渐退前的金额发放；"
        "家庭收入有变化的，请另行发起复核。",
        "action_label": "撤销渐退",
        "cancel_url": reverse("benefits:award", args=[row.award_id]),
        "danger": True,
        "form": form,
        **_NAV,
    }
    return render(request, "benefits/award_act.html", context)


def _revoked(row: PhaseOut, form: RevokeForm, *, by: Staff, on: date) -> bool:
    try:
        with because("撤销渐退"):
            services.take_back_phase_out(row, reason=form.cleaned_data["reason"], by=by, on=on)
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return False
    return True


def _days(today: date) -> int:
    days: int = further_value(PHASE_OUT_LIST_DAYS, area=county(), on=today)
    return days
