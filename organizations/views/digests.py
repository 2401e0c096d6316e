"""The daily digests of the history (每日摘要), to be written down and kept outside the system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.access import grant
from foundation.models import DailyDigest
from foundation.paging import page_of
from foundation.sealing import sealing_has_stopped
from organizations.permissions import Permission


@grant(Permission.MANAGE_STAFF, Permission.VIEW_TRAIL)
@require_safe
def digests(request: HttpRequest) -> HttpResponse:
    """Seals of the history (变更留痕封存): the newest digest to print, and all before it."""
    newest = DailyDigest.objects.first()
    page = page_of(request, DailyDigest.objects.all())
    context = {
        "newest": newest,
        "copy": _for_copying(newest) if newest else "",
        "has_stopped": sealing_has_stopped(newest.day if newest else None, on=timezone.localdate()),
        "page": page,
        "rows": [(row, _for_copying(row)) for row in page],
        "nav_key": "system",
    }
    return render(request, "organizations/digests.html", context)


def _for_copying(row: DailyDigest) -> str:
    """Eight characters at a time, as one copies them by hand."""
    return " ".join(row.digest[start : start + 8] for start in range(0, len(row.digest), 8))
