"""待遇名单: every award of the person's areas; stopped families are listed only when asked for."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from benefits.forms.awards import AWARD_LIST, AwardListForm
from benefits.models import Award
from benefits.queries.listing import list_awards, totals_of
from benefits.resources.rolls import AwardResource
from benefits.views.loading import UNREADABLE, staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.permissions import Permission
from organizations.queries import list_tools
from organizations.services import export_list


@grant(Permission.VIEW_AWARD)
@require_safe
def award_list(request: HttpRequest) -> HttpResponse:
    """Awards as they stand this month."""
    staff = staff_of(request)
    form = AwardListForm(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = _found(request, form) if is_readable else Award.objects.none()
    page = page_of(request, rows)
    context = {
        "form": form,
        "page": page,
        "totals": totals_of(rows) if page.paginator.count else None,
        "tools": list_tools(staff, AWARD_LIST, request.GET),
        "month": timezone.localdate().replace(day=1),
        "may_open": staff.may(Permission.VIEW_HOUSEHOLD),
        "may_export": staff.may(Permission.EXPORT),
        "may_see_rolls": staff.may(Permission.VIEW_ROLL),
        "query": request.GET.urlencode(),
        "nav_key": "awards",
    }
    return render(request, "benefits/list.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_awards(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record; there is no ID number or account in it."""
    staff, now = staff_of(request), timezone.now()
    form = AwardListForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        AwardResource(),
        _found(request, form).filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出待遇名单{}份",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"awards-{timezone.localdate(now):%Y%m%d}")


def _found(request: HttpRequest, form: AwardListForm) -> QuerySet[Award]:
    month = timezone.localdate().replace(day=1)
    return list_awards(staff_of(request), form.wanted, month=month, sort=request.GET.get("sort", ""))
