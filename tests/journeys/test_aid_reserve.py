"""From the village's call to the signed month: money is paid first, comes back in part, and every slip is found."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from temporary_aid.models import Replenishment, ReserveEntry, TemporaryAid
from temporary_aid.queries.reconciling import month_sums, slip_lines
from temporary_aid.queries.reserve_lists import reserve_row
from temporary_aid.services import NotAllowed, reconciling, replenishing, reserve
from temporary_aid.services.recouping import RepaymentData, record_repayment
from tests.support.crews import Crew, county_data, crew
from tests.temporary_aid.advances import ASKED, SOON, advanced, fund, pay, recouping
from tests.temporary_aid.reserves import OCTOBER, SEPTEMBER, noon

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def test_a_month_of_advances_is_paid_replenished_and_signed(people: Crew) -> None:
    """6,000 − 2,340 − 2,340 + 2,340 = 3,660; the line is 1,200, the lowest balance 1,320: nothing is asked."""
    held = fund(people, amount="6000.00")
    kept = advanced(people)
    wrong = recouping(people, cause="traffic")
    repaid = RepaymentData(ASKED, SOON.date(), "退-1")
    record_repayment(wrong, data=repaid, by=people.officer, at=SOON)
    slips = [kept.advance_slip, wrong.aid.advance_slip]
    held.refresh_from_db()
    assert held.balance == D("3660.00")
    assert not Replenishment.objects.exists()

    sums = month_sums(held, SEPTEMBER)
    assert (sums.allocated, sums.advanced, sums.refunded, sums.closing) == (6000, 2 * ASKED, ASKED, D("3660.00"))
    lines = slip_lines(held, SEPTEMBER)
    assert [(line.slip_number, line.slip_amount, line.fault) for line in lines] == [
        (slip.number, ASKED, None) for slip in slips
    ]

    sheet = reconciling.prepare_sheet(
        held,
        SEPTEMBER,
        counted_cash=D("660.00"),
        bank_balance=D("3000.00"),
        difference_note="",
        by=people.officer,
        at=noon(OCTOBER),
    )
    reconciling.sign_sheet(sheet, by=people.lead, at=noon(OCTOBER))
    with pytest.raises(NotAllowed, match="2026年9月的备用金对账表已经签认"):
        reserve.withdraw_to_county(
            held,
            amount=D(1),
            note="收回",
            voucher="收-1",
            by=people.visitor,
            at=noon(OCTOBER),
            on=date(2026, 9, 30),
        )


def test_an_advance_that_takes_the_reserve_below_its_line_asks_the_county_by_itself(people: Crew) -> None:
    """2,900 − 2,340 = 560 is below 20 % of 2,900, which is 580; the county grants and pays what is lacking, 2,340."""
    held = fund(people, amount="2900.00")
    advanced(people)
    asked = Replenishment.objects.get()
    assert (asked.is_automatic, asked.balance_then, asked.warning_line) == (True, D("560.00"), D("580.00"))
    assert asked.asked_amount == ASKED
    row = reserve_row(held, on=SOON.date())
    assert (row.month_spent, row.request) == (ASKED, asked)
    replenishing.approve_replenishment(asked, amount=ASKED, opinion="同意", by=people.approver, at=SOON)
    entry = replenishing.pay_replenishment(asked, voucher="补-1", by=people.visitor, at=SOON, on=SOON.date())
    assert entry.balance_after == D("2900.00")


def test_without_money_nothing_of_the_advance_is_written(people: Crew) -> None:
    held = fund(people, amount="2339.99")
    with pytest.raises(NotAllowed, match="备用金余额不足"):
        advanced(people)
    aid = TemporaryAid.objects.get()
    assert (aid.state, aid.amount, aid.first_paid_at) == ("advance_asked", None, None)
    assert not aid.stages.exists()
    reserve.allocate(held, amount=D("0.01"), note="补足", voucher="拨-2", by=people.visitor, at=SOON, on=SOON.date())
    pay(aid, people, at=SOON + timedelta(minutes=5))
    assert ReserveEntry.objects.get(kind="advance").balance_after == 0
