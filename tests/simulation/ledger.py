"""The township's own books of the simulated families: what each is owed and paid, worked out from what befell them.

Written from the county's rules (handbook 1.8, 1.9, 3.2, 资金监管) and not from the product, of which it imports
nothing: a sum that both come to is right by two ways of reckoning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from tests.simulation.world import Family, Happening, Someone

ZERO = Decimal("0.00")
FEN, YUAN = Decimal("0.01"), Decimal("1")
CUT_OFF_DAY = 25
CLEAR_CHANGE = Decimal("0.10")
KEPT_BACK = Decimal("0.50")

Shares = dict[str, tuple[Decimal, Decimal]]
"""What each person brings: their part of the difference, their top-up."""


def following(month: date, months: int = 1) -> date:
    """First day of the month some months after a day's."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass
class Figures:
    """The county's figures: the standard a month, and the top-up rates of A and B."""

    standard: Decimal
    rate_a: Decimal = Decimal("0.30")
    rate_b: Decimal = Decimal("0.20")


@dataclass
class Ruling:
    """One decision on what a family gets: from which month, on which income, for whom."""

    decided_on: date
    from_month: date
    shares: Shares
    per_capita: Decimal
    category: str


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


class Account:
    """One family's page in the books."""

    def __init__(self, family: Family, figures: Figures) -> None:
        self.family, self.figures = family, figures
        self.yearly = family.yearly
        self.rulings: list[Ruling] = []
        self.dead: dict[str, date] = {}
        self.born: set[str] = {person.key for person in family.people if person.joined_on <= date(2026, 1, 1)}
        self.withheld: list[Withheld] = []
        self.ends: list[tuple[date, date | None]] = []
        self.phase = "none"
        self.was_phased_out = False
        self.phase_began = date.max
        self.township = 0
        self.given: dict[date, Decimal] = {}
        self.to_take: dict[date, Decimal] = {}

    @property
    def last_month(self) -> date | None:
        """The last month that is paid, as decided last."""
        return self.ends[-1][1] if self.ends else None

    # --- what befalls the family ------------------------------------------------------------------------------------

    def note(self, happening: Happening) -> str:
        """Write down one happening; the answer is what was decided, empty where nothing was."""
        return getattr(self, f"_on_{happening.kind}")(happening) or ""

    def _on_confirm(self, happening: Happening) -> str:
        people = self._living(happening.on)
        if self._per_capita(people) >= self.figures.standard:
            return "refused"
        self._rule(happening.on, people)
        self.phase = "active"
        return "granted"

    def _on_income(self, happening: Happening) -> None:
        self.yearly = happening.yearly

    def _on_birth(self, happening: Happening) -> None:
        self.born.add(happening.person)

    def _on_death(self, happening: Happening) -> None:
        person = next(person for person in self.family.people if person.key == happening.person)
        assert person.died_on is not None
        self.dead[person.key] = person.died_on

    def _on_move(self, happening: Happening) -> None:
        self.township = 1 - self.township

    def _on_suspend(self, happening: Happening) -> None:
        if self.phase == "active":
            self.withheld.append(Withheld(happening.on, following(happening.on)))
            self.phase = "suspended"

    def _on_resume(self, happening: Happening) -> None:
        if self.phase == "suspended":
            row = self.withheld[-1]
            paid_again_from = max(following(happening.on), row.first)
            row.last, row.paid_later = following(paid_again_from, -1), happening.pays_withheld
            row.ended_on = happening.on
            self.phase = "active"

    def _on_review(self, happening: Happening) -> str:
        if self.phase not in ("active", "phasing out"):
            return ""
        people = self._living(happening.on)
        per_capita, standard = self._per_capita(people), self.figures.standard
        if self.phase == "phasing out":
            return self._look_again(happening, people, per_capita)
        if per_capita < standard:
            return self._go_on(happening, people, per_capita)
        if per_capita < 2 * standard and not self.was_phased_out:
            self.ends.append((happening.on, following(happening.on, happening.months)))
            self.phase, self.phase_began = "phasing out", following(happening.on)
            self.was_phased_out = True
            return "phase_out"
        self._stop(happening)
        return "stop"

    def _stop(self, happening: Happening) -> None:
        self.ends.append((happening.on, following(happening.on, 0)))
        self.phase = "stopped"

    def _look_again(self, happening: Happening, people: list[Someone], per_capita: Decimal) -> str:
        assert self.last_month is not None
        if happening.on >= following(self.last_month):
            self.phase = "stopped"
            return ""
        if per_capita < self.figures.standard:
            # A phase-out that was never begun was not given (同一在保期只给一次).
            self.was_phased_out = happening.on >= self.phase_began
            self.ends.append((happening.on, None))
            self.phase = "active"
            self._go_on(happening, people, per_capita)
            return "restored"
        if per_capita >= 2 * self.figures.standard:
            self._stop(happening)
            return "stop"
        return ""

    def _go_on(self, happening: Happening, people: list[Someone], per_capita: Decimal) -> str:
        now = self.rulings[-1]
        is_same = set(now.shares) == {person.key for person in people} and now.category == self._category(
            people, happening.on
        )
        if is_same and abs(per_capita - now.per_capita) < CLEAR_CHANGE * self.figures.standard:
            return "continue"
        self._rule(happening.on, people)
        fresh = self.rulings[-1]
        if sum(map(sum, fresh.shares.values())) == sum(map(sum, now.shares.values())) and is_same:
            self.rulings.pop()  # the same sum for the same people: nothing new is decided
            return "continue"
        return "changed"

    # --- sums -------------------------------------------------------------------------------------------------------

    def _living(self, day: date) -> list[Someone]:
        return [person for person in self.family.people if person.key in self.born and person.key not in self.dead]

    def _per_capita(self, people: list[Someone]) -> Decimal:
        return Decimal(self.yearly) / 12 / len(people)

    def _category(self, people: list[Someone], day: date) -> str:
        ages = {person.key: age_on(person.birth_date, day) for person in people}
        if any(16 <= ages[person.key] < 60 and not person.severe for person in people):
            return "C"
        if any(person.severe for person in people):
            return "A"
        return "B" if any(age < 18 or age >= 60 for age in ages.values()) else "C"

    def _rule(self, day: date, people: list[Someone]) -> None:
        standard, count = self.figures.standard, len(people)
        difference = max(standard * count - Decimal(self.yearly) / 12, Decimal(1)).quantize(YUAN, ROUND_HALF_UP)
        fen, odd = divmod(int(difference * 100), count)
        shares = {}
        for place, person in enumerate(people):
            part = Decimal(fen + (place < odd)) / 100
            shares[person.key] = (part, self._topup(person, day))
        self.rulings.append(Ruling(day, following(day), shares, self._per_capita(people), self._category(people, day)))

    def _topup(self, person: Someone, day: date) -> Decimal:
        age = age_on(person.birth_date, day)
        rate = self.figures.rate_a if person.severe else self.figures.rate_b if age < 18 or age >= 60 else Decimal(0)
        return (self.figures.standard * rate).quantize(YUAN, ROUND_HALF_UP)

    def owed(self, month: date, *, known_by: date = date.max) -> Decimal:
        """What a month is owed by what was decided until a day; deaths count as soon as they are known."""
        ends = [last for decided_on, last in self.ends if decided_on <= known_by]
        if ends and ends[-1] is not None and month > ends[-1]:
            return ZERO
        if any(row.holds_back(month, known_by) for row in self.withheld):
            return ZERO
        rulings = [row for row in self.rulings if row.from_month <= month and row.decided_on <= known_by]
        if not rulings:
            return ZERO
        living = [
            part + topup
            for key, (part, topup) in rulings[-1].shares.items()
            if key not in self.dead or following(self.dead[key]) > month
        ]
        return sum(living, ZERO)

    def order_back(self, months: list[date]) -> bool:
        """Have what was paid too much taken back, where nothing is being taken back already."""
        if any(amount > 0 for amount in self.to_take.values()):
            return False
        over = {month: self.given.get(month, ZERO) - self.owed(month) for month in months}
        self.to_take = {month: amount for month, amount in over.items() if amount > 0}
        return bool(self.to_take)

    def pay(self, month: date) -> Payment | None:
        """The family's line in the roll of a month; None where it has none."""
        cut_off = following(month, -1).replace(day=CUT_OFF_DAY)
        regular = self._due(month, cut_off)
        back = ZERO
        for past in self.months_before(month):
            missing = self._due(past, cut_off) - self.given.get(past, ZERO)
            if missing > 0:
                self.given[past] = self.given.get(past, ZERO) + missing
                back += missing
        self.given[month] = self.given.get(month, ZERO) + regular
        taken = self._take((regular * KEPT_BACK).quantize(FEN, ROUND_DOWN))
        return Payment(regular, back, taken, self.township) if regular + back > 0 else None

    def _due(self, month: date, cut_off: date) -> Decimal:
        return min(self.owed(month, known_by=cut_off), self.owed(month))

    def months_before(self, month: date) -> Iterator[date]:
        """Months from the first that was decided to the one before."""
        if not self.rulings:
            return
        past = self.rulings[0].from_month
        while past < month:
            yield past
            past = following(past)

    def _take(self, limit: Decimal) -> Decimal:
        taken = ZERO
        for month in sorted(self.to_take):
            part = min(self.to_take[month], limit - taken)
            if part > 0:
                self.to_take[month] -= part
                self.given[month] -= part
                taken += part
        return taken
