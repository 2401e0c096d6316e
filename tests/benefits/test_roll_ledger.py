"""Over any history: what rolls gave adds up to what is owed, and no month is paid twice."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benefits import services
from benefits.models import Award, AwardState, Recoupment, RollItem, RollLine
from benefits.queries import owed_of
from benefits.queries.entitlements import OWED_SQL
from benefits.queries.overpayments import overpaid_months
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, recouping
from households import services as households
from households.models import Member
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, change, desk, instant, with_account
from tests.households.builders import head, join, register
from tests.support.factories import area

pytestmark = pytest.mark.django_db
FIRST = date(2026, 12, 1)
MONTHS = 6
D = Decimal


class _Undone(Exception):
    """Takes an example back whole."""


def later(months: int) -> date:
    return months_after(FIRST, months)


class History:
    """One family's award, to which things happen on days and which is paid month by month."""

    def __init__(self, money: Desk) -> None:
        self.money = money
        self.family = with_account(register(money.clerk), money.clerk)
        self.wife: Member = join(self.family, money.clerk)
        self.award = grant(
            self.family, money.approver, monthly_amount=D("600.00"), persons=self.alive(), decided_on=date(2026, 11, 2)
        )
        # Somebody whom nothing happens to, so that there always is a roll.
        grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))

    def alive(self) -> list[CoveredPerson]:
        self.wife.person.refresh_from_db()
        both = [
            CoveredPerson(head(self.family).person, D("104.00"), "B"),
            CoveredPerson(self.wife.person, D("60.00"), "B"),
        ]
        return both[:1] if self.wife.person.died_on else both

    def act(self, kind: str, on: date, back: int, fen: int) -> None:
        """
        :param back: how many months before the next one it takes effect, where that is possible.
        """
        self.award.refresh_from_db()
        month = max(months_after(on.replace(day=1), 1 - back), FIRST)
        acts: dict[str, Callable[[], object]] = {
            "change": lambda: change(
                self.award, str(D(400) + D(fen) / 100), self.alive(), from_month=month, on=on, by=self.money.approver
            ),
            "suspend": lambda: services.suspend_award(
                self.award, from_month=month, reason="失联", by=self.money.approver, on=on
            ),
            "resume": lambda: services.resume_award(
                self.award,
                from_month=months_after(on.replace(day=1), 1),
                pays_withheld=back > 0,
                reason="核实",
                by=self.money.approver,
                on=on,
            ),
            "death": lambda: households.record_death(
                self.wife,
                died_on=max(on - timedelta(40 * back), date(2026, 11, 3)),
                by=self.money.clerk,
                at=instant(on),
            ),
            "phase_out": lambda: services.start_phase_out(
                self.award, months=2, suggested_months=2, suggestion="", reason="就业", by=self.money.approver, on=on
            ),
        }
        if self.is_possible(kind):
            acts[kind]()

    def is_possible(self, kind: str) -> bool:
        state = self.award.state
        self.wife.person.refresh_from_db()
        if kind == "death":
            return self.wife.person.died_on is None
        if kind == "resume":
            return state == AwardState.SUSPENDED
        return state == AwardState.ACTIVE


def given_for(award: Award) -> dict[date, Decimal]:
    """What rolls gave for each month, added up line by line and item by item, without the statements of the code."""
    found: dict[date, Decimal] = {}
    for line in RollLine.objects.filter(award=award, reissue_of=None, roll__frozen_at__isnull=False):
        assert line.month not in found, "a month has two lines"
        found[line.month] = line.base_amount + line.topup_amount
    for item in RollItem.objects.filter(award=award, line__roll__frozen_at__isnull=False):
        sign = 1 if item.kind == "back_payment" else -1
        found[item.for_month] = found.get(item.for_month, D(0)) + sign * item.amount
    return found


def owed_for_all(award: Award, months: list[date]) -> dict[date, Decimal]:
    award.refresh_from_db()
    return {month: owed.amount for month, owed in owed_of(award, months).items()}


acts = st.tuples(
    st.sampled_from(["change", "change", "suspend", "resume", "death", "phase_out"]),
    st.integers(0, 30 * MONTHS - 1),
    st.integers(0, 3),
    st.integers(0, 50000),
)


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # an example is lived through in a second: smaller ones are not looked for
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(happens=st.lists(acts, min_size=2, max_size=6))
def test_what_rolls_gave_is_what_is_owed(money: Desk, happens: list[tuple[str, int, int, int]]) -> None:
    with pytest.raises(_Undone), transaction.atomic():
        _live_through(money, sorted(happens, key=lambda one: one[1]))
        raise _Undone


def _live_through(money: Desk, happens: list[tuple[str, int, int, int]]) -> None:
    history = History(money)
    award, left = history.award, list(happens)
    for number in range(MONTHS + 2):
        month = later(number)
        made_on = months_after(month, -1).replace(day=27)
        while left and FIRST + timedelta(left[0][1]) <= made_on:
            kind, days, back, fen = left.pop(0)
            history.act(kind, FIRST + timedelta(days), back, fen)
        _agree(award, month, months_after(month, -1).replace(day=25))
        money.freeze(money.prepare(month, on=made_on), on=made_on)
    months = [later(number) for number in range(MONTHS + 2)]
    gave, owed = given_for(award), owed_for_all(award, months)
    # Nothing is short; what is above is what a cut, a stop or a death took back for months already paid.
    assert all(gave.get(month, D(0)) >= owed[month] for month in months), (gave, owed)
    above = {month: gave[month] - owed[month] for month in months if gave.get(month, D(0)) > owed[month]}
    assert {row.month: row.above for row in overpaid_months(award)} == above
    if above:
        _recoup(money, award, on=months[-1].replace(day=2))
        assert given_and_returned(award) == {month: amount for month, amount in owed.items() if month in gave}


def _agree(award: Award, month: date, cut_off: date) -> None:
    """The statement and the rule say the same for the month, at its cut-off day."""
    award.refresh_from_db()
    rule = owed_of(award, [month], decided_by=cut_off)[month]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT base, topup FROM ({OWED_SQL}) s WHERE award_id = %(award)s",
            {"month": month, "decided_by": cut_off, "award": award.pk},
        )
        found = cursor.fetchone() or (D(0), D(0))
    assert found == (rule.base, rule.topup)


def _recoup(money: Desk, award: Award, *, on: date) -> None:
    order = recouping.propose_recoupment(award, reason="多发", by=money.officer, on=on)
    recouping.approve_recoupment(order, by=money.approver, on=on)
    made = money.prepare(later(MONTHS + 2), on=on.replace(day=27))
    money.freeze(made)
    order = Recoupment.objects.get(pk=order.pk)
    if order.state == "approved":
        taken = sum(order.items.values_list("amount", flat=True), D(0))
        day = on.replace(day=28)
        recouping.record_return(
            order, amount=order.total_amount - taken, way="现金", returned_on=day, by=money.officer, on=day
        )
    assert Recoupment.objects.get(pk=order.pk).state == "settled"


def given_and_returned(award: Award) -> dict[date, Decimal]:
    found = given_for(award)
    for order in award.recoupments.all():
        for month, amount in order.returns.values_list("for_month", "amount"):
            found[month] -= amount
    return {month: amount for month, amount in found.items() if month < later(MONTHS + 2)}


def test_the_example_of_the_share_of_a_family_over_its_whole_life(money: Desk) -> None:
    """Worked out by hand: 600, of which 104 and 60 are top-ups; (600 − 164) / 2 = 218 of each."""
    history = History(money)
    assert area(money.township).level == "township"
    money.pay(FIRST, later(1))
    history.act("death", date(2027, 1, 28), 1, 0)  # on 19 December 2026: January was paid 278 too much
    money.pay(later(2))
    assert given_for(history.award) == {FIRST: D(600), later(1): D(600), later(2): D(322)}
    assert [(row.month, row.above) for row in overpaid_months(history.award)] == [(later(1), D(278))]
