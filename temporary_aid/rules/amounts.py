"""金额: what the county's table proposes for a cause and grade, and how an amount stands to the guideline. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from eligibility.rules import clauses
from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from foundation.money import half_up_to_fen, in_figures

NOTHING = Decimal("0.00")
Table = Mapping[str, Mapping[str, Decimal]]
"""Multiples of the base by cause and grade."""


@dataclass(frozen=True)
class Guideline:
    """救助标准 of one type on a day: S and the least and most multiple of it, a household and time (handbook 10.2).

    :param cause_most: the county's own top for one cause, as a multiple; it only lowers the type's.
    """

    kind: HardshipType
    base: Decimal
    least: Decimal
    most: Decimal
    table: Table
    cause_most: Decimal | None = None

    @property
    def minimum(self) -> Decimal:
        """下限, yuan; included."""
        return half_up_to_fen(self.base * self.least)

    @property
    def maximum(self) -> Decimal:
        """上限, yuan; included."""
        return half_up_to_fen(self.base * self.top)

    @property
    def top(self) -> Decimal:
        """The most multiple, of a cause with its own top the lower of both."""
        return self.most if self.cause_most is None else min(self.most, self.cause_most)

    def limit(self, multiple: Decimal) -> Decimal:
        """A ceiling that is stated as a multiple of the base; yuan, included."""
        return half_up_to_fen(self.base * multiple)


@dataclass(frozen=True)
class Suggestion:
    """建议金额 and the lines of its reasoning (测算说明), as form and paper show them."""

    amount: Decimal
    lines: tuple[str, ...]


def suggest(
    guideline: Guideline, *, cause: AidCause, grade: AidGrade, self_paid_amount: Decimal | None = None
) -> Suggestion:
    """What the county's table proposes: base times the multiple of cause and grade, kept within the guideline.

    Of 支出型 it proposes no more than the family paid itself, but never less than the minimum (local practice).

    :param self_paid_amount: 自付支出, yuan; of 支出型 only.
    """
    multiple = guideline.table[cause.value][grade.value]
    amount = half_up_to_fen(guideline.base * multiple)
    lines = [
        f"基数{in_figures(guideline.base)}元（当地城市低保月标准，本地做法）×{multiple:f}倍"
        f"（{cause.label}、{grade.label}，县临时救助金额表）＝{in_figures(amount)}元。",
        f"{guideline.kind.label}单次户均{guideline.least:f}—{guideline.most:f}倍{_own_top(guideline, cause)}，即"
        f"{in_figures(guideline.minimum)}—{in_figures(guideline.maximum)}元（{clauses.J27_10}）。",
    ]
    if guideline.kind is HardshipType.EXPENDITURE and self_paid_amount is not None and self_paid_amount < amount:
        amount = self_paid_amount
        lines.append(f"自付支出{in_figures(self_paid_amount)}元，建议不超过自付支出（本地做法）。")
    kept = min(max(amount, guideline.minimum), guideline.maximum)
    if kept != amount:
        lines.append(f"按上下限取{in_figures(kept)}元。")
    return Suggestion(kept, tuple(lines))


def _own_top(guideline: Guideline, cause: AidCause) -> str:
    """The county's lower top for a cause, in words; empty where there is none."""
    return f"，{cause.label}最高{guideline.top:f}倍（县定，本地做法）" if guideline.top < guideline.most else ""
