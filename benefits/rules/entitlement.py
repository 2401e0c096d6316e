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
    """Months in which the award is suspended; ``to_month`` and ``ended_on`` None while it is."""

    from_month: date
    to_month: date | None = None
    decided_on: date | None = None
    is_paid_later: bool = False
    ended_on: date | None = None

    def holds_back(self, month: date, *, decided_by: date | None) -> bool:
        """Whether the month is not paid; that it goes on counts from the day on which that was decided."""
        if month < self.from_month:
            return False
        if decided_by and self.ended_on and self.ended_on > decided_by and _known(self.decided_on, decided_by):
            return True
        return not self.is_paid_later and (self.to_month is None or month <= self.to_month)


@dataclass(frozen=True)
class PhasedOut:
    """A decided phase-out (渐退): its last month, and when it was revoked."""

    last_month: date
    decided_on: date
    revoked_on: date | None = None

    def ends_before(self, month: date, *, decided_by: date | None) -> bool:
        """Whether the month comes after it; that it was revoked counts from the day of that decision."""
        if month <= self.last_month:
            return False
        if self.revoked_on is None:
            return True
        return decided_by is not None and self.decided_on <= decided_by < self.revoked_on


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
    phase_outs: Sequence[PhasedOut] = (),
    last_month: date | None = None,
    decided_by: date | None = None,
) -> Owed:
    """What an award is owed for a month by everything decided.

    :param last_month: the last month of an ended or phased-out award.
    :param decided_by: a roll's cut-off day (截止日): what raises the sum and was decided later is left out, so that it
        waits for the next roll; what lowers or stops it never is.
    """
    if last_month is not None and month > last_month:
        return Owed()
    if any(row.holds_back(month, decided_by=decided_by) for row in withheld):
        return Owed()
    if any(row.ends_before(month, decided_by=decided_by) for row in phase_outs):
        return Owed()
    begun = [version for version in versions if version.from_month <= month]
    views = [begun]
    if decided_by is not None:
        views.append([version for version in begun if version.decided_on <= decided_by])
    return min((_of_latest(view, month) for view in views), key=lambda owed: owed.amount)


def _of_latest(versions: Sequence[Version], month: date) -> Owed:
    if not versions:
        return Owed()
    latest = max(versions, key=lambda version: version.serial)
    shares = [share for share in latest.shares if share.lives_in(month)]
    return Owed(sum((share.base for share in shares), NOTHING), sum((share.topup for share in shares), NOTHING))


def _known(decided_on: date | None, decided_by: date) -> bool:
    return decided_on is None or decided_on <= decided_by


def split_equally(amount: Decimal, count: int) -> list[Decimal]:
    """An amount in ``count`` parts to the fen; the first take the odd fen, so that the parts make up the whole."""
    fen, odd = divmod(int(amount * 100), count)
    return [Decimal(fen + (1 if place < odd else 0)) / 100 for place in range(count)]
