"""Two desks at one reserve and at one shelf: the last yuan and the last quilt are given once."""

from datetime import date
from decimal import Decimal

import pytest

from temporary_aid.models import AidStage, Replenishment, ReserveEntry, Stock, StockEntry
from temporary_aid.services import replenishing, stock
from tests.concurrency.together import refusals, sentence, together
from tests.support.crews import HUAYANG, LINXI, county_data
from tests.support.factories import area
from tests.temporary_aid.reserves import OPENED, SEPTEMBER, Purse, noon, purse, quilt, stage_of, yuan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Purse:
    county_data()
    return purse()


def test_two_desks_spend_the_last_yuan(desk: Purse) -> None:
    desk.allocate(1000)
    aids = [desk.aid(), desk.aid()]
    outcomes = together(*(lambda aid=aid: desk.spend("600.00", aid=aid) for aid in aids))
    assert sentence(outcomes) == ("备用金余额不足：临溪镇现有400.00元，不够600.00元。请先申请补拨，或减少金额。")
    assert desk.balance == yuan(400)
    assert ReserveEntry.objects.filter(kind="advance").count() == 1


def test_two_desks_pay_the_same_aid(desk: Purse) -> None:
    desk.allocate(5000)
    aid = desk.aid()
    outcomes = together(*(lambda: desk.spend("600.00", aid=aid) for _ in range(2)))
    assert "已经从备用金支出过" in sentence(outcomes)
    assert desk.balance == yuan(4400)


def test_what_two_desks_spend_and_the_county_pays_in_at_once_is_numbered_without_gaps(desk: Purse) -> None:
    desk.allocate(5000)
    aids = [desk.aid(), desk.aid()]
    acts = [lambda aid=aid: desk.spend("600.00", aid=aid) for aid in aids]
    assert refusals(together(*acts, lambda: desk.allocate(100))) == []
    rows = list(ReserveEntry.objects.order_by("serial").values_list("serial", "balance_after"))
    assert [serial for serial, _ in rows] == [1, 2, 3, 4]
    assert rows[-1][1] == desk.balance == yuan(3900)


def test_two_payments_below_the_line_ask_once(desk: Purse) -> None:
    desk.allocate(5000)  # the line is 1,000
    desk.withdraw(3800)
    aids = [desk.aid(), desk.aid()]
    assert refusals(together(*(lambda aid=aid: desk.spend("300.00", aid=aid) for aid in aids))) == []
    assert Replenishment.objects.get().balance_then == yuan(900)


def test_a_granted_request_is_paid_in_once(desk: Purse) -> None:
    asked = desk.ask(2000)
    replenishing.approve_replenishment(asked, amount=yuan(2000), opinion="", by=desk.approver, at=noon(OPENED))

    def pay() -> ReserveEntry:
        return replenishing.pay_replenishment(asked, voucher="补-01", by=desk.officer, at=noon(OPENED), on=OPENED)

    assert "现在是“已拨付”" in sentence(together(pay, pay))
    assert desk.balance == yuan(2000)


def test_one_signs_the_month_while_another_writes_into_it(desk: Purse) -> None:
    desk.allocate(5000)
    sheet = desk.prepare(SEPTEMBER, cash=5000)
    outcomes = together(
        lambda: desk.sign(sheet, on=date(2026, 10, 2)), lambda: desk.allocate(100, at=noon(date(2026, 10, 2)))
    )
    assert len(refusals(outcomes)) == 1
    sheet.refresh_from_db()
    assert desk.balance == (yuan(5000) if sheet.signed_on else yuan(5100))


def test_two_families_are_given_the_last_quilt(desk: Purse) -> None:
    item = quilt(desk.officer)
    desk.receive(item, 1)
    stages = [stage_of(desk.aid(), (item, 1)) for _ in range(2)]

    def give(stage: AidStage) -> list[StockEntry]:
        return stock.give(stage, by=desk.clerk, at=noon(OPENED), on=OPENED)

    outcomes = together(*(lambda stage=stage: give(stage) for stage in stages))
    assert sentence(outcomes) == "物资库存不足：棉被要1床，现有0床。请先入库或调入，或改发其他物资。"
    assert Stock.objects.get().count == 0
    assert StockEntry.objects.filter(kind="given").count() == 1


def test_the_goods_of_one_stage_leave_once_at_two_desks(desk: Purse) -> None:
    item = quilt(desk.officer)
    desk.receive(item, 9)
    stage = stage_of(desk.aid(), (item, 2))
    outcomes = together(*(lambda: stock.give(stage, by=desk.clerk, at=noon(OPENED), on=OPENED) for _ in range(2)))
    assert "已经出库" in sentence(outcomes)
    assert Stock.objects.get().count == 7


def test_two_moves_in_opposite_directions_do_not_wait_for_one_another(desk: Purse) -> None:
    item = quilt(desk.officer, value=str(Decimal("120.00")))
    desk.receive(item, 9)
    here, there = area(LINXI), area(HUAYANG)
    shelf = Stock.objects.get()
    stock.move(shelf, there, count=4, note="支援", by=desk.officer, at=noon(OPENED), on=OPENED)
    other = Stock.objects.get(area=there)

    def move(source: Stock, to: object) -> object:
        return stock.move(source, to, count=1, note="调", by=desk.officer, at=noon(OPENED), on=OPENED)  # type: ignore[arg-type]

    assert refusals(together(lambda: move(shelf, there), lambda: move(other, here))) == []
    assert dict(Stock.objects.values_list("area__code", "count")) == {LINXI: 5, HUAYANG: 4}
