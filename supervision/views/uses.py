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
from households.queries import visible_to
from households.views.loading import crumbs, staff_of
from organizations.models.records import AccessKind
from organizations.permissions import Permission, check_can_act
from organizations.services import record_access
from supervision.queries.retention import archived_families, periods_in_force
from supervision.queries.uses import Subject, areas_told_to, readings_of, subject_of, uses_of


@grant(Permission.VIEW_DATA_USES)
@require_safe
@never_cache
def uses(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Who has seen and used the person's data, and on what consent."""
    member = _member(request, pk, member_pk)
    subject = subject_of(member.person, areas=areas_told_to(staff_of(request)))
    context = _context(member, subject) | {"page": page_of(request, readings_of(subject))}
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
    subject = subject_of(member.person, areas=areas_told_to(staff_of(request)))
    context = _context(member, subject) | {"readings": readings_of(subject), "printed_at": now}
    return render(request, "supervision/uses_print.html", context)


def _member(request: HttpRequest, pk: int, member_pk: int) -> Member:
    """Of a family at hand, or of one in the archive (归档库): the right to be told does not end with archiving."""
    staff = staff_of(request)
    families = visible_to(staff) | archived_families(staff)
    household = get_object_or_404(families.select_related("area__parent"), pk=pk)
    check_can_act(staff, Permission.VIEW_DATA_USES, area=household.area)
    member = get_object_or_404(household.members.select_related("person"), pk=member_pk)
    member.household = household
    return member


def _context(member: Member, subject: Subject) -> dict[str, Any]:
    return crumbs(
        member.household,
        member=member,
        uses=uses_of(subject),
        is_whole=subject.areas is None,
        periods=periods_in_force(on=timezone.localdate()),
        nav_key="archive" if member.household.archived_on else "families",
    )
