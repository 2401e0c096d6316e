"""The home page and the search across families and cases."""

import re
from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.access import grant, signed_in
from foundation.paging import page_of
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import working_calendar
from workbench.queries.search import search as find
from workbench.queries.tasks import as_tasks, tasks_by_urgency

_PERSONAL_NUMBER = re.compile(r"\d{11}")


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The home page (工作台): my tasks, most urgent first."""
    staff = cast("Staff", request.user)
    page = page_of(request, tasks_by_urgency(staff))
    tasks = as_tasks(page.object_list, calendar=working_calendar(), on=timezone.localdate())
    return render(request, "workbench/home.html", {"page": page, "tasks": tasks})


@grant(Permission.VIEW_HOUSEHOLD, Permission.VIEW_CASE)
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
