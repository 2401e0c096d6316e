"""提标补差: what a stopped award is still owed by the new standard, entered by one and approved by another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applications.queries import head_of
from dynamic_review import services
from dynamic_review.forms.making_good import MakingGoodForm
from dynamic_review.models import UpliftLine, UpliftMakingGood
from dynamic_review.permissions import Permission
from dynamic_review.queries import uplifts as queries
from dynamic_review.views.uplift_acts import REFUSED, attempt, staff_of
from foundation.access import grant


@grant(Permission.ENTER_UPLIFT, Permission.APPROVE_UPLIFT)
@never_cache
@require_http_methods(["GET", "POST"])
def make_good(request: HttpRequest, pk: int) -> HttpResponse:
    """What the months come to, and entering it."""
    line, staff = _load(request, pk), staff_of(request)
    form = MakingGoodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, on = form.cleaned_data, timezone.localdate()
        row = attempt(form, "录入补差", lambda: services.enter_making_good(line, **given, by=staff, on=on))
        if row is not None:
            messages.success(request, f"补差{row.amount:,.2f}元已录入，请由另一人审批。")
            return redirect("dynamic_review:make_good", pk=line.pk)
    return _page(request, line, form, status=REFUSED if form.is_bound else 200)


@grant(Permission.APPROVE_UPLIFT)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """审批补差."""
    line, staff = _load(request, pk), staff_of(request)
    row, form = get_object_or_404(UpliftMakingGood, line=line), forms.Form(request.POST)
    done = attempt(form, "审批补差", lambda: services.approve_making_good(row, by=staff, on=timezone.localdate()))
    if done is None:
        return _page(request, line, form, status=REFUSED)
    messages.success(request, f"补差{row.amount:,.2f}元已审批，由下一册发放册补发。")
    return redirect("dynamic_review:make_good", pk=line.pk)


def _load(request: HttpRequest, pk: int) -> UpliftLine:
    rows = UpliftLine.objects.filter(run__uplift__in=queries.uplifts_visible_to(staff_of(request)))
    return get_object_or_404(rows.select_related("run__uplift", "award", "household", "area__parent"), pk=pk)


def _page(request: HttpRequest, line: UpliftLine, form: forms.Form, *, status: int) -> HttpResponse:
    uplift, staff = line.run.uplift, staff_of(request)
    row = UpliftMakingGood.objects.filter(line=line).select_related("entered_by", "approved_by").first()
    holds = services.may_be_made_good(line, uplift)
    may_be, waits = row is None and holds, row is not None and row.approved_by is None
    is_open = waits and holds
    context: dict[str, Any] = {
        "line": line,
        "uplift": uplift,
        "family_name": head_of(line.household),
        "row": row,
        "form": form,
        "may_be": may_be,
        "no_longer": services.NO_LONGER if waits and not holds else "",
        "found": services.reckon_making_good(line, monthly_amount=row.monthly_amount if row else None)
        if may_be or is_open
        else None,
        "may_enter": may_be and staff.may(Permission.ENTER_UPLIFT),
        "may_approve": is_open
        and staff.may(Permission.APPROVE_UPLIFT)
        and row is not None
        and row.entered_by_id != staff.pk,
        "nav_key": "uplifts",
    }
    return render(request, "dynamic_review/make_good.html", context, status=status)
