"""Pages of the retention periods (保存期限)."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.access import grant
from foundation.dates import chinese_date
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from organizations.models import Staff
from organizations.permissions import Permission
from supervision import services
from supervision.forms import PeriodForm
from supervision.models import RetentionPeriod
from supervision.queries.retention import periods_in_force, periods_of

_NAV = {"nav_key": "archive"}


@grant(Permission.MANAGE_ARCHIVE, Permission.VIEW_TRAIL, Permission.MANAGE_PARAMETERS)
@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """How long each kind of record stays at hand and is kept."""
    context = {
        "periods": periods_in_force(on=timezone.localdate()),
        "may_manage": cast("Staff", request.user).may(Permission.MANAGE_PARAMETERS),
        **_NAV,
    }
    return render(request, "supervision/periods.html", context)


@grant(Permission.MANAGE_PARAMETERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a kind of record another period from a day on (调整保存期限)."""
    period, today = get_object_or_404(RetentionPeriod, pk=pk), timezone.localdate()
    form = PeriodForm(request.POST or None, period=period)
    form.initial["from_day"] = today
    if request.method == "POST" and form.is_valid():
        given = {"active_years": None} | form.cleaned_data
        try:
            changed = services.change_period(period, **given, by=cast("Staff", request.user), on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(
                request,
                f"“{period.get_record_kind_display()}”自{chinese_date(changed.valid.lower)}起保管{changed.length}。",
            )
            return redirect("supervision:periods")
    context = {"period": period, "form": form, "history": periods_of(period), **_NAV}
    return render(request, "supervision/change_period.html", context)
