"""Money errors of a township's earlier tool, each held shut by name. Its docstring tells what went wrong there."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benefits import services
from benefits.models import Award, MonthlyRoll, RollLine
from benefits.queries import current_awards_of, running_awards
from benefits.queries.missing_rolls import missing_rolls
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, rolls
from eligibility.models import Parameter
from eligibility.queries import MissingParameters
from households import services as households
from households.models import Household
from organizations.services import carry_out
from tests.benefits.builders import grant
from tests.benefits.many import many_awards
from tests.benefits.paying import HUAYANG, LINXI, Desk, change, desk, instant, line_of
from tests.households.builders import head, join, register
from tests.support.factories import area

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)
DAY = date(2026, 11, 26)
DECIDED = date(2026, 11, 2)
D = Decimal


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def family(money: Desk) -> Household:
    return register(money.clerk)


def whole(award: Award) -> list[CoveredPerson]:
    return [CoveredPerson(row.person) for row in award.versions.latest("serial").persons.all()]


def test_the_head_is_not_counted_twice_in_the_top_ups(money: Desk, family: Household) -> None:
    """分类施保: the tool added the head as head and once more as a member, and paid 104 yuan a month too much.

    Here the top-ups of a month are those of the version's persons, each of whom stands in it once.
    """
    wife, son = join(family, money.clerk), join(family, money.clerk, "胡小雨", "child")
    persons = [
        CoveredPerson(head(family).person, D("104.00"), "B"),
        CoveredPerson(wife.person),
        CoveredPerson(son.person),
    ]
    award = grant(family, money.approver, monthly_amount=D("521.00"), persons=persons, decided_on=DECIDED)
    money.prepare(DECEMBER, on=DAY)
    row = line_of(award, DECEMBER)
    assert row is not None
    # 521 = 417 of difference and one top-up of 104; not 521 + 104 = 625.
    assert (row.base_amount, row.topup_amount, row.amount, row.person_count) == (D(417), D(104), D(521), 3)
    with pytest.raises(IntegrityError, match="version_person_once"), transaction.atomic():
        grant(register(money.clerk), money.approver, persons=[persons[0], *persons], monthly_amount=D("625.00"))


def test_the_top_up_of_a_head_who_died_goes_with_the_head_and_nobody_elses_with_it(
    money: Desk, family: Household
) -> None:
    """521 was paid where 417 was right: the tool kept the dead head's top-up on the family.

    The part of the error that happened during phase-out is held by the tests of phase-outs.
    """
    wife = join(family, money.clerk)
    persons = [
        CoveredPerson(head(family).person, D("104.00"), "B", base_monthly_amount=D("0.00")),
        CoveredPerson(wife.person, base_monthly_amount=D("417.00")),
    ]
    award = grant(family, money.approver, monthly_amount=D("521.00"), persons=persons, decided_on=DECIDED)
    money.pay(DECEMBER)
    households.change_head(
        family, member=wife, relations={head(family).pk: "spouse"}, by=money.clerk, on=DAY, at=instant(DAY)
    )
    dead = family.members.get(person=persons[0].person)
    households.record_death(dead, died_on=date(2026, 12, 5), by=money.clerk, at=instant(date(2026, 12, 7)))
    money.pay(JANUARY)
    december, january = line_of(award, DECEMBER), line_of(award, JANUARY)
    assert december is not None and january is not None
    assert (december.amount, january.amount, january.topup_amount) == (D(521), D(417), D(0))
    assert january.head_name == wife.person.name


def test_a_run_again_does_not_undo_a_deliberate_stop(money: Desk, family: Household) -> None:
    """Making the month's list a second time set every family that had an amount back to "paid", stopped ones too."""
    stopped = grant(family, money.approver, decided_on=DECIDED)
    suspended = grant(register(money.clerk), money.approver, decided_on=DECIDED)
    goes_on = grant(register(money.clerk), money.approver, decided_on=DECIDED)
    money.pay(DECEMBER)
    roll = money.prepare(JANUARY)
    assert roll.line_count == 3
    day = date(2026, 12, 27)
    services.end_award(stopped, last_month=DECEMBER, reason="收入超标", decided_by=money.approver, decided_on=day)
    services.suspend_award(suspended, from_month=JANUARY, reason="失联", by=money.approver, on=day)
    for on in (day, date(2026, 12, 28)):
        again = money.prepare(JANUARY, on=on)
        assert list(again.lines.values_list("award", flat=True)) == [goes_on.pk]
    states = Award.objects.filter(pk__in=[stopped.pk, suspended.pk]).values_list("pk", "state", "ends_month")
    assert set(states) == {(stopped.pk, "stopped", DECEMBER), (suspended.pk, "suspended", None)}
    money.freeze(again)
    assert money.prepare(FEBRUARY).line_count == 1


def test_a_batch_of_2000_passes_as_one_of_500_does(money: Desk) -> None:
    """Lists of 500 went through, one of 2,000 stuck half-way: a query and a save a family, in one request.

    Here a roll takes the same number of statements, all of it or nothing.
    """
    villages = list(area(LINXI).children.values_list("pk", flat=True))
    terms = {"by": money.approver.pk, "month": DECEMBER, "on": DECIDED}
    grant(register(money.clerk), money.approver, decided_on=DECIDED)
    with CaptureQueriesContext(connection) as one:
        money.prepare(DECEMBER, on=DAY)
    many_awards(2000, areas=villages, **terms)
    rolls.void_roll(MonthlyRoll.objects.get(), reason="重做", by=money.officer, on=DAY)
    with CaptureQueriesContext(connection) as batch:
        roll = money.prepare(DECEMBER, on=DAY)
    assert (roll.line_count, roll.person_count, roll.total_amount) == (2001, 2001, D(2001 * 515))
    assert len(batch) <= len(one)
    assert money.freeze(roll, on=DAY).state == "frozen"


def test_stopped_families_are_listed_no_more(money: Desk, family: Household) -> None:
    """Families stopped for months still stood in the list of those to pay, with an amount beside them."""
    award = grant(family, money.approver, decided_on=DECIDED)
    other = grant(register(money.clerk), money.approver, decided_on=DECIDED)
    money.pay(DECEMBER)
    services.end_award(
        award, last_month=DECEMBER, reason="停发", decided_by=money.approver, decided_on=date(2026, 12, 10)
    )
    for roll in money.pay(JANUARY, FEBRUARY):
        assert list(roll.lines.values_list("award", flat=True)) == [other.pk]
    assert not current_awards_of(family).exists()
    assert set(running_awards(money.clerk, scheme="dibao")) == {other}
    services.end_award(
        other, last_month=FEBRUARY, reason="停发", decided_by=money.approver, decided_on=date(2027, 2, 10)
    )
    assert missing_rolls(money.officer, on=date(2027, 2, 26)) == []


def test_an_error_is_not_an_empty_list_that_is_saved_over_the_data(money: Desk, family: Household) -> None:
    """A fault while reading was caught, taken for "no families", and the empty list saved over the month's.

    Here a roll that cannot be made stays as it was, and the fault is told.
    """
    award = grant(family, money.approver, decided_on=DECIDED)
    money.prepare(DECEMBER, on=DAY)
    for row in Parameter.objects.filter(key="recoupment_share"):
        row.valid = (date(2030, 1, 1), None)
        row.save()
    with pytest.raises(MissingParameters, match=r"recoupment_share|追回"):
        money.prepare(DECEMBER, on=date(2026, 11, 27))
    roll = MonthlyRoll.objects.get()
    assert (roll.line_count, roll.prepared_on, roll.lines.get().award) == (1, DAY, award)


def test_nor_is_a_list_that_became_empty(money: Desk, family: Household) -> None:
    """The same where nobody is owed anything any more: the roll is not emptied by the way, it is voided by somebody."""
    award = grant(family, money.approver, decided_on=DECIDED)
    roll = money.prepare(DECEMBER, on=DAY)
    services.suspend_award(award, from_month=DECEMBER, reason="失联", by=money.approver, on=DAY)
    with pytest.raises(rolls.NothingOwed):
        money.prepare(DECEMBER, on=DAY)
    assert RollLine.objects.get().roll == roll
    rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=DAY)
    rolls.check_roll_county(roll, opinion="同意", by=money.approver, on=DAY)
    with pytest.raises(rolls.RollOutdated):
        rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY))


def test_a_township_that_fails_in_the_background_is_told_and_loses_nothing(money: Desk, family: Household) -> None:
    """The same in a batch: what failed was left out of the sum, and the sum looked whole."""
    grant(family, money.approver, decided_on=DECIDED)
    money.prepare(DECEMBER, on=DAY)
    towns = [area(LINXI), area(HUAYANG)]
    job = rolls.prepare_rolls_of_month(JANUARY, "dibao", towns, by=money.officer, at=instant(months_after(DAY, 1)))
    carry_out(job.pk, clock=lambda: instant(months_after(DAY, 1)))
    job.refresh_from_db()
    assert (job.total, job.done, job.failed) == (2, 1, 1)
    assert not MonthlyRoll.objects.filter(month=JANUARY).exists()


def test_a_cut_that_came_late_is_in_the_next_list_and_not_in_none(money: Desk, family: Household) -> None:
    """A cut decided after the list was closed was overwritten by the amount of the list when the month was booked."""
    award = grant(family, money.approver, decided_on=DECIDED)
    roll = money.prepare(DECEMBER, on=DAY)
    money.freeze(roll, on=DAY)
    change(award, "300.00", whole(award), from_month=JANUARY, on=date(2026, 12, 30), by=money.approver, kind="cut")
    money.freeze(money.prepare(JANUARY, on=date(2026, 12, 31)))
    january = line_of(award, JANUARY)
    assert january is not None and january.amount == D(300)
