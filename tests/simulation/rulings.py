"""What the township's own books are made of: the county's figures, decisions, months withheld, payments; plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.simulation.world import Someone

ZERO = Decimal("0.00")
FEN, YUAN = Decimal("0.01"), Decimal("1")

Shares = dict[str, tuple[Decimal, Decimal]]
"""What each person brings: their part of the difference, their top-up."""


def following(month: date, months: int = 1) -> date:
    """First day of the month some months after a day's."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Figures:
    """The county's figures: standards a month with the day on which each was known, the top-up rates of A and B."""

    standards: Sequence[tuple[date, Decimal]]
    rate_a: Decimal = Decimal("0.30")
    rate_b: Decimal = Decimal("0.20")

    def standard(self, day: date) -> Decimal:
        """What was decided on a day rests on this."""
        return [amount for known_on, amount in self.standards if known_on <= day][-1]

    def topup(self, person: Someone, day: date, standard: Decimal) -> Decimal:
        """增发 of one person: severely disabled A, else children and the old B; handbook 1.8."""
        age = age_on(person.birth_date, day)
        rate = self.rate_a if person.severe else self.rate_b if age < 18 or age >= 60 else ZERO
        return (standard * rate).quantize(YUAN, ROUND_HALF_UP)

    def shares(self, people: Sequence[Someone], *, yearly: int, day: date, standard: Decimal) -> Shares:
        """差额 in equal parts, the first taking the odd fen, and each one's top-up; handbook 1.8."""
        count = len(people)
        difference = max(standard * count - Decimal(yearly) / 12, Decimal(1)).quantize(YUAN, ROUND_HALF_UP)
        fen, odd = divmod(int(difference * 100), count)
        return {
            person.key: (Decimal(fen + (place < odd)) / 100, self.topup(person, day, standard))
            for place, person in enumerate(people)
        }


def category(people: Sequence[Someone], day: date) -> str:
    """A, B or C of a family; handbook 1.7."""
    ages = {person.key: age_on(person.birth_date, day) for person in people}
    if any(16 <= ages[person.key] < 60 and not person.severe for person in people):
        return "C"
    if any(person.severe for person in people):
        return "A"
    return "B" if any(age < 18 or age >= 60 for age in ages.values()) else "C"


def total(shares: Shares) -> Decimal:
    """The sum of a month."""
    return sum((part + topup for part, topup in shares.values()), ZERO)


@dataclass(frozen=True)
class Ruling:
    """One decision on what a family gets: from which month, for whom, and on what it rested.

    ``people``, ``yearly`` and ``standard`` are those of the last look at the family's means; ``shares`` may leave out
    who has gone since.
    """

    decided_on: date
    from_month: date
    shares: Shares
    people: Sequence[Someone]
    yearly: int
    standard: Decimal
    category: str

    @property
    def is_as_reckoned(self) -> bool:
        """Whether everybody of the last look is still in it."""
        return len(self.shares) == len(self.people)

    def is_clearly_changed(self, yearly: int, heads: int, standard: Decimal, *, rate: Decimal) -> bool:
        """明显变化 of the income a head and month, or nothing to compare it with; handbook 3.2."""
        if heads != len(self.people) or standard != self.standard:
            return True
        return abs(yearly - self.yearly) >= rate * standard * 12 * heads


@dataclass
class Withheld:
    """Months of suspension, and when that and its end were decided."""

    decided_on: date
    first: date
    last: date | None = None
    paid_later: bool = False
    ended_on: date | None = None

    def holds_back(self, month: date, known_by: date) -> bool:
        """Whether a month is withheld by what was known on a day."""
        if self.decided_on > known_by or month < self.first:
            return False
        if self.ended_on is None or self.ended_on > known_by:
            return True
        return not self.paid_later and (self.last is None or month <= self.last)


@dataclass(frozen=True)
class Payment:
    """A line of a month's roll, yuan: the month itself, past months made good, past months taken back."""

    regular: Decimal
    back: Decimal
    taken: Decimal
    township: int

    @property
    def amount(self) -> Decimal:
        """What the bank pays out."""
        return self.regular + self.back - self.taken


@dataclass
class Given:
    """What an account was given for each month, and what of it is to come back."""

    given: dict[date, Decimal] = field(default_factory=dict)
    to_take: dict[date, Decimal] = field(default_factory=dict)

    def of(self, month: date) -> Decimal:
        """Given for a month so far."""
        return self.given.get(month, ZERO)

    def give(self, month: date, amount: Decimal) -> None:
        """Give something for a month."""
        self.given[month] = self.of(month) + amount

    @property
    def is_being_taken(self) -> bool:
        """Whether something is still to come back."""
        return any(amount > 0 for amount in self.to_take.values())

    def take(self, limit: Decimal) -> Decimal:
        """Take back up to a limit, the oldest month first."""
        taken = ZERO
        for month in sorted(self.to_take):
            part = min(self.to_take[month], limit - taken)
            if part > 0:
                self.to_take[month] -= part
                self.given[month] -= part
                taken += part
        return taken
