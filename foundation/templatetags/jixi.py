"""Filters of every page: money, dates, masks and words; built in, no ``{% load %}`` needed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from foundation.crypto import Secret
from foundation.dates import chinese_date, short_chinese_date
from foundation.money import in_capitals, in_figures

register = template.Library()
NOTHING = "—"
_COMPARISONS = {"<=": "≤", ">=": "≥", "<": "＜", ">": "＞", "==": "＝", "=": "＝", "!=": "≠", "in": "属于"}


@register.filter
def yuan(amount: Decimal | int | str | None) -> str:
    """1,234.00; a dash for nothing."""
    return NOTHING if amount in (None, "") else in_figures(Decimal(str(amount)))


@register.filter
def capitals(amount: Decimal | int | str | None) -> str:
    """壹仟贰佰叁拾肆元整."""
    return NOTHING if amount in (None, "") else in_capitals(Decimal(str(amount)))


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月23日; an instant in local time."""
    if value is None or value == "":
        return NOTHING
    return chinese_date(_local(value))


@register.filter
def short_date(value: date | datetime | None) -> str:
    """11月23日, for lists in which the year is plain."""
    if value is None or value == "":
        return NOTHING
    return short_chinese_date(_local(value))


@register.filter
def cn_time(value: datetime | None) -> str:
    """2026年11月23日 08:05 in local time."""
    if value is None or value == "":
        return NOTHING
    moment = timezone.localtime(value)
    return f"{cn_date(value)} {moment:%H:%M}"


@register.filter
def moment(value: date | datetime | None) -> str:
    """A day or an instant, as exactly as it is known."""
    return cn_time(value) if isinstance(value, datetime) else cn_date(value)


@register.filter
def masked(value: Secret | str | None) -> str:
    """3418****0012: an encrypted value masks itself; plain text keeps its first and last four characters."""
    if not value:
        return NOTHING
    if isinstance(value, Secret):
        return str(value)
    return f"{value[:4]}****{value[-4:]}" if len(value) > 8 else "****"


@register.filter
def yes_no(value: bool | None) -> str:
    """是, 否, or a dash when not known."""
    return NOTHING if value is None else "是" if value else "否"


@register.filter
def or_dash(value: Any) -> Any:
    """A dash where there is nothing to show."""
    return NOTHING if value in (None, "") else value


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a mapping under a key; empty when it has none."""
    return mapping.get(key, "")


@register.filter
def comparison(sign: str) -> str:
    """The sign of a comparison as it is printed: ≤ for ``<=``."""
    return _COMPARISONS.get(sign, sign)


@register.filter
def finding_value(value: Any) -> str:
    """A finding's value or threshold: money with thousands, 是 and 否 for truth, a dash for nothing."""
    if isinstance(value, bool) or value is None:
        return yes_no(value)
    if isinstance(value, Decimal) or (isinstance(value, str) and _is_money(value)):
        return yuan(value)
    return str(value)


def _is_money(text: str) -> bool:
    whole, point, part = text.removeprefix("-").partition(".")
    return whole.isdecimal() and bool(point) and part.isdecimal()


def _local(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
