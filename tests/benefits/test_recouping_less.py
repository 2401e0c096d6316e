"""追回 of months that become owed again while they are taken back: no more is taken than was given above it."""

from datetime import date
from decimal import Decimal

import pytest

from benefits.models import Award, Recoupment
from benefits.queries.overpayments import overpaid_months, to_come_back
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, recouping, rolls
from households import services as households
from households.models import Member
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, change, desk, instant, items, with_account
from tests.households.builders import join, picture, register

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = (months_after(date(2026, 11, 1), n) for n in range(5))
D = Decimal


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def award(money: Desk) -> Award:
    """600 yuan for two, 300 each; paid for November."""
    family = with_account(register(money.clerk), money.clerk)
    join(family, money.clerk)
    family.members.update(joined_on=date(2026, 1, 10))
    made = grant(family, money.approver, decided_on=date(2026, 10, 20), monthly_amount=D("600.00"))
    money.pay(NOVEMBER)
    return made


def wife_of(award: Award) -> Member:
    return award.household.members.get(person__name="汪秋菊")


def recouped(money: Desk, award: Award) -> Recoupment:
    """300 of November are to come back, 150 with every roll from December."""
    order = recouping.propose_recoupment(award, reason="多发", by=money.officer, on=date(2026, 11, 6))
    return recouping.approve_recoupment(order, by=money.approver, on=date(2026, 11, 7))


@pytest.fixture
def bereaved(money: Desk, award: Award) -> Recoupment:
    died, told = date(2026, 10, 25), instant(date(2026, 11, 5))
    households.record_death(wife_of(award), died_on=died, by=money.clerk, at=told)
    return recouped(money, award)


def cancel(money: Desk, award: Award, *, on: date) -> None:
    terms = {"reason": "误登", "evidence": picture("证明.jpg"), "by": money.clerk, "at": instant(on)}
    households.cancel_death(wife_of(award), **terms)


def test_a_death_cancelled_on_the_way_is_paid_back_and_nothing_more_is_taken(
    money: Desk, award: Award, bereaved: Recoupment
) -> None:
    money.pay(DECEMBER)
    assert items(award, DECEMBER) == [("recoupment", NOVEMBER, D(150))]
    cancel(money, award, on=date(2026, 12, 10))
    assert to_come_back(bereaved) == []
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", NOVEMBER, D(150)), ("back_payment", DECEMBER, D(300))]
    bereaved.refresh_from_db()
    assert (bereaved.state, overpaid_months(award)) == ("settled", [])
    money.pay(FEBRUARY)
    assert items(award, FEBRUARY) == []


def test_a_roll_made_before_the_death_was_cancelled_is_made_again(
    money: Desk, award: Award, bereaved: Recoupment
) -> None:
    roll = money.prepare(DECEMBER)
    cancel(money, award, on=roll.prepared_on)
    with pytest.raises(rolls.RollOutdated, match="追回已经变化"):
        money.freeze(roll)
    rolls.return_roll(roll, reason="重新生成", by=money.finance, on=roll.prepared_on)
    money.freeze(money.prepare(DECEMBER))
    assert items(award, DECEMBER) == []


def test_a_month_raised_on_the_way_keeps_what_it_is_owed_now(money: Desk, award: Award) -> None:
    persons = [CoveredPerson(row.person) for row in award.versions.get().persons.all()]
    change(award, "300.00", persons, from_month=NOVEMBER, on=date(2026, 11, 5), by=money.approver, kind="cut")
    order = recouped(money, award)
    money.pay(DECEMBER)
    change(award, "400.00", persons, from_month=NOVEMBER, on=date(2026, 12, 5), by=money.approver, kind="uplift")
    with pytest.raises(recouping.RecoupmentRefused, match=r"不超过还没有追回的50\.00元"):
        terms = {"way": "现金", "returned_on": date(2026, 12, 6), "by": money.officer, "on": date(2026, 12, 6)}
        recouping.record_return(order, amount=D("150.00"), **terms)
    money.pay(JANUARY)
    # 450 of November are left of 600; owed are 400 now, and December gives up nothing of its own.
    assert items(award, JANUARY) == [("back_payment", DECEMBER, D(100)), ("recoupment", NOVEMBER, D(50))]
    order.refresh_from_db()
    assert (order.state, overpaid_months(award)) == ("settled", [])
    money.pay(FEBRUARY)
    assert items(award, FEBRUARY) == []
