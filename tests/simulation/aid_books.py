"""The township's own books of temporary aid: whom it helped, with how much, how soon, and what its reserve holds.

Written from the county's rules (handbook 10.2–10.5) and not from the product, of which it imports nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.simulation.aid_world import AidEvent, Hardship
from tests.simulation.ledger import Account
from tests.simulation.rulings import ZERO

FEN, TENTH = Decimal("0.01"), Decimal("0.1")
MULTIPLES = {"light": 2, "moderate": 3, "severe": 4}
MEETING_MULTIPLE = 6
SAME_CAUSE, TIMES = 1, 2
WARNING = Decimal("0.20")
PAYING_TAKES = timedelta(minutes=30)
"""Of aid that the lead decides: from the clerk's proposal until the family has the money."""


@dataclass
class Fund:
    """A township's reserve: 余额 = 期初 + 拨入 − 先行支出 + 退回."""

    balance: Decimal = ZERO
    opening: Decimal = ZERO
    """On 1 January; in the first year what was paid in first."""
    asked: Decimal = ZERO
    """What was asked for and is not paid in yet."""
    by_month: dict[date, list[Decimal]] = field(default_factory=dict)
    """Paid in, spent and come back, by month."""

    def move(self, on: date, *, place: int, amount: Decimal) -> None:
        self.by_month.setdefault(on.replace(day=1), [ZERO, ZERO, ZERO])[place] += amount
        self.balance += -amount if place == 1 else amount
        if place == 1:
            self.ask_where_low()

    def ask_where_low(self) -> None:
        """Below the warning line what lacks of the opening balance is asked for, once until it is paid in."""
        if not self.asked and self.balance < (self.opening * WARNING).quantize(FEN, ROUND_HALF_UP):
            self.asked = self.opening - self.balance


@dataclass
class Granted:
    """Aid that a family got."""

    hardship: Hardship
    township: int
    on: date
    amount: Decimal
    hours: Decimal
    parts: list[Decimal]
    paid: list[tuple[date, Decimal]]
    outcome: str
    repaid: Decimal = ZERO
    is_recouped: bool = False


class AidBooks:
    """What was done about each hardship, worked out from the rules."""

    def __init__(self, accounts: Sequence[Account], bases: Sequence[tuple[date, Decimal]]) -> None:
        self.accounts, self.bases = accounts, bases
        self.funds = (Fund(), Fund())
        self.granted: dict[int, Granted] = {}

    def base(self, on: date) -> Decimal:
        """S on a day."""
        return [amount for since, amount in self.bases if since <= on][-1]

    def note(self, event: AidEvent) -> str:
        """Write down what is done at one instant; the answer is what came of it, empty where nothing did."""
        return getattr(self, f"_on_{event.kind}")(event) or ""

    def _on_help(self, event: AidEvent) -> str:
        hardship, on = event.hardship, event.at.date()
        account = self.accounts[hardship.family]
        if not account.here:
            return "gone"
        before = [
            row
            for row in self.granted.values()
            if row.hardship.family == hardship.family and row.on.year == on.year and not row.is_recouped
        ]
        same = sum(row.hardship.cause == hardship.cause for row in before)
        if hardship.way != "meeting" and (same >= SAME_CAUSE or len(before) >= TIMES):
            return "beyond"
        multiple = MEETING_MULTIPLE if hardship.way == "meeting" else MULTIPLES[hardship.grade]
        amount = self.base(on) * multiple
        outcome = {"advance": "advanced", "simplified": "simplified", "meeting": "met"}[hardship.way]
        fund = self.funds[account.township]
        if outcome == "advanced" and fund.balance < amount:
            outcome = "short"  # the lead decides, the county pays
        if outcome == "advanced":
            fund.move(on, place=1, amount=amount)
        arrived = event.at if outcome == "advanced" else event.at + PAYING_TAKES
        hours = Decimal((arrived - hardship.reported).total_seconds()) / 3600
        parts = _parts(amount, hardship.stages)
        self.granted[hardship.number] = Granted(
            hardship, account.township, on, amount, hours, parts, [(arrived.date(), parts[0])], outcome
        )
        return outcome

    def _on_papers(self, event: AidEvent) -> str:
        return "papers" if self._is(event, "advanced") else ""

    def _on_recoup(self, event: AidEvent) -> str:
        return "recouping" if self._is(event, "advanced") else ""

    def _on_repay(self, event: AidEvent) -> str:
        if not self._is(event, "advanced"):
            return ""
        row = self.granted[event.hardship.number]
        half = (row.amount / 2).quantize(FEN, ROUND_HALF_UP)
        back = half if event.part == 1 else row.amount - half
        row.repaid += back
        row.is_recouped = row.repaid == row.amount
        self.funds[row.township].move(event.at.date(), place=2, amount=back)
        return "recouped" if row.is_recouped else "repaid"

    def _on_stage(self, event: AidEvent) -> str:
        if not self._is(event, "simplified", "met"):
            return ""
        row = self.granted[event.hardship.number]
        row.paid.append((event.at.date(), row.parts[event.part - 1]))
        return "stage"

    def _on_cut(self, event: AidEvent) -> str:
        return "cut" if self._is(event, "simplified", "met") else ""

    def _on_end(self, event: AidEvent) -> str:
        return "ended" if event.hardship.number in self.granted else ""

    def _is(self, event: AidEvent, *outcomes: str) -> bool:
        row = self.granted.get(event.hardship.number)
        return row is not None and row.outcome in outcomes

    # --- the reserve ------------------------------------------------------------------------------------------------

    def allocate(self, township: int, amount: Decimal, *, on: date) -> None:
        """The county pays money in at the beginning."""
        fund = self.funds[township]
        fund.opening = fund.opening or amount
        fund.move(on, place=0, amount=amount)

    def new_year(self) -> None:
        """What is there on 1 January is the year's opening balance."""
        for fund in self.funds:
            fund.opening = fund.balance

    def ask_where_low(self) -> None:
        """What the night of New Year's Day does by itself."""
        for fund in self.funds:
            fund.ask_where_low()

    def replenish(self, *, on: date) -> dict[int, Decimal]:
        """By township, what the county pays in of what was asked for."""
        paid = {number: fund.asked for number, fund in enumerate(self.funds) if fund.asked}
        for number, amount in paid.items():
            fund = self.funds[number]
            fund.asked = ZERO
            fund.move(on, place=0, amount=amount)
        return paid

    # --- figures ----------------------------------------------------------------------------------------------------

    def paid_by_month(self) -> dict[tuple[int, date], Decimal]:
        """Money that reached families, by township and month of each payment."""
        found: dict[tuple[int, date], Decimal] = {}
        for row in self.granted.values():
            for day, amount in row.paid:
                key = (row.township, day.replace(day=1))
                found[key] = found.get(key, ZERO) + amount
        return found

    def hours(self) -> list[Decimal]:
        """Hours from the first report to the first money, the fewest first."""
        return sorted(row.hours for row in self.granted.values())


def _parts(amount: Decimal, stages: int) -> list[Decimal]:
    each = (amount / stages).quantize(FEN, "ROUND_DOWN")
    return [*[each] * (stages - 1), amount - each * (stages - 1)]


def percentile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Between the two nearest by proportion, as statisticians reckon it; one place."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    value = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    return value.quantize(TENTH, ROUND_HALF_UP)
