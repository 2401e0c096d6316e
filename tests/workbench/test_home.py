"""The home page: everybody's own tasks by urgency, the figures of their area, equal costs at any length."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from applications import services
from applications.models import Case
from applications.rules.process import CaseState
from benefits.models import Award, AwardVersion, AwardVersionPerson
from benefits.rules.entitlement import split_equally
from organizations.models import Staff
from organizations.permissions import Role
from organizations.queries import working_calendar
from tests.support.crews import HUAYANG, Crew, county_data, crew
from tests.support.factories import make_household, make_person, make_staff
from tests.support.stories import Story, case_in, new_story
from workbench.queries.figures import award_figures, case_figures
from workbench.queries.task_rows import as_tasks
from workbench.queries.tasks import TaskKind, task_counts, tasks_by_kind, tasks_by_urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def home(staff: Staff, **query: str) -> str:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client.get("/", query).content.decode()


def acts(staff: Staff, on: date) -> list[tuple[str, str]]:
    """Kind and words of everything on a person's list."""
    calendar = working_calendar()
    rows = tasks_by_urgency(Staff.objects.get(pk=staff.pk), calendar=calendar, on=on)
    return [(task.kind.value, task.act) for task in as_tasks(rows, calendar=calendar, on=on)]


def fresh(staff: Staff) -> Staff:
    return Staff.objects.get(pk=staff.pk)


@pytest.mark.parametrize(
    ("state", "role", "task"),
    [
        (CaseState.DRAFT, "officer", ("register", "登记申请")),
        (CaseState.SUBMITTED, "officer", ("accept", "审查材料并受理")),
        (CaseState.SUPPLEMENTING, "officer", ("accept", "等待补正材料")),
        (CaseState.ACCEPTED, "officer", ("investigate", "启动经济状况调查")),
        (CaseState.PROPOSED, "officer", ("publicise", "公示或告知申请人")),
        (CaseState.OBJECTED, "officer", ("investigate", "处理异议")),
        (CaseState.RETURNED, "officer", ("investigate", "补查")),
        (CaseState.CONFIRMING, "approver", ("confirm", "审核确认")),
        (CaseState.APPROVED, "officer", ("announce", "在村内公布")),
        (CaseState.INVESTIGATING, "assistant", ("visit", "配合入户调查")),
    ],
)
def test_each_state_lies_on_the_list_of_who_moves_it_on(state: CaseState, role: str, task: tuple[str, str]) -> None:
    story = case_in(state)
    assert task in acts(getattr(story.people, role), story.today)


def test_nobody_has_a_publicised_case_to_do_before_its_last_day_is_over() -> None:
    story = case_in(CaseState.PUBLICISED)
    kinds = [kind for kind, _ in acts(story.people.officer, story.today)]
    assert "publicise" not in kinds
    story.wait_publicity()
    assert ("publicise", "公示期满，报审核确认") in acts(story.people.officer, story.today)


def test_a_drafted_proposal_waits_for_the_lead_and_not_for_the_clerk() -> None:
    story = case_in(CaseState.INVESTIGATING)
    story.ask_check().later().answer_check().visit().draft()
    assert ("sign", "签发初审意见") in acts(story.people.lead, story.today)
    assert "investigate" not in [kind for kind, _ in acts(story.people.officer, story.today)]


def test_in_a_delegated_township_the_clerk_signs_and_the_lead_confirms() -> None:
    story = new_story(delegated=True).sign_papers().submit().accept().later().start()
    story.ask_check().later().answer_check().visit().draft()
    assert ("sign", "签发初审意见") in acts(story.people.officer, story.today)
    assert "sign" not in [kind for kind, _ in acts(story.people.lead, story.today)]


def test_a_means_check_waits_for_its_operator_who_sees_the_family_and_no_case() -> None:
    story = case_in(CaseState.INVESTIGATING).ask_check()
    assert acts(story.people.operator, story.today) == [("means_check", "回填核对结果")]
    page = home(story.people.operator)
    assert "胡德旺（3人）" in page
    assert story.case.number not in page


def test_a_refusal_notice_is_due_three_working_days_after_the_decision() -> None:
    story = case_in(CaseState.REFUSED)
    calendar = working_calendar()
    rows = tasks_by_urgency(fresh(story.people.officer), calendar=calendar, on=story.today, kind="deliver")
    tasks = as_tasks(rows, calendar=calendar, on=story.today)
    refusal = next(task for task in tasks if task.act == "送达不予确认通知书")
    assert refusal.due_on == calendar.add(story.today, 3).on
    assert tasks[0] == refusal


def test_a_paper_that_was_delivered_waits_no_more() -> None:
    story = case_in(CaseState.ACCEPTED)
    document = story.case.documents.get().document
    assert "deliver" in [kind for kind, _ in acts(story.people.officer, story.today)]
    services.deliver(
        story.case,
        document,
        delivered_on=story.today,
        way="direct",
        received_by="胡德旺",
        note="",
        by=story.people.officer,
        on=story.today,
    )
    assert "deliver" not in [kind for kind, _ in acts(story.people.officer, story.today)]


def test_a_complaint_puts_the_county_visit_on_the_county_officers_list() -> None:
    story = case_in(CaseState.INVESTIGATING)
    assert acts(story.people.visitor, story.today) == []
    services.receive_complaint(
        story.case, received_on=story.today, content="瞒报收入", by=story.people.officer, on=story.today
    )
    assert acts(story.people.visitor, story.today) == [("county_visit", "县民政局入户")]


def test_tasks_come_in_the_order_in_which_they_are_due_and_those_without_a_day_last() -> None:
    people = crew()
    case_in(CaseState.ACCEPTED, people=people)
    story = case_in(CaseState.SUBMITTED, people=people)
    calendar = working_calendar()
    rows = list(tasks_by_urgency(fresh(people.officer), calendar=calendar, on=story.today))
    dues = [due for _, _, due in rows]
    known = [due for due in dues if due]
    assert known == sorted(known)
    assert dues == known + [None] * (len(dues) - len(known))


def test_the_lamp_counts_working_days() -> None:
    story = case_in(CaseState.ACCEPTED)
    calendar = working_calendar()

    def lamp(on: date) -> tuple[str, str]:
        rows = tasks_by_urgency(fresh(story.people.officer), calendar=calendar, on=on, kind="investigate")
        (task,) = as_tasks(rows, calendar=calendar, on=on)
        assert task.lamp is not None
        return task.lamp.tone, task.lamp.text

    # Accepted on Monday 7 September 2026: three working days end on Thursday the 10th (F57 §15).
    assert story.case.__class__.objects.get(pk=story.case.pk).accepted_on == date(2026, 9, 7)
    assert lamp(date(2026, 9, 7)) == ("good", "剩 3 个工作日")
    assert lamp(date(2026, 9, 8)) == ("due", "剩 2 个工作日")
    assert lamp(date(2026, 9, 10)) == ("due", "今天到期")
    assert lamp(date(2026, 9, 14)) == ("late", "已超期 2 个工作日")


def test_the_counts_of_the_navigation_add_up_to_the_list() -> None:
    people = crew()
    case_in(CaseState.SUBMITTED, people=people)
    case_in(CaseState.PROPOSED, people=people)
    story = case_in(CaseState.APPROVED, people=people)
    officer = fresh(people.officer)
    kinds = {row.kind: row.total for row in tasks_by_kind(officer, calendar=working_calendar(), on=story.today)}
    counts = task_counts(officer, on=story.today)
    assert kinds[TaskKind.ACCEPT] == counts["intake"] == 1
    assert kinds[TaskKind.PUBLICISE] + kinds[TaskKind.ANNOUNCE] == counts["publicity"] == 2
    assert sum(kinds.values()) == counts["all"] == len(acts(people.officer, story.today))


def test_a_kind_chosen_leaves_the_others_out() -> None:
    people = crew()
    case_in(CaseState.SUBMITTED, people=people)
    case_in(CaseState.APPROVED, people=people)
    page = home(people.officer, kind="announce")
    assert "在村内公布" in page
    assert "审查材料并受理" not in page
    assert "审查材料并受理" in home(people.officer, kind="nonsense")


def test_a_neighbouring_townships_tasks_and_figures_are_not_shown() -> None:
    story = case_in(CaseState.SUBMITTED)
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平")
    page = home(neighbour)
    assert "胡德旺" not in page
    assert story.case.number not in page
    assert case_figures(fresh(neighbour), on=story.today).under_way == 0


@pytest.fixture
def copies() -> Iterator[Any]:
    """A function that sees to so many submitted cases in 临溪镇."""
    county_data()
    people = crew()
    made: list[Story] = []

    def see_to(total: int) -> Crew:
        while len(made) < total:
            made.append(case_in(CaseState.SUBMITTED, people=people))
        return people

    with time_machine.travel("2026-09-07 10:00:00+08:00", tick=True):
        yield see_to


def test_the_page_costs_the_same_at_one_three_and_fifty_tasks(
    copies: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = copies(1)
    home(people.officer)
    client = Client()
    client.force_login(people.officer, backend=BACKEND)
    with django_assert_max_num_queries(40) as one:
        client.get("/")
    for total in (3, 50):
        copies(total)
        with django_assert_max_num_queries(len(one)):
            page = client.get("/", {"size": "50"})
        assert page.context["page"].paginator.count == total


def test_the_county_counts_cases_by_township_and_step_and_leads_to_each_list() -> None:
    story = case_in(CaseState.SUBMITTED)
    case_in(CaseState.INVESTIGATING, people=story.people)
    approver = make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")
    figures = case_figures(fresh(approver), on=story.today)
    (township,) = figures.townships
    assert (township.name, township.total) == ("临溪镇", 2)
    assert [figure.total for figure in township.steps] == [1, 1, 0, 0, 0]
    page = home(approver)
    assert "township=341824101&amp;state=submitted" in page
    assert "2027年的放假安排还没有录入" in page


def test_decided_this_month_and_overdue_are_counted_by_the_day() -> None:
    story = case_in(CaseState.APPROVED)
    waiting = case_in(CaseState.SUBMITTED, people=story.people)
    officer = fresh(story.people.officer)
    decided = Case.objects.get(pk=story.case.pk).decided_on
    assert decided is not None
    figures = case_figures(officer, on=decided)
    assert (figures.approved, figures.refused) == (1, 0)
    assert case_figures(officer, on=waiting.today).overdue == 0
    assert case_figures(officer, on=date(2026, 12, 31)).overdue == 1


def give_award(number: str, *, month: date, amount: str, persons: int, by: Staff) -> None:
    household = make_household(registered_by=by)
    award = Award.objects.create(
        number=number, scheme="dibao", household=household, area=household.area, starts_month=month
    )
    version = AwardVersion.objects.create(
        award=award,
        serial=1,
        from_month=month,
        monthly_amount=Decimal(amount),
        category="C",
        basis="household",
        person_count=persons,
        reason="首次",
        decided_on=month,
        decided_by=by,
    )
    AwardVersionPerson.objects.bulk_create(
        AwardVersionPerson(version=version, person=make_person(), base_monthly_amount=share)
        for share in split_equally(Decimal(amount), persons)
    )


def test_awards_of_the_month_are_added_up_by_scheme_and_township() -> None:
    officer = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    give_award("A1", month=date(2026, 9, 1), amount="500.00", persons=2, by=officer)
    give_award("A2", month=date(2026, 11, 1), amount="1234.50", persons=3, by=officer)
    give_award("A3", month=date(2026, 12, 1), amount="900.00", persons=1, by=officer)
    figures = award_figures(fresh(officer), on=date(2026, 11, 23))
    assert figures is not None
    dibao = figures.schemes[0]
    assert (dibao.families, dibao.persons, dibao.monthly_amount) == (2, 5, Decimal("1734.50"))
    assert dibao.change == "较上月 +1 户 ・ 下月起 +1 户"
    assert figures.monthly_amount == Decimal("1734.50")
    assert figures.trend is not None
    assert [point.figure for point in figures.trend.points] == [0] * 9 + [1, 1, 2]
    (township,) = figures.townships
    assert (township.name, township.families) == ("临溪镇", 2)


def test_what_is_suspended_is_not_due_this_month() -> None:
    officer = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    give_award("A1", month=date(2026, 9, 1), amount="500.00", persons=2, by=officer)
    give_award("A2", month=date(2026, 9, 1), amount="1234.50", persons=3, by=officer)
    Award.objects.filter(number="A2").update(state="suspended")
    figures = award_figures(fresh(officer), on=date(2026, 11, 23))
    assert figures is not None
    assert (figures.schemes[0].families, figures.monthly_amount) == (2, Decimal("500.00"))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_home(role: Role) -> None:
    code = {"village_assistant": "341824101200", "township_officer": "341824101", "township_approver": "341824101"}
    page = home(make_staff(role, code.get(role.value, "341824"), on=date(2026, 1, 1)))
    assert "今天要办的" in page
    assert ("系统概况" in page) == (role == Role.SYSTEM_ADMINISTRATOR)
    assert ("受理一户" in page) == (role in (Role.VILLAGE_ASSISTANT, Role.TOWNSHIP_OFFICER))
