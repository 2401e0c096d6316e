"""Money in yuan: reading what people type, rounding, writing in figures and in Chinese capitals (大写金额)."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

FEN = Decimal("0.01")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_TYPED = re.compile(r"(-?\d+(?:\.\d+)?)(万)?元?")


class MoneyField(models.DecimalField):
    """An amount in yuan with two places: ``numeric(12,2)``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


def parse_amount(text: str) -> Decimal:
    """Read 12000, 12,000.00, ¥12000元 or 1.2万 as yuan.

    :raises ValidationError: not an amount, negative, or finer than a fen.
    """
    plain = re.sub(r"[,\s¥]", "", unicodedata.normalize("NFKC", text))
    match = _TYPED.fullmatch(plain)
    if not match:
        raise ValidationError("请填金额，例如 12000、12,000.00 或 1.2万。")
    amount = Decimal(match[1]) * (10000 if match[2] else 1)
    if amount < 0:
        raise ValidationError("金额不能是负数。")
    if amount != amount.quantize(FEN):
        raise ValidationError("金额最多保留两位小数（分）。")
    if amount >= Decimal("10000000000"):
        raise ValidationError("金额太大，请核对单位。")
    return amount.quantize(FEN)


def half_up_to_fen(amount: Decimal) -> Decimal:
    """Round half up to the fen."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def in_figures(amount: Decimal) -> str:
    """1,234.00"""
    return f"{amount:,.2f}"


def in_capitals(amount: Decimal) -> str:
    """Chinese capitals as banks write them: 壹万贰仟元整, 壹仟贰佰叁拾肆元零伍分, 零元整."""
    if amount < 0:
        return "负" + in_capitals(-amount)
    yuan, fen = divmod(int((amount * 100).to_integral_value(rounding=ROUND_HALF_UP)), 100)
    jiao, fen = divmod(fen, 10)
    text = f"{_integer_capitals(yuan)}元" if yuan or not (jiao or fen) else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        text += "零"
    return text + (f"{_DIGITS[fen]}分" if fen else "" if jiao else "整") if fen or jiao else text + "整"


def _integer_capitals(number: int) -> str:
    if number == 0:
        return "零"
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    text, pending_zero = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group == 0:
            pending_zero = bool(text)
            continue
        if text and (pending_zero or group < 1000):
            text += "零"
        text += _group_capitals(group) + _GROUPS[index]
        pending_zero = False
    return text


def _group_capitals(group: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _PLACES[place]
            zero = False
        else:
            zero = True
    return text
