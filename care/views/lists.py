"""走访照料: whom to visit, export, and the blank sheet of a village."""

from datetime import date

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from benefits.models import Award, CareLevel
from care import papers, queries
from care.forms.listing import CARE_LIST, DUE, CareFilter
from care.permissions import Permission
from care.resources import CareResource
from care.views.loading import REFUSED, staff_of
from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.pages import Lamp, deadline_lamp
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import private_file, spreadsheet
from households.models.people import SupportMode
from organizations.models.records import AccessKind
from organizations.queries import list_tools, villages_for, working_calendar
from organizations.rules.working_days import WorkingCalendar
from organizations.services import export_list, record_access


@grant(Permission.VIEW_CARE)
def care_list(request: HttpRequest) -> HttpResponse:
    """People in care (走访照料): those to be visited now first."""
    staff, today = staff_of(request), timezone.localdate()
    form = _filter(request)
    is_readable = form.is_valid()
    tools = list_tools(staff, CARE_LIST, request.GET)
    due = form.shown if is_readable else ""
    found = _found(request, form) if is_readable else queries.visible_to(staff).none()
    page, calendar = page_of(request, found), working_calendar()
    village = form.cleaned_data["village"] if is_readable else ""
    villages = list(villages_for(staff, Permission.RECORD_CARE_VISIT))
    context = {
        "form": form,
        "tools": tools,
        "columns": tools.columns,
        "page": page,
        "rows": [(award, _lamp(award, calendar, today)) for award in page.object_list],
        "due": due,
        "dues": [(_due_query(request, value), label, value == due) for value, label in DUE.items()],
        "sheet_village": village or (villages[0].code if len(villages) == 1 else ""),
        "mine": staff.area_ids(Permission.RECORD_CARE_VISIT),
        "may_record": bool(villages),
        "may_export": staff.may(Permission.EXPORT),
        "intervals": "、".join(
            f"{CareLevel(level).label}{term.length}一次" for level, term in queries.visit_terms(on=today).items()
        ),
        "levels": dict(CareLevel.choices),
        "modes": dict(SupportMode.choices),
    }
    return render(request, "care/list.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出名单): on record; the filters stand in the address."""
    staff, now = staff_of(request), timezone.now()
    form = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    found = _found(request, form).filter(area_id__in=staff.area_ids(Permission.EXPORT))
    content = export_list(
        CareResource(),
        found,
        words="导出走访照料名单{}人",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"care-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.RECORD_CARE_VISIT)
@require_POST
@never_cache
def sheet(request: HttpRequest) -> HttpResponse:
    """The blank 走访记录表 of a village, everybody who is visited on it: on record."""
    staff, today = staff_of(request), timezone.localdate()
    villages = villages_for(staff, Permission.RECORD_CARE_VISIT)
    village = get_object_or_404(villages, code=request.POST.get("village", "")[:12])
    people = list(queries.listed(staff, on=today, village=village.code).filter(Q(due_on__isnull=False)))
    if not people:
        messages.error(request, f"{village.short_name}没有需要走访的特困人员。")
        return redirect("care:list")
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff,
        at=timezone.now(),
        subject_type="area",
        subject_id=village.pk,
        reason=f"打印走访记录表{len(people)}人",
    )
    content = preview_pdf(DocumentKind.CARE_VISIT_SHEET, papers.care_visit_sheet(village, people, on=today))
    return private_file(content, name=f"{village.short_name}走访记录表.pdf")


def _filter(request: HttpRequest) -> CareFilter:
    return CareFilter(request.GET, villages=villages_for(staff_of(request), Permission.VIEW_CARE))


def _found(request: HttpRequest, form: CareFilter) -> QuerySet[Award]:
    return queries.listed(staff_of(request), on=timezone.localdate(), sort=request.GET.get("sort", ""), **form.wanted)


def _due_query(request: HttpRequest, due: str) -> str:
    """The list's address with other people, the other filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    query["due"] = due
    return query.urlencode()


def _lamp(award: Award, calendar: WorkingCalendar, today: date) -> Lamp | None:
    due_on: date | None = award.due_on  # type: ignore[attr-defined]
    if due_on is None:
        return None
    return deadline_lamp(due_on, working_days_left=calendar.between(today, due_on), on=today)
