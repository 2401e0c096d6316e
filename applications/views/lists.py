"""The list of cases and its export."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications import queries
from applications.forms.listing import CASE_LIST, CaseFilterForm, is_personal
from applications.permissions import Permission
from applications.resources import CaseResource
from applications.views.loading import nav_key_of, staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, SEARCHES_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models import Staff
from organizations.queries import list_tools
from organizations.services import export_list
from organizations.views.exports import full_export_page

_UNREADABLE = 422


@grant(Permission.VIEW_CASE)
@limited("search", a_minute=SEARCHES_A_MINUTE, methods=("POST",))
@require_http_methods(["GET", "POST"])
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases (办件): filters in the address bar; an ID number asked for is never put there."""
    if request.method == "POST":
        return _asked(request)
    staff, today = staff_of(request), timezone.localdate()
    form = CaseFilterForm(request.GET, staff=staff)
    wanted = form.wanted if form.is_valid() else None
    found = queries.list_cases(staff, wanted, on=today) if wanted else queries.visible_to(staff).none()
    page = page_of(request, found)
    tools = list_tools(staff, CASE_LIST, request.GET)
    rows = queries.as_rows(page.object_list, on=today)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "offers": queries.offers_for(staff, (row.case for row in rows)),
        "all_picked": "pick" in request.GET,
        "pick_query": _without_pick(request),
        "tools": tools,
        "columns": tools.columns,
        "family": queries.named_family(staff, wanted.family) if wanted and wanted.family else None,
        "query": request.GET.urlencode(),
        "is_cut": tools.is_cut,
        "start_url": _start_url(staff),
        "may_export": staff.may(Permission.EXPORT),
        "may_export_in_full": staff.may(Permission.FULL_EXPORT),
        "nav_key": nav_key_of(wanted.state if wanted else ""),
    }
    return render(request, "applications/list.html", context, status=200 if wanted else _UNREADABLE)


def _without_pick(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("pick", None)
    return query.urlencode()


def _start_url(staff: Staff) -> str:
    return reverse("one_window:start") if staff.may(Permission.OPEN_INTAKE) else ""


def _asked(request: HttpRequest) -> HttpResponse:
    asked = [(name, value) for name, values in request.POST.lists() for value in values if value]
    kept = [(name, value) for name, value in asked if name not in ("csrfmiddlewaretoken", "q", "family")]
    text = request.POST.get("q", "").strip()
    if text and is_personal(text):
        household = queries.found_family(staff_of(request), text)
        if household is None:
            messages.warning(request, "在您的辖区内没有找到这个证号或电话的办件。")
        else:
            kept = [("family", str(household.pk))]
    elif text:
        kept.append(("q", text))
    elif family := request.POST.get("family", ""):
        kept.append(("family", family))
    return redirect(f"{reverse('applications:list')}?{urlencode(kept)}")


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出名单): masked, on record; the filters stand in the address."""
    staff, now = staff_of(request), timezone.now()
    form = CaseFilterForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    cases = queries.list_cases(staff, form.wanted, on=timezone.localdate(now))
    content = export_list(
        CaseResource(),
        cases.filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出办件名单{}件",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"cases-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.FULL_EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_http_methods(["GET", "POST"])
def full_export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered with the ID numbers whole (完整导出): asks for the reason, recorded."""
    staff = staff_of(request)
    filters = request.POST if request.method == "POST" else request.GET
    form = CaseFilterForm(filters, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    cases = queries.list_cases(staff, form.wanted, on=timezone.localdate())
    return full_export_page(
        request,
        CaseResource(in_full=True),
        cases.filter(area_id__in=staff.area_ids(Permission.FULL_EXPORT)),
        filters=filters,
        name="cases",
        words="办件名单{}件",
        back_url=reverse("applications:list"),
    )
