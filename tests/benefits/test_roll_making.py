"""What a month's roll pays: worked out by hand to each boundary day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benefits import services
from benefits.models import Award, MonthlyRoll, RollLine
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, rolls
from foundation.errors import NotPermitted
from households import services as households
from households.models import Household
from tests.benefits.builders import grant
from tests.benefits.paying import LINXI, Desk, amounts, change, desk, instant, items, line_of, with_account
from tests.households.builders import head, join, register
from tests.support.factories import AT, area

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = (months_after(date(2026, 11, 1), n) for n in range(5))
D = Decimal
NONE = D("0.00")


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def family(money: Desk) -> Household:
    return with_account(register(money.clerk), money.clerk)


def plain(amount: str) -> tuple[Decimal, ...]:
    """A line that pays the month alone."""
    return (D(amount), NONE, NONE, NONE, D(amount))


# --- 截止日 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided_on", "december", "january"),
    [
        (date(2026, 11, 24), plain("515.00"), plain("515.00")),
        (date(2026, 11, 25), plain("515.00"), plain("515.00")),
        # Confirmed a day after the cut-off: December comes with January, 515 and 515.
        (date(2026, 11, 26), (), (D(515), NONE, D(515), NONE, D(1030))),
        # On the last day of the month it still begins with the next.
        (date(2026, 11, 30), (), (D(515), NONE, D(515), NONE, D(1030))),
        # A day later it begins a month later.
        (date(2026, 12, 1), (), plain("515.00")),
    ],
)
def test_what_is_confirmed_after_the_cut_off_comes_next_month_with_back_payment(
    money: Desk, family: Household, decided_on: date, december: tuple[Decimal, ...], january: tuple[Decimal, ...]
) -> None:
    other = grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    award = grant(family, money.approver, decided_on=decided_on)
    money.pay(DECEMBER, JANUARY)
    assert (amounts(award, DECEMBER), amounts(award, JANUARY)) == (december, january)
    assert amounts(other, JANUARY) == plain("515.00")
    if january[2]:
        assert items(award, JANUARY) == [("back_payment", DECEMBER, D("515.00"))]


def test_the_cut_off_day_lies_in_the_month_before_and_never_after_the_making(money: Desk) -> None:
    town = area(LINXI)
    assert rolls.cut_off_day(MARCH, town, on=date(2027, 2, 28)) == date(2027, 2, 25)
    assert rolls.cut_off_day(MARCH, town, on=date(2027, 2, 20)) == date(2027, 2, 20)


def test_what_is_decided_between_an_early_roll_and_its_cut_off_is_not_lost(money: Desk, family: Household) -> None:
    first = grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    early = money.prepare(DECEMBER, on=date(2026, 11, 20))
    assert early.cut_off_on == date(2026, 11, 20)
    award = grant(family, money.approver, decided_on=date(2026, 11, 22))
    change(first, "600.00", whole(first), from_month=DECEMBER, on=date(2026, 11, 23), by=money.approver)
    money.freeze(early)
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", DECEMBER, D("515.00"))]
    assert items(first, JANUARY) == [("back_payment", DECEMBER, D("85.00"))]


def whole(award: Award) -> list[CoveredPerson]:
    return [CoveredPerson(row.person) for row in award.versions.latest("serial").persons.all()]


# --- 补发 ---------------------------------------------------------------------------------------------------------


def test_a_late_raise_waits_for_the_next_roll_and_a_late_cut_does_not(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    other = grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    change(award, "600.00", whole(award), from_month=JANUARY, on=date(2026, 12, 26), by=money.approver)
    change(other, "400.00", whole(other), from_month=JANUARY, on=date(2026, 12, 26), by=money.approver, kind="cut")
    money.freeze(money.prepare(JANUARY, on=date(2026, 12, 28)))
    assert amounts(award, JANUARY) == plain("515.00")
    assert amounts(other, JANUARY) == plain("400.00")
    money.pay(FEBRUARY)
    assert amounts(award, FEBRUARY) == (D(600), NONE, D(85), NONE, D(685))
    assert amounts(other, FEBRUARY) == plain("400.00")


def test_a_version_from_a_past_month_is_paid_back_month_by_month_and_once(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 10, 20))
    money.pay(NOVEMBER, DECEMBER)
    change(award, "555.00", whole(award), from_month=NOVEMBER, on=date(2026, 12, 10), by=money.approver)
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", NOVEMBER, D("40.00")), ("back_payment", DECEMBER, D("40.00"))]
    assert amounts(award, JANUARY) == (D(555), NONE, D(80), NONE, D(635))
    # A second correction of the same months pays only what it adds: 575 − 555.
    change(award, "575.00", whole(award), from_month=DECEMBER, on=date(2027, 1, 11), by=money.approver)
    money.pay(FEBRUARY, MARCH)
    assert items(award, FEBRUARY) == [("back_payment", DECEMBER, D("20.00")), ("back_payment", JANUARY, D("20.00"))]
    assert amounts(award, MARCH) == plain("575.00")


def test_back_payment_says_why(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 10, 30))
    grant(register(money.clerk), money.approver, decided_on=date(2026, 10, 2))
    money.pay(NOVEMBER, DECEMBER)
    change(award, "555.00", whole(award), from_month=DECEMBER, on=date(2026, 12, 10), by=money.approver)
    money.pay(JANUARY)
    assert [list(line.items.values_list("reason", flat=True)) for line in award.roll_lines.order_by("month")] == [
        ["截止日以后确认"],
        ["复核调整"],
    ]


def test_a_month_without_any_roll_comes_with_the_next(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 10, 20))
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", NOVEMBER, D("515.00")), ("back_payment", DECEMBER, D("515.00"))]
    # Made afterwards for the month that was left out, there is nothing left to pay.
    with pytest.raises(rolls.NothingOwed, match="2026年12月没有应发的低保"):
        money.prepare(DECEMBER, on=date(2026, 12, 28))


def test_an_award_of_the_29_of_february_begins_in_march(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2028, 2, 29))
    town, march, april = area(LINXI), date(2028, 3, 1), date(2028, 4, 1)
    assert rolls.cut_off_day(march, town, on=date(2028, 2, 29)) == date(2028, 2, 25)
    with pytest.raises(rolls.NothingOwed):
        money.prepare(march, on=date(2028, 2, 29))
    money.pay(april)
    assert items(award, april) == [("back_payment", march, D("515.00"))]


# --- 暂缓、停发、渐退 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pays_withheld", "back"), [(True, [JANUARY, FEBRUARY]), (False, [])])
def test_months_withheld_come_with_the_next_roll_only_where_that_is_decided(
    money: Desk, family: Household, pays_withheld: bool, back: list[date]
) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    services.suspend_award(award, from_month=JANUARY, reason="联系不上", by=money.approver, on=date(2026, 12, 28))
    money.pay(JANUARY, FEBRUARY)
    assert line_of(award, JANUARY) is line_of(award, FEBRUARY) is None
    services.resume_award(
        award, from_month=MARCH, pays_withheld=pays_withheld, reason="核实", by=money.approver, on=date(2027, 2, 20)
    )
    money.pay(MARCH)
    assert items(award, MARCH) == [("back_payment", month, D("515.00")) for month in back]
    assert amounts(award, MARCH)[0] == D(515)


def test_an_award_resumed_after_the_cut_off_goes_on_a_month_later(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    services.suspend_award(award, from_month=DECEMBER, reason="联系不上", by=money.approver, on=date(2026, 11, 10))
    money.pay(DECEMBER)
    services.resume_award(
        award, from_month=JANUARY, pays_withheld=False, reason="核实", by=money.approver, on=date(2026, 12, 26)
    )
    money.freeze(money.prepare(JANUARY, on=date(2026, 12, 27)))
    assert line_of(award, JANUARY) is None
    money.pay(FEBRUARY)
    assert items(award, FEBRUARY) == [("back_payment", JANUARY, D("515.00"))]


def test_a_stop_after_the_cut_off_is_not_paid_and_a_stopped_award_is_in_no_roll(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    services.end_award(
        award, last_month=DECEMBER, reason="收入超标", decided_by=money.approver, decided_on=date(2026, 12, 31)
    )
    roll = money.prepare(JANUARY, on=date(2026, 12, 31))
    assert line_of(award, JANUARY) is None
    assert (roll.line_count, roll.total_amount) == (1, D("515.00"))


def test_a_phased_out_award_is_paid_to_its_last_month_and_a_revoked_one_goes_on(money: Desk, family: Household) -> None:
    ends = grant(family, money.approver, decided_on=date(2026, 11, 2))
    goes_on = grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    terms = {"suggested_months": None, "suggestion": "", "reason": "就业", "by": money.approver}
    for award in (ends, goes_on):
        row = services.start_phase_out(award, months=1, on=date(2026, 11, 20), **terms)
    money.pay(DECEMBER)
    # Revoked after January's cut-off: January, which the decision had ended, comes with February.
    services.revoke_phase_out(row, reason="又失业", by=money.approver, on=date(2026, 12, 28))
    with pytest.raises(rolls.NothingOwed):
        money.prepare(JANUARY, on=date(2026, 12, 28))
    money.pay(FEBRUARY)
    assert line_of(ends, FEBRUARY) is None
    assert items(goes_on, FEBRUARY) == [("back_payment", JANUARY, D("515.00"))]


# --- 死亡 ---------------------------------------------------------------------------------------------------------


def test_who_died_in_the_month_is_paid_for_it_and_not_for_the_next(money: Desk, family: Household) -> None:
    wife = join(family, money.clerk)
    persons = [CoveredPerson(head(family).person, D("104.00"), "A"), CoveredPerson(wife.person)]
    award = grant(family, money.approver, monthly_amount=D("521.00"), persons=persons, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    # (521 − 104) / 2 = 208.50 of each; found out after the cut-off, not paid all the same.
    households.record_death(wife, died_on=date(2026, 12, 31), by=money.clerk, at=instant(date(2026, 12, 31)))
    money.freeze(money.prepare(JANUARY, on=date(2026, 12, 31)))
    row = line_of(award, JANUARY)
    assert row is not None
    assert (row.base_amount, row.topup_amount, row.person_count) == (D("208.50"), D("104.00"), 1)
    december = line_of(award, DECEMBER)
    assert december is not None
    assert (december.base_amount, december.topup_amount, december.person_count) == (D("417.00"), D("104.00"), 2)


@pytest.mark.parametrize(("died_on", "last"), [(date(2026, 12, 31), DECEMBER), (date(2027, 1, 1), JANUARY)])
def test_the_month_of_the_death_is_the_last_that_is_paid(
    money: Desk, family: Household, died_on: date, last: date
) -> None:
    wife = join(family, money.clerk)
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    households.record_death(wife, died_on=died_on, by=money.clerk, at=instant(date(2027, 1, 2)))
    for month in (JANUARY, FEBRUARY):
        money.freeze(money.prepare(month, on=date(2027, 1, 3)), on=date(2027, 1, 3))
    paid = [amounts(award, month) for month in (DECEMBER, JANUARY, FEBRUARY)]
    assert paid == [plain("515.00" if month <= last else "257.50") for month in (DECEMBER, JANUARY, FEBRUARY)]


def test_a_death_that_was_recorded_by_mistake_is_made_good_with_the_next_roll(money: Desk, family: Household) -> None:
    wife = join(family, money.clerk)
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    households.record_death(wife, died_on=date(2026, 11, 20), by=money.clerk, at=AT)
    money.pay(DECEMBER)
    assert amounts(award, DECEMBER) == plain("257.50")
    wife.person.died_on = None
    wife.person.save()
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", DECEMBER, D("257.50"))]


# --- 生成、重新生成 -----------------------------------------------------------------------------------------------


def test_a_line_keeps_the_family_as_it_stood_and_whom_it_is_paid_to(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    without = grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    roll = money.prepare(DECEMBER)
    assert (roll.number, roll.state, roll.cut_off_on) == ("FF202612-DB-101-1", "prepared", date(2026, 11, 25))
    assert (roll.line_count, roll.person_count, roll.total_amount) == (2, 2, D("1030.00"))
    row, bare = line_of(award, DECEMBER), line_of(without, DECEMBER)
    assert row is not None and bare is not None
    assert (row.head_name, row.payee_name, row.state) == ("胡德旺", "胡德旺", "waiting")
    assert (row.version, row.household, row.area) == (award.versions.get(), family, family.area)
    assert row.bank_account == family.bank_accounts.get()
    assert (bare.state, bare.bank_account, bare.payee_name) == ("held", None, "")


def test_made_again_the_lines_are_new_and_the_signatures_gone(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    roll = money.prepare(DECEMBER)
    rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=date(2026, 11, 27))
    change(award, "400.00", whole(award), from_month=DECEMBER, on=date(2026, 11, 27), by=money.approver, kind="cut")
    again = money.prepare(DECEMBER, on=date(2026, 11, 28))
    assert (again.pk, again.state, again.township_checked_by) == (roll.pk, "prepared", None)
    assert (again.line_count, again.total_amount, again.prepared_on) == (1, D("400.00"), date(2026, 11, 28))
    assert again.events.values_list("kind", "note").first() == ("prepared_again", "原1户，515.00元，乡镇已核")


def test_rolls_are_made_in_order_and_not_ahead_of_time(money: Desk, family: Household) -> None:
    grant(family, money.approver, decided_on=date(2026, 11, 2))
    with pytest.raises(rolls.RollRefused, match="还没有到生成2027年1月发放册的时候"):
        money.prepare(JANUARY, on=date(2026, 11, 30))
    money.prepare(DECEMBER)
    with pytest.raises(rolls.RollRefused, match=r"2026年12月的发放册.*还没有定册"):
        money.prepare(JANUARY)
    money.freeze(MonthlyRoll.objects.get())
    with pytest.raises(rolls.RollRefused, match="已定册，不能重新生成"):
        money.prepare(DECEMBER)


def test_only_who_makes_rolls_there_makes_them(money: Desk, family: Household) -> None:
    grant(family, money.approver, decided_on=date(2026, 11, 2))
    for by in (money.clerk, money.lead, money.approver, money.finance):
        with pytest.raises(NotPermitted):
            rolls.prepare_roll(DECEMBER, "dibao", area(LINXI), by=by, on=date(2026, 11, 26))


def test_a_roll_takes_as_many_statements_for_many_awards_as_for_one(money: Desk, family: Household) -> None:
    grant(family, money.approver, decided_on=date(2026, 11, 2))
    with CaptureQueriesContext(connection) as few:
        money.prepare(DECEMBER)
    for _ in range(4):
        grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    with CaptureQueriesContext(connection) as many:
        money.prepare(DECEMBER, on=date(2026, 11, 26) + timedelta(1))
    assert RollLine.objects.count() == 5
    assert len(many) <= len(few) + 4  # clearing the former lines and its event


def test_each_scheme_and_township_has_its_own_roll(money: Desk, family: Household) -> None:
    single = grant(register(money.clerk), money.approver, scheme="tekun", decided_on=date(2026, 11, 2))
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    tekun, dibao = money.prepare(DECEMBER, scheme="tekun"), money.prepare(DECEMBER)
    assert list(tekun.lines.values_list("award", flat=True)) == [single.pk]
    assert list(dibao.lines.values_list("award", flat=True)) == [award.pk]
