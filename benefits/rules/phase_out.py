"""渐退: who may be given it, how many months are suggested, which months they are, what is paid in them; handbook 1.9.

Money is in yuan a month, S is the 低保 standard. The clause is F57 §33 with F2022 一(三); how many months within the
bounds, and whether the sum goes on whole or step by step, no clause says: that is local practice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from benefits.rules.months import first_month, months_after
from eligibility.rules import AmountRounding
from eligibility.rules.amounts import FEN_A_YUAN, fen, half_up, up, yuan
from eligibility.rules.further_parameters import PhaseOutPayMode

Exact = Decimal | Fraction
FINISHED = "渐退期满停发"
"""The reason of an end that nobody decided any more: the decision to phase out had named its month."""


class Rise(StrEnum):
    """Why the family's income rose (收入增加的原因)."""

    EMPLOYMENT = "employment"
    OTHER = "other"


class Bar(StrEnum):
    """What bars phase-out whatever the income is (不适用渐退)."""

    PROPERTY = "property"
    DEATH = "death"
    FRAUD = "fraud"


BARS = {
    Bar.PROPERTY: "家庭财产超过规定限额，不适用渐退。",
    Bar.DEATH: "保障对象已经死亡，不适用渐退。",
    Bar.FRAUD: "骗取、套取待遇的，不适用渐退。",
}


@dataclass(frozen=True)
class Terms:
    """What the parameters say on the day of the decision.

    :param multiplier: of S, which the income must stay below.
    :param per_coverage: how often in one period of coverage (同一在保期).
    """

    standard: Decimal
    multiplier: Decimal
    lower_inclusive: bool
    min_months: int
    max_months: int
    requires_employment: bool
    per_coverage: int


def refusals(
    per_capita: Exact, terms: Terms, *, rise: Rise = Rise.OTHER, bars: Sequence[Bar] = (), given: int = 0
) -> tuple[str, ...]:
    """Why phase-out may not be given, one sentence each; empty where it may.

    :param per_capita: income a head and month, unrounded.
    :param given: how often it was given in this period of coverage, what was revoked not counted.
    """
    found = [BARS[bar] for bar in bars]
    ceiling = terms.standard * terms.multiplier
    if per_capita < terms.standard:
        found.append("人均月收入低于低保标准，继续保障，不是渐退。")
    elif per_capita == terms.standard and not terms.lower_inclusive:
        found.append("人均月收入等于低保标准，按现行参数不给渐退期。")
    elif per_capita >= ceiling:
        found.append(
            f"人均月收入达到低保标准的{_plain(terms.multiplier)}倍（{ceiling:.2f}元），按程序停发，不给渐退期。"
        )
    if terms.requires_employment and rise != Rise.EMPLOYMENT:
        found.append("按现行参数，只有就业后收入增加的家庭才给渐退期。")
    if given >= terms.per_coverage:
        found.append(f"同一在保期最多给{terms.per_coverage}次渐退期，这个家庭已经给过{given}次。")
    return tuple(found)


def is_possible(
    per_capita: Exact, terms: Terms, *, rise: Rise = Rise.OTHER, bars: Sequence[Bar] = (), given: int = 0
) -> bool:
    """Whether phase-out may be given; see :func:`refusals`."""
    return not refusals(per_capita, terms, rise=rise, bars=bars, given=given)


def suggest(per_capita: Exact, terms: Terms, *, rise: Rise = Rise.OTHER) -> tuple[int, str]:
    """How many months are suggested (建议月数), and the sentence that says why; local practice.

    The way from S to the ceiling is cut into as many equal bands as there are months to choose from: in the lowest
    one the most months, one less in each band above. Who went to work gets one month more, within the bounds.
    """
    most, least = terms.max_months, terms.min_months
    bands = most - least + 1
    above = Fraction(per_capita) - Fraction(terms.standard)
    width = Fraction(terms.standard) * (Fraction(terms.multiplier) - 1) / bands
    band = min(max(above // width, 0), bands - 1)
    months = most - int(band)
    extra = rise == Rise.EMPLOYMENT and months < most
    if extra:
        months += 1
    return months, _reason(per_capita, terms, bands=bands, band=int(band) + 1, months=months, extra=extra)


def _reason(per_capita: Exact, terms: Terms, *, bands: int, band: int, months: int, extra: bool) -> str:
    times = Fraction(per_capita) / Fraction(terms.standard)
    shown = _cut(Fraction(per_capita))
    return (
        f"人均月收入{shown}元，是低保标准{terms.standard:.2f}元的{_cut(times)}倍；"
        f"从1倍到{_plain(terms.multiplier)}倍分{bands}档，在第{band}档，收入越高月数越少"
        f"{'；因就业增加收入的多给1个月' if extra else ''}，建议{months}个月（本地做法）。"
    )


def _cut(value: Fraction) -> str:
    """Two places, cut and not rounded: what is shown never says more than what was compared."""
    hundredths = value.numerator * 100 // value.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


# --- months -------------------------------------------------------------------------------------------------------


def months_of(decided_on: date, months: int) -> tuple[date, ...]:
    """The months of phase-out as their first days: from the one after the decision, M+1 … M+m."""
    first = first_month(decided_on)
    return tuple(months_after(first, step) for step in range(months))


def unpaid_from(last_month: date) -> date:
    """The first day for which nothing is paid any more (停发): what the end notice tells on."""
    return first_month(last_month)


def remind_on(last_month: date) -> date:
    """When the family is reminded: a month before the first day that is not paid."""
    return months_after(unpaid_from(last_month), -1)


def is_reminded(begins: date, last_month: date) -> bool:
    """Whether there is a reminder of its own: with one month the notice of the start is that, too."""
    return begins < last_month


def list_from(last_month: date, *, days: int) -> date:
    """From when on the county sees it on its list (到期清单), so many days before the first day that is not paid."""
    return unpaid_from(last_month) - timedelta(days=days)


def is_marginal(per_capita: Exact, *, standard: Decimal, multiplier: Decimal) -> bool:
    """Whether the family may ask to be recognised as 低保边缘 at the end: S ≤ x < 1.5 S; F57 §8."""
    return standard <= per_capita < standard * multiplier


# --- money --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A person's part of an award, yuan a month: of the difference, and the top-up (增发)."""

    base: Decimal
    topup: Decimal


def amounts(
    monthly_amount: Decimal, months: int, *, mode: PhaseOutPayMode, rounding: AmountRounding
) -> tuple[Decimal, ...]:
    """What is paid in each month of phase-out: the same, or in equal steps falling to the last month.

    Falling: of m months the first pays the whole, each next one an m-th less, the last an m-th; rounded as 低保金 is,
    never under one yuan, and never over what was paid before.
    """
    if mode == PhaseOutPayMode.KEEP:
        return (monthly_amount,) * months
    whole = fen(monthly_amount)
    least = min(whole, FEN_A_YUAN)
    steps = (Fraction(whole * (months - step), months) for step in range(1, months))
    return (monthly_amount, *(yuan(max(min(_rounded(step, rounding), whole), least)) for step in steps))


def _rounded(amount: Fraction, rounding: AmountRounding) -> int:
    match rounding:
        case AmountRounding.UP_TO_YUAN:
            return up(amount, to=FEN_A_YUAN)
        case AmountRounding.HALF_UP_TO_FEN:
            return half_up(amount)
        case _:
            return half_up(amount, to=FEN_A_YUAN)


def scaled(shares: Sequence[Share], amount: Decimal) -> tuple[Share, ...]:
    """The persons' parts of a smaller sum, in the old proportion; to the fen, and together exactly the sum."""
    parts = [fen(part) for share in shares for part in (share.base, share.topup)]
    total, wanted = sum(parts), fen(amount)
    if not total:
        raise ValueError("an award of nothing has no proportion")
    cut = [part * wanted // total for part in parts]
    # What cutting leaves over goes fen by fen to the parts that lost most; the earlier one where two lost the same.
    lost = sorted(range(len(parts)), key=lambda index: (-(parts[index] * wanted % total), index))
    for index in lost[: wanted - sum(cut)]:
        cut[index] += 1
    return tuple(Share(yuan(cut[index]), yuan(cut[index + 1])) for index in range(0, len(cut), 2))
