"""A case's assessment reckoned again (复算)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications import queries
from applications.permissions import Permission
from applications.views.loading import load_case
from eligibility.services import replay
from foundation.access import grant


@grant(Permission.VIEW_CASE)
@require_GET
def replay_case(request: HttpRequest, pk: int) -> HttpResponse:
    """What today's rules make of the facts that the decision or the proposal rests on."""
    case = load_case(request, pk)
    assessment = queries.assessment_of(case)
    if assessment is None:
        raise Http404
    found = replay(assessment)
    further = queries.further_deviations(case)
    context = {
        "case": case,
        "found": found,
        "is_same": found.is_same and not further,
        "deviations": queries.named_deviations([*found.deviations, *further], queries.names_of(case.household)),
        "is_decided": hasattr(case, "decision"),
    }
    return render(request, "applications/replay.html", context)
