"""The home page and the search across families and cases."""

import re
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.queries.stranded import numbers_without_confirmer, without_confirmer
from eligibility.queries import sample_figures
from foundation.access import grant, signed_in
from foundation.paging import page_of
from foundation.rates import SEARCHES_A_MINUTE, limited
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import working_calendar
from organizations.queries.jobs import jobs_on_hand
from organizations.queries.readings import unusual_readers
from workbench.queries.figures import award_figures, case_figures
from workbench.queries.frame import Frame
from workbench.queries.links import url_or_nothing
from workbench.queries.search import search as find
from workbench.queries.system import system_figures
from workbench.queries.task_rows import as_tasks
from workbench.queries.tasks import counts_of, covers_townships, tasks_by_kind, tasks_by_urgency, totals_of

_ANSWERS_FOR_FIGURES = (Permission.MANAGE_PARAMETERS, Permission.CONFIRM, Permission.COUNTY_VISIT)
"""Whoever holds one is told of figures that no document sets: administrators and the county's staff."""
_PERSONAL_NUMBER = re.compile(r"\d{11}")


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The home page (工作台): my tasks, most urgent first, and the figures of the area."""
    staff, on, calendar, now = cast("Staff", request.user), timezone.localdate(), working_calendar(), timezone.now()
    kinds = tasks_by_kind(staff, calendar=calendar, on=on)
    chosen = next((row.kind for row in kinds if row.kind.value == request.GET.get("kind")), None)
    page = page_of(request, tasks_by_urgency(staff, calendar=calendar, on=on, kind=chosen or ""))
    context = {
        "frame": Frame(staff, on=on, counts=counts_of(kinds)),
        "today": on,
        "kinds": kinds,
        "totals": totals_of(kinds),
        "chosen": chosen,
        "page": page,
        "tasks": as_tasks(page.object_list, calendar=calendar, on=on, at=now),
        "jobs": jobs_on_hand(staff, at=now),
        "cases": case_figures(staff, on=on),
        "awards": award_figures(staff, on=on),
        "samples": sample_figures(on=on) if staff.may(*_ANSWERS_FOR_FIGURES) else [],
        "sample_link": "eligibility:edit" if staff.may(Permission.MANAGE_PARAMETERS) else "eligibility:history",
        "stranded": without_confirmer(staff, on=on) if staff.may(Permission.CONFIRM) else [],
        "stranded_numbers": numbers_without_confirmer(on=on) if staff.may(Permission.MANAGE_STAFF) else [],
        "system": system_figures(on=on) if staff.may(Permission.MANAGE_STAFF) else None,
        "unusual_readers": unusual_readers(staff, at=now) if staff.may(Permission.VIEW_TRAIL) else [],
        "cases_url": url_or_nothing("applications:list"),
        "overdue_url": url_or_nothing("applications:list", lamp="late"),
        "start_url": reverse("one_window:start"),
        "may_open": staff.may(Permission.OPEN_INTAKE),
        "covers_county": covers_townships(staff),
    }
    return render(request, "workbench/home.html", context)


@grant(Permission.VIEW_HOUSEHOLD, Permission.VIEW_CASE)
@limited("search", a_minute=SEARCHES_A_MINUTE)
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Global search (查找) by name, ID number or case number, inside one's own areas.

    Words come back as an address that can be shared; an ID or telephone number never stands in an address.
    """
    staff = cast("Staff", request.user)
    text = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:60]
    if request.method == "POST" and not _PERSONAL_NUMBER.search(text):
        return redirect(f"{reverse('workbench:search')}?{urlencode({'q': text})}")
    return render(request, "workbench/search.html", {"q": text, "found": find(staff, text)})
