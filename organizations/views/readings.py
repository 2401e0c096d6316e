"""查阅记录: who read whose data in full, exports among them, for whoever oversees the trail."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.forms.reading import ReadingFilter
from organizations.models import AccessRecord
from organizations.permissions import Permission
from organizations.queries.readings import filtered_readings, unusual_readers
from organizations.resources import ReadingResource
from organizations.services import export_list
from organizations.views.staff import staff_of


@grant(Permission.VIEW_TRAIL)
@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    """Every record of access (查阅记录), the newest first; accounts that were shown unusually much above it."""
    staff = staff_of(request)
    form = ReadingFilter(request.GET, by=staff)
    is_readable = form.is_valid()
    context = {
        "form": form,
        "page": page_of(request, _found(request, form) if is_readable else AccessRecord.objects.none()),
        "unusual": unusual_readers(staff, at=timezone.now()),
        "query": request.GET.urlencode(),
        "nav_key": "readings",
    }
    return render(request, "organizations/readings.html", context, status=200 if is_readable else 422)


@grant(Permission.VIEW_TRAIL)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, itself on record."""
    staff, now = staff_of(request), timezone.now()
    form = ReadingFilter(request.GET, by=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    query: dict[str, Any] = {"query": request.GET.urlencode(), "by": staff, "at": now}
    content = export_list(ReadingResource(), _found(request, form), words="导出查阅记录{}条", **query)
    return spreadsheet(content, name=f"readings-{timezone.localdate(now):%Y%m%d}")


def _found(request: HttpRequest, form: ReadingFilter) -> QuerySet[AccessRecord]:
    return filtered_readings(staff_of(request), **form.cleaned_data)
