"""Days as people read them (年月日); input fields keep the browser's own form."""

from datetime import date


def chinese_date(on: date | None) -> str:
    """2026年11月23日; nothing where there is none."""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def chinese_month(on: date | None) -> str:
    """2026年11月; nothing where there is none."""
    return f"{on.year}年{on.month}月" if on else ""


def short_chinese_date(on: date | None) -> str:
    """11月23日, where the year is plain; nothing where there is none."""
    return f"{on.month}月{on.day}日" if on else ""
