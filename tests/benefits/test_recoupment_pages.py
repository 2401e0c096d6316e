"""Pages of recoupment (追回): months shown, entered by one, approved by another, returned in cash, made void."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from benefits.models import Recoupment
from tests.benefits.rolled import DECEMBER, Rolled, rolled
from tests.households.builders import head
from tests.households.web import as_staff, text_of

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 12, 27, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def overpaid(county: None) -> Rolled:
    """December paid 515 to somebody who, it turns out, had died in November."""
    made = rolled(names=("胡德旺",), accounts=1)
    made.desk.pay(DECEMBER)
    person = head(made.families[0]).person
    person.died_on = date(2026, 11, 25)
    person.save()
    return made


def test_what_was_overpaid_is_entered_approved_by_another_and_given_back(overpaid: Rolled) -> None:
    desk = overpaid.desk
    propose = reverse("benefits:propose_recoupment", args=[overpaid.awards[0].pk])
    with time_machine.travel(DAY, tick=False):
        officer, approver = as_staff(desk.officer), as_staff(desk.approver)
        shown = text_of(officer.get(propose))
        assert "2026年12月" in shown and "伍佰壹拾伍元整" in shown
        assert officer.post(propose, {"reason": ""}).status_code == 422
        entered = text_of(officer.post(propose, {"reason": "死亡后发放"}, follow=True))
        assert "请由县民政审批人审批" in entered and "审批追回" not in entered
        found = Recoupment.objects.get()
        page = reverse("benefits:recoupment", args=[found.pk])
        assert "审批追回" in text_of(approver.get(page))
        approver.post(reverse("benefits:approve_recoupment", args=[found.pk]))
        back = reverse("benefits:give_back", args=[found.pk])
        refused = officer.post(back, {"returned_on": "2026-12-27", "amount": "600", "way": "现金"})
        assert refused.status_code == 422 and "不超过还没有追回的515.00元" in text_of(refused)
        done = text_of(officer.post(back, {"returned_on": "2026-12-27", "amount": "515", "way": "现金"}, follow=True))
        assert "退缴已登记" in done and "已追回" in done
        listed = text_of(officer.get(reverse("benefits:recoupments"), {"state": "settled"}))
    assert found.number in listed and "胡德旺" in listed


def test_void_says_why(overpaid: Rolled) -> None:
    with time_machine.travel(DAY, tick=False):
        officer = as_staff(overpaid.desk.officer)
        officer.post(reverse("benefits:propose_recoupment", args=[overpaid.awards[0].pk]), {"reason": "死亡后发放"})
        found = Recoupment.objects.get()
        address = reverse("benefits:void_recoupment", args=[found.pk])
        assert officer.post(address, {"reason": ""}).status_code == 422
        gone = text_of(officer.post(address, {"reason": "重复录入"}, follow=True))
    assert "重复录入" in gone and "已作废" in gone
