"""Pages of the dated standards and parameters (标准与参数)."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from eligibility import services
from eligibility.forms import (
    PARAMETER_LIST,
    ApproveForm,
    ChangeFilter,
    ParameterFilter,
    ParameterForm,
    ReturnForm,
)
from eligibility.models import ChangeState, Parameter, ParameterChange, SourceDocument
from eligibility.queries import (
    PARAMETER_TITLES,
    changes_of,
    described_value,
    levels_of,
    parameter_history,
    parameter_title,
    parameters_on,
)
from eligibility.resources import ParameterResource
from foundation.access import grant
from foundation.charts import step_chart
from foundation.dates import chinese_date
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.responses import private_file, spreadsheet
from foundation.spreadsheets import workbook
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import county, list_tools

_UNREADABLE = 422


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
        "waiting": changes_of(_staff(request)).filter(state=ChangeState.PROPOSED).count(),
    }
    return render(request, "eligibility/list.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered; standards are public, so nothing of a person is in it."""
    form, on = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    book = workbook(ParameterResource(), _filtered(form, on))
    return spreadsheet(book.content, name=f"parameters-{on:%Y%m%d}")


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
        "chart": step_chart(levels, until=today) if (levels := levels_of(key, area=county())) else None,
        "may_manage": _staff(request).may(Permission.MANAGE_PARAMETERS),
    }
    return render(request, "eligibility/history.html", context)


@grant(Permission.MANAGE_PARAMETERS)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Enter a new value of a parameter from a day on (调整参数); it holds once another administrator approves it."""
    _check_key(key)
    running = list(parameters_on(timezone.localdate(), key=key))
    # The list's link names the value that is to be changed: a parameter may have one for each residence and area.
    current = next((row for row in running if str(row.pk) == request.GET.get("of")), running[0] if running else None)
    form = ParameterForm(
        request.POST or None,
        request.FILES or None,
        key=key,
        staff=_staff(request),
        current=current.value if current else None,
        initial={"residence": current.residence, "area": current.area_id} if current else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            change = services.propose_parameter(key, by=_staff(request), on=timezone.localdate(), **form.facts())
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"“{parameter_title(key)}”的调整已提交，另一名管理员审批同意后生效。")
            return redirect("eligibility:change", pk=change.pk)
    context = {"key": key, "title": parameter_title(key), "form": form, "current": _row(current) if current else None}
    return render(request, "eligibility/edit.html", context)


@grant(Permission.MANAGE_PARAMETERS)
@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """Changes of parameters (调整单), those that wait first."""
    form = ChangeFilter(request.GET)
    is_readable = form.is_valid()
    rows = changes_of(_staff(request))
    if is_readable and form.cleaned_data["state"]:
        rows = rows.filter(state=form.cleaned_data["state"])
    page = page_of(request, rows if is_readable else rows.none())
    context = {"form": form, "page": page, "rows": [_row(change) for change in page]}
    return render(request, "eligibility/changes.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.MANAGE_PARAMETERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what it would alter, and approving, returning or withdrawing it (审批)."""
    found = get_object_or_404(changes_of(_staff(request)), pk=pk)
    act = request.POST.get("act", "")
    approving = ApproveForm(request.POST if act == "approve" else None)
    returning = ReturnForm(request.POST if act == "return" else None)
    if request.method == "POST" and _decided(request, found, act, approving, returning):
        return redirect("eligibility:change", pk=pk)
    staff = _staff(request)
    running = parameters_on(found.from_day, key=found.key).filter(area=found.area_id, residence=found.residence)
    context = {
        "change": found,
        "row": _row(found),
        "running": [_row(parameter) for parameter in running],
        "waits": found.state == ChangeState.PROPOSED,
        "is_own": found.entered_by_id == staff.pk,
        "approving": approving,
        "returning": returning,
    }
    status = _UNREADABLE if request.method == "POST" else 200
    return render(request, "eligibility/change.html", context, status=status)


def _decided(
    request: HttpRequest, found: ParameterChange, act: str, approving: ApproveForm, returning: ReturnForm
) -> bool:
    staff, today = _staff(request), timezone.localdate()
    acts: dict[str, tuple[Form | None, Callable[[], object], str]] = {
        "approve": (
            approving,
            lambda: services.approve_change(found, by=staff, on=today, note=approving.cleaned_data["note"]),
            f"已审批同意，自{chinese_date(found.from_day)}起按新值执行。",
        ),
        "return": (
            returning,
            lambda: services.return_change(found, reason=returning.cleaned_data["reason"], by=staff, on=today),
            "已退回。",
        ),
        "withdraw": (None, lambda: services.withdraw_change(found, by=staff, on=today), "已撤回。"),
    }
    if act not in acts:
        return False
    form, service, said = acts[act]
    if form is not None and not form.is_valid():
        return False
    try:
        service()
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form or approving, error)
        if form is None:
            messages.error(request, error.message)
        return False
    messages.success(request, said)
    return True


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def source_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The document that parameters rest on (依据文件)."""
    source = get_object_or_404(SourceDocument.objects.exclude(scan=""), pk=pk)
    with source.scan.open("rb") as file:
        return private_file(file.read(), content_type=source.scan_type)


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


def _row(parameter: Parameter | ParameterChange, *, today: date | None = None) -> dict[str, Any]:
    return {
        "parameter": parameter,
        "title": parameter_title(parameter.key),
        "value": described_value(parameter.key, parameter.value),
        "is_current": today is not None and isinstance(parameter, Parameter) and today in parameter.valid,
    }
