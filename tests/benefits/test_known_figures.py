"""Known error of a real township's tool: counts of what is to be done stood still until the program was restarted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from organizations.models import Staff
from organizations.queries import working_calendar
from tests.benefits.rolled import ACCOUNTS, DECEMBER, NAMES, Rolled, answer, rolled
from tests.households.web import as_staff, text_of
from workbench.queries.task_rows import as_tasks
from workbench.queries.tasks import task_counts, tasks_by_urgency

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def paid(county: None) -> Rolled:
    return rolled(names=NAMES[:2], accounts=2)


def tasks(staff: Staff) -> list[str]:
    """What a person has to do in the payment, read anew as each request does."""
    staff = Staff.objects.get(pk=staff.pk)
    calendar, on = working_calendar(), DAY.date()
    rows = as_tasks(tasks_by_urgency(staff, calendar=calendar, on=on), calendar=calendar, on=on)
    shown = [task.act for task in rows if task.kind.entry == "rolls"]
    assert task_counts(staff, on=on).get("rolls", 0) == len(shown)
    return shown


def test_counts_of_tasks_follow_every_act_at_the_next_request(paid: Rolled) -> None:
    """Reminder counts stale until restart: each step moves the task from one person's list to the next one's."""
    desk = paid.desk
    with time_machine.travel(DAY, tick=False):
        assert tasks(desk.officer) == ["生成2026年12月发放册"]
        roll = desk.prepare(DECEMBER)
        assert tasks(desk.officer) == []
        for staff, act in (
            (desk.lead, "核对发放册（乡镇）"),
            (desk.approver, "审核发放册（县民政局）"),
            (desk.finance, "复核发放册并定册（财政）"),
        ):
            assert tasks(staff) == [act]
            name = {desk.lead: "check-township", desk.approver: "check-county", desk.finance: "freeze"}[staff]
            as_staff(staff).post(reverse("benefits:act_on_roll", args=[roll.pk, name]), {"opinion": "同意"})
        assert tasks(desk.finance) == ["发放册送银行"]
        as_staff(desk.finance).post(reverse("benefits:act_on_roll", args=[roll.pk, "send"]))
        assert tasks(desk.finance) == ["上传并登记银行回盘"]
        browser = as_staff(desk.finance)
        upload = answer(
            (1, NAMES[0], ACCOUNTS[0], "515.00", "成功", ""), (2, NAMES[1], ACCOUNTS[1], "515.00", "失败", "已销户")
        )
        read = browser.post(reverse("benefits:upload_return", args=[roll.pk]), {"file": upload})
        browser.post(read["Location"], {"take": "all"})
        assert tasks(desk.finance) == []
        assert tasks(desk.clerk) == ["更正发放账户（银行退回）"]
        assert tasks(desk.officer) == []
        paid.account(paid.families[1], "6217000010012345708", holder=NAMES[1], on=DAY.date())
        assert tasks(desk.clerk) == []
        assert tasks(desk.officer) == ["重发失败的付款"]


def test_the_count_in_the_navigation_is_that_of_the_moment(paid: Rolled) -> None:
    def count(browser: Client) -> bool:
        return '<span class="count">1</span>' in text_of(browser.get("/"))

    with time_machine.travel(DAY, tick=False):
        browser = as_staff(paid.desk.lead)
        assert not count(browser)
        roll = paid.desk.prepare(DECEMBER)
        assert count(browser)
        as_staff(paid.desk.lead).post(
            reverse("benefits:act_on_roll", args=[roll.pk, "check-township"]), {"opinion": "同意"}
        )
        assert not count(browser)
    assert date(2026, 12, 1) == DECEMBER
