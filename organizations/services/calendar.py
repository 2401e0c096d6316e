"""The working calendar (工作日历)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from organizations.models import CalendarDay, CalendarYear
from organizations.signals import calendar_year_entered


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
