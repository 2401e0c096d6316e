"""Who asks, and the case that is asked for: loaded among those that the person may see, else 404."""

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from applications.models import Case
from applications.queries import cases_with_family
from households.permissions import can_see
from organizations.models import Staff


def staff_of(request: HttpRequest) -> Staff:
    """Who is signed in."""
    return cast("Staff", request.user)


def load_case(request: HttpRequest, pk: int) -> Case:
    """A case with its family."""
    case = get_object_or_404(cases_with_family(staff_of(request)), pk=pk)
    case.family_out_of_reach = not can_see(staff_of(request), case.household)
    return case


def nav_key_of(state: str) -> str:
    """The navigation entry that a state's list has of its own."""
    own = {"publicised": "publicity", "confirming": "confirming"}
    return own.get(state, "cases")
