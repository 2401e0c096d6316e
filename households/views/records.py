"""The record of a family and of a person (档案变动): who changed what, when and why; to read and to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.access import grant
from foundation.paging import page_of
from households.forms.records import RecordFilter
from households.models import Household
from households.records import PERSONAL_KINDS, RecordKind, Scope, family_scope, person_scope, record
from households.views.loading import crumbs, family_or_404, staff_of
from organizations.permissions import Permission


@grant(Permission.VIEW_HOUSEHOLD)
@require_safe
def family_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was changed of a family (家庭档案变动)."""
    household = family_or_404(request, pk)
    return _page(request, household, family_scope(household, staff=staff_of(request)), kinds=tuple(RecordKind))


@grant(Permission.VIEW_HOUSEHOLD)
@require_safe
def person_record(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Everything that was changed of a person (人员档案变动), in whatever family of the reader's areas."""
    household = family_or_404(request, pk)
    person = get_object_or_404(household.members.select_related("person"), pk=member_pk).person
    scope = person_scope(person, staff=staff_of(request))
    return _page(request, household, scope, kinds=PERSONAL_KINDS, person=person)


def _page(
    request: HttpRequest, household: Household, scope: Scope, *, kinds: tuple[RecordKind, ...], **more: Any
) -> HttpResponse:
    form = RecordFilter(request.GET, kinds=kinds)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    entries = record(scope, kind=kind)
    is_print = "print" in request.GET
    context = crumbs(
        household,
        form=form,
        kind=dict(RecordKind.choices).get(kind, ""),
        entries=entries if is_print else None,
        page=None if is_print else page_of(request, entries),
        may_see_digests=scope.staff.may(Permission.VIEW_TRAIL),
        now=timezone.now(),
        **more,
    )
    return render(request, "households/record.html", context)
