"""What is not paid though it was approved: too early, no need any more, nobody left, one's own relatives."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from foundation.trail import acting
from households import services as households
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import AidStage
from temporary_aid.queries.stages import stages_to_pay
from temporary_aid.services import NotAllowed
from temporary_aid.services.sending import send_to_bank
from temporary_aid.services.stages import cancel_rest
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped, in_stages, money
from tests.temporary_aid.test_decided_identity import family_of
from tests.temporary_aid.test_sending import BACKEND, FIRST, has_account

pytestmark = pytest.mark.django_db
DAY = PAID.date()
NEXT_MONTH = PAID + timedelta(days=30)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


@pytest.fixture
def finance() -> Staff:
    return make_staff(Role.FINANCE_OFFICER, "341824", name="柯敏", on=date(2026, 1, 1))


def with_account(*stages: Any, **more: Any) -> Helped:
    story = helped(*stages, with_family=True, **more)
    has_account(story, FIRST)
    return story


def send(by: Staff, at: datetime) -> list[AidStage]:
    return list(send_to_bank(AidStage.objects.all(), by=by, at=at))


def listed(staff: Staff, at: datetime, show: str = "to_pay") -> str:
    with time_machine.travel(at, tick=True):
        client = Client()
        client.force_login(staff, backend=BACKEND)
        return client.get(reverse("temporary_aid:stages"), {"show": show}).content.decode()


def bury(story: Helped, *names: str, on: date = DAY) -> None:
    """Everybody of the names dies, the head last."""
    assert story.household is not None
    with acting(actor="system:test"):
        for name in names:
            member = story.household.members.get(person__name=name)
            households.record_death(member, died_on=on, by=story.people.officer, at=PAID)


def test_a_stage_planned_for_later_is_neither_asked_for_nor_sent_before_its_day(finance: Staff) -> None:
    story = with_account(money("1560.00", planned_on=NEXT_MONTH.date()))
    payer = story.people.officer
    before = NEXT_MONTH - timedelta(days=1)
    assert not stages_to_pay(payer, on=before.date()).exists()
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance, before)
    assert "未到计划日期" in listed(payer, before)
    assert stages_to_pay(payer, on=NEXT_MONTH.date()).get() == story.stage()
    assert "未到计划日期" not in listed(payer, NEXT_MONTH)
    assert send(finance, NEXT_MONTH) == [story.stage()]


def test_what_was_confirmed_early_with_a_reason_goes_out(finance: Staff) -> None:
    story = with_account(*in_stages("1000.00", "560.00"))
    story.pay()
    early = PAID + timedelta(days=20)
    story.visit(2, at=early)
    story.confirm(2, at=early, early_reason="修房提前完工")
    assert stages_to_pay(story.people.officer, on=early.date()).get() == story.stage(2)
    assert send(finance, early) == [story.stage(2)]


def test_relief_found_by_any_later_visit_stops_the_money(finance: Staff) -> None:
    story = with_account(*in_stages("1000.00", "560.00"))
    story.pay()
    due = NEXT_MONTH + timedelta(days=1)
    story.visit(2, at=due)
    story.confirm(2, at=due)
    found = due + timedelta(days=3)
    story.visit(at=found, still_in_need=False)
    with pytest.raises(NotAllowed, match="认为困难已缓解") as refused:
        story.pay(2, at=found)
    assert "终止余期" in refused.value.message
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance, found)
    assert "困难已缓解，不发放" in listed(story.people.officer, found)
    again = found + timedelta(days=1)
    story.visit(at=again)
    assert send(finance, again) == [story.stage(2)]


def test_a_stage_is_not_confirmed_against_a_later_visit(finance: Staff) -> None:
    story = with_account(*in_stages("1000.00", "560.00"))
    story.pay()
    due = NEXT_MONTH + timedelta(days=1)
    story.visit(2, at=due)
    story.visit(at=due + timedelta(days=1), still_in_need=False)
    with pytest.raises(NotAllowed, match="最近一次走访认为困难已缓解"):
        story.confirm(2, at=due + timedelta(days=2))


def test_what_was_handed_over_before_the_relief_was_found_is_recorded_all_the_same() -> None:
    story = helped()
    story.visit(at=PAID + timedelta(days=2), still_in_need=False)
    assert story.pay(at=PAID).state == "paid"


def test_what_the_bank_has_is_recorded_though_relief_was_found_meanwhile(finance: Staff) -> None:
    story = with_account()
    send(finance, PAID)
    later = PAID + timedelta(days=2)
    story.visit(at=later, still_in_need=False)
    paid = story.pay(at=later, method="bank", received_by="", late_reason="银行节假日")
    assert paid.account_tail == FIRST[-4:]


def test_nothing_is_paid_to_who_died_with_nobody_left(finance: Staff) -> None:
    story = with_account()
    assert story.household is not None
    with acting(actor="system:test"):
        for name in ("胡小雨", "汪秋菊"):
            member = story.household.members.get(person__name=name)
            households.leave(member, reason="moved", by=story.people.officer, on=DAY, at=PAID)
    bury(story, "胡德旺")
    later = PAID + timedelta(days=1)
    with pytest.raises(NotAllowed, match="已登记死亡"):
        story.pay(at=later, late_reason="节假日", received_by="胡德兴")
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance, later)
    assert "已登记死亡，不发放" in listed(story.people.officer, later)
    story.visit(at=later, still_in_need=False)
    at = {"by": story.people.lead, "at": later, "on": later.date()}
    assert len(cancel_rest(story.aid, reason="已死亡，家中无人", **at)) == 1


def test_the_family_of_who_died_is_paid(finance: Staff) -> None:
    story = with_account()
    assert story.household is not None
    members = story.household.members
    wife = members.get(person__name="汪秋菊")
    relations = {row.pk: "spouse" if row.relation == "head" else "child" for row in members.exclude(pk=wife.pk)}
    with acting(actor="system:test"):
        households.change_head(
            story.household, member=wife, relations=relations, by=story.people.officer, on=DAY, at=PAID
        )
    bury(story, "胡德旺")
    assert send(finance, PAID) == [story.stage()]


def test_a_transfer_to_a_family_that_ended_is_refused_and_cash_is_not(finance: Staff) -> None:
    story = with_account()
    other = helped(with_family=False, people=story.people)
    assert story.household is not None
    _merge(story)
    later = PAID + timedelta(days=1)
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance, later)
    assert "家庭已注销，不转账" in listed(story.people.officer, later)
    with pytest.raises(NotAllowed, match="家庭档案已经注销，不能转账") as refused:
        story.pay(at=later, method="bank", late_reason="节假日")
    assert refused.value.field == "method"
    assert story.pay(at=later, late_reason="节假日").state == "paid"
    assert other.stage().state == "ready"


def test_who_outlived_the_recipient_and_joined_another_family_is_paid_in_cash(finance: Staff) -> None:
    story = with_account()
    assert story.household is not None
    members = story.household.members
    wife = members.get(person__name="汪秋菊")
    relations = {row.pk: "spouse" if row.relation == "head" else "child" for row in members.exclude(pk=wife.pk)}
    with acting(actor="system:test"):
        households.change_head(
            story.household, member=wife, relations=relations, by=story.people.officer, on=DAY, at=PAID
        )
    bury(story, "胡德旺")
    _merge(story)
    later = PAID + timedelta(days=1)
    assert "家庭已注销，不转账" in listed(story.people.officer, later)
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance, later)
    assert story.pay(at=later, late_reason="节假日", received_by="汪秋菊").state == "paid"


def test_who_left_for_a_family_of_their_own_before_the_death_is_nobody_left(finance: Staff) -> None:
    story = with_account()
    assert story.household is not None
    members = story.household.members
    with acting(actor="system:test"):
        daughter = members.get(person__name="胡小雨")
        households.leave(daughter, reason="moved", by=story.people.officer, on=DAY, at=PAID)
        wife = members.get(person__name="汪秋菊")
        households.split_household(
            story.household,
            leaving={wife.pk: "head"},
            area=story.household.area,
            address="二组9号",
            by=story.people.officer,
            on=DAY,
            at=PAID,
        )
    later = PAID + timedelta(days=1)
    with acting(actor="system:test"):
        head = members.get(person__name="胡德旺")
        households.record_death(head, died_on=later.date(), by=story.people.officer, at=later)
    with pytest.raises(NotAllowed, match="已登记死亡"):
        story.pay(at=later, late_reason="节假日", received_by="胡德兴")


def _merge(story: Helped) -> None:
    into = family_of(story.people, name="胡德兴")
    assert story.household is not None
    relations = dict.fromkeys(story.household.members.filter(left_on=None).values_list("pk", flat=True), "other")
    terms: dict[str, Any] = {"by": story.people.officer, "on": DAY, "at": PAID}
    with acting(actor="system:test"):
        households.merge_households(story.household, into=into, relations=relations, **terms)
