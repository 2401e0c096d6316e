"""The township's own books of the simulated families: what each is owed and paid, worked out from what befell them.

Written from the county's rules (handbook 1.7–1.9, 3.1, 3.2, 资金监管) and not from the product, of which it imports
nothing: a sum that both come to is right by two ways of reckoning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from tests.simulation.rulings import (
    FEN,
    ZERO,
    Figures,
    Given,
    Payment,
    Ruling,
    Shares,
    Withheld,
    category,
    following,
    total,
)
from tests.simulation.world import Family, Happening, Someone, heir

CUT_OFF_DAY = 25
CLEAR_CHANGE = Decimal("0.10")
KEPT_BACK = Decimal("0.50")


def open_accounts(families: Sequence[Family], figures: Figures, *, on: date) -> list["Account"]:
    """A page for each family; who comes out of another one stands behind it."""
    dead: dict[str, date] = {}
    books: list[Account] = []
    for family in families:
        origin = None if family.origin is None else books[family.origin]
        books.append(Account(family, figures, dead, origin, on=on))
    return books


class Account:
    """One family's page in the books."""

    def __init__(
        self, family: Family, figures: Figures, dead: dict[str, date], origin: "Account | None", *, on: date
    ) -> None:
        self.family, self.figures, self.origin = family, figures, origin
        self.yearly = family.yearly
        self.rulings: list[Ruling] = []
        self.dead = dead
        """The days of all registered deaths of the township."""
        self.here = [person for person in family.people if person.joined_on <= on] if origin is None else []
        """Who stands in the family's file, its head first."""
        self.withheld: list[Withheld] = []
        self.ends: list[tuple[date, date | None]] = []
        self.phase = "none"
        self.was_phased_out = False
        self.phase_began = date.max
        self.township = 0
        self.given = Given()
        self.is_to_be_looked_at = False
        self.changed_on = date.min

    @property
    def last_month(self) -> date | None:
        """The last month that is paid, as decided last."""
        return self.ends[-1][1] if self.ends else None

    def covers(self, key: str, month: date) -> bool:
        """Whether the account pays for a person in a month, or would but for a suspension."""
        if not self.rulings or key not in self.rulings[-1].shares:
            return False
        return self.last_month is None or month <= self.last_month

    # --- what befalls the family ------------------------------------------------------------------------------------

    def note(self, happening: Happening, books: Sequence["Account"]) -> str:
        """Write down one happening; the answer is what was decided, empty where nothing was."""
        self.changed_on = happening.on
        if happening.kind == "split":
            return self._on_split(happening, books[happening.founds])
        return getattr(self, f"_on_{happening.kind}")(happening) or ""

    def _on_confirm(self, happening: Happening) -> str:
        on = happening.on
        if not self.here or self.yearly >= 12 * self.figures.standard(on) * len(self.here):
            return "refused"
        if self.origin and any(self.origin.covers(person.key, following(on)) for person in self.here):
            return "covered already"
        self._rule(on)
        self.phase = "active"
        return "granted"

    def _on_income(self, happening: Happening) -> None:
        self.yearly = happening.yearly

    def _on_birth(self, happening: Happening) -> None:
        self.here.append(self._person(happening.person))

    def _on_death(self, happening: Happening) -> str:
        person = self._person(happening.person)
        assert person.died_on is not None
        was_head, kind = person is self.here[0], "death"
        self.here.remove(person)
        if was_head:
            self.yearly = 0  # the family's income was the head's
            kind = "head died phasing out" if self.phase == "phasing out" else "head died"
        if was_head and self.here:
            head = heir(self.here)
            self.here.remove(head)
            self.here.insert(0, head)
        self.dead[person.key] = person.died_on
        for account in filter(None, (self, self.origin)):
            account.after_death(person.key, person.died_on)
        return kind

    def after_death(self, key: str, died_on: date) -> None:
        """What is paid goes down by itself; where nobody is left to pay for or to, the award is withheld."""
        if not self.rulings:
            return
        self.is_to_be_looked_at = True
        self.changed_on = max(self.changed_on, died_on)
        if self.phase in ("active", "phasing out") and (not self.here or self._is_gone()):
            self.withheld.append(Withheld(died_on, following(died_on)))
            self.phase = "suspended"

    def _is_gone(self) -> bool:
        return all(key in self.dead for key in self.rulings[-1].shares)

    def _on_split(self, happening: Happening, other: "Account") -> str:
        other.here = [person for person in self.here if person.key in happening.leaving]
        other.here.sort(key=lambda person: happening.leaving.index(person.key))
        other.township = self.township
        self.here = [person for person in self.here if person.key not in happening.leaving]
        return ""

    def _on_move(self, happening: Happening) -> None:
        self.township = 1 - self.township

    def _on_village(self, happening: Happening) -> None:
        """To another village of the township: nothing of what is paid changes."""

    def _on_suspend(self, happening: Happening) -> None:
        if self.phase == "active":
            self.withheld.append(Withheld(happening.on, following(happening.on)))
            self.phase = "suspended"

    def _on_resume(self, happening: Happening) -> str:
        if self.phase != "suspended" or not self.here or self._is_gone():
            return "not resumed"
        row = self.withheld[-1]
        row.last, row.paid_later = following(happening.on, 0), happening.pays_withheld
        row.ended_on = happening.on
        self.phase = "active"
        return ""

    def _on_review(self, happening: Happening) -> str:
        if not self.rulings or self.phase == "stopped" or self._is_over(happening.on):
            return ""
        if not self.here or self._is_gone():
            self._stop(happening.on)
            return "gone"
        if self.phase == "suspended":
            return ""
        standard = self.figures.standard(happening.on)
        line = 12 * standard * len(self.here)
        if self.phase == "phasing out":
            return self._look_again(happening.on, line)
        if self.yearly < line:
            return self._go_on(happening.on)
        if self.yearly < 2 * line and not self.was_phased_out:
            return self._phase_out(happening)
        self._stop(happening.on)
        return "stop"

    def _is_over(self, on: date) -> bool:
        return self.last_month is not None and on >= following(self.last_month)

    def _stop(self, on: date) -> None:
        self.ends.append((on, following(on, 0)))
        self.phase = "stopped"

    def _phase_out(self, happening: Happening) -> str:
        """The sum goes on for some months for those who are still there; handbook 1.9."""
        on, now = happening.on, self.rulings[-1]
        staying = {person.key for person in self.here}
        shares = {key: share for key, share in now.shares.items() if key in staying}
        self._again(on, following(on), shares)
        self.ends.append((on, following(on, happening.months)))
        self.phase, self.phase_began = "phasing out", following(on)
        self.was_phased_out = True
        return "phase_out"

    def _look_again(self, on: date, line: Decimal) -> str:
        if self.yearly < line:
            # A phase-out that was never begun was not given (同一在保期只给一次).
            self.was_phased_out = on >= self.phase_began
            self.ends.append((on, None))
            self.phase = "active"
            self._again(on, max(following(on), self.phase_began), self.rulings[-1].shares)
            self._go_on(on)
            return "restored"
        if self.yearly >= 2 * line:
            self._stop(on)
            return "stop"
        return ""

    def _go_on(self, on: date) -> str:
        now, standard = self.rulings[-1], self.figures.standard(on)
        is_same = set(now.shares) == {person.key for person in self.here} and now.category == category(self.here, on)
        if is_same and not now.is_clearly_changed(self.yearly, len(self.here), standard, rate=CLEAR_CHANGE):
            return "continue"
        fresh = self.figures.shares(self.here, yearly=self.yearly, day=on, standard=standard)
        topups = {key: share[1] for key, share in fresh.items()}
        if is_same and total(fresh) == total(now.shares) and topups == {key: row[1] for key, row in now.shares.items()}:
            return "continue"  # the same sum for the same people: nothing new is decided
        self._rule(on)
        return "changed"

    # --- a new standard ---------------------------------------------------------------------------------------------

    def raise_standard(self, month: date, *, on: date) -> str:
        """提标: what was decided is reckoned again for each month since, on the means that it rested on; handbook 3.1.

        A change that is not the standard's alone is left to a review: the answer says whether that is so.
        """
        if not self.rulings or (self.last_month is not None and self.last_month < month):
            return ""
        steps = list(self._steps(month))
        people = {key for _, row in steps for key in row.shares}
        if self.phase != "active" or any(key in self.dead for key in people):
            return "apart"
        if any(
            not row.is_as_reckoned or total(self._at(row, day, row.standard)) != total(row.shares) for day, row in steps
        ):
            return "apart"
        standard = self.figures.standard(on)
        for day, row in steps:
            shares = self._at(row, day, standard)
            self.rulings.append(replace(row, decided_on=on, from_month=day, shares=shares, standard=standard))
        self.changed_on = on
        return "uplifted"

    def _at(self, row: Ruling, day: date, standard: Decimal) -> Shares:
        return self.figures.shares(row.people, yearly=row.yearly, day=day, standard=standard)

    def _steps(self, since: date) -> Iterator[tuple[date, Ruling]]:
        """The rulings that hold since a month, each with its first month in that time; the last one said holds."""
        found: list[tuple[date, Ruling]] = []
        for row in reversed(self.rulings):
            if not found or row.from_month < found[-1][0]:
                found.append((max(row.from_month, since), row))
            if found[-1][0] <= since:
                break
        return reversed(found)

    # --- sums -------------------------------------------------------------------------------------------------------

    def _person(self, key: str) -> Someone:
        return next(person for person in self.family.people if person.key == key)

    def _rule(self, on: date) -> None:
        standard, people = self.figures.standard(on), tuple(self.here)
        shares = self.figures.shares(people, yearly=self.yearly, day=on, standard=standard)
        kind = category(people, on)
        self.rulings.append(Ruling(on, following(on), shares, people, self.yearly, standard, kind))

    def _again(self, on: date, month: date, shares: Shares) -> None:
        self.rulings.append(replace(self.rulings[-1], decided_on=on, from_month=month, shares=shares))

    def owed(self, month: date, *, known_by: date = date.max) -> Decimal:
        """What a month is owed by what was decided until a day; deaths count as soon as they are known."""
        ends = [last for decided_on, last in self.ends if decided_on <= known_by]
        if ends and ends[-1] is not None and month > ends[-1]:
            return ZERO
        if any(row.holds_back(month, known_by) for row in self.withheld):
            return ZERO
        for row in reversed(self.rulings):
            if row.from_month <= month and row.decided_on <= known_by:
                return self._of_living(row.shares, month)
        return ZERO

    def _of_living(self, shares: Shares, month: date) -> Decimal:
        gone = [key for key in shares if key in self.dead and following(self.dead[key]) <= month]
        return total({key: share for key, share in shares.items() if key not in gone})

    def overpaid(self, month: date) -> dict[date, Decimal]:
        """What was given above what is owed, by the months before one."""
        over = {past: self.given.of(past) - self.owed(past) for past in self.months_before(month)}
        return {past: amount for past, amount in over.items() if amount > 0}

    def order_back(self, month: date) -> bool:
        """Have what was paid too much taken back, where nothing is being taken back already."""
        if self.given.is_being_taken:
            return False
        self.given.to_take = self.overpaid(month)
        self.is_to_be_looked_at = bool(self.given.to_take)
        return self.is_to_be_looked_at

    def pay(self, month: date) -> Payment | None:
        """The family's line in the roll of a month; None where it has none."""
        cut_off = following(month, -1).replace(day=CUT_OFF_DAY)
        regular = self._due(month, cut_off)
        back = ZERO
        # What nothing was said about since the month before last is paid as it is owed.
        for past in self.months_before(month) if self.changed_on >= following(month, -2) else ():
            missing = self._due(past, cut_off) - self.given.of(past)
            if missing > 0:
                self.given.give(past, missing)
                back += missing
        self.given.give(month, regular)
        taken = self.given.take((regular * KEPT_BACK).quantize(FEN, ROUND_DOWN))
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
