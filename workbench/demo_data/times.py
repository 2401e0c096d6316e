"""Moments at the window."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings


def office_hour(day: date, *, hour: int = 9) -> datetime:
    """A moment of a day at the window, in local time."""
    return datetime.combine(day, time(hour, 20), tzinfo=ZoneInfo(settings.TIME_ZONE))
