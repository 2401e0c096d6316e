"""A review of a suspended award says what becomes of the suspension; what stays is shown and becomes a task."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications import services
from applications.queries import current_proposal
from applications.services import NotNow
from benefits.models import Award
from benefits.queries import owed_of
from benefits.queries.suspensions import suspended_too_long
from benefits.services import start_phase_out, suspend_award
from dynamic_review.queries.confirming import unchanged_to_confirm
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.services import delegate_confirmation
from tests.support.cases import Desk
from tests.support.crews import LINXI, Crew, crew
from tests.support.factories import area
from tests.support.reviews import AMOUNT, REVIEWED, ReviewStory, awarded, earn, review_of
from workbench.queries.task_rows import as_tasks
from workbench.queries.tasks import task_counts, tasks_by_urgency

pytestmark = [pytest.mark.django_db]
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
ZERO = Decimal("0.00")


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def people(county: None) -> Crew:
    return crew()


def suspended(people: Crew) -> Award:
    award = awarded(people)
    suspend_award(award, from_month=NOVEMBER, reason="联系不上", by=people.approver, on=date(2026, 10, 12))
    return Award.objects.get(pk=award.pk)


def up_for_decision(award: Award, people: Crew) -> ReviewStory:
    return review_of(award, people).investigate().to_confirming()


def approve(story: ReviewStory, answer: str) -> Award:
    services.approve_review(
        story.refresh(), opinion="同意", suspension=answer, by=story.people.approver, on=story.today
    )
    return Award.objects.get(pk=story.case.award_id)


def owed(award: Award) -> list[Decimal]:
    return [row.amount for row in owed_of(award, [NOVEMBER, DECEMBER, JANUARY]).values()]


@pytest.mark.parametrize(
    ("answer", "state", "sums"),
    [
        ("pay", "active", [AMOUNT, AMOUNT, AMOUNT]),
        ("forgo", "active", [ZERO, AMOUNT, AMOUNT]),
        ("stay", "suspended", [ZERO, ZERO, ZERO]),
    ],
)
def test_who_confirms_says_whether_it_is_paid_again_and_from_when(
    people: Crew, answer: str, state: str, sums: list[Decimal]
) -> None:
    award = approve(up_for_decision(suspended(people), people), answer)
    assert (award.state, owed(award)) == (state, sums)
    if answer != "stay":
        assert award.suspensions.get().end_reason.startswith("复核维持（")


def test_without_saying_it_the_review_is_not_decided(people: Crew) -> None:
    story = up_for_decision(suspended(people), people)
    assert not unchanged_to_confirm(people.approver).filter(pk=story.case.pk).exists()
    with pytest.raises(NotNow, match="正在暂缓发放"):
        approve(story, "")
    assert story.refresh().state == "confirming"
    assert current_proposal(story.case) is not None


def test_a_review_that_brings_a_suspended_family_back_from_phase_out_takes_the_last_month_away(people: Crew) -> None:
    award = awarded(people)
    earn(award.household, people, "36000.00")
    start_phase_out(
        award, months=3, suggested_months=3, suggestion="", reason="就业", by=people.approver, on=date(2026, 10, 20)
    )
    suspend_award(award, from_month=DECEMBER, reason="联系不上", by=people.approver, on=REVIEWED)
    earn(award.household, people, "6000.00")
    award = approve(up_for_decision(Award.objects.get(pk=award.pk), people), "pay")
    assert (award.state, award.ends_month) == ("active", None)


def test_what_stays_suspended_is_said_on_the_case_with_the_way_to_resume_it(people: Crew) -> None:
    story = up_for_decision(suspended(people), people)
    desk = Desk(people.approver, on=story.today)
    page = desk.open_act(story, "decide-review").content.decode()
    assert "继续暂缓（在意见里写明原因）" in page
    approve(story, "stay")
    page = desk.get("detail", story.case.pk).content.decode()
    assert "仍在暂缓发放：联系不上" in page
    resume = reverse("benefits:resume", args=[story.case.award_id])
    assert f"{resume}?source={story.case.number}" in page


@pytest.mark.parametrize(("days", "count"), [(29, 0), (30, 1), (90, 1)])
def test_a_suspension_becomes_a_task_after_the_countys_days(people: Crew, days: int, count: int) -> None:
    award, on = suspended(people), date(2026, 10, 12) + timedelta(days=days)
    assert suspended_too_long(people.approver, on=on).count() == count
    assert task_counts(people.approver, on=on).get("awards", 0) == count
    rows = list(tasks_by_urgency(people.approver, calendar=working_calendar(), on=on, kind="suspended"))
    tasks = as_tasks(rows, calendar=working_calendar(), on=on)
    assert [(task.matter, task.url, task.due_on) for task in tasks] == count * [
        (award.number, reverse("benefits:award", args=[award.pk]), date(2026, 11, 11))
    ]


def test_it_is_the_task_of_who_decides_there(people: Crew) -> None:
    suspended(people)
    on = date(2026, 12, 1)
    assert not suspended_too_long(people.lead, on=on).exists()
    delegate_confirmation(
        area(LINXI), scheme=Scheme.DIBAO, starts_on=date(2026, 1, 1), document_number="绩民〔2026〕1号"
    )
    assert suspended_too_long(people.lead, on=on).count() == 1
    assert not suspended_too_long(people.officer, on=on).exists()
