"""The assessment beside the page, of what is typed just now (试算)."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from one_window import queries
from one_window.facts import aside_of
from one_window.forms import IntakeForms, on_the_page
from one_window.views.page import year_of
from organizations.models import Staff
from organizations.permissions import Permission


@grant(Permission.OPEN_INTAKE)
@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess the page as it is typed; nothing is written, and what is wrong is said and left out."""
    staff = cast("Staff", request.user)
    household = get_object_or_404(queries.families_at_window(staff), pk=pk)
    facts = queries.intake_facts(household, on=timezone.localdate(), year=year_of(request))
    context = {
        "aside": aside_of(facts, on_the_page(IntakeForms(facts, request.POST))),
        "may_see_parameters": staff.may(Permission.VIEW_PARAMETERS),
        "may_open_aid": staff.may(Permission.HANDLE_AID),
    }
    # Without the frame: its figures would cost more than the assessment.
    return HttpResponse(render_to_string("one_window/_trial.html", context))
