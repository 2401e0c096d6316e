"""Stages of an aid: visited, confirmed, paid by two hands once, or cancelled; what is refused on the way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import InternalError

from foundation.errors import NotPermitted
from households.services import set_bank_account
from organizations.permissions import Role
from temporary_aid.models import AidEvent, AidEventKind, StageState, Stock, StockEntry
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services import NotAllowed
from temporary_aid.services.paying import PaymentData, pay_stage
from temporary_aid.services.stages import VisitData, cancel_rest, confirm_stage, record_visit
from tests.support.aid import HUAYANG, NIGHT, photo
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import DECIDED, PAID, Helped, helped, in_stages, money
from tests.temporary_aid.reserves import Purse, quilt

pytestmark = pytest.mark.django_db
MONTH_LATER = PAID + timedelta(days=30)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def events(story: Helped, kind: AidEventKind) -> list[str]:
    return list(AidEvent.objects.filter(aid=story.aid, kind=kind).order_by("pk").values_list("note", flat=True))


# --- Paying ----------------------------------------------------------------------------------------------------
def test_the_first_stage_is_paid_in_cash_by_two_hands_and_ends_the_clock() -> None:
    story = helped()
    stage = story.pay()
    assert (stage.state, stage.source, stage.method, stage.received_by) == ("paid", "county", "cash", "许金宝")
    assert (stage.paid_by, stage.second_hand, stage.voucher) == (story.people.officer, "章建国", "现付0912")
    assert story.fresh().first_paid_at == PAID
    assert events(story, AidEventKind.PAID) == ["第1期，资金1,560.00元，现金，领取人许金宝，第二经办人章建国"]


def test_no_stage_is_paid_twice() -> None:
    story = helped()
    story.pay()
    with pytest.raises(NotAllowed, match="第1期已经发放"):
        story.pay()
    with pytest.raises(InternalError), transaction.atomic():
        stage = story.stage()
        stage.received_by = "别人"
        stage.save()


def test_one_pair_of_hands_is_not_enough() -> None:
    story = helped()
    for second, sentence in (("", "请填第二经办人"), ("程晓燕", "须是另一个人")):
        with pytest.raises(NotAllowed, match=sentence) as refused:
            story.pay(second_hand=second)
        assert refused.value.field == "second_hand"
    for name in ("章建国", "章 建国", "程　晓燕"):
        with pytest.raises(NotAllowed, match="领取人不能是经办人"):
            story.pay(received_by=name)
    assert story.stage().state == StageState.READY


def test_money_needs_a_voucher_and_cash_somebody_who_received_it() -> None:
    story = helped()
    for field in ("voucher", "received_by"):
        with pytest.raises(NotAllowed) as refused:
            story.pay(**{field: " "})
        assert refused.value.field == field


def test_a_transfer_goes_to_the_familys_account_and_keeps_its_last_four_digits() -> None:
    story = helped(with_family=True)
    with pytest.raises(NotAllowed, match="没有在用的发放账户") as refused:
        story.pay(method="bank", received_by="")
    assert refused.value.field == "method"
    set_bank_account(
        story.household,
        bank="绩溪农商行",
        account="6217001234567890",
        holder="汪秋菊",
        by=story.people.officer,
        on=PAID.date(),
    )
    stage = story.pay(method="bank", received_by="")
    assert (stage.method, stage.account_tail, stage.received_by) == ("bank", "7890", "汪秋菊")
    assert stage.account == story.household.bank_accounts.get()


def test_who_has_no_family_on_record_gets_cash() -> None:
    with pytest.raises(NotAllowed, match="没有关联家庭，不能转账，或改为现金发放"):
        helped().pay(method="bank")


def test_neither_before_the_decision_nor_in_time_to_come() -> None:
    story = helped()
    for at, sentence in (
        (DECIDED - timedelta(minutes=1), "不能早于批准时间"),
        (PAID + timedelta(minutes=1), "不能晚于现在"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            story.pay(paid_at=at)


def test_the_last_minute_of_the_clock_is_in_time_and_the_next_one_asks_why() -> None:
    due = NIGHT + timedelta(hours=24)
    story = helped()
    with pytest.raises(NotAllowed, match="超过了应救助时间") as refused:
        story.pay(at=due + timedelta(minutes=1))
    assert refused.value.field == "late_reason"
    story.pay(at=due)
    assert events(story, AidEventKind.OVERDUE_EXPLAINED) == []
    late = helped(people=story.people)
    late.pay(at=due + timedelta(minutes=1), late_reason="道路塌方，次日才通")
    assert events(late, AidEventKind.OVERDUE_EXPLAINED) == ["报告后24.0小时到手：道路塌方，次日才通"]


def test_goods_that_the_county_bought_and_services_have_their_own_way() -> None:
    goods = PlannedStage(form="in_kind", amount=Decimal("400.00"))
    service = PlannedStage(form="service", amount=Decimal("0.00"), service="shelter")
    story = helped(money("1160.00"), goods, service)
    story.pay()
    story.visit(2, at=PAID)
    story.confirm(2, at=PAID)
    with pytest.raises(NotAllowed, match="请选择实物的发放方式"):
        story.pay(2)
    stage = story.pay(2, method="handed", voucher="")
    assert (stage.source, stage.method, stage.voucher) == ("county", "handed", "")
    story.visit(3, at=PAID)
    story.confirm(3, at=PAID)
    with pytest.raises(NotAllowed, match="请填提供服务的单位"):
        story.pay(3, method="served")
    days = {"served_from": PAID.date(), "served_to": PAID.date()}
    took_in = {"contact": "葛文斌", "contact_phone": "05638160000", "outcome": "settled"}
    stage = story.pay(3, method="served", provider="镇敬老院", **took_in, **days)
    assert (stage.source, stage.method, stage.provider) == ("none", "served", "镇敬老院")


def test_goods_that_are_listed_leave_the_townships_stock_and_what_is_short_is_named(reserve: Purse) -> None:
    item = quilt(reserve.officer)
    reserve.receive(item, 2)
    quilts = PlannedItem(item.pk, "棉被", "床", 2, Decimal("120.00"))
    gift = PlannedStage(form="in_kind", amount=Decimal("240.00"), items=(quilts,))
    first, second = helped(gift), helped(gift)
    stage = first.pay(method="handed", voucher="")
    assert (stage.source, Stock.objects.get(item=item).count) == ("stock", 0)
    assert StockEntry.objects.get(stage=stage).count == 2
    with pytest.raises(NotAllowed, match="棉被要2床，现有0床"):
        second.pay(method="handed", voucher="")
    assert second.stage().state == StageState.READY


def test_who_approved_does_not_pay_and_neither_does_another_township() -> None:
    story = helped()
    with pytest.raises(NotPermitted):
        story.pay(by=story.people.lead)
    with pytest.raises(NotPermitted):
        story.pay(by=make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平", on=date(2026, 1, 1)))
    finance = make_staff(Role.FINANCE_OFFICER, "341824", name="柯敏", on=date(2026, 1, 1))
    assert story.pay(by=finance).paid_by == finance


def test_the_receipt_with_the_signature_is_kept() -> None:
    story = helped()
    data = PaymentData("cash", PAID, "章建国", "许金宝", voucher="现付1")
    day = PAID.date()
    stage = pay_stage(story.stage(), data=data, by=story.people.officer, at=PAID, on=day, receipt=photo("领条.jpg"))
    assert stage.receipt is not None
    assert (stage.receipt.kind, stage.receipt.aid) == ("receipt", story.aid)


# --- Visiting and confirming -----------------------------------------------------------------------------------
def test_a_later_stage_is_paid_after_a_visit_that_found_the_family_still_in_need() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    with pytest.raises(NotAllowed, match="还没有走访确认，不能发放"):
        story.pay(2, at=MONTH_LATER)
    with pytest.raises(NotAllowed, match="第2期还没有走访"):
        story.confirm(2, at=MONTH_LATER)
    story.pay()
    visit = story.visit(2, at=MONTH_LATER, photo=photo())
    assert (visit.stage, visit.photo.kind) == (story.stage(2), "visit_photo")
    stage = story.confirm(2, at=MONTH_LATER)
    assert (stage.state, stage.visited_on, stage.confirmed_by) == ("ready", MONTH_LATER.date(), story.people.officer)
    assert stage.visit_photo == visit.photo
    story.pay(2, at=MONTH_LATER)
    assert {row.state for row in story.aid.stages.all()} == {"paid"}
    assert story.fresh().first_paid_at == PAID


def test_a_first_stage_with_a_condition_waits_for_its_visit_too() -> None:
    story = helped(money("1560.00", condition="出院结算后"))
    assert story.stage().state == StageState.PLANNED


def test_the_township_visits_and_confirms_in_one_go_and_the_village_cannot() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    with pytest.raises(NotPermitted), transaction.atomic():
        story.visit(2, at=MONTH_LATER, confirms=True)
    assert not story.aid.visits.exists()
    story.visit(2, at=MONTH_LATER, by=story.people.officer, confirms=True)
    assert story.stage(2).state == StageState.READY


def test_a_visit_that_finds_the_need_over_confirms_nothing_until_another_finds_otherwise() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    story.visit(2, at=MONTH_LATER, still_in_need=False)
    with pytest.raises(NotAllowed, match="困难已缓解"):
        story.confirm(2, at=MONTH_LATER)
    story.visit(2, at=MONTH_LATER + timedelta(days=3))
    assert story.confirm(2, at=MONTH_LATER + timedelta(days=3)).state == StageState.READY


def test_a_visit_lies_between_decision_and_today_and_says_who_and_what() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    day = MONTH_LATER.date()
    faults = {
        "visited_on": (VisitData(day + timedelta(days=1), "汪志强", "在修房", True), "不能晚于今天"),
        "visitors": (VisitData(day, " ", "在修房", True), "请填走访人"),
        "finding": (VisitData(day, "汪志强", "", True), "请写明走访情况"),
    }
    for field, (data, sentence) in faults.items():
        with pytest.raises(NotAllowed, match=sentence) as refused:
            record_visit(story.aid, data=data, by=story.people.assistant, at=MONTH_LATER, on=day)
        assert refused.value.field == field
    early = VisitData(DECIDED.date() - timedelta(days=1), "汪志强", "在修房", True)
    with pytest.raises(NotAllowed, match="不能早于决定救助的日期"):
        record_visit(story.aid, data=early, by=story.people.assistant, at=MONTH_LATER, on=day)
    first = VisitData(DECIDED.date(), "汪志强", "在修房", True)
    assert record_visit(story.aid, data=first, by=story.people.assistant, at=MONTH_LATER, on=day).stage is None


def test_another_villages_assistant_does_not_visit() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    stranger = make_staff(Role.VILLAGE_ASSISTANT, "341824101201", name="胡敏", on=date(2026, 1, 1))
    with pytest.raises(NotPermitted):
        story.visit(2, at=MONTH_LATER, by=stranger)


# --- Cancelling ------------------------------------------------------------------------------------------------
def test_what_is_left_is_cancelled_with_a_reason_and_what_was_paid_stays() -> None:
    story = helped(*in_stages("800.00", "400.00", "360.00"))
    story.pay()
    story.visit(at=MONTH_LATER, still_in_need=False)
    terms = {"by": story.people.officer, "at": MONTH_LATER, "on": MONTH_LATER.date()}
    with pytest.raises(NotAllowed, match="请写明终止余期的原因"):
        cancel_rest(story.aid, reason=" ", **terms)
    cancelled = cancel_rest(story.aid, reason="保险已赔付", **terms)
    assert [(row.serial, row.cancelled_reason) for row in cancelled] == [(2, "保险已赔付"), (3, "保险已赔付")]
    assert [row.state for row in story.aid.stages.order_by("serial")] == ["paid", "cancelled", "cancelled"]
    assert events(story, AidEventKind.STAGE_CANCELLED) == ["第2期、第3期：保险已赔付"]
    with pytest.raises(NotAllowed, match="没有还没发放的期次"):
        cancel_rest(story.aid, reason="再一次", **terms)
    with pytest.raises(NotAllowed, match="现在是“已终止”"):
        story.pay(2, at=MONTH_LATER)
    with pytest.raises(NotAllowed, match="现在是“已终止”"):
        confirm_stage(story.stage(2), by=story.people.officer, at=MONTH_LATER)
