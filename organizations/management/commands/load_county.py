import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
from chinese_calendar.constants import holidays, workdays
from django.conf import settings
from django.utils import timezone

from foundation.trail import RecordedCommand
from organizations import services
from organizations.queries import entered_years

FIRST_YEAR = 2020
_SOURCE = "国务院办公厅{year}年部分节假日安排的通知（chinesecalendar 转录）"


class Command(RecordedCommand):
    help = "载入绩溪县行政区划、部门、岗位和工作日历；可反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        areas = services.load_areas(_rows("jixi_divisions.csv"))
        departments = services.load_departments(_rows("departments.csv"))
        services.load_reading_purposes(_rows("reading_purposes.csv"))
        services.load_roles()
        # A release may have given roles new permissions: nobody waits for the night to have them.
        services.sync_all_grants(on=timezone.localdate())
        years = sorted({day.year for day in holidays if day.year >= FIRST_YEAR})
        # What the county has entered or corrected stays.
        for year in set(years) - entered_years():
            services.load_calendar_year(year, days=_calendar_days(year), source=_SOURCE.format(year=year))
        self.stdout.write(f"已载入 {areas} 个区划、{departments} 个部门、{years[0]}—{years[-1]} 年工作日历。")


def _rows(name: str) -> list[dict[str, str]]:
    with Path(settings.FIXTURES_ROOT, name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _calendar_days(year: int) -> Iterator[tuple[date, bool, str]]:
    """Days that depart from Monday–Friday, as the yearly notice lists them."""
    day = date(year, 1, 1)
    while day.year == year:
        name = holidays.get(day) or workdays.get(day)
        if name:
            yield day, chinese_calendar.is_workday(day), _chinese(name)
        day += timedelta(days=1)


def _chinese(name: str) -> str:
    return next((item.chinese for item in chinese_calendar.Holiday if item.value == name), name)
