"""Pages of the working calendar (工作日历)."""

from datetime import timedelta
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


_Holiday = tuple[str, list[CalendarDay], list[CalendarDay]]


def _holidays(days: list[CalendarDay]) -> list[_Holiday]:
    """Days by holiday in the order of the year: name, days off without a gap, days worked for them.

    A name may come twice in a year: the new year's day of the next one begins in December.
    """
    found: list[_Holiday] = []
    for day in (day for day in days if not day.is_working):
        last = found[-1][1][-1] if found else None
        if last is not None and last.name == day.name and day.day - last.day == timedelta(days=1):
            found[-1][1].append(day)
        else:
            found.append((day.name, [day], []))
    for day in (day for day in days if day.is_working):
        near = [row for row in found if row[0] == day.name]
        if near:
            min(near, key=lambda row: abs(row[1][0].day - day.day))[2].append(day)
        else:
            found.append((day.name, [], [day]))
    return found


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
