"""Pages of where cases are confirmed: delegations to townships and what they bring about (下放与确认)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications import queries
from applications.forms.delegations import EndForm, StartForm, WithdrawForm
from applications.permissions import Permission
from applications.resources import DelegationResource
from applications.views.loading import staff_of
from foundation.access import grant
from foundation.dates import chinese_date
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.responses import private_file, spreadsheet
from foundation.spreadsheets import workbook
from organizations import services
from organizations.models import Delegation, Staff

_NAV = {"nav_key": "parameters"}


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Who confirms where today, within how many days, and all delegations there were."""
    staff, today = staff_of(request), timezone.localdate()
    context = {
        "on": today,
        "rows": queries.confirmations(staff, on=today),
        "page": page_of(request, queries.delegations_of(staff)),
        "manageable": staff.area_ids(Permission.MANAGE_DELEGATIONS),
        **_NAV,
    }
    return render(request, "applications/delegations.html", context)


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def export_delegations(request: HttpRequest) -> HttpResponse:
    """Excel of all delegations (下放沿革)."""
    book = workbook(DelegationResource(), queries.delegations_of(staff_of(request)))
    return spreadsheet(book.content, name="delegations")


@grant(Permission.MANAGE_DELEGATIONS)
@require_http_methods(["GET", "POST"])
def start_delegation(request: HttpRequest) -> HttpResponse:
    """Delegate a scheme's confirmation to a township (下放)."""
    staff, today = staff_of(request), timezone.localdate()
    form = StartForm(request.POST or None, request.FILES or None, staff=staff)
    form.initial = {"starts_on": today, "area": request.GET.get("area"), "scheme": request.GET.get("scheme")}
    if request.method == "POST" and form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("area", "scheme", "starts_on")}
        try:
            made = services.start_delegation(**chosen, paper=form.paper(), by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                f"自{chinese_date(made.valid.lower)}起受理的{made.get_scheme_display()}申请由{made.area.name}审核确认。",
            )
            return redirect("applications:delegations")
    return render(request, "applications/start_delegation.html", {"form": form, **_NAV})


@grant(Permission.MANAGE_DELEGATIONS)
@require_http_methods(["GET", "POST"])
def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delegation back (收回), or withdraw one that has not begun (撤销)."""
    staff, today = staff_of(request), timezone.localdate()
    manageable = queries.delegations_of(staff).filter(area_id__in=staff.area_ids(Permission.MANAGE_DELEGATIONS))
    delegation = get_object_or_404(manageable, pk=pk)
    if delegation.first_day > today:
        return _withdraw(request, delegation, staff=staff, on=today)
    form = EndForm(request.POST or None, request.FILES or None)
    form.initial = {"last_day": today}
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["last_day"]
        try:
            services.end_delegation(delegation, last_day=last_day, paper=form.paper(), by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, f"{delegation.area.name}审核确认到{chinese_date(last_day)}止，此后由县民政局审核确认。"
            )
            return redirect("applications:delegations")
    context = {"form": form, "delegation": delegation, "open_cases": queries.effect_of(delegation), **_NAV}
    return render(request, "applications/end_delegation.html", context)


def _withdraw(request: HttpRequest, delegation: Delegation, *, staff: Staff, on: date) -> HttpResponse:
    form = WithdrawForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_delegation(delegation, paper=form.paper(), by=staff, on=on)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                f"已撤销原定{chinese_date(delegation.first_day)}起的下放，{delegation.area.name}的"
                f"{delegation.get_scheme_display()}仍由县民政局审核确认。",
            )
            return redirect("applications:delegations")
    context = {"form": form, "delegation": delegation, **_NAV}
    return render(request, "applications/withdraw_delegation.html", context)


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def delegation_scan(request: HttpRequest, pk: int, which: str) -> HttpResponse:
    """The document that a delegation or its end rests on."""
    delegation = get_object_or_404(queries.delegations_of(staff_of(request)), pk=pk)
    files: dict[str, tuple[Any, str]] = {
        "start": (delegation.scan, delegation.scan_type),
        "end": (delegation.end_scan, delegation.end_scan_type),
    }
    if which not in files or not files[which][0]:
        raise Http404
    scan, content_type = files[which]
    with scan.open("rb") as file:
        return private_file(file.read(), content_type=content_type)
