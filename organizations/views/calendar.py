"""Pages of the working calendar (工作日历)."""

from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from organizations import services
from organizations.forms.calendar import USUAL, HolidayRows, YearForm
from organizations.models import CalendarDay, CalendarYear, Staff
from organizations.permissions import Permission
from organizations.queries import missing_calendar_years

_NAV = {"nav_key": "system"}


@grant(Permission.MANAGE_CALENDAR)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Years whose notice is entered, and those that terms already run into."""
    page = page_of(request, CalendarYear.objects.order_by("-year"))
    days = CalendarDay.objects.filter(day__year__in=[row.year for row in page]).order_by("day")
    by_year = {year: list(rows) for year, rows in groupby(days, key=lambda row: row.day.year)}
    context = {
        "page": page,
        "rows": [(row, _lines(by_year.get(row.year, []))) for row in page],
        "missing": missing_calendar_years(on=timezone.localdate()),
        **_NAV,
    }
    return render(request, "organizations/calendar.html", context)


@grant(Permission.MANAGE_CALENDAR)
@require_http_methods(["GET", "POST"])
def calendar_year(request: HttpRequest, year: int) -> HttpResponse:
    """Enter or correct a year's notice (录入放假安排)."""
    if not 2000 <= year <= 2100:
        raise Http404
    known = CalendarYear.objects.filter(year=year).first()
    form = YearForm(request.POST or None, initial={"source": known.source if known else ""})
    initial = _initial(year) if known else [{"name": name} for name in USUAL]
    rows: Any = HolidayRows(request.POST or None, prefix="holidays", initial=initial, form_kwargs={"year": year})
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        try:
            services.enter_calendar_year(
                year, holidays=rows.holidays(), source=form.cleaned_data["source"], by=cast("Staff", request.user)
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{year}年放假安排已保存，暂按周一至周五计算的期限已重新计算。")
            return redirect("organizations:calendar")
    context = {"year": year, "known": known, "form": form, "rows": rows, **_NAV}
    return render(request, "organizations/calendar_year.html", context)


def _holidays(days: list[CalendarDay]) -> list[tuple[str, list[CalendarDay], list[CalendarDay]]]:
    """Days by holiday in the order of the year: name, days off, days worked."""
    found: dict[str, tuple[list[CalendarDay], list[CalendarDay]]] = {}
    for day in days:
        found.setdefault(day.name, ([], []))[day.is_working].append(day)
    return [(name, off, working) for name, (off, working) in found.items()]


def _lines(days: list[CalendarDay]) -> list[str]:
    lines = []
    for name, off, working in _holidays(days):
        parts = []
        if off:
            first, last = off[0].day, off[-1].day
            until = f"至{last.month}月{last.day}日" if last != first else ""
            parts.append(f"{first.month}月{first.day}日{until}放假")
        if working:
            parts.append("、".join(f"{row.day.month}月{row.day.day}日" for row in working) + "上班")
        lines.append(f"{name}：{'，'.join(parts)}")
    return lines


def _initial(year: int) -> list[dict[str, Any]]:
    days = list(CalendarDay.objects.filter(day__year=year).order_by("day"))
    return [
        {
            "name": name,
            "first": off[0].day if off else None,
            "last": off[-1].day if off else None,
            "working": "、".join(f"{row.day.month}月{row.day.day}日" for row in working),
        }
        for name, off, working in _holidays(days)
    ]
