"""追回: every overpaid month itemised, decided by two, kept back by instalments or returned, nothing taken twice."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits import services
from benefits.models import Award, MonthlyRoll, Recoupment, RollLine
from benefits.queries.overpayments import overpaid_months
from benefits.rules.months import months_after
from benefits.rules.recoupments import OfMonth, instalment, may_take, spread
from benefits.services import CoveredPerson, recouping, rolls
from foundation.errors import NotPermitted
from households import services as households
from households.models import Household
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.benefits.paying import SINCE, Desk, amounts, change, desk, instant, items, line_of, with_account
from tests.households.builders import head, join, register
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY, FEBRUARY, MARCH, APRIL = (months_after(date(2026, 12, 1), n) for n in range(5))
D = Decimal


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def family(money: Desk) -> Household:
    return with_account(register(money.clerk), money.clerk)


@pytest.fixture
def award(money: Desk, family: Household) -> Award:
    """Paid 515 for December and January; owed 115 since December, by a decision of 10 January."""
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER, JANUARY)
    persons = [CoveredPerson(head(family).person)]
    change(award, "115.00", persons, from_month=DECEMBER, on=date(2027, 1, 10), by=money.approver, kind="cut")
    return award


def proposed(money: Desk, award: Award) -> Recoupment:
    return recouping.propose_recoupment(
        award, reason="隐瞒工资收入", source="2027-0003", by=money.officer, on=date(2027, 1, 11)
    )


@pytest.fixture
def order(money: Desk, award: Award) -> Recoupment:
    return recouping.approve_recoupment(proposed(money, award), by=money.approver, on=date(2027, 1, 12))


# --- 分期 ---------------------------------------------------------------------------------------------------------


def test_a_month_takes_its_share_to_the_fen_and_never_more() -> None:
    assert may_take(D("115.01"), D("0.50")) == D("57.50")
    owed = [OfMonth(JANUARY, D("30.00")), OfMonth(DECEMBER, D("40.00"))]
    assert instalment(owed, month_sum=D(115), share=D("0.50")) == [
        OfMonth(DECEMBER, D("40.00")),
        OfMonth(JANUARY, D("17.50")),
    ]
    assert instalment(owed, month_sum=D(0), share=D("0.50")) == []


@given(
    st.lists(st.decimals(D("0.01"), D(2000), places=2), max_size=6),
    st.decimals(D(0), D(3000), places=2),
    st.decimals(D(0), D(1), places=2),
)
def test_no_month_takes_more_than_its_share_or_than_is_owed_back(
    owed: list[Decimal], month_sum: Decimal, share: Decimal
) -> None:
    rows = [OfMonth(months_after(DECEMBER, place), amount) for place, amount in enumerate(owed)]
    taken = {row.for_month: row.amount for row in instalment(rows, month_sum=month_sum, share=share)}
    assert sum(taken.values()) <= min(month_sum * share, sum(owed))
    assert all(0 < taken[row.for_month] <= row.amount for row in rows if row.for_month in taken)
    assert sum(row.amount for row in spread(sum(owed, D(0)), rows)) == sum(owed)


# --- 录入、审批 ---------------------------------------------------------------------------------------------------


def test_what_was_overpaid_is_itemised_by_month(money: Desk, award: Award) -> None:
    order = proposed(money, award)
    assert (order.number, order.state, order.total_amount) == ("ZH202700001", "proposed", D("800.00"))
    assert list(order.months.values_list("for_month", "paid_amount", "owed_amount", "amount")) == [
        (DECEMBER, D(515), D(115), D(400)),
        (JANUARY, D(515), D(115), D(400)),
    ]
    with pytest.raises(recouping.RecoupmentRefused, match="已有没办完的追回单"):
        proposed(money, award)


def test_it_is_approved_by_somebody_else(money: Desk, award: Award) -> None:
    order = proposed(money, award)
    for by in (money.officer, money.clerk, money.finance):
        with pytest.raises(NotPermitted):
            recouping.approve_recoupment(order, by=by, on=date(2027, 1, 12))
    both = make_staff(Role.COUNTY_APPROVER, "341824", name="舒畅", on=SINCE)
    Recoupment.objects.filter(pk=order.pk).update(entered_by=both)
    with pytest.raises(NotPermitted, match="录入人不能审批自己录入的"):
        recouping.approve_recoupment(order, by=both, on=date(2027, 1, 12))
    assert recouping.approve_recoupment(order, by=money.approver, on=date(2027, 1, 12)).state == "approved"


def test_nothing_is_recouped_that_was_not_overpaid(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    with pytest.raises(recouping.RecoupmentRefused, match="没有多发的月份"):
        proposed(money, award)


def test_an_order_that_no_longer_fits_is_entered_anew(money: Desk, family: Household, award: Award) -> None:
    order = proposed(money, award)
    persons = [CoveredPerson(head(family).person)]
    change(award, "315.00", persons, from_month=JANUARY, on=date(2027, 1, 12), by=money.approver)
    with pytest.raises(recouping.RecoupmentRefused, match="已经变化"):
        recouping.approve_recoupment(order, by=money.approver, on=date(2027, 1, 13))
    recouping.void_recoupment(order, reason="金额有变", by=money.officer, on=date(2027, 1, 13))
    assert proposed(money, award).total_amount == D("600.00")  # 400 of December, 515 − 315 of January


# --- 抵扣 ---------------------------------------------------------------------------------------------------------


def test_what_is_only_proposed_takes_nothing(money: Desk, award: Award) -> None:
    proposed(money, award)
    money.pay(FEBRUARY)
    assert amounts(award, FEBRUARY) == (D(115), 0, 0, 0, D(115))


def test_each_month_takes_half_of_its_sum_the_oldest_month_first_and_the_rest_later(
    money: Desk, order: Recoupment, award: Award
) -> None:
    money.pay(FEBRUARY, MARCH)
    assert amounts(award, FEBRUARY) == (D(115), 0, 0, D("57.50"), D("57.50"))
    assert items(award, FEBRUARY) == items(award, MARCH) == [("recoupment", DECEMBER, D("57.50"))]
    assert Recoupment.objects.get().state == "approved"
    assert [(row.month, row.paid, row.owed) for row in overpaid_months(award)] == [
        (DECEMBER, D("400.00"), D(115)),  # 515 less two instalments of 57.50
        (JANUARY, D(515), D(115)),
    ]


def test_it_is_settled_with_the_roll_that_took_the_last_of_it(
    money: Desk, family: Household, order: Recoupment, award: Award
) -> None:
    persons = [CoveredPerson(head(family).person)]
    change(award, "900.00", persons, from_month=FEBRUARY, on=date(2027, 1, 15), by=money.approver)
    money.pay(FEBRUARY)
    # Half of 900 is 450: all 400 of December and 50 of January.
    assert items(award, FEBRUARY) == [("recoupment", DECEMBER, D(400)), ("recoupment", JANUARY, D(50))]
    march = money.prepare(MARCH)
    assert items(award, MARCH) == [("recoupment", JANUARY, D(350))]
    assert Recoupment.objects.get().state == "approved"
    money.freeze(march)
    assert (Recoupment.objects.get().state, overpaid_months(award)) == ("settled", [])
    money.pay(APRIL)
    assert amounts(award, APRIL) == (D(900), 0, 0, 0, D(900))


def test_a_roll_with_an_order_voided_since_is_made_again(money: Desk, order: Recoupment, award: Award) -> None:
    roll = money.prepare(FEBRUARY)
    with pytest.raises(NotPermitted):
        recouping.void_recoupment(order, reason="证据不足", by=money.officer, on=roll.prepared_on)
    recouping.void_recoupment(order, reason="证据不足", by=money.approver, on=roll.prepared_on)
    with pytest.raises(rolls.RollOutdated, match=r"追回已经变化.*重新生成"):
        money.freeze(roll)
    rolls.return_roll(roll, reason="重新生成", by=money.finance, on=roll.prepared_on)
    money.freeze(money.prepare(FEBRUARY))
    assert amounts(award, FEBRUARY) == (D(115), 0, 0, 0, D(115))


def test_a_stopped_award_gives_back_in_cash_only(money: Desk, order: Recoupment, award: Award) -> None:
    grant(register(money.clerk), money.approver, decided_on=date(2027, 1, 2))
    services.end_award(
        award, last_month=JANUARY, reason="停发", decided_by=money.approver, decided_on=date(2027, 1, 20)
    )
    money.pay(FEBRUARY)
    assert line_of(award, FEBRUARY) is None
    day = date(2027, 2, 3)
    terms = {"way": "现金，收据0012", "returned_on": day, "by": money.officer, "on": day}
    with pytest.raises(recouping.RecoupmentRefused, match=r"不超过还没有追回的800\.00元") as refusal:
        recouping.record_return(order, amount=D("800.01"), **terms)
    assert refusal.value.field == "amount"
    rows = recouping.record_return(order, amount=D("500.00"), **terms)
    assert [(row.for_month, row.amount) for row in rows] == [(DECEMBER, D(400)), (JANUARY, D(100))]
    recouping.record_return(order, amount=D("300.00"), **terms)
    assert (Recoupment.objects.get().state, overpaid_months(award)) == ("settled", [])


def test_cash_between_the_making_and_the_freezing_is_not_taken_twice(
    money: Desk, order: Recoupment, award: Award
) -> None:
    roll = money.prepare(FEBRUARY)
    day = roll.prepared_on
    terms = {"way": "转账", "returned_on": day, "by": money.officer, "on": day}
    with pytest.raises(recouping.RecoupmentRefused, match=r"742\.50"):  # 800 less what February takes
        recouping.record_return(order, amount=D("800.00"), **terms)
    recouping.record_return(order, amount=D("742.50"), **terms)
    assert Recoupment.objects.get().state == "approved"
    money.freeze(roll)
    assert (Recoupment.objects.get().state, overpaid_months(award)) == ("settled", [])


# --- 死亡、未到账 -------------------------------------------------------------------------------------------------


def test_months_paid_after_a_death_come_back_month_by_month(money: Desk, family: Household) -> None:
    wife = join(family, money.clerk)
    persons = [CoveredPerson(head(family).person), CoveredPerson(wife.person, D("104.00"), "A")]
    award = grant(family, money.approver, monthly_amount=D("521.00"), persons=persons, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER, JANUARY, FEBRUARY)
    # She died on 31 December: her 208.50 and 104 are paid for December, and were paid twice too often.
    found_out = instant(date(2027, 2, 20))
    households.record_death(wife, died_on=date(2026, 12, 31), by=money.clerk, at=found_out)
    order = recouping.propose_recoupment(award, reason="死亡后仍发放", by=money.officer, on=date(2027, 2, 21))
    assert list(order.months.values_list("for_month", "amount")) == [(JANUARY, D("312.50")), (FEBRUARY, D("312.50"))]


def test_a_whole_award_paid_after_its_only_person_died_is_all_owed_back(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER, JANUARY)
    households.record_death(head(family), died_on=date(2026, 12, 1), by=money.clerk, at=instant(date(2027, 1, 20)))
    assert [(row.month, row.above) for row in overpaid_months(award)] == [(JANUARY, D(515))]


def test_what_the_bank_sent_back_is_not_asked_back_from_the_family(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    (december,) = money.pay(DECEMBER)
    money.pay(JANUARY)
    answered(december, "failed")
    households.record_death(head(family), died_on=date(2026, 11, 20), by=money.clerk, at=instant(date(2027, 1, 20)))
    assert [row.month for row in overpaid_months(award)] == [JANUARY]


# --- 失败重发 -----------------------------------------------------------------------------------------------------


def answered(roll: MonthlyRoll, state: str) -> None:
    """As the bank's return leaves it."""
    reason = "账号错误" if state == "failed" else ""
    RollLine.objects.filter(roll=roll).exclude(state="held").update(state=state, failure=reason)
    MonthlyRoll.objects.filter(pk=roll.pk).update(state="settled")


def test_a_failed_payment_is_issued_anew_to_the_new_account_once(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    (roll,) = money.pay(DECEMBER)
    answered(roll, "failed")
    with_account(family, money.clerk, holder="汪秋菊", on=date(2026, 12, 10))
    day = date(2026, 12, 11)
    again = rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day)
    assert (again.kind, again.number, again.total_amount) == ("reissue", "FF202612-DB-101-2", D("515.00"))
    row = again.lines.get()
    assert (row.reissue_of, row.payee_name, row.amount, row.state) == (
        line_of(award, DECEMBER),
        "汪秋菊",
        D(515),
        "waiting",
    )
    assert line_of(award, DECEMBER).state == "failed"
    money.freeze(again, on=day)
    assert line_of(award, DECEMBER).state == "reissued"
    with pytest.raises(rolls.RollRefused, match="没有可以重发的"):
        rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day)
    # The month itself is not paid again by the rolls that follow.
    money.pay(JANUARY)
    assert amounts(award, JANUARY) == (D(515), 0, 0, 0, D(515))
    # And what fails again is issued again.
    answered(again, "failed")
    third = rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day)
    assert third.lines.get().reissue_of == row


def test_what_was_held_is_issued_once_there_is_an_account(money: Desk) -> None:
    family = register(money.clerk)
    grant(family, money.approver, decided_on=date(2026, 11, 2))
    (roll,) = money.pay(DECEMBER)
    day = date(2026, 12, 11)
    with pytest.raises(rolls.RollRefused, match="账户还没有补登"):
        rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day)
    with_account(family, money.clerk, on=day)
    assert rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day).line_count == 1


def test_what_failed_and_is_no_longer_owed_is_not_paid_anew(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    (roll,) = money.pay(DECEMBER)
    answered(roll, "failed")
    day = date(2026, 12, 11)
    again = rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day)
    households.record_death(head(family), died_on=date(2026, 11, 20), by=money.clerk, at=instant(day))
    with pytest.raises(rolls.RollOutdated):
        money.freeze(again, on=day)
    assert rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day).total_amount == 0
    assert line_of(award, DECEMBER).state == "failed"


def test_a_void_reissue_leaves_the_payment_failed(money: Desk, family: Household) -> None:
    award = grant(family, money.approver, decided_on=date(2026, 11, 2))
    (roll,) = money.pay(DECEMBER)
    answered(roll, "failed")
    day = date(2026, 12, 11)
    again = rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day)
    rolls.void_roll(again, reason="账户仍有误", by=money.officer, on=day)
    assert line_of(award, DECEMBER).state == "failed"
    assert rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=money.officer, on=day).line_count == 1
