"""多发核对: which awards were paid more than is owed, and what is done about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from benefits.forms.recoupments import OVERPAID_LIST, OverpaidFilter
from benefits.models import Award
from benefits.queries.overpaid_awards import STANDINGS, overpaid_awards, overpaid_totals
from benefits.resources.overpaid import OverpaidResource
from benefits.views.loading import NAV, UNREADABLE, staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.permissions import Permission
from organizations.queries import list_tools
from organizations.services import export_list


@grant(Permission.VIEW_ROLL)
@require_safe
def overpaid(request: HttpRequest) -> HttpResponse:
    """Awards that were overpaid, by township and village, with the way to their recoupment."""
    staff = staff_of(request)
    form = OverpaidFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    page = page_of(request, overpaid_awards(staff, **form.cleaned_data) if is_readable else Award.objects.none())
    totals = overpaid_totals() if page.object_list else {}
    context = {
        "form": form,
        "page": page,
        "rows": [(award, totals[award.pk], STANDINGS[award.recoupment_state or "none"]) for award in page],
        "tools": list_tools(staff, OVERPAID_LIST, request.GET),
        "enters": staff.area_ids(Permission.MANAGE_RECOUPMENT),
        "may_export": staff.may(Permission.EXPORT),
        "query": request.GET.urlencode(),
        **NAV,
    }
    return render(request, "benefits/overpaid.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    form = OverpaidFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = overpaid_awards(staff, **form.cleaned_data)
    content = export_list(
        OverpaidResource(overpaid_totals()),
        rows.filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出多发核对名单{}户",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"overpaid-{timezone.localdate(now):%Y%m%d}")
