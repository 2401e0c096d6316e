"""终止本期: goods that cannot be given are cancelled by themselves, so that the money and what follows goes on."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import AidStage
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services import NotAllowed
from temporary_aid.services.closing import close_solved
from temporary_aid.services.stages import cancel_one
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped, money
from tests.temporary_aid.reserves import Purse, quilt

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=30)


def quilts(reserve: Purse, *, together: bool) -> PlannedStage:
    """Two quilts, of which the township has none."""
    item = quilt(reserve.officer)
    found = PlannedItem(item.pk, "棉被", "床", 2, item.unit_value)
    return PlannedStage("in_kind", found.value, items=(found,), together=together)


@pytest.fixture
def story(reserve: Purse) -> Helped:
    """Money and quilts at once, and money a month later."""
    later = money("520.00", planned_on=LATER.date())
    return helped(money("800.00"), quilts(reserve, together=True), later)


def cancel(story: Helped, serial: int, *, by: Staff | None = None, reason: str = "库存没有棉被，也购不到") -> AidStage:
    return cancel_one(story.stage(serial), reason=reason, by=by or story.people.lead, at=LATER, on=LATER.date())


def states(story: Helped) -> list[str]:
    return [row.state for row in story.aid.stages.order_by("serial")]


def test_money_that_follows_goes_on_after_goods_that_are_not_there(story: Helped) -> None:
    story.pay()
    with pytest.raises(NotAllowed, match="棉被"):
        story.pay(2, method="handed", voucher="")
    story.visit(3, at=LATER)
    with pytest.raises(NotAllowed, match="第2期还没有发放，第3期不能确认"):
        story.confirm(3, at=LATER)
    gone = cancel(story, 2)
    assert (gone.cancelled_on, gone.cancelled_by) == (LATER.date(), story.people.lead)
    story.confirm(3, at=LATER)
    story.pay(3, at=LATER)
    assert states(story) == ["paid", "cancelled", "paid"]
    assert story.aid.events.get(kind="stage_cancelled").note == "第2期，240.00元：库存没有棉被，也购不到"


def test_a_later_instalment_still_takes_a_visit_since_the_last_payment(story: Helped) -> None:
    story.visit(3, at=PAID)
    story.pay(at=PAID + timedelta(days=1), late_reason="道路塌方")
    cancel(story, 2)
    with pytest.raises(NotAllowed, match="走访在第1期发放"):
        story.confirm(3, at=LATER)


def test_goods_that_lead_go_and_the_money_with_them_is_paid(reserve: Purse) -> None:
    story = helped(quilts(reserve, together=False), money("1320.00", together=True))
    cancel(story, 1)
    story.pay(2)
    assert states(story) == ["cancelled", "paid"]
    ended = close_solved(story.aid, note="已修好", by=story.people.officer, at=LATER, on=LATER.date())
    assert ended.state == "closed"


def test_money_and_what_stands_alone_or_waits_is_not_cancelled_by_itself(story: Helped, reserve: Purse) -> None:
    cancel(story, 2)
    alone = helped(money("1560.00"), people=story.people)
    waiting = helped(
        money("800.00"), money("520.00", condition="出院"), money("240.00", together=True), people=story.people
    )
    for refused, serial in ((story, 1), (story, 2), (story, 3), (alone, 1), (waiting, 3)):
        with pytest.raises(NotAllowed, match="可以单独终止"):
            cancel(refused, serial)


def test_the_last_of_an_instalment_is_not_cancelled_by_itself(reserve: Purse) -> None:
    item = quilt(reserve.officer, name="大米")
    rice = PlannedItem(item.pk, "大米", "袋", 11, item.unit_value)
    story = helped(
        PlannedStage("in_kind", rice.value, items=(rice,)),
        quilts(reserve, together=True),
    )
    cancel(story, 1)
    with pytest.raises(NotAllowed, match="可以单独终止"):
        cancel(story, 2)


def test_it_takes_a_reason_and_a_second_person(story: Helped) -> None:
    with pytest.raises(NotAllowed, match="请写明终止本期的原因") as refused:
        cancel(story, 2, reason=" ")
    assert refused.value.field == "reason"
    with pytest.raises(NotAllowed, match="登记、提出、发放的人"):
        cancel(story, 2, by=story.people.officer)
    with pytest.raises(NotPermitted):
        cancel(story, 2, by=story.people.assistant)
    other = make_staff(Role.TOWNSHIP_OFFICER, "341824101", name="葛书平", on=date(2026, 1, 1))
    assert cancel(story, 2, by=other).state == "cancelled"


def test_the_page_names_what_is_cancelled_and_asks_why(story: Helped) -> None:
    client = Client()
    client.force_login(story.people.lead, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("temporary_aid:cancel_stage", args=[story.stage(2).pk])
    detail = reverse("temporary_aid:detail", args=[story.aid.pk])
    with time_machine.travel(LATER, tick=True):
        assert client.get(detail).content.decode().count("终止本期") == 1
        page = client.get(address).content.decode()
        assert "第2期：实物240.00元；棉被2床；与第1期同时发放。" in page
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "库存没有"}).status_code == 302
        shown = client.get(detail).content.decode()
    assert "终止本期" not in shown
    assert "库存没有" in shown
    assert states(story) == ["ready", "cancelled", "planned"]
