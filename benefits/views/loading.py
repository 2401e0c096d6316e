"""Load and authorise: rolls and lines outside a person's areas are not found."""

from collections.abc import Collection
from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from benefits.models import Award, MonthlyRoll, RollLine
from benefits.queries.rolls import lines_visible_to, rolls_visible_to
from benefits.signals import sources_asked
from organizations.models import Staff

UNREADABLE = 422
NAV = {"nav_key": "rolls"}


def staff_of(request: HttpRequest) -> Staff:
    """Who asks."""
    return cast("Staff", request.user)


def roll_or_404(request: HttpRequest, pk: int) -> MonthlyRoll:
    """The roll, where the person may see it."""
    rolls = rolls_visible_to(staff_of(request)).select_related(
        "area", "prepared_by", "township_checked_by", "county_checked_by", "finance_checked_by", "voided_by"
    )
    return get_object_or_404(rolls, pk=pk)


def line_or_404(request: HttpRequest, pk: int) -> RollLine:
    """The line, where the person may see its roll."""
    lines = lines_visible_to(staff_of(request)).select_related(
        "roll__area", "area", "bank_account", "award", "version__decided_by", "household", "reissue_of__roll"
    )
    return get_object_or_404(lines, pk=pk)


def source_links(numbers: Collection[str], *, staff: Staff) -> dict[str, str]:
    """Addresses of the pages that changes were decided on, by the number they carry, as far as the person sees them."""
    links: dict[str, str] = {}
    if numbers:
        answers: list[tuple[Any, Any]] = sources_asked.send(Award, numbers=numbers, staff=staff)
        for _, answer in answers:
            links |= answer
    return links
