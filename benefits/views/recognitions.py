"""认定身份: the list, its export, and ending a recognition early."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits import services
from benefits.forms import RECOGNITION_LIST, EndRecognitionForm, RecognitionFilter
from benefits.models import Recognition
from benefits.queries import list_recognitions, recognitions_visible_to
from benefits.resources import RecognitionResource
from benefits.rules.recognitions import soon
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import list_tools
from organizations.services import export_list

_UNREADABLE = 422
_NAV = {"nav_key": "recognitions"}


@grant(Permission.VIEW_AWARD)
@require_safe
def recognition_list(request: HttpRequest) -> HttpResponse:
    """Who is recognised as what until when, of the person's areas."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    form = RecognitionFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = list_recognitions(staff, on=today, **form.cleaned_data) if is_readable else Recognition.objects.none()
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tools": list_tools(staff, RECOGNITION_LIST, request.GET),
        "today": today,
        "ending_soon": soon(today),
        "may_export": staff.may(Permission.EXPORT),
        "confirming": staff.area_ids(Permission.CONFIRM),
        "may_open": staff.may(Permission.VIEW_HOUSEHOLD),
        "query": request.GET.urlencode(),
        **_NAV,
    }
    return render(request, "benefits/recognitions.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record; there is no ID number in it."""
    staff, now = cast("Staff", request.user), timezone.now()
    form = RecognitionFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = list_recognitions(staff, on=timezone.localdate(now), **form.cleaned_data)
    content = export_list(
        RecognitionResource(),
        rows.filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出认定身份名单{}户",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"recognitions-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.CONFIRM)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a recognition before its last day, with the reason (提前终止认定)."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    found = recognitions_visible_to(staff).select_related("household", "area")
    recognition = get_object_or_404(found, pk=pk)
    form = EndRecognitionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with because("提前终止认定"):
                services.end_recognition(recognition, reason=form.cleaned_data["reason"], by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{recognition.number}已提前终止，从今天起不再有效。")
            return redirect("benefits:recognitions")
    household = recognition.household
    head = household.members.filter(relation="head", left_on=None).select_related("person").first()
    name = head.person if head else household.number
    context = {
        "title": "提前终止认定",
        "family": f"{name}家庭：{recognition.get_scheme_display()}认定 {recognition.number}",
        "effect": "从今天起不再有效，不能恢复；已经续期的，续期一并终止。仍符合条件的，须重新申请。"
        "请另行告知家庭和据以救助的部门。",
        "action_label": "提前终止认定",
        "cancel_url": reverse("benefits:recognitions"),
        "danger": True,
        "form": form,
        **_NAV,
    }
    return render(request, "benefits/end_recognition.html", context)
