"""The working calendar (工作日历)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from foundation.errors import ServiceError
from organizations.models import CalendarDay, CalendarYear, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import county
from organizations.signals import calendar_year_entered

_LONGEST = timedelta(days=14)
_BESIDE = timedelta(days=31)
"""A year's notice reaches a few days into the years beside it."""


class NotACalendar(ServiceError):
    """The holidays entered contradict one another or lie in another year."""


@dataclass(frozen=True)
class Holiday:
    """One line of the yearly notice: from–to off, and the weekend days worked for it (放假、调休上班)."""

    name: str
    first: date
    last: date
    working: Sequence[date] = ()


@transaction.atomic
def load_calendar_year(year: int, *, days: Iterable[tuple[date, bool, str]], source: str) -> None:
    """Enter a year's official holidays and make-up working days (节假日与调休)."""
    CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, is_working=is_working, name=name) for day, is_working, name in days],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_working", "name"],
    )
    calendar_year_entered.send(CalendarYear, year=year)


@transaction.atomic
def enter_calendar_year(year: int, *, holidays: Sequence[Holiday], source: str, by: Staff) -> None:
    """Enter or correct a year's official notice (录入放假安排); provisional deadlines are reckoned anew.

    :raises NotACalendar: no source, no holiday, days out of order, too long, in another year, or named twice.
    """
    check_can_act(by, Permission.MANAGE_CALENDAR, area=county())
    if not source.strip():
        raise NotACalendar("请写明依据的通知文号或名称。", field="source")
    if not holidays:
        raise NotACalendar("请至少填一个节日。")
    days: dict[date, tuple[bool, str]] = {}
    for holiday in holidays:
        for day, is_working in _days_of(holiday, year=year):
            if day in days:
                raise NotACalendar(f"{day.month}月{day.day}日填了两次（{days[day][1]}、{holiday.name}）。")
            days[day] = (is_working, holiday.name)
    CalendarDay.objects.filter(day__year=year).exclude(day__in=list(days)).delete()
    load_calendar_year(
        year, days=[(day, is_working, name) for day, (is_working, name) in days.items()], source=source.strip()
    )


def _days_of(holiday: Holiday, *, year: int) -> list[tuple[date, bool]]:
    if holiday.last < holiday.first:
        raise NotACalendar(f"“{holiday.name}”的放假止早于放假起。")
    if holiday.last - holiday.first > _LONGEST:
        raise NotACalendar(f"“{holiday.name}”放假超过{_LONGEST.days}天，请核对起止日期。")
    off = [holiday.first + timedelta(days=step) for step in range((holiday.last - holiday.first).days + 1)]
    days = [(day, False) for day in off] + [(day, True) for day in holiday.working]
    for day, is_working in days:
        if not date(year, 1, 1) - _BESIDE <= day <= date(year, 12, 31) + _BESIDE:
            raise NotACalendar(f"“{holiday.name}”的{day:%Y年%-m月%-d日}不在{year}年，请核对年份。")
        if is_working and day.weekday() < 5:
            raise NotACalendar(f"“{holiday.name}”调休上班的{day.month}月{day.day}日本来就是工作日，请核对。")
    return days
