"""资金计划: entered by finance, split at freezing, and what the year comes to."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from benefits.models import FundPlan, RollFunding
from benefits.queries.funds import funds_of, plan_excess
from benefits.services.funds import NotPlannable, save_fund_plan
from benefits.services.recouping import approve_recoupment, propose_recoupment, record_return
from benefits.services.rolls import reissue_roll
from foundation.errors import NotPermitted
from tests.benefits.rolled import DECEMBER, Rolled, rolled, rows_of
from tests.households.builders import head
from tests.households.web import as_staff, text_of

pytestmark = pytest.mark.django_db
PLAN = {"central": Decimal("7000"), "province": Decimal("2000"), "county": Decimal("1000")}


@pytest.fixture
def paid(county: None) -> Rolled:
    return rolled(names=("胡德旺", "汪美玲"), accounts=2)


def shares() -> dict[str, Decimal]:
    return dict(RollFunding.objects.values_list("source", "amount"))


def test_freezing_splits_the_roll_by_the_plan(paid: Rolled) -> None:
    save_fund_plan(2026, "dibao", amounts=PLAN, note="", by=paid.desk.finance)
    paid.desk.pay(DECEMBER)
    # 1030 in shares of 7, 2 and 1 of 10; the city plans nothing and pays nothing.
    assert shares() == {"central": Decimal("721.00"), "province": Decimal("206.00"), "county": Decimal("103.00")}


def test_a_roll_frozen_before_there_was_a_plan_is_split_once_there_is_and_stays_so(paid: Rolled) -> None:
    paid.desk.pay(DECEMBER)
    assert shares() == {}
    assert funds_of(2026)[0].unsplit == Decimal("1030.00")
    save_fund_plan(2026, "dibao", amounts=PLAN, note="", by=paid.desk.finance)
    split = shares()
    assert sum(split.values()) == Decimal("1030.00")
    save_fund_plan(2026, "dibao", amounts={"county": Decimal("20000")}, note="改", by=paid.desk.finance)
    assert shares() == split
    assert FundPlan.objects.get(year=2026, scheme="dibao", source="central").planned_amount == 0


def test_who_does_not_manage_plans_enters_none(paid: Rolled) -> None:
    with pytest.raises(NotPermitted):
        save_fund_plan(2026, "dibao", amounts=PLAN, note="", by=paid.desk.officer)
    with pytest.raises(NotPlannable, match="至少填一项"):
        save_fund_plan(2026, "dibao", amounts={}, note="", by=paid.desk.finance)


def test_a_plan_that_is_exceeded_is_told_when_the_roll_is_frozen(paid: Rolled) -> None:
    roll = paid.desk.prepare(DECEMBER)
    assert plan_excess(roll) is None
    save_fund_plan(2026, "dibao", amounts={"county": Decimal("1000")}, note="", by=paid.desk.finance)
    assert plan_excess(roll) == Decimal("30.00")
    with time_machine.travel(date(2026, 11, 27), tick=False):
        finance = as_staff(paid.desk.finance)
        assert "超过资金计划30.00元" in text_of(finance.get(reverse("benefits:act_on_roll", args=[roll.pk, "freeze"])))
        assert "超过资金计划30.00元" in text_of(finance.get(reverse("benefits:roll", args=[roll.pk])))
    paid.desk.freeze(roll)
    assert plan_excess(roll) == Decimal("30.00")


def test_finance_enters_the_plan_and_reads_its_execution(paid: Rolled) -> None:
    paid.desk.pay(DECEMBER)
    with time_machine.travel(date(2026, 12, 27), tick=False):
        finance = as_staff(paid.desk.finance)
        address = reverse("benefits:fund_plan", args=[2026, "dibao"])
        wrong = finance.post(address, {"central": "七千", "note": "绩财社〔2026〕3号"})
        assert wrong.status_code == 422 and "绩财社〔2026〕3号" in text_of(wrong)
        shown = text_of(finance.post(address, {"central": "0.7万", "county": "3000"}, follow=True))
        # 1030 of 10,000 in the year's twelfth month.
        assert "资金计划已保存" in shown and "8,970.00" in shown and "10.3%" in shown and "计划月均0.08万" in shown
        assert finance.get(reverse("benefits:fund_plan", args=[2026, "marginal"])).status_code == 404
        rows = rows_of(finance.post(reverse("benefits:export_funds") + "?year=2026").content, skip=1)
    total = next(row for row in rows if row["险种"] == "低保" and row["资金来源"] == "合计")
    assert (float(total["计划（元）"]), float(total["12月"]), float(total["剩余（元）"])) == (10000.0, 1030.0, 8970.0)


def test_a_failed_payment_that_is_issued_anew_is_not_paid_for_twice(paid: Rolled) -> None:
    save_fund_plan(2026, "dibao", amounts=PLAN, note="", by=paid.desk.finance)
    roll = paid.desk.pay(DECEMBER)[0]
    roll.lines.filter(head_name="胡德旺").update(state="failed", failure="户名不符")
    type(roll).objects.filter(pk=roll.pk).update(state="sent")
    assert funds_of(2026)[0].whole.paid == Decimal("515.00")
    again = reissue_roll(DECEMBER, "dibao", roll.area, by=paid.desk.officer, on=date(2026, 12, 9))
    paid.desk.freeze(again, on=date(2026, 12, 9))
    assert not again.funding.exists()
    found = funds_of(2026)[0]
    assert (found.whole.paid, found.unsplit) == (Decimal("1030.00"), 0)
    assert [row.paid for _, row in found.by_source if row.paid] == [Decimal(721), Decimal(206), Decimal(103)]


def test_what_failed_or_waits_for_an_account_is_not_spent_of_any_source(paid: Rolled) -> None:
    save_fund_plan(2026, "dibao", amounts=PLAN, note="", by=paid.desk.finance)
    paid.add("唐玉兰")
    roll = paid.desk.pay(DECEMBER)[0]
    assert (roll.total_amount, funds_of(2026)[0].whole.paid) == (Decimal(1545), Decimal(1030))
    roll.lines.filter(head_name="胡德旺").update(state="failed", failure="户名不符")
    found = funds_of(2026)[0]
    assert (found.whole.paid, found.unsplit, plan_excess(roll)) == (Decimal(515), 0, 0)
    assert [row.paid for _, row in found.by_source if row.paid] == [
        Decimal("360.50"),
        Decimal("103.00"),
        Decimal("51.50"),
    ]


def test_what_a_family_gave_back_is_taken_off_in_its_month(paid: Rolled) -> None:
    save_fund_plan(2027, "dibao", amounts=PLAN, note="", by=paid.desk.finance)
    paid.desk.pay(DECEMBER)
    person = head(paid.families[0]).person
    person.died_on = date(2026, 11, 20)
    person.save()
    day = date(2027, 1, 5)
    order = propose_recoupment(paid.awards[0], reason="死亡", by=paid.desk.officer, on=day)
    order = approve_recoupment(order, by=paid.desk.approver, on=day)
    record_return(order, amount=Decimal("100.00"), way="现金", returned_on=day, by=paid.desk.officer, on=day)
    assert funds_of(2026)[0].whole.paid == Decimal(1030)
    found = funds_of(2027)[0]
    assert (found.whole.by_month[0], found.whole.paid, found.unsplit) == (Decimal(-100), Decimal(-100), 0)
