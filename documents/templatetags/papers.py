"""What papers need beside the pages' filters: blanks to fill in where there is no date yet, empty rows."""

from datetime import date

from django import template

register = template.Library()


@register.filter
def chinese_date(value: date | None) -> str:
    """2026年11月23日; a blank to fill in where there is no date yet."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "　　年　　月　　日"


@register.filter
def chinese_month(value: date | None) -> str:
    """2026年12月."""
    return f"{value.year}年{value.month}月" if value else ""


@register.filter
def joined(values: tuple[str, ...]) -> str:
    """甲、乙."""
    return "、".join(values)


@register.filter
def blank_rows(values: tuple[object, ...], wanted: int) -> range:
    """Empty rows that fill a table up to ``wanted``."""
    return range(max(0, wanted - len(values)))
