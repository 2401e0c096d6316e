"""How papers write dates and amounts (日期、金额的写法)."""

from datetime import date
from decimal import Decimal

from django import template

from foundation.money import in_capitals, in_figures

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
def yuan(value: Decimal | None) -> str:
    """1,234.00."""
    return in_figures(value) if value is not None else ""


@register.filter
def capitals(value: Decimal | None) -> str:
    """壹仟贰佰叁拾肆元整."""
    return in_capitals(value) if value is not None else ""


@register.filter
def joined(values: tuple[str, ...]) -> str:
    """甲、乙."""
    return "、".join(values)


@register.filter
def blank_rows(values: tuple[object, ...], wanted: int) -> range:
    """Empty rows that fill a table up to ``wanted``."""
    return range(max(0, wanted - len(values)))
