"""与上月比对: what changed between two months' rolls and the event behind each change; Excel and a print view."""

from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from benefits.forms.rolls import ComparisonFilter
from benefits.models import MonthlyRoll, RollKind, RollState
from benefits.queries.differences import Comparison, compare_months, sources_of
from benefits.queries.funds import PAID_MONTHLY
from benefits.queries.rolls import rolls_visible_to
from benefits.resources.differences import difference_book
from benefits.rules.differences import Change
from benefits.views.loading import NAV, UNREADABLE, source_links, staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission
from organizations.services import record_access

_MOST_PRINTED = 2000


@grant(Permission.VIEW_ROLL)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """A month beside the one before; ``?print=1`` lists everything on one page to print."""
    staff = staff_of(request)
    form = _filter(request, staff)
    is_readable = form.is_valid()
    found = _found(form, staff) if is_readable else None
    change = form.cleaned_data["change"] if is_readable else ""
    rows = found.cut_to(change) if found else []
    is_print = "print" in request.GET
    page = page_of(request, rows)
    shown = rows[:_MOST_PRINTED] if is_print else list(page.object_list)
    context = {
        "form": form,
        "found": found,
        "rows": shown,
        "page": page,
        "links": source_links(sources_of(shown), staff=staff),
        "is_print": is_print,
        "change": change,
        "changes": Change,
        "rolls": _rolls(form, staff) if is_readable else [],
        "opens": staff.may(Permission.VIEW_HOUSEHOLD),
        "may_export": staff.may(Permission.EXPORT),
        "query": form.data.urlencode() if isinstance(form.data, QueryDict) else "",
        **NAV,
    }
    template = "benefits/differences_print.html" if is_print else "benefits/differences.html"
    return render(request, template, context, status=200 if is_readable else UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_comparison(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the changes that are filtered, on record; no numbers of people are in it."""
    staff, now = staff_of(request), timezone.now()
    form = _filter(request, staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    found = _found(form, staff)
    rows = found.cut_to(form.cleaned_data["change"])
    record_access(
        kind=AccessKind.EXPORT,
        staff=staff,
        at=now,
        subject_type="roll_line",
        subject_id=None,
        reason=f"导出{found.month:%Y年%-m月}发放变动{len(rows)}户",
        row_count=len(rows),
        query=form.data.urlencode()[:500] if isinstance(form.data, QueryDict) else "",
    )
    return spreadsheet(difference_book(found, rows), name=f"changes-{found.month:%Y%m}")


def _filter(request: HttpRequest, staff: Staff) -> ComparisonFilter:
    """The filters of the address; without any, the latest month that has a roll."""
    asked = request.GET.copy()
    if not asked.get("month"):
        latest = rolls_visible_to(staff).exclude(state=RollState.VOIDED).order_by("-month").first()
        asked["month"] = f"{latest.month if latest else timezone.localdate():%Y-%m}"
        asked.setdefault("scheme", latest.scheme if latest else PAID_MONTHLY[0].value)
    asked.setdefault("scheme", PAID_MONTHLY[0].value)
    return ComparisonFilter(asked, staff=staff)


def _found(form: ComparisonFilter, staff: Staff) -> Comparison:
    wanted = form.cleaned_data
    return compare_months(staff, month=wanted["month"], scheme=wanted["scheme"], township=wanted["township"])


def _rolls(form: ComparisonFilter, staff: Staff) -> list[MonthlyRoll]:
    """The month's rolls themselves, whose totals the comparison comes to."""
    wanted = form.cleaned_data
    month: date = wanted["month"]
    rolls = rolls_visible_to(staff).filter(month=month, scheme=wanted["scheme"], kind=RollKind.REGULAR)
    if wanted["township"]:
        rolls = rolls.filter(area__code=wanted["township"])
    return list(rolls.exclude(state=RollState.VOIDED).order_by("area__code"))
