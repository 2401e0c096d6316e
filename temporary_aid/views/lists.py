"""临时救助名单: the list with its filters, its export, and finding somebody by ID number."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.queries import list_tools
from organizations.services import export_list
from temporary_aid.forms.listing import AID_LIST, AidListForm, FindForm
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.detail import clock_mark
from temporary_aid.queries.listing import found_by_id_number, list_aids, totals_of
from temporary_aid.resources.aids import AidResource
from temporary_aid.views.loading import staff_of

UNREADABLE = 422


@grant(Permission.VIEW_AID)
@require_safe
def aid_list(request: HttpRequest) -> HttpResponse:
    """Aids of the person's areas, newest first."""
    staff, now = staff_of(request), timezone.now()
    form = AidListForm(request.GET, staff=staff)
    is_readable = form.is_valid()
    found = _found(request, form) if is_readable else TemporaryAid.objects.none()
    page = page_of(request, found)
    tools = list_tools(staff, AID_LIST, request.GET)
    context = {
        "form": form,
        "find_form": FindForm(),
        "tools": tools,
        "columns": tools.columns,
        "page": page,
        "rows": [(aid, clock_mark(aid, at=now)) for aid in page.object_list],
        "totals": totals_of(found) if page.paginator.count else None,
        "may_open": staff.may(Permission.HANDLE_AID),
        "may_report": staff.may(Permission.REPORT_HARDSHIP),
        "may_export": staff.may(Permission.EXPORT),
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/list.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.VIEW_AID)
@limited("aid_lookup", a_minute=30)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Aids by ID number (按身份证号查): the number stands in no address."""
    staff, now = staff_of(request), timezone.now()
    form = FindForm(request.POST)
    rows: list[TemporaryAid] = []
    if form.is_valid():
        rows = list(found_by_id_number(staff, form.cleaned_data["id_number"])[:100])
        if len(rows) == 1:
            return redirect("temporary_aid:detail", rows[0].pk)
    context = {
        "form": form,
        "rows": [(aid, clock_mark(aid, at=now)) for aid in rows],
        "columns": AID_LIST.default_columns,
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/found.html", context, status=200 if form.is_valid() else UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出名单), on record."""
    staff, now = staff_of(request), timezone.now()
    form = AidListForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        AidResource(),
        _found(request, form).filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出临时救助名单{}件",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"temporary-aid-{timezone.localdate(now):%Y%m%d}")


def _found(request: HttpRequest, form: AidListForm) -> QuerySet[TemporaryAid]:
    return list_aids(staff_of(request), form.wanted, at=timezone.now(), sort=request.GET.get("sort", ""))
