"""What papers need beside the pages' filters: blanks to fill in where there is no date yet, empty rows, totals."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django import template

from documents.records import MoneyRow, PublicRow
from foundation import dates

register = template.Library()


@register.filter
def chinese_date(value: date | None) -> str:
    """2026年11月23日; a blank to fill in where there is no date yet."""
    return dates.chinese_date(value) or "　　年　　月　　日"


@register.filter
def chinese_month(value: date | None) -> str:
    """2026年12月."""
    return dates.chinese_month(value)


@register.filter
def joined(values: tuple[str, ...]) -> str:
    """甲、乙."""
    return "、".join(values)


@register.filter
def closed(sentence: str) -> str:
    """A sentence that another follows, with its full stop."""
    return sentence if not sentence or sentence.endswith(("。", "！", "？", "；")) else f"{sentence}。"


@register.filter
def blank_rows(values: tuple[object, ...], wanted: int) -> range:
    """Empty rows that fill a table up to ``wanted``."""
    return range(max(0, wanted - len(values)))


@register.filter
def counted_total(rows: Sequence[MoneyRow]) -> Decimal:
    """合计: the year's amounts that count."""
    return sum((row.yearly_amount for row in rows if row.is_counted), Decimal("0.00"))


@register.filter
def has_uncounted(rows: Sequence[MoneyRow]) -> bool:
    """Whether some row is left out of the total."""
    return not all(row.is_counted for row in rows)


@register.filter
def monthly_total(rows: Sequence[PublicRow]) -> Decimal:
    """合计: what the families listed get a month."""
    return sum((row.monthly_amount for row in rows if row.monthly_amount is not None), Decimal("0.00"))
