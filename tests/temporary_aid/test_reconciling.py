"""月度对账: the month's sums, its payments beside the slips one by one, two people, and a month that is closed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from foundation.errors import NotPermitted
from organizations.permissions import Role
from temporary_aid.models import Reconciliation, ReserveEntry, StageState
from temporary_aid.queries.reconciling import SlipFault, month_sums, months_to_sign, next_month, slip_lines
from temporary_aid.services import NotAllowed, reconciling
from tests.support.crews import LINXI
from tests.support.factories import make_staff
from tests.temporary_aid.reserves import NOVEMBER, OCTOBER, OPENED, SEPTEMBER, SINCE, Purse, noon, yuan

pytestmark = pytest.mark.django_db
LAST_OF_SEPTEMBER = date(2026, 9, 30)


def faults(reserve: Purse, month: date = SEPTEMBER) -> list[SlipFault | None]:
    return [line.fault for line in slip_lines(reserve.fund, month)]


def test_a_month_adds_up_by_hand(reserve: Purse) -> None:
    """50,000 − 2,340 − 1,560 + 500 − 10,200 + 200 = 36,600; October begins with it."""
    reserve.allocate(50000)
    first = reserve.spend(2340, on=date(2026, 9, 12))
    reserve.spend(1560, on=LAST_OF_SEPTEMBER)
    assert first.aid is not None
    reserve.refund(first.aid, 500, on=LAST_OF_SEPTEMBER)
    back = reserve.withdraw(10200, on=LAST_OF_SEPTEMBER)
    reserve.correct(back, 10000, on=LAST_OF_SEPTEMBER)
    reserve.spend(800, on=OCTOBER)
    found = month_sums(reserve.fund, SEPTEMBER)
    assert (found.opening, found.allocated, found.advanced, found.refunded) == (0, 50000, 3900, 500)
    assert (found.withdrawn, found.corrected, found.closing, found.advances_count) == (10200, 200, 36600, 2)
    october = month_sums(reserve.fund, OCTOBER)
    assert (october.opening, october.advanced, october.closing) == (36600, 800, 35800)


def test_a_december_is_followed_by_a_january() -> None:
    assert [next_month(date(2026, number, 1)) for number in (1, 11, 12)] == [
        date(2026, 2, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_a_sheet_whose_payments_all_have_their_slips_is_signed_by_another(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.slip(reserve.spend(2340))
    assert faults(reserve) == [None]
    sheet = reserve.prepare(SEPTEMBER, cash=660, bank=47000)
    assert (sheet.closing, sheet.advances_count, sheet.difference_note) == (yuan(47660), 1, "")
    signed = reserve.sign(sheet)
    assert (signed.signed_by, signed.signed_on) == (reserve.lead, date(2026, 12, 1))


# --- 逐笔核对 ---------------------------------------------------------------------------------------------------------


def test_an_entry_without_a_slip_is_explained_but_not_signed(reserve: Purse) -> None:
    reserve.allocate(5000)
    entry = reserve.spend(1000)
    assert entry.aid is not None
    assert faults(reserve) == [SlipFault.NO_SLIP]
    with pytest.raises(NotAllowed) as refused:
        reserve.prepare(SEPTEMBER, cash=4000)
    assert refused.value.message == f"{entry.aid.number}：有支出，无先行单，请写明差异。"
    assert refused.value.field == "difference_note"
    sheet = reserve.prepare(SEPTEMBER, cash=4000, note="先行单漏开，正在补")
    with pytest.raises(NotAllowed, match="有支出，无先行单，须先对平再签认"):
        reserve.sign(sheet)
    reserve.slip(entry)
    assert reserve.sign(sheet).signed_on is not None


def paid_stage(reserve: Purse, amount: str, *, on: date) -> Any:
    """A first stage that says it was paid from the reserve, past the services."""
    aid = reserve.aid(on=on)
    return aid.stages.create(
        serial=1,
        form="money",
        amount=yuan(amount),
        state=StageState.PAID,
        source="reserve",
        method="cash",
        paid_at=noon(on),
        paid_by=reserve.clerk,
        second_hand="汪志强",
        received_by="许金宝",
    )


def test_money_handed_out_without_an_entry_is_found(reserve: Purse) -> None:
    reserve.allocate(5000)
    stage = paid_stage(reserve, "1000", on=LAST_OF_SEPTEMBER)
    (line,) = slip_lines(reserve.fund, SEPTEMBER)
    assert (line.fault, line.aid, line.serial, line.slip_amount) == (
        SlipFault.NO_ENTRY,
        stage.aid_id,
        None,
        yuan(1000),
    )
    assert line.must_be_mended
    assert faults(reserve, OCTOBER) == []
    sheet = reserve.prepare(SEPTEMBER, cash=5000, note="待补记")
    with pytest.raises(NotAllowed, match="流水无支出，须先对平"):
        reserve.sign(sheet)


def test_other_townships_payments_are_not_this_reserves(reserve: Purse) -> None:
    reserve.allocate(5000)
    stage = paid_stage(reserve, "1000", on=OPENED)
    stage.aid.area = type(stage.aid.area).objects.get(code="341824100201")
    stage.aid.save()
    assert faults(reserve) == []


def test_a_slip_over_another_amount_than_its_entry_is_found(reserve: Purse) -> None:
    reserve.allocate(5000)
    reserve.slip(reserve.spend(1000), amount=900)
    assert faults(reserve) == [SlipFault.AMOUNT]
    sheet = reserve.prepare(SEPTEMBER, cash=4000, note="写错")
    with pytest.raises(NotAllowed, match="先行单与支出金额不同"):
        reserve.sign(sheet)


def test_an_entry_in_another_month_than_its_slip_stands_in_both_and_is_explained(reserve: Purse) -> None:
    """Handed out at 23:50 on the last of September, written down on the first of October."""
    reserve.allocate(5000)
    late_at_night = noon(LAST_OF_SEPTEMBER) + timedelta(hours=11, minutes=50)
    reserve.slip(reserve.spend(1000, on=OCTOBER), paid_at=late_at_night)
    assert faults(reserve) == faults(reserve, OCTOBER) == [SlipFault.OTHER_MONTH]
    with pytest.raises(NotAllowed, match="不在同一个月，请写明差异"):
        reserve.prepare(SEPTEMBER, cash=5000)
    first = reserve.prepare(SEPTEMBER, cash=5000, note="9月30日夜间发放，10月1日入账")
    second = reserve.prepare(OCTOBER, cash=4000, note="9月30日夜间发放，10月1日入账")
    assert reserve.sign(first).signed_on == reserve.sign(second).signed_on == date(2026, 12, 1)


def test_ten_minutes_later_it_is_the_same_month(reserve: Purse) -> None:
    reserve.allocate(5000)
    midnight = noon(LAST_OF_SEPTEMBER) + timedelta(hours=12)
    reserve.slip(reserve.spend(1000, on=OCTOBER), paid_at=midnight)
    assert (faults(reserve), faults(reserve, OCTOBER)) == ([], [None])


def test_many_faults_are_counted_after_the_first(reserve: Purse) -> None:
    reserve.allocate(5000)
    first, _ = reserve.spend(1000), reserve.spend(1000)
    assert first.aid is not None
    with pytest.raises(NotAllowed, match=f"{first.aid.number}等2笔：有支出，无先行单"):
        reserve.prepare(SEPTEMBER, cash=3000)


# --- 盘点差异 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cash", "difference"), [("4999.99", "0.01"), ("5000.01", "0.01")])
def test_money_that_is_not_the_balance_is_explained(reserve: Purse, cash: str, difference: str) -> None:
    reserve.allocate(5000)
    with pytest.raises(NotAllowed, match=f"相差{difference}元，请写明差异") as refused:
        reserve.prepare(SEPTEMBER, cash=cash)
    assert refused.value.field == "difference_note"
    assert reserve.prepare(SEPTEMBER, cash=cash, note="找零").difference_note == "找零"


# --- 签认 -------------------------------------------------------------------------------------------------------------


def test_a_month_is_prepared_once_it_is_over_and_again_until_it_is_signed(reserve: Purse) -> None:
    reserve.allocate(5000)
    with pytest.raises(NotAllowed, match="2026年9月还没有结束"):
        reserve.prepare(SEPTEMBER, cash=5000, on=LAST_OF_SEPTEMBER)
    with pytest.raises(NotAllowed, match="2026年8月还没有设立"):
        reserve.prepare(date(2026, 8, 1), cash=0)
    first = reserve.prepare(SEPTEMBER, cash=5000, on=OCTOBER)
    reserve.withdraw(100, on=LAST_OF_SEPTEMBER)
    with pytest.raises(NotAllowed, match="流水又有变动，请重新编制"):
        reserve.sign(first)
    again = reserve.prepare(SEPTEMBER, cash=4900)
    assert (again.pk, again.closing) == (first.pk, yuan(4900))
    reserve.sign(again)
    for act in (lambda: reserve.prepare(SEPTEMBER, cash=4900), lambda: reserve.sign(again)):
        with pytest.raises(NotAllowed, match="已经签认"):
            act()


def test_months_are_signed_one_after_the_other(reserve: Purse) -> None:
    september, october = reserve.prepare(SEPTEMBER, cash=0), reserve.prepare(OCTOBER, cash=0)
    with pytest.raises(NotAllowed, match="2026年9月的对账表还没有签认"):
        reserve.sign(october)
    assert months_to_sign(reserve.fund, on=date(2026, 11, 30)) == [SEPTEMBER, OCTOBER]
    reserve.sign(september)
    reserve.sign(october)
    assert months_to_sign(reserve.fund, on=date(2026, 11, 30)) == []
    assert months_to_sign(reserve.fund, on=date(2026, 12, 1)) == [NOVEMBER]


def test_who_prepared_does_not_sign_nor_does_who_may_not(reserve: Purse) -> None:
    sheet = reserve.prepare(SEPTEMBER, cash=0)
    for other in (reserve.clerk, reserve.approver):
        with pytest.raises(NotPermitted):
            reconciling.sign_sheet(sheet, by=other, at=noon(OCTOBER))
    both = make_staff(Role.TOWNSHIP_APPROVER, LINXI, name="舒畅", on=SINCE)
    Reconciliation.objects.update(prepared_by=both)
    with pytest.raises(NotAllowed, match="编制人不能签认"):
        reconciling.sign_sheet(sheet, by=both, at=noon(OCTOBER))
    reserve.clerk = reserve.lead
    with pytest.raises(NotPermitted):
        reserve.prepare(OCTOBER, cash=0)


def test_a_signed_month_takes_no_entry_by_service_or_by_hand(reserve: Purse) -> None:
    reserve.allocate(5000)
    reserve.sign(reserve.prepare(SEPTEMBER, cash=5000), on=OCTOBER)
    with pytest.raises(NotAllowed) as refused:
        reserve.spend(100, on=LAST_OF_SEPTEMBER, at=noon(OCTOBER))
    assert refused.value.message.startswith("临溪镇2026年9月的备用金对账表已经签认，不能再记2026年9月的账。")
    assert refused.value.field == "on"
    with pytest.raises(DatabaseError, match="month of the entry is reconciled"), transaction.atomic():
        ReserveEntry.objects.create(
            fund=reserve.fund,
            serial=2,
            kind="allocation",
            amount=Decimal(1),
            balance_after=Decimal(5001),
            occurred_on=LAST_OF_SEPTEMBER,
            note="补",
            by=reserve.officer,
            at=noon(OCTOBER),
        )
    assert reserve.spend(100, on=OCTOBER).serial == 2


def test_a_signed_sheet_is_not_changed(reserve: Purse) -> None:
    sheet = reserve.sign(reserve.prepare(SEPTEMBER, cash=0))
    with pytest.raises(DatabaseError, match="signed_reconciliation_stays"), transaction.atomic():
        Reconciliation.objects.filter(pk=sheet.pk).update(difference_note="改")
