"""Temporary aid in the simulated years: the books and the product side by side, agreeing after every act."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from eligibility.services import SourceData, approve_change, propose_parameter
from organizations.permissions import Role
from temporary_aid.models import AidStage, Reconciliation
from temporary_aid.queries.figures import Period, aid_figures
from tests.simulation.aid_books import AidBooks, percentile
from tests.simulation.aid_desk import SHANGHAI, AidDesk
from tests.simulation.aid_world import AidEvent, draw_hardships
from tests.simulation.driver import Registrar
from tests.simulation.ledger import Account
from tests.simulation.rulings import ZERO, following
from tests.simulation.world import FAMILIES, LAST, TOWNSHIP, Family
from tests.support.factories import area, make_staff

SEED = 20261127
BASE, RAISED = Decimal("780.00"), Decimal("815.00")
"""临时救助基数 of the figures that come with the system, and an invented one."""
RAISED_FROM = date(2027, 7, 1)
REPLENISHED_ON_DAY = 10
_OFTEN = ("advanced", "simplified", "short", "met", "beyond", "papers", "recouped", "stage", "cut", "ended", "late")
_NOW_AND_THEN = ("gone", "replenished")


class AidYears:
    """What befalls the families, told to the books and to the product."""

    def __init__(
        self,
        families: Sequence[Family],
        books: Sequence[Account],
        registrar: Registrar,
        townships: Sequence[str],
        *,
        on: date,
    ) -> None:
        drawn = [family for family in families if family.origin is None]
        self.events: list[AidEvent] = draw_hardships(SEED, drawn)[::-1]
        self.books = AidBooks(books, [(date.min, BASE), (RAISED_FROM, RAISED)])
        self.desk = AidDesk(registrar, townships, families, on=on)
        self.seen: Counter[str] = Counter()
        self.reconciled_from = on.replace(day=1)
        # Of fewer families the reserve is smaller, so that it runs low as often.
        amounts = [Decimal(n) * FAMILIES // TOWNSHIP for n in (100_000, 60_000)]
        _raise_base(on=on)
        self.desk.open_reserves(amounts, on=on)
        for township, amount in enumerate(amounts):
            self.books.allocate(township, amount, on=on)

    def until(self, day: date) -> None:
        """Everything that is done before a day begins."""
        before = datetime.combine(day, datetime.min.time())
        while self.events and self.events[-1].at < before:
            event = self.events.pop()
            expected = self.books.note(event)
            said = f"hardship {event.hardship.number} of family {event.hardship.family}, {event.kind} at {event.at}"
            assert self.desk.do(event) == expected, said
            self.seen[expected] += 1
            if expected in ("advanced", "repaid", "recouped"):
                self._compare_funds(said)
            if expected in ("advanced", "short", "simplified", "met"):
                self.seen["late"] += event.hardship.minutes > 24 * 60

    def month_begins(self, month: date) -> None:
        """The last month's sheets are signed; on the tenth the county pays in what was asked for."""
        self.until(month)
        if month.month == 1:
            self.books.new_year()
            self.desk.new_year(on=month)
            self.books.ask_where_low()
        last = (month - timedelta(1)).replace(day=1)
        while self.reconciled_from <= last:
            closings = self.desk.reconcile(self.reconciled_from, on=month)
            self._compare_sheets(self.reconciled_from, closings)
            self.reconciled_from = following(self.reconciled_from)

    def replenish(self, month: date) -> None:
        """The county pays in what was asked for."""
        on = month.replace(day=REPLENISHED_ON_DAY)
        self.until(on)
        paid = self.books.replenish(on=on)
        assert self.desk.replenish(on=on) == paid, on
        self.seen["replenished"] += len(paid)
        self._compare_funds(str(on))

    def _compare_funds(self, said: str) -> None:
        found = [fund.balance for fund in self.desk.funds()]
        assert found == [fund.balance for fund in self.books.funds], said

    def _compare_sheets(self, month: date, closings: Sequence[Decimal]) -> None:
        for number, fund in enumerate(self.books.funds):
            # Signed before anything of the new month is written, so what the books hold is the month's end.
            assert closings[number] == fund.balance, month
            sums = fund.by_month.get(month, [ZERO, ZERO, ZERO])
            sheet = Reconciliation.objects.get(fund__area__code=self.desk.townships[number], month=month)
            assert [sheet.allocated, sheet.advanced, sheet.refunded] == sums, month

    def agree_in_the_end(self) -> None:
        """By township and month what was paid; for each year how soon help came."""
        self.until(following(LAST))
        assert not self.events
        given: dict[tuple[int, date], Decimal] = {}
        for stage in AidStage.objects.filter(state="paid").select_related("aid__area"):
            assert stage.paid_at is not None
            month = stage.paid_at.astimezone(SHANGHAI).date().replace(day=1)
            key = (self.desk.townships.index(stage.aid.area.code[:9]), month)
            given[key] = given.get(key, ZERO) + stage.amount
        assert given == self.books.paid_by_month()
        self._compare_figures()
        self._check_worth_comparing()

    def _compare_figures(self) -> None:
        for year in (2026, 2027, 2028):
            found = aid_figures(self.desk.officer, Period(year)).of()
            rows = [row for row in self.books.granted.values() if row.paid[0][0].year == year]
            hours = sorted(row.hours for row in rows)
            money = sum((sums for (_, month), sums in self.books.paid_by_month().items() if month.year == year), ZERO)
            assert (found.money, found.reached) == (money, len(rows)), year
            assert found.in_time == sum(value <= 24 for value in hours), year
            half, most = percentile(hours, Decimal("0.5")), percentile(hours, Decimal("0.9"))
            assert (found.median_hours, found.p90_hours) == (half, most), year

    def _check_worth_comparing(self) -> None:
        assert min(self.seen[kind] for kind in _OFTEN) > FAMILIES // 40, self.seen
        assert FAMILIES < TOWNSHIP or all(self.seen[kind] for kind in _NOW_AND_THEN), self.seen


def _raise_base(*, on: date) -> None:
    """The county enters, by two people, a base that holds from a day to come."""
    first, second = (make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=on) for _ in range(2))
    change = propose_parameter(
        "temporary_aid_base_monthly",
        value=f"{RAISED:.2f}",
        area=area("341824"),
        residence="both",
        from_day=RAISED_FROM,
        source=SourceData("宣政秘〔2027〕18号", "2027年度社会救助标准", on),
        by=first,
        on=on,
    )
    approve_change(change, by=second, on=on)
