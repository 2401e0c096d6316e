"""追回 by instalments: how much of what is owed back a month may take, and from which months it is taken first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from foundation.money import FEN


@dataclass(frozen=True)
class OfMonth:
    """What of one past month is to come back, or comes back, in yuan."""

    for_month: date
    amount: Decimal


def may_take(month_sum: Decimal, share: Decimal) -> Decimal:
    """What a month may take back at most: a share of its own sum, cut to the fen, so that it is never exceeded."""
    return (month_sum * share).quantize(FEN, rounding=ROUND_DOWN)


def spread(amount: Decimal, owed_back: Iterable[OfMonth]) -> list[OfMonth]:
    """To which months a sum that comes back belongs: the oldest first; what is over is to come back later."""
    taken = []
    for row in sorted(owed_back, key=lambda row: row.for_month):
        part = min(row.amount, amount)
        if part > 0:
            taken.append(OfMonth(row.for_month, part))
            amount -= part
    return taken


def instalment(owed_back: Iterable[OfMonth], *, month_sum: Decimal, share: Decimal) -> list[OfMonth]:
    """What a month takes back of what is owed back; a month that pays nothing takes nothing.

    :param month_sum: basic amount and top-up of the month, without back payment, yuan.
    """
    return spread(may_take(month_sum, share), owed_back)
