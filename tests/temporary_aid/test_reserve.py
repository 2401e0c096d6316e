"""备用金: what comes in and goes out, what is refused, and a mistake mended by another entry."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from foundation.errors import NotPermitted
from organizations.permissions import Role
from temporary_aid.models import ReserveEntry, ReserveFund
from temporary_aid.services import NotAllowed
from temporary_aid.services import reserve as acts
from tests.support.crews import HUAYANG, LINXI, VILLAGES
from tests.support.factories import area, make_staff
from tests.temporary_aid.reserves import OPENED, SINCE, Purse, noon, yuan

pytestmark = pytest.mark.django_db
LATER = date(2026, 9, 20)


def test_every_movement_is_numbered_on_with_the_balance_after_it(reserve: Purse) -> None:
    reserve.allocate(50000)
    paid = reserve.spend("2340.50")
    assert paid.aid is not None
    reserve.refund(paid.aid, "340.50")
    reserve.withdraw(10000)
    rows = ReserveEntry.objects.order_by("serial").values_list("serial", "kind", "amount", "balance_after")
    assert list(rows) == [
        (1, "allocation", yuan("50000.00"), yuan("50000.00")),
        (2, "advance", yuan("2340.50"), yuan("47659.50")),
        (3, "refund", yuan("340.50"), yuan("48000.00")),
        (4, "withdrawal", yuan("10000.00"), yuan("38000.00")),
    ]
    assert reserve.balance == yuan("38000.00")


def test_the_last_fen_may_be_spent_and_one_more_not(reserve: Purse) -> None:
    reserve.allocate(1000)
    with pytest.raises(NotAllowed) as refused:
        reserve.spend("1000.01")
    assert refused.value.message == ("备用金余额不足：临溪镇现有1,000.00元，不够1,000.01元。请先申请补拨，或减少金额。")
    assert refused.value.field == "amount"
    assert reserve.spend("1000.00").balance_after == 0


def test_a_township_without_a_reserve_is_told_so(reserve: Purse) -> None:
    huizhou = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="舒畅", on=SINCE)
    reserve.clerk = huizhou
    aid = reserve.aid(area=area(VILLAGES[HUAYANG]))
    with pytest.raises(NotAllowed, match="还没有设立备用金") as refused:
        reserve.spend(100, aid=aid)
    assert refused.value.field == "amount"


def test_an_aid_is_paid_from_the_reserve_once(reserve: Purse) -> None:
    reserve.allocate(5000)
    aid = reserve.aid()
    reserve.spend(1000, aid=aid)
    with pytest.raises(NotAllowed, match="已经从备用金支出过"):
        reserve.spend(1000, aid=aid)
    assert reserve.balance == yuan(4000)


def test_no_more_comes_back_than_was_paid(reserve: Purse) -> None:
    reserve.allocate(5000)
    aid = reserve.aid()
    with pytest.raises(NotAllowed, match=r"0\.00元"):
        reserve.refund(aid, 1)
    reserve.spend(1000, aid=aid)
    reserve.refund(aid, 600)
    with pytest.raises(NotAllowed, match=r"还没有退回的400\.00元"):
        reserve.refund(aid, "400.01")
    reserve.refund(aid, 400)
    assert reserve.balance == yuan(5000)


def test_a_day_to_come_and_one_before_the_reserve_are_refused(reserve: Purse) -> None:
    with pytest.raises(NotAllowed, match="不能晚于今天") as refused:
        reserve.allocate(100, on=date(2026, 9, 2), at=noon(OPENED))
    assert refused.value.field == "on"
    with pytest.raises(NotAllowed, match="不能早于备用金设立日（2026年9月1日）"):
        reserve.allocate(100, on=date(2026, 8, 31), at=noon(OPENED))


def test_an_entry_written_late_cannot_spend_what_came_only_afterwards(reserve: Purse) -> None:
    reserve.allocate(500)
    reserve.allocate(5000, on=LATER)
    with pytest.raises(NotAllowed, match=r"2026年9月2日起最少时只有500\.00元"):
        reserve.spend("500.01", on=date(2026, 9, 2), at=noon(LATER))
    assert reserve.spend(500, on=date(2026, 9, 2), at=noon(LATER)).balance_after == yuan(5000)


def test_an_entry_written_late_leaves_enough_for_what_was_spent_since(reserve: Purse) -> None:
    reserve.allocate(1000)
    reserve.spend(900, on=date(2026, 9, 10))
    reserve.allocate(5000, on=LATER)
    with pytest.raises(NotAllowed, match=r"最少时只有100\.00元"):
        reserve.spend(101, on=date(2026, 9, 2), at=noon(LATER))
    reserve.spend(100, on=date(2026, 9, 2), at=noon(LATER))


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_nothing_is_no_movement(reserve: Purse, amount: str) -> None:
    with pytest.raises(NotAllowed, match="金额须大于0"):
        reserve.allocate(amount)


def test_the_county_alone_allocates_and_takes_back(reserve: Purse) -> None:
    reserve.allocate(1000)
    reserve.officer = reserve.clerk
    for act in (reserve.allocate, reserve.withdraw):
        with pytest.raises(NotPermitted):
            act(10)


def test_money_is_moved_on_a_voucher(reserve: Purse) -> None:
    with pytest.raises(NotAllowed) as refused:
        acts.allocate(
            reserve.fund, amount=yuan(10), note="拨款", voucher=" ", by=reserve.officer, at=noon(OPENED), on=OPENED
        )
    assert refused.value.field == "voucher"


def test_a_reserve_is_set_up_once_and_for_a_township(reserve: Purse) -> None:
    with pytest.raises(NotAllowed, match="已经设立备用金"):
        acts.open_fund(area(LINXI), opened_on=OPENED, by=reserve.officer, at=noon(OPENED))
    with pytest.raises(NotAllowed, match="请选择乡镇"):
        acts.open_fund(area(VILLAGES[LINXI]), opened_on=OPENED, by=reserve.officer, at=noon(OPENED))
    with pytest.raises(NotAllowed, match="不能晚于今天"):
        acts.open_fund(area(HUAYANG), opened_on=LATER, by=reserve.officer, at=noon(OPENED))
    with pytest.raises(NotPermitted):
        acts.open_fund(area(HUAYANG), opened_on=OPENED, by=reserve.clerk, at=noon(OPENED))
    assert ReserveFund.objects.count() == 1


# --- 更正 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "kind", "amount", "balance"),
    [("5000", "correction_in", "4500.00", "5000.00"), ("0", "correction_out", "500.00", "0.00")],
)
def test_a_mistake_is_mended_by_an_entry_over_the_difference(
    reserve: Purse, right: str, kind: str, amount: str, balance: str
) -> None:
    wrong = reserve.allocate(500)
    mended = reserve.correct(wrong, right)
    assert (mended.kind, mended.amount, mended.corrects) == (kind, Decimal(amount), wrong)
    assert mended.note == "更正第1笔：录错金额"
    assert reserve.balance == Decimal(balance)


def test_what_went_out_too_little_is_mended_the_other_way_round(reserve: Purse) -> None:
    reserve.allocate(1000)
    mended = reserve.correct(reserve.withdraw(100), 300)
    assert (mended.kind, mended.amount, reserve.balance) == ("correction_out", yuan(200), yuan(700))


def test_a_mistaken_correction_is_mended_itself(reserve: Purse) -> None:
    wrong = reserve.allocate(500)
    first = reserve.correct(wrong, 5000)  # in by 4500; it should have been 6000, in by 5500
    with pytest.raises(NotAllowed, match="第1笔已经更正过"):
        reserve.correct(wrong, 6000)
    reserve.approver = make_staff(Role.COUNTY_APPROVER, "341824", name="石庆丰", on=SINCE)
    assert reserve.correct(first, 5500).amount == yuan(1000)
    assert reserve.balance == yuan(6000)


def test_a_correction_needs_another_amount_another_person_and_money_that_is_there(reserve: Purse) -> None:
    wrong = reserve.allocate(500)
    with pytest.raises(NotAllowed, match="不用更正"):
        reserve.correct(wrong, 500)
    with pytest.raises(NotAllowed, match="不能是负数"):
        reserve.correct(wrong, -1)
    reserve.spend(300)
    with pytest.raises(NotAllowed, match="备用金余额不足"):
        reserve.correct(wrong, 100)
    for other in (reserve.officer, reserve.clerk, reserve.lead):
        reserve.approver = other
        with pytest.raises(NotPermitted):
            reserve.correct(wrong, 400)


def test_payments_and_what_came_back_are_mended_at_the_aid(reserve: Purse) -> None:
    reserve.allocate(500)
    paid = reserve.spend(300)
    with pytest.raises(NotAllowed, match="请到那件临时救助中办理"):
        reserve.correct(paid, 200)


# --- 数据库 -----------------------------------------------------------------------------------------------------------


def test_the_balance_is_not_written_past_the_entries(reserve: Purse) -> None:
    reserve.allocate(500)
    with pytest.raises(DatabaseError, match="moved by its entries only"), transaction.atomic():
        ReserveFund.objects.update(balance=9999)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        ReserveEntry.objects.update(amount=1)
