"""Goods that came back into the stock (退库) are no more with the family: neither counted, nor told as money."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from temporary_aid.models import AidRecoupment, StockItem, TemporaryAid
from temporary_aid.queries import aid_terms, followed_amount, frequency_of
from temporary_aid.queries.figures import Period, aid_figures
from temporary_aid.queries.stages import StageFilter, list_stages, paid_totals
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services.following import may_be_followed, open_follow_up
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment
from temporary_aid.services.returning import return_goods
from tests.support.aid import SHANGHAI, open_urgent
from tests.temporary_aid.granted import PAID, Helped, helped, money
from tests.temporary_aid.reserves import Purse, quilt

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=30)
YEAR = Period(2026)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def item(reserve: Purse) -> StockItem:
    """Quilts of 390 yuan each, four of which are a base twice over."""
    found = quilt(reserve.officer, value="390.00")
    reserve.receive(found, 6)
    return found


def goods(item: StockItem, count: int, **more: object) -> PlannedStage:
    found = PlannedItem(item.pk, "棉被", "床", count, item.unit_value)
    return PlannedStage("in_kind", found.value, items=(found,), **more)  # type: ignore[arg-type]


def take_back(story: Helped, item: StockItem, count: int, *, reserve: Purse, at: datetime = LATER) -> None:
    area, number, on = reserve.fund.area, story.aid.number, timezone.localdate(at)
    return_goods(area, item, number=number, count=count, note="未拆封", by=reserve.clerk, at=at, on=on)


def ask_back(story: Helped, amount: str) -> AidRecoupment:
    return order_recoupment(
        story.aid, due_amount=Decimal(amount), reason="不属实", by=story.people.lead, at=LATER + timedelta(days=1)
    )


def repay(story: Helped, found: AidRecoupment, amount: str) -> None:
    at = LATER + timedelta(days=2)
    data = RepaymentData(Decimal(amount), at.date(), "退1", to_reserve=False)
    record_repayment(found, data=data, by=story.people.officer, at=at)


def counted(aid: TemporaryAid) -> int:
    terms = aid_terms(aid.area, on=LATER.date())
    return frequency_of(aid, terms=terms, on=LATER.date()).all


# --- What the family keeps -------------------------------------------------------------------------------------
def test_an_aid_all_of_which_came_back_into_the_stock_is_no_time(reserve: Purse, item: StockItem) -> None:
    given = helped(goods(item, 4), with_family=True)
    given.pay(method="handed", voucher="")
    again = open_urgent(given.people.officer, household=given.household)
    assert counted(again) == 1
    take_back(given, item, 4, reserve=reserve)
    assert counted(again) == 0


def test_what_came_back_before_and_after_the_decision_leaves_nothing_together(reserve: Purse, item: StockItem) -> None:
    story = helped(money("780.00"), goods(item, 2, together=True))
    story.pay()
    story.pay(2, method="handed", voucher="")
    take_back(story, item, 1, reserve=reserve)
    repay(story, ask_back(story, "1170.00"), "1170.00")
    aid = story.fresh()
    assert (aid.state, may_be_followed(aid)) == ("recouped", False)


def test_a_follow_up_adds_to_what_was_kept_without_the_goods_that_came_back(reserve: Purse, item: StockItem) -> None:
    story = helped(money("780.00"), goods(item, 2, together=True))
    story.pay()
    story.pay(2, method="handed", voucher="")
    take_back(story, item, 1, reserve=reserve)
    more = open_follow_up(story.fresh(), situation="仍无力修房", by=story.people.officer, at=LATER)
    assert followed_amount(more) == Decimal("1170.00")


def test_goods_count_whole_where_less_was_left_to_recoup(reserve: Purse, item: StockItem) -> None:
    story = helped(money("780.00"), goods(item, 2, together=True))
    story.pay()
    story.pay(2, method="handed", voucher="")
    found = ask_back(story, "100.00")
    take_back(story, item, 1, reserve=reserve, at=LATER + timedelta(days=2))
    assert found.repayments.get().amount == Decimal("100.00")
    more = open_follow_up(story.fresh(), situation="仍无力修房", by=story.people.officer, at=LATER)
    assert followed_amount(more) == Decimal("1170.00")


# --- What is told of it ----------------------------------------------------------------------------------------
def staged(item: StockItem) -> Helped:
    """780 yuan in September and two quilts, 780 yuan too, in October."""
    story = helped(money("780.00"), goods(item, 2, condition="入冬"))
    story.pay()
    story.visit(2, at=datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI))
    story.confirm(2, at=datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI))
    story.pay(2, at=datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI), method="handed", voucher="")
    return story


def told(reserve: Purse) -> list[tuple[Decimal, ...]]:
    """What came back of the aid's stages by the list, and of September and October by lists and figures."""
    seen = reserve.officer
    rows = list_stages(seen, StageFilter(show="paid"), sort="paid")
    months = [paid_totals(seen, StageFilter(show="paid", paid_month=month)) for month in (SEPTEMBER, OCTOBER)]
    figures = aid_figures(seen, YEAR)
    return [
        tuple(row.returned_amount for row in rows),  # type: ignore[attr-defined]
        tuple(month.returned for month in months),
        tuple(figures.of(month=month).returned for month in (SEPTEMBER, OCTOBER)),
    ]


def test_a_quilt_that_came_back_is_told_of_the_month_it_was_given_in(reserve: Purse, item: StockItem) -> None:
    story = staged(item)
    take_back(story, item, 1, reserve=reserve)
    assert told(reserve) == [(Decimal("0.00"), Decimal("390.00"))] * 3
    wanted = StageFilter(show="paid", returned="yes")
    assert [row.serial for row in list_stages(reserve.officer, wanted)] == [2]
    assert aid_figures(reserve.officer, YEAR).of().returned == Decimal("390.00")


def test_money_comes_back_of_what_was_paid_first_and_goods_of_their_own(reserve: Purse, item: StockItem) -> None:
    story = staged(item)
    found = ask_back(story, "1560.00")
    take_back(story, item, 1, reserve=reserve, at=LATER + timedelta(days=2))
    repay(story, found, "500.00")
    assert told(reserve) == [(Decimal("500.00"), Decimal("390.00"))] * 3
    repay(story, found, "400.00")
    assert told(reserve) == [(Decimal("780.00"), Decimal("510.00"))] * 3


def test_goods_that_came_first_leave_less_of_them_for_the_money(reserve: Purse, item: StockItem) -> None:
    story = helped(goods(item, 2), money("780.00", condition="修房"))
    story.pay(method="handed", voucher="")
    story.visit(2, at=datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI))
    story.confirm(2, at=datetime(2026, 10, 8, 9, 0, tzinfo=SHANGHAI))
    story.pay(2, at=datetime(2026, 10, 9, 9, 0, tzinfo=SHANGHAI))
    take_back(story, item, 1, reserve=reserve)
    repay(story, ask_back(story, "1170.00"), "500.00")
    assert told(reserve) == [(Decimal("780.00"), Decimal("110.00"))] * 3
