"""One person's record of processing (个人信息处理记录), on the screen and printed for the person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.access import grant
from foundation.paging import page_of
from households.models import Member
from households.views.loading import crumbs, family_or_404, staff_of
from organizations.models.records import AccessKind
from organizations.permissions import Permission, check_can_act
from organizations.services import record_access
from supervision.queries.retention import periods_in_force
from supervision.queries.uses import readings_of, subject_of, uses_of


@grant(Permission.VIEW_DATA_USES)
@require_safe
@never_cache
def uses(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Who has seen and used the person's data, and on what consent."""
    member = _member(request, pk, member_pk)
    readings = readings_of(subject_of(member.person))
    context = _context(member) | {"page": page_of(request, readings)}
    return render(request, "supervision/uses.html", context)


@grant(Permission.VIEW_DATA_USES)
@require_POST
@never_cache
def print_uses(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """The whole record as one page to print for the person (个人信息保护法§45); printing it is on record."""
    member, now = _member(request, pk, member_pk), timezone.now()
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff_of(request),
        at=now,
        subject_type="person",
        subject_id=member.person_id,
        reason="打印个人信息处理记录",
    )
    context = _context(member) | {"readings": readings_of(subject_of(member.person)), "printed_at": now}
    return render(request, "supervision/uses_print.html", context)


def _member(request: HttpRequest, pk: int, member_pk: int) -> Member:
    household = family_or_404(request, pk)
    check_can_act(staff_of(request), Permission.VIEW_DATA_USES, area=household.area)
    member = get_object_or_404(household.members.select_related("person"), pk=member_pk)
    member.household = household
    return member


def _context(member: Member) -> dict[str, Any]:
    subject = subject_of(member.person)
    return crumbs(
        member.household,
        member=member,
        uses=uses_of(subject),
        periods=periods_in_force(on=timezone.localdate()),
        nav_key="families",
    )
