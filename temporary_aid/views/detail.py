"""The page of one aid (临时救助): how it stands, what may be done next, everything on file."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.access import grant
from organizations.forms.reading import PurposeForm
from organizations.models import Staff
from organizations.services import record_page
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission, can_act
from temporary_aid.queries.detail import clock_mark, happenings_of
from temporary_aid.views.advance_part import advance_part
from temporary_aid.views.deciding_part import deciding_part
from temporary_aid.views.loading import aid_or_404, staff_of
from temporary_aid.views.papers import paper_part
from temporary_aid.views.stages import stage_part

Part = Callable[[TemporaryAid, Staff, datetime], dict[str, Any]]
"""What a panel of the page needs, by name. ``offers`` are buttons at the head of the page: rows of label, address and
kind (``primary``, ``danger`` or empty); those of all parts stand side by side."""

PARTS: tuple[Part, ...] = (advance_part, deciding_part, stage_part, paper_part)


@grant(Permission.VIEW_AID)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One aid with everything that became of it."""
    staff, now = staff_of(request), timezone.now()
    aid = aid_or_404(request, pk)
    record_page(staff=staff, at=now, subject_type="temporary_aid", subject_id=aid.pk)
    context: dict[str, Any] = {
        "aid": aid,
        "clock": clock_mark(aid, at=now),
        "happenings": happenings_of(aid),
        "files": list(aid.files.select_related("uploaded_by")),
        "may_open_family": aid.household_id is not None and can_act(staff, Permission.VIEW_HOUSEHOLD, area=aid.area),
        "may_reveal": can_act(staff, Permission.REVEAL_IDENTITY, area=aid.area),
        "reveal_form": PurposeForm(prefix="reveal", on=timezone.localdate(now)),
        "nav_key": "temporary_aid",
        "offers": [],
    }
    for part in PARTS:
        more = part(aid, staff, now)
        context["offers"] += more.pop("offers", [])
        context |= more
    return render(request, "temporary_aid/detail.html", context)
