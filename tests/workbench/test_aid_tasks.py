"""What temporary aid and the reserve ask of whom, until when, and where one click leads."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from organizations.models import Staff
from organizations.permissions import Role
from organizations.queries import working_calendar
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.services import reconciling, replenishing
from temporary_aid.services.reports import enter_report
from tests.support.aid import HUAYANG, NIGHT, open_urgent
from tests.support.crews import Crew, county_data, crew
from tests.support.factories import make_staff
from tests.temporary_aid import advances, builders
from tests.temporary_aid.granted import granted, helped, in_stages, money
from workbench.queries.frame import Frame
from workbench.queries.task_rows import Task, as_tasks
from workbench.queries.tasks import TaskKind, task_counts, tasks_by_kind, tasks_by_urgency

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SUNDAY = NIGHT + timedelta(hours=9)
DAY = SUNDAY.date()


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def tasks(staff: Staff, *, kind: str = "", at: datetime = SUNDAY) -> list[Task]:
    """Everything that temporary aid asks of a person."""
    calendar, day = working_calendar(), at.date()
    rows = tasks_by_urgency(Staff.objects.get(pk=staff.pk), calendar=calendar, on=day, kind=kind)
    found = as_tasks(rows, calendar=calendar, on=day, at=at)
    return [row for row in found if row.kind.entry in ("temporary_aid", "reserve")]


def told(staff: Staff, *, at: datetime = SUNDAY) -> list[tuple[str, str, str]]:
    return [(row.kind.value, row.act, row.url) for row in tasks(staff, at=at)]


def test_a_report_waits_for_the_township_until_its_clock_ends(people: Crew) -> None:
    report = enter_report(advances.report_data(), by=people.assistant, at=NIGHT + timedelta(minutes=5))
    (task,) = tasks(people.officer)
    assert (task.kind, task.act, task.family, task.url) == (
        TaskKind.AID_REPORT,
        "处置急难报告",
        "许金宝",
        f"/temporary-aid/reports/{report.pk}/",
    )
    assert task.due_on == date(2026, 9, 13)
    assert tasks(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平")) == []


def test_the_clock_of_urgent_aid_is_told_by_the_hour(people: Crew) -> None:
    aid = open_urgent(people.officer)
    lamps = [
        (NIGHT + timedelta(hours=9), ("good", "还剩15小时0分")),
        (NIGHT + timedelta(hours=20), ("due", "还剩4小时0分")),
        (NIGHT + timedelta(hours=24, minutes=1), ("late", "已超1分钟")),
    ]
    for at, lamp in lamps:
        (task,) = tasks(people.officer, at=at)
        assert (task.act, task.url) == ("提出救助意见", f"/temporary-aid/{aid.pk}/")
        assert task.lamp is not None
        assert (task.lamp.tone, task.lamp.text) == lamp


def test_the_way_of_an_advance_lies_on_one_list_after_the_other(people: Crew) -> None:
    advances.fund(people)
    aid = advances.asked(people)
    assert told(people.officer) == [("aid_advance", "先行救助", f"/temporary-aid/{aid.pk}/")]
    advances.pay(aid, people)
    (task,) = tasks(people.officer)
    assert (task.act, task.matter) == ("补充说明和签字盖章", f"{aid.number} 先行2,340.00元")
    # Ten working days from Sunday 13 September 2026: Saturday the 20th is worked on, Friday the 25th a holiday.
    assert task.due_on == TemporaryAid.objects.get(pk=aid.pk).advance_slip.supplement_due_on
    data = advances.SupplementData("失火属实。", relieved_on=None)
    advances.submit_supplement(aid, data=data, papers=[advances.photo()], by=people.officer, at=SUNDAY)
    assert told(people.officer) == []
    assert told(people.lead) == [("aid_check", "审核补充说明", f"/temporary-aid/{aid.pk}/")]


def test_what_is_above_the_townships_limit_waits_for_the_county(people: Crew) -> None:
    small = builders.proposed(people)
    assert [row[0] for row in told(people.lead)] == ["aid_approve"]
    assert told(people.approver) == []
    services.approve_aid(small, opinion="同意", by=people.lead, at=builders.MORNING)
    beyond = open_urgent(people.officer, name="章小妹")
    builders.resolved(beyond, builders.secretary(), "6000.00")
    builders.proposed(people, builders.money("6000.00"), aid=beyond)
    assert [row[0] for row in told(people.lead)] == []
    assert told(people.approver) == [("aid_approve", "审批", f"/temporary-aid/{beyond.pk}/")]


def test_nobody_is_asked_to_approve_what_they_had_a_hand_in(people: Crew) -> None:
    both = make_staff(Role.TOWNSHIP_APPROVER, "341824101", name="汪立", on=date(2026, 1, 1))
    aid = builders.proposed(people)
    assert [row[0] for row in told(both)] == ["aid_approve"]
    TemporaryAid.objects.filter(pk=aid.pk).update(opened_by=both)
    assert told(both) == []


def test_a_family_helped_as_often_as_allowed_waits_for_the_meeting(people: Crew) -> None:
    secretary = builders.secretary()
    number = helped(people=people).aid.recipient_id_number.reveal()
    second = open_urgent(people.officer, cause="traffic", id_number=number)
    assert told(secretary) == []
    granted(second, money("1560.00"), people=people)
    third = open_urgent(people.officer, cause="accident", id_number=number)
    assert told(secretary) == [("aid_meeting", "登记一事一议", f"/temporary-aid/{third.pk}/")]
    services.record_decision(third, builders.meeting("3000.00"), by=secretary, at=SUNDAY)
    assert told(secretary) == []


def test_stages_are_visited_and_paid_by_those_who_do_it(people: Crew) -> None:
    story = helped(*in_stages("1000.00", "560.00"), people=people)
    finance = make_staff(Role.FINANCE_OFFICER, "341824", name="柯敏", on=date(2026, 1, 1))
    first, second = story.stage(1), story.stage(2)
    pay = ("aid_pay", "第1期发放", f"/temporary-aid/stages/{first.pk}/pay/")
    assert told(people.officer) == told(finance) == [pay]
    story.pay()
    assert told(people.officer) == told(people.assistant) == []
    # The second stage is planned for 13 October: on the list from three days before.
    planned = second.planned_on
    assert planned == date(2026, 10, 13)
    ninth, tenth = SUNDAY + timedelta(days=26), SUNDAY + timedelta(days=27)
    assert told(people.assistant, at=ninth) == []
    visit = ("aid_visit", "第2期走访", f"/temporary-aid/stages/{second.pk}/visit/")
    assert told(people.assistant, at=tenth) == told(people.officer, at=tenth) == [visit]
    assert told(people.visitor, at=tenth) == []
    story.visit(2, at=tenth)
    story.confirm(2, at=tenth, early_reason="路将封")
    story.pay(2, at=tenth, early_reason="路将封")
    assert told(people.officer, at=tenth) == [("aid_close", "判定办结", f"/temporary-aid/{story.aid.pk}/")]


def test_what_is_owed_afterwards_posting_and_money_that_comes_back(people: Crew) -> None:
    aid = builders.approved(people)
    assert aid.publicity_due_on is not None
    post = next(row for row in tasks(people.officer) if row.kind == TaskKind.AID_POST)
    assert (post.act, post.due_on) == ("事后公示", aid.publicity_due_on)
    advances.fund(people)
    order = advances.recouping(people, name="胡来")
    back = next(row for row in tasks(people.officer) if row.kind == TaskKind.AID_RECOUP)
    assert (back.family, back.url) == ("胡来", f"/temporary-aid/{order.aid_id}/")


def test_papers_that_follow_are_the_clerks_and_what_is_overdue_the_countys_too(people: Crew) -> None:
    """Approved on Sunday 13 September: ten working days are over on the 24th."""
    aid = builders.approved(people)
    paper = next(row for row in tasks(people.officer) if row.kind == TaskKind.AID_PAPERS)
    assert (paper.act, paper.due_on, paper.url) == (
        "后补手续",
        date(2026, 9, 24),
        f"/temporary-aid/{aid.pk}/#owed",
    )
    last = datetime(2026, 9, 24, 10, tzinfo=NIGHT.tzinfo)
    assert told(people.visitor, at=last) == []
    watch = ("aid_overdue", "督办补手续", "/temporary-aid/reserve/")
    assert told(people.visitor, at=last + timedelta(days=1)) == [watch]


def test_the_reserve_is_asked_for_answered_paid_reconciled_and_signed(people: Crew) -> None:
    fund = advances.fund(people, amount="20000.00")
    asked = replenishing.ask_replenishment(
        fund, amount=Decimal("5000.00"), reason="汛期将至", by=people.officer, at=SUNDAY
    )
    assert told(people.officer) == []
    assert [row[:2] for row in told(people.approver)] == [("reserve_answer", "审批补拨")]
    replenishing.approve_replenishment(asked, amount=Decimal("4000.00"), opinion="同意", by=people.approver, at=SUNDAY)
    (task,) = tasks(people.visitor)
    assert (task.act, task.matter) == ("拨付补拨", f"{asked.number} 4,000.00元")
    october = datetime(2026, 10, 9, 2, tzinfo=SUNDAY.tzinfo)
    assert ("reserve_prepare", "编制对账表") in [row[:2] for row in told(people.officer, at=october)]
    sheet = reconciling.prepare_sheet(
        fund,
        month=date(2026, 9, 1),
        counted_cash=Decimal("0.00"),
        bank_balance=Decimal("20000.00"),
        difference_note="",
        by=people.officer,
        at=october,
    )
    assert told(people.officer, at=october) == []
    (task,) = [row for row in tasks(people.lead, at=october) if row.kind == TaskKind.RESERVE_SIGN]
    assert (task.act, task.matter, task.url) == (
        "签认对账表",
        "2026年9月",
        f"/temporary-aid/reserve/{fund.pk}/months/2026-9/",
    )
    assert sheet.signed_on is None
    # November begins: October is owed, and once it is prepared too, nothing is; signing changes nothing of that.
    november = datetime(2026, 11, 9, 2, tzinfo=SUNDAY.tzinfo)
    owed = ("reserve_prepare", "编制对账表")
    assert owed in [row[:2] for row in told(people.officer, at=november)]
    reconciling.sign_sheet(sheet, by=people.lead, at=november)
    assert owed in [row[:2] for row in told(people.officer, at=november)]


def test_a_month_that_was_skipped_stays_a_task_though_the_last_one_is_prepared(people: Crew) -> None:
    fund = advances.fund(people, amount="20000.00")
    november = datetime(2026, 11, 9, 2, tzinfo=SUNDAY.tzinfo)
    money = {"counted_cash": Decimal("0.00"), "bank_balance": Decimal("20000.00"), "difference_note": ""}
    owed = ("reserve_prepare", "编制对账表")
    for month in (date(2026, 10, 1), date(2026, 9, 1)):
        assert owed in [row[:2] for row in told(people.officer, at=november)], month
        reconciling.prepare_sheet(fund, month=month, **money, by=people.officer, at=november)
    assert owed not in [row[:2] for row in told(people.officer, at=november)]


def test_counts_stand_beside_the_two_entries_and_add_up(people: Crew) -> None:
    open_urgent(people.officer)
    builders.proposed(people, aid=open_urgent(people.officer, name="章小妹"))
    lead, officer = (Staff.objects.get(pk=one.pk) for one in (people.lead, people.officer))
    assert task_counts(officer, on=DAY)["temporary_aid"] == 1
    assert task_counts(lead, on=DAY)["temporary_aid"] == 1
    kinds = {row.kind: row.total for row in tasks_by_kind(officer, calendar=working_calendar(), on=DAY)}
    assert kinds[TaskKind.AID_OPEN] == 1
    entries = {entry.key: (entry.url, entry.count) for entry in Frame(officer, on=DAY).entries}
    assert entries["temporary_aid"] == ("/temporary-aid/", 1)
    assert entries["reserve"] == ("/temporary-aid/reserve/", 0)


def test_a_page_costs_the_same_at_one_and_three_tasks(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_urgent(people.officer)
    with django_assert_max_num_queries(30) as one:
        assert len(tasks(people.officer)) == 1
    for name in ("章小妹", "胡来"):
        open_urgent(people.officer, name=name)
    with django_assert_max_num_queries(len(one)):
        assert len(tasks(people.officer)) == 3


def test_the_home_page_shows_them(people: Crew) -> None:
    aid = open_urgent(people.officer)
    client = Client()
    client.force_login(people.officer, backend=BACKEND)
    page = client.get("/").content.decode()
    assert "提出救助意见" in page
    assert aid.number in page
