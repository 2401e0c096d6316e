"""退库 of goods that an aid was given: back into the stock at their value, and counted towards what is asked back."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, InternalError
from django.urls import reverse

from foundation.errors import NotPermitted
from temporary_aid.models import (
    AidRecoupment,
    AidRepayment,
    Stock,
    StockEntry,
    StockItem,
)
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services import NotAllowed, stock
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment
from temporary_aid.services.returning import return_goods
from tests.support.cases import Desk, errors_of
from tests.temporary_aid.granted import PAID, Helped, helped, money
from tests.temporary_aid.reserves import Purse, purse, quilt

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=30)


@dataclass
class Given:
    """Four quilts and 1,080 yuan, given at once; a quilt is worth 120 yuan."""

    story: Helped
    item: StockItem
    reserve: Purse

    def back(self, count: int, **more: Any) -> StockEntry:
        terms: dict[str, Any] = {
            "number": self.story.aid.number,
            "note": "未拆封",
            "by": self.reserve.clerk,
            "at": LATER,
            "on": LATER.date(),
        }
        return return_goods(self.reserve.fund.area, self.item, count=count, **terms | more)

    def ask_back(self, amount: str) -> AidRecoupment:
        lead = self.story.people.lead
        return order_recoupment(self.story.aid, due_amount=Decimal(amount), reason="不属实", by=lead, at=LATER)


@pytest.fixture
def given(reserve: Purse) -> Given:
    item = quilt(reserve.officer)
    reserve.receive(item, 6)
    quilts = PlannedItem(item.pk, "棉被", "床", 4, Decimal("120.00"))
    story = helped(money("1080.00"), PlannedStage("in_kind", quilts.value, items=(quilts,), together=True))
    story.pay()
    story.pay(2, method="handed", voucher="")
    # Dearer since; what comes back is worth what it was given at.
    stock.save_item(stock.ItemData("棉被", "bedding", "床", Decimal("150.00")), item=item, by=reserve.officer)
    item.refresh_from_db()
    return Given(story, item, reserve)


def test_goods_come_back_at_the_value_they_were_given_at(given: Given) -> None:
    entry = given.back(1)
    assert (entry.kind, entry.unit_value, entry.stage) == ("returned", Decimal("120.00"), given.story.stage(2))
    assert Stock.objects.get().count == 3
    event = given.story.aid.events.get(kind="goods_returned")
    assert event.note == "第2期棉被1床退库，折价120.00元：未拆封"


def test_they_are_repaid_with_what_is_asked_back_and_the_last_of_it_settles(given: Given) -> None:
    found = given.ask_back("600.00")
    given.back(1)
    assert [(row.amount, row.goods is not None) for row in found.repayments.all()] == [(Decimal("120.00"), True)]
    told = RepaymentData(Decimal("400.00"), LATER.date(), "退1", to_reserve=False)
    record_repayment(found, data=told, by=given.story.people.officer, at=LATER)
    given.back(1)
    found.refresh_from_db()
    assert found.state == "settled"
    assert [row.amount for row in found.repayments.order_by("pk")] == [
        Decimal(n) for n in ("120.00", "400.00", "80.00")
    ]
    assert given.story.fresh().state == "recouped"
    assert given.back(1).unit_value == Decimal("120.00")
    assert found.repayments.count() == 3


def test_what_came_back_before_is_not_asked_back_again(given: Given) -> None:
    given.back(2)
    with pytest.raises(NotAllowed, match=r"不超过已发放的1,320\.00元"):
        given.ask_back("1560.00")
    given.ask_back("1320.00")


def test_no_more_comes_back_than_was_given_and_only_to_where_it_left(given: Given) -> None:
    given.back(3)
    with pytest.raises(NotAllowed, match="还没有退的棉被最多1床") as refused:
        given.back(2)
    assert refused.value.field == "count"
    rice = quilt(given.reserve.officer, name="大米")
    for more, field, sentence in (
        ({"number": "LS2026-9999"}, "aid_number", "没有这个编号"),
        ({"on": PAID.date() - timedelta(days=1)}, "on", "不能早于发放出库"),
        ({"note": " "}, "note", "请写明来源"),
    ):
        with pytest.raises(NotAllowed, match=sentence) as refused:
            given.back(1, **more)
        assert refused.value.field == field
    with pytest.raises(NotAllowed, match="没有从临溪镇的库存发放过大米"):
        Given(given.story, rice, given.reserve).back(1)


def test_a_neighbouring_township_takes_nothing_back(given: Given) -> None:
    neighbour = purse("341824100")
    with pytest.raises(NotPermitted):
        given.back(1, by=neighbour.clerk)
    with pytest.raises(NotAllowed, match="没有这个编号"):
        Given(given.story, given.item, neighbour).back(1)


def test_goods_that_came_back_before_the_decision_are_entered_after_it_on_their_own_day(given: Given) -> None:
    found = given.ask_back("600.00")
    entry = given.back(1, on=LATER.date() - timedelta(days=1))
    assert entry.occurred_on == LATER.date() - timedelta(days=1)
    repaid = found.repayments.get()
    assert (repaid.goods, repaid.amount, repaid.repaid_on) == (entry, Decimal("120.00"), LATER.date())


def test_the_database_lets_no_more_come_back_than_was_given_or_due(given: Given) -> None:
    found, first = given.ask_back("100.00"), given.back(4)
    assert found.repayments.get().amount == Decimal("100.00")
    facts = {"stage": first.stage, "occurred_on": LATER.date(), "note": "退", "by": given.reserve.clerk, "at": LATER}
    last = first.stock.last_serial
    there = first.stock.count
    row = {"stock": first.stock, "serial": last + 1, "count": 1, "unit_value": Decimal("120.00"), **facts}
    with pytest.raises(InternalError, match="more goods came back"), transaction.atomic():
        StockEntry.objects.create(kind="returned", count_after=there + 1, **row)
    with pytest.raises(IntegrityError, match="stock_entry_of_a_stage"), transaction.atomic():
        StockEntry.objects.create(kind="lost", count_after=there - 1, **row)
    paid = {"repaid_on": LATER.date(), "voucher": "x", "recorded_by": given.reserve.clerk, "recorded_at": LATER}
    with pytest.raises(InternalError, match="more came back than was due"), transaction.atomic():
        AidRepayment.objects.create(recoupment=found, amount=Decimal("0.01"), **paid)


def test_goods_count_for_no_other_aid_and_not_above_their_value(given: Given) -> None:
    entry = given.back(1)
    found = given.ask_back("600.00")
    other = helped(people=given.story.people)
    other.pay()
    elsewhere = order_recoupment(
        other.aid, due_amount=Decimal("500.00"), reason="不属实", by=given.story.people.lead, at=LATER
    )
    facts = {"repaid_on": LATER.date(), "voucher": "x", "recorded_by": given.reserve.clerk, "recorded_at": LATER}
    for recoupment, amount in ((found, "120.01"), (elsewhere, "1.00")):
        with pytest.raises(InternalError, match="goods that came back count"), transaction.atomic():
            AidRepayment.objects.create(recoupment=recoupment, amount=Decimal(amount), goods=entry, **facts)


def test_the_page_takes_the_number_of_the_aid_with_a_return_only(given: Given) -> None:
    desk = Desk(given.reserve.clerk, on=LATER.date())
    address = reverse("temporary_aid:receive_stock")
    sent = {
        "area": str(given.reserve.fund.area.pk),
        "item": str(given.item.pk),
        "kind": "received",
        "count": "1",
        "unit_value": "",
        "aid_number": given.story.aid.number,
        "on": LATER.date().isoformat(),
        "note": "未拆封",
    }
    assert errors_of(desk.post(address, sent)) == {"aid_number": ["只有退库的才填救助编号。"]}
    assert desk.post(address, sent | {"kind": "returned"}).status_code == 302
    entry = StockEntry.objects.get(kind="returned")
    assert (entry.stage, entry.unit_value) == (given.story.stage(2), Decimal("120.00"))
