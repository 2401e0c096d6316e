"""追回: what was overpaid of an award, entered by one, approved by another; what came back of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits.forms.recoupments import RECOUPMENT_LIST, ProposeForm, RecoupmentFilter, ReturnedForm, VoidForm
from benefits.models import Recoupment
from benefits.queries.overpayments import overpaid_months, to_come_back
from benefits.queries.recoupments import list_recoupments, recoupable_awards, recoupments_visible_to
from benefits.services import recouping
from benefits.views.loading import NAV, UNREADABLE, source_links, staff_of
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from organizations.permissions import Permission, can_act
from organizations.queries import list_tools


@grant(Permission.VIEW_ROLL)
@require_safe
def recoupments(request: HttpRequest) -> HttpResponse:
    """追回单 of the person's townships, the latest first."""
    staff = staff_of(request)
    form = RecoupmentFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = list_recoupments(staff, **form.cleaned_data) if is_readable else Recoupment.objects.none()
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tools": list_tools(staff, RECOUPMENT_LIST, request.GET),
        "opens": staff.may(Permission.VIEW_HOUSEHOLD),
        **NAV,
    }
    return render(request, "benefits/recoupments.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.MANAGE_RECOUPMENT)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an award was paid and is not owed, month by month, and enter its recoupment."""
    staff, today = staff_of(request), timezone.localdate()
    award = get_object_or_404(recoupable_awards(staff), pk=pk)
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = recouping.propose_recoupment(award, **form.cleaned_data, by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"追回单{made.number}已录入，请由县民政审批人审批。")
            return redirect("benefits:recoupment", made.pk)
    months = overpaid_months(award)
    context = {"award": award, "form": form, "months": months, "total": sum(row.above for row in months), **NAV}
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "benefits/propose_recoupment.html", context, status=status)


@grant(Permission.VIEW_ROLL)
@require_safe
def recoupment(request: HttpRequest, pk: int) -> HttpResponse:
    """One recoupment: its months, what was taken by rolls or given back, and what is open."""
    staff = staff_of(request)
    found = get_object_or_404(recoupments_visible_to(staff), pk=pk)
    area = found.award.area
    left = to_come_back(found)
    may_manage = can_act(staff, Permission.MANAGE_RECOUPMENT, area=area)
    may_confirm = can_act(staff, Permission.CONFIRM, area=area)
    is_open = found.state in ("proposed", "approved")
    context = {
        "found": found,
        "months": found.months.all(),
        "items": found.items.filter(line__roll__frozen_at__isnull=False).select_related("line__roll"),
        "given": found.returns.select_related("recorded_by"),
        "left": sum((row.amount for row in left), 0),
        "links": source_links({found.source} - {""}, staff=staff),
        "may_approve": found.state == "proposed" and may_confirm and found.entered_by_id != staff.pk,
        "may_record": found.state == "approved" and may_manage,
        "may_void": is_open and (may_confirm if found.state == "approved" else may_manage),
        **NAV,
    }
    return render(request, "benefits/recoupment.html", context)


@grant(Permission.CONFIRM)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a recoupment (审批追回)."""
    staff, today = staff_of(request), timezone.localdate()
    found = get_object_or_404(recoupments_visible_to(staff), pk=pk)
    try:
        recouping.approve_recoupment(found, by=staff, on=today)
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{found.number}已审批，从下个月的发放册起抵扣。")
    return redirect("benefits:recoupment", found.pk)


@grant(Permission.MANAGE_RECOUPMENT)
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the family gave back itself (登记退缴)."""
    return _asked(
        request,
        pk,
        ReturnedForm,
        lambda found, given: recouping.record_return(found, **given, by=staff_of(request), on=timezone.localdate()),
        title="登记退缴",
        effect="登记家庭自己退回的钱，从最早的月份抵起；登记后不再从发放册里抵扣这部分。",
        done="退缴已登记。",
    )


@grant(Permission.MANAGE_RECOUPMENT, Permission.CONFIRM)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Void a recoupment (作废追回单)."""
    return _asked(
        request,
        pk,
        VoidForm,
        lambda found, given: recouping.void_recoupment(
            found, reason=given["reason"], by=staff_of(request), on=timezone.localdate()
        ),
        title="作废追回单",
        effect="作废以后不再抵扣；已经抵扣、退缴的仍然有效，多退的以后补发。",
        done="追回单已作废。",
        danger=True,
    )


def _asked(
    request: HttpRequest,
    pk: int,
    form_class: Any,
    act: Any,
    *,
    title: str,
    effect: str,
    done: str,
    danger: bool = False,
) -> HttpResponse:
    found = get_object_or_404(recoupments_visible_to(staff_of(request)), pk=pk)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(found, form.cleaned_data)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect("benefits:recoupment", found.pk)
    context = {
        "title": title,
        "family": f"追回单{found.number}，应追回{found.total_amount:,.2f}元",
        "effect": effect,
        "action_label": title,
        "cancel_url": reverse("benefits:recoupment", args=[found.pk]),
        "danger": danger,
        "form": form,
        **NAV,
    }
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "benefits/recoupment_act.html", context, status=status)
