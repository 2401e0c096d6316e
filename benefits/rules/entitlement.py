"""What an award is owed for a month (应发). Pure.

The figures are those of the version in force that month; nobody who died before the month is paid for
(死亡次月起不得计发; F2022 一(三)), nothing before the award begins, after it ends, or in months withheld for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benefits.rules.months import first_month

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Share:
    """A person's own part of a version's sum, yuan a month, and the day they died."""

    base: Decimal
    topup: Decimal = NOTHING
    died_on: date | None = None

    def lives_in(self, month: date) -> bool:
        """Whether they had not died before the month began to be unpaid."""
        return self.died_on is None or first_month(self.died_on) > month


@dataclass(frozen=True)
class Version:
    """One version of an award: from when it holds, when it was decided, and whom it covers."""

    serial: int
    from_month: date
    decided_on: date
    shares: Sequence[Share]


@dataclass(frozen=True)
class Withheld:
    """Months in which the award is suspended; ``to_month`` None while it is."""

    from_month: date
    to_month: date | None = None
    decided_on: date | None = None
    is_paid_later: bool = False


@dataclass(frozen=True)
class Owed:
    """What an award is owed for a month: yuan, difference and top-up apart."""

    base: Decimal = NOTHING
    topup: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """Both together."""
        return self.base + self.topup


def owed_for(
    month: date,
    *,
    versions: Sequence[Version],
    withheld: Sequence[Withheld] = (),
    last_month: date | None = None,
    decided_by: date | None = None,
) -> Owed:
    """What an award is owed for a month, by everything decided, or by the versions decided up to a day.

    :param last_month: the last month of an ended or phased-out award.
    :param decided_by: a roll's cut-off day: versions decided later are left out; ends and suspensions never are.
    """
    if last_month is not None and month > last_month:
        return Owed()
    if any(not row.is_paid_later and row.from_month <= month <= (row.to_month or month) for row in withheld):
        return Owed()
    known = [
        version
        for version in versions
        if version.from_month <= month and (decided_by is None or version.decided_on <= decided_by)
    ]
    if not known:
        return Owed()
    shares = [share for share in max(known, key=lambda version: version.serial).shares if share.lives_in(month)]
    return Owed(sum((share.base for share in shares), NOTHING), sum((share.topup for share in shares), NOTHING))


def split_equally(amount: Decimal, count: int) -> list[Decimal]:
    """An amount in ``count`` parts to the fen; the first take the odd fen, so that the parts make up the whole."""
    fen, odd = divmod(int(amount * 100), count)
    return [Decimal(fen + (1 if place < odd else 0)) / 100 for place in range(count)]
