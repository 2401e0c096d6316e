"""Months as awards count them."""

import calendar
from datetime import date

REVIEW_AFTER_DEATH_MONTHS = 3
"""Within which an award is reviewed after a death (死亡日起3个月内核查并办结增减停); F2022 一(三)."""


def first_month(decided_on: date) -> date:
    """First day of the month after a decision (决定下月起; F57 §21)."""
    return date(decided_on.year + decided_on.month // 12, decided_on.month % 12 + 1, 1)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
