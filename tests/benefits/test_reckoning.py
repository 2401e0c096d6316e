"""重新核算: what changes past months without a decision is paid back by the next roll, once."""

from datetime import date
from decimal import Decimal

import pytest

from benefits.models import Award, AwardReckoning
from benefits.queries.overpayments import overpaid_months
from benefits.rules.months import months_after
from benefits.services import end_award
from benefits.services.recouping import approve_recoupment, propose_recoupment, void_recoupment
from households import services as households
from households.models import Member
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, amounts, desk, instant, items, with_account
from tests.households.builders import join, register

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = (months_after(date(2026, 11, 1), n) for n in range(5))
D = Decimal


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def two(money: Desk) -> Award:
    """600 yuan for two from November, 300 each."""
    family = with_account(register(money.clerk), money.clerk)
    join(family, money.clerk)
    family.members.update(joined_on=date(2026, 1, 10))
    return grant(family, money.approver, decided_on=date(2026, 10, 20), monthly_amount=D("600.00"))


@pytest.fixture
def wife(two: Award) -> Member:
    return two.household.members.get(person__name="汪秋菊")


def dies(money: Desk, member: Member, day: date, *, told: date) -> None:
    households.record_death(member, died_on=day, by=money.clerk, at=instant(told))


def mend(money: Desk, member: Member, day: date, *, told: date) -> None:
    member.refresh_from_db()
    households.mend_death(member, died_on=day, reason="死亡医学证明", by=money.clerk, at=instant(told))


def test_months_before_a_death_corrected_to_a_later_day_are_paid_back(money: Desk, two: Award, wife: Member) -> None:
    dies(money, wife, date(2026, 10, 25), told=date(2026, 10, 26))
    money.pay(NOVEMBER, DECEMBER)
    assert amounts(two, DECEMBER)[-1] == D(300)
    mend(money, wife, date(2026, 12, 20), told=date(2026, 12, 21))
    money.pay(JANUARY)
    assert items(two, JANUARY) == [("back_payment", NOVEMBER, D(300)), ("back_payment", DECEMBER, D(300))]
    assert set(two.roll_lines.get(month=JANUARY).items.values_list("reason", flat=True)) == {
        "死亡日期更正为2026年12月20日"
    }
    money.pay(FEBRUARY)
    assert items(two, FEBRUARY) == []


def test_they_are_paid_back_of_an_award_that_ended_meanwhile(money: Desk, two: Award, wife: Member) -> None:
    dies(money, wife, date(2026, 10, 25), told=date(2026, 10, 26))
    money.pay(NOVEMBER)
    end_award(two, last_month=NOVEMBER, reason="收入超标", decided_by=money.approver, decided_on=date(2026, 11, 20))
    mend(money, wife, date(2026, 11, 21), told=date(2026, 12, 21))
    money.pay(JANUARY)
    assert (amounts(two, JANUARY), items(two, JANUARY)) == (
        (0, 0, D(300), 0, D(300)),
        [("back_payment", NOVEMBER, D(300))],
    )


def test_a_death_corrected_to_an_earlier_day_pays_nothing_back(money: Desk, two: Award, wife: Member) -> None:
    money.pay(NOVEMBER)
    dies(money, wife, date(2026, 12, 20), told=date(2026, 12, 21))
    mend(money, wife, date(2026, 12, 5), told=date(2026, 12, 22))
    money.pay(DECEMBER, JANUARY)
    assert (items(two, DECEMBER), items(two, JANUARY)) == ([], [])


def test_what_a_void_recoupment_took_is_paid_back(money: Desk, two: Award, wife: Member) -> None:
    """Paid 600 for November and December; told in December that the wife died in October: 600 are recouped, of which
    January took 90. Then her death is found to be in December: the recoupment is void, and the 90 come back."""
    money.pay(NOVEMBER, DECEMBER)
    dies(money, wife, date(2026, 10, 25), told=date(2026, 12, 5))
    order = propose_recoupment(two, reason="死亡", by=money.officer, on=date(2026, 12, 6))
    approve_recoupment(order, by=money.approver, on=date(2026, 12, 7))
    money.pay(JANUARY)
    (taken,) = items(two, JANUARY)
    assert taken[:2] == ("recoupment", NOVEMBER)
    mend(money, wife, date(2026, 12, 4), told=date(2027, 1, 10))
    void_recoupment(order, reason="死亡日期更正", by=money.approver, on=date(2027, 1, 11))
    money.pay(FEBRUARY, MARCH)
    assert (items(two, FEBRUARY), items(two, MARCH)) == ([("back_payment", NOVEMBER, taken[2])], [])
    assert overpaid_months(two) == []


def test_a_recoupment_voided_before_it_was_approved_took_nothing(money: Desk, two: Award, wife: Member) -> None:
    money.pay(NOVEMBER)
    dies(money, wife, date(2026, 10, 25), told=date(2026, 11, 5))
    order = propose_recoupment(two, reason="死亡", by=money.officer, on=date(2026, 11, 6))
    void_recoupment(order, reason="录入有误", by=money.officer, on=date(2026, 11, 6))
    assert not AwardReckoning.objects.exists()
