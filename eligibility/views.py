"""Pages of the dated standards and parameters (标准与参数)."""

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from eligibility import services
from eligibility.forms import PARAMETER_LIST, ParameterFilter, ParameterForm
from eligibility.models import Parameter
from eligibility.queries import PARAMETER_TITLES, described_value, parameter_history, parameter_title, parameters_on
from eligibility.resources import ParameterResource
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import list_tools

_UNREADABLE = 422
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def parameter_list(request: HttpRequest) -> HttpResponse:
    """What is in force on a day (标准与参数)."""
    form, on = _filter(request)
    is_readable = form.is_valid()
    page = page_of(request, _filtered(form, on) if is_readable else Parameter.objects.none())
    context = {
        "form": form,
        "tools": list_tools(_staff(request), PARAMETER_LIST, request.GET),
        "on": on,
        "page": page,
        "rows": [_row(parameter) for parameter in page],
        "may_manage": _staff(request).may(Permission.MANAGE_PARAMETERS),
    }
    return render(request, "eligibility/list.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered; standards are public, so nothing of a person is in it."""
    form, on = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    data = ParameterResource().export(_filtered(form, on))
    response = HttpResponse(data.export("xlsx"), content_type=_SPREADSHEET)
    response["Content-Disposition"] = f'attachment; filename="parameters-{on:%Y%m%d}.xlsx"'
    return response


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    """All values of one parameter (沿革)."""
    _check_key(key)
    page = page_of(request, parameter_history(key))
    today = timezone.localdate()
    context = {
        "key": key,
        "title": parameter_title(key),
        "page": page,
        "rows": [_row(parameter, today=today) for parameter in page],
        "may_manage": _staff(request).may(Permission.MANAGE_PARAMETERS),
    }
    return render(request, "eligibility/history.html", context)


@grant(Permission.MANAGE_PARAMETERS)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Give a parameter a new value from a day on (调整参数)."""
    _check_key(key)
    running = list(parameters_on(timezone.localdate(), key=key))
    # The list's link names the value that is to be changed: a parameter may have one for each residence and area.
    current = next((row for row in running if str(row.pk) == request.GET.get("of")), running[0] if running else None)
    form = ParameterForm(
        request.POST or None,
        key=key,
        staff=_staff(request),
        current=current.value if current else None,
        initial={"residence": current.residence, "area": current.area_id} if current else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            parameter = services.set_parameter(key, by=_staff(request), **form.facts())
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            starts_on = parameter.valid.lower
            day = f"{starts_on.year}年{starts_on.month}月{starts_on.day}日"
            messages.success(request, f"“{parameter_title(key)}”自{day}起改为{described_value(key, parameter.value)}。")
            return redirect("eligibility:history", key=key)
    context = {"key": key, "title": parameter_title(key), "form": form, "current": _row(current) if current else None}
    return render(request, "eligibility/edit.html", context)


def _staff(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)


def _check_key(key: str) -> None:
    if key not in PARAMETER_TITLES:
        raise Http404


def _filter(request: HttpRequest) -> tuple[ParameterFilter, date]:
    wanted = request.GET.copy()
    wanted.setdefault("on", timezone.localdate().isoformat())
    form = ParameterFilter(wanted)
    form.full_clean()
    return form, form.cleaned_data.get("on") or timezone.localdate()


def _filtered(form: ParameterFilter, on: date) -> QuerySet[Parameter]:
    chosen = form.cleaned_data
    return parameters_on(on, residence=chosen.get("residence", ""), marked=chosen.get("marked", ""))


def _row(parameter: Parameter, *, today: date | None = None) -> dict[str, Any]:
    return {
        "parameter": parameter,
        "title": parameter_title(parameter.key),
        "value": described_value(parameter.key, parameter.value),
        "is_current": today is not None and today in parameter.valid,
    }
