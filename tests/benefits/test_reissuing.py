"""失败重发: what did not arrive is paid with what is still owed of it, and closed where that is nothing."""

from datetime import date
from decimal import Decimal

import pytest

from benefits.models import Award, LineState, MonthlyRoll, RollLine
from benefits.queries.overpayments import overpaid_months
from benefits.queries.roll_tasks import accounts_to_mend, rolls_to_reissue
from benefits.queries.rolls import reissuable
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, rolls
from benefits.services.bouncing import record_bounced
from benefits.services.recouping import approve_recoupment, propose_recoupment
from households import services as households
from households.models import Household
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, amounts, change, desk, instant, items, line_of, with_account
from tests.households.builders import head, join, register

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (months_after(date(2026, 11, 1), n) for n in range(4))
DAY = date(2026, 12, 9)
D = Decimal


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def family(money: Desk) -> Household:
    return with_account(register(money.clerk), money.clerk)


@pytest.fixture
def two(money: Desk, family: Household) -> Award:
    """600 yuan for two, 300 each, confirmed in time for November and paid with December's roll for both months."""
    join(family, money.clerk)
    family.members.update(joined_on=date(2026, 1, 10))
    return grant(family, money.approver, decided_on=date(2026, 10, 20), monthly_amount=D("600.00"))


def failed(roll: MonthlyRoll) -> MonthlyRoll:
    """As the bank's return leaves it."""
    RollLine.objects.filter(roll=roll).exclude(state="held").update(state="failed", failure="账户已销户")
    MonthlyRoll.objects.filter(pk=roll.pk).update(state="settled")
    return roll


def dies(money: Desk, family: Household, name: str, day: date, *, told: date = DAY) -> None:
    member = family.members.get(person__name=name)
    households.record_death(member, died_on=day, by=money.clerk, at=instant(told))


def reissue(money: Desk, roll: MonthlyRoll, *, on: date = DAY) -> MonthlyRoll:
    return rolls.reissue_roll(roll.month, "dibao", roll.area, by=money.officer, on=on)


def test_of_what_fell_meanwhile_only_what_is_still_owed_is_issued_anew(money: Desk, two: Award) -> None:
    """1,200 failed; the wife had died in November: 600 for November and 300 for December are owed, and paid."""
    roll = failed(money.pay(DECEMBER)[0])
    assert amounts(two, DECEMBER) == (D(600), 0, D(600), 0, D(1200))
    dies(money, two.household, "汪秋菊", date(2026, 11, 20))
    again = reissue(money, roll)
    row = again.lines.get()
    assert (row.base_amount, row.back_payment_amount, row.amount, row.person_count) == (D(300), D(600), D(900), 1)
    assert list(row.items.values_list("kind", "for_month", "amount")) == [("reduction", DECEMBER, D(300))]
    assert money.freeze(again, on=DAY).total_amount == D(900)
    assert overpaid_months(two) == []
    money.pay(JANUARY)
    assert (amounts(two, JANUARY), items(two, JANUARY)) == ((D(300), 0, 0, 0, D(300)), [])


def test_a_back_payment_that_fell_is_struck_off_by_its_month_and_once(money: Desk, two: Award) -> None:
    roll = failed(money.pay(DECEMBER)[0])
    dies(money, two.household, "汪秋菊", date(2026, 10, 25))
    again = failed(money.freeze(reissue(money, roll), on=DAY))
    row = again.lines.get()
    assert (row.base_amount, row.back_payment_amount, row.amount) == (D(300), D(300), D(600))
    # What fails again is issued again with the same sums: nothing is struck off a second time.
    third = reissue(money, again).lines.get()
    assert (third.reissue_of, third.amount, third.items.count()) == (row, D(600), 0)


def test_what_is_not_owed_any_more_is_closed_without_an_account(money: Desk) -> None:
    family = register(money.clerk)
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    (roll,) = money.pay(DECEMBER)
    assert list(accounts_to_mend(money.clerk)) == [line_of(award, DECEMBER)]
    dies(money, family, head(family).person.name, date(2026, 11, 20))
    assert not accounts_to_mend(money.clerk).exists()
    assert [(row.families, row.roll) for row in reissuable(money.officer)] == [(1, roll)]
    assert list(rolls_to_reissue(money.officer)) == [roll]
    again = money.freeze(reissue(money, roll), on=DAY)
    row = again.lines.get()
    assert (row.amount, row.state, row.bank_account, again.state) == (0, LineState.LAPSED, None, "settled")
    assert line_of(award, DECEMBER).state == LineState.REISSUED
    assert (overpaid_months(award), reissuable(money.officer)) == ([], [])


def test_a_fall_after_the_reissue_was_made_sends_it_back_to_be_made_again(money: Desk, two: Award) -> None:
    roll = failed(money.pay(DECEMBER)[0])
    again = reissue(money, roll)
    dies(money, two.household, "汪秋菊", date(2026, 10, 25))
    with pytest.raises(rolls.RollOutdated):
        money.freeze(again, on=DAY)
    rolls.return_roll(again, reason="应发已经变化", by=money.finance, on=DAY)
    assert reissue(money, roll).total_amount == D(600)


def test_what_a_failed_line_had_taken_back_stays_credited(money: Desk, family: Household) -> None:
    """A line of 515 took 154.50 back. It failed, and nothing is owed for its month any more: no more than 360.50 is
    struck off; the rest was credited against the debt and not owed, so it comes back by a recoupment of its own."""
    award = grant(family, money.approver, decided_on=date(2026, 10, 20))
    money.pay(NOVEMBER)
    persons = [CoveredPerson(head(family).person)]
    for amount, month, kind in (("115.00", NOVEMBER, "cut"), ("515.00", DECEMBER, "raise")):
        change(award, amount, persons, from_month=month, on=date(2026, 11, 5), by=money.approver, kind=kind)
    order = propose_recoupment(award, reason="隐瞒收入", by=money.officer, on=date(2026, 11, 6))
    approve_recoupment(order, by=money.approver, on=date(2026, 11, 7))
    roll = failed(money.pay(DECEMBER)[0])
    taken = line_of(award, DECEMBER).recoupment_amount
    assert taken > 0
    dies(money, family, head(family).person.name, date(2026, 11, 20))
    again = money.freeze(reissue(money, roll), on=DAY)
    row = again.lines.get()
    assert (row.base_amount, row.recoupment_amount, row.amount, row.state) == (taken, taken, 0, LineState.LAPSED)
    assert [(month.month, month.above) for month in overpaid_months(award) if month.month == DECEMBER] == [
        (DECEMBER, taken)
    ]


def test_what_a_recoupment_takes_back_already_is_not_struck_off_as_well(money: Desk, two: Award) -> None:
    """December was paid, 300 of it is being recouped; then the bank gives the payment back: it is paid whole."""
    (roll,) = money.pay(DECEMBER)
    RollLine.objects.filter(roll=roll).update(state="paid", settled_on=date(2026, 12, 5))
    MonthlyRoll.objects.filter(pk=roll.pk).update(state="settled")
    dies(money, two.household, "汪秋菊", date(2026, 11, 20))
    order = propose_recoupment(two, reason="死亡", by=money.officer, on=DAY)
    approve_recoupment(order, by=money.approver, on=DAY)
    record_bounced(line_of(two, DECEMBER), returned_on=DAY, reason="销户", source="0012", by=money.finance, on=DAY)
    again = money.freeze(reissue(money, roll), on=DAY)
    assert (again.total_amount, again.lines.get().items.count()) == (D(1200), 0)
