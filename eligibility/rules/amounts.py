"""Exact money: fen as whole numbers, fractions of a fen where a rule divides; rounded only where a rule says so."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction

# Fen, and fractions of a fen in the middle of a sum.
Exact = int | Fraction

FEN_A_YUAN = 100
MONTHS = 12
# The default of 28 places would round.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def fen(amount: Decimal) -> int:
    """Yuan to fen.

    :raises ValueError: finer than a fen.
    """
    numerator, denominator = amount.as_integer_ratio()
    whole, rest = divmod(numerator * FEN_A_YUAN, denominator)
    if rest:
        raise ValueError(f"金额最多两位小数：{amount}")
    return whole


def yuan(fen_amount: int) -> Decimal:
    """Fen to yuan with two places."""
    return _EXACT.scaleb(fen_amount, -2)


def in_yuan(fen_amount: int) -> str:
    """Fen as yuan with two places: 1234.50"""
    whole, rest = divmod(abs(fen_amount), FEN_A_YUAN)
    return f"{'-' if fen_amount < 0 else ''}{whole}.{rest:02d}"


def exact(number: Decimal | Exact) -> Exact:
    """A rate or a product of rates without loss; whole ones as int, which is faster."""
    fraction = Fraction(number)
    return fraction.numerator if fraction.denominator == 1 else fraction


def cut(amount: Exact) -> int:
    """Cut (not round) to the whole fen: a shown figure never contradicts the comparison."""
    return amount.numerator // amount.denominator


def half_up(amount: Exact, *, to: int = 1) -> int:
    """Round half up (四舍五入) to a multiple of ``to`` fen."""
    unit = amount.denominator * to
    return (2 * amount.numerator + unit) // (2 * unit) * to


def up(amount: Exact, *, to: int = 1) -> int:
    """Round up (向上取整) to a multiple of ``to`` fen."""
    return -(-amount.numerator // (amount.denominator * to)) * to
