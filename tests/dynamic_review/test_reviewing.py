"""From the plan to the decision: a review opened, decided, and what follows; confirmed with a look at each."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import services as applications
from benefits.models import AwardEnd
from dynamic_review import services
from dynamic_review.models import ReviewDue, ReviewTrigger
from organizations.models import Job
from organizations.permissions import Role
from organizations.services import appoint, carry_out
from tests.dynamic_review.builders import TODAY, awarded, due_of
from tests.support.cases import Desk, errors_of
from tests.support.crews import LINXI, START, Crew
from tests.support.factories import area, make_staff
from tests.support.reviews import REVIEWED, ReviewStory, decided, earn
from tests.support.reviews import awarded as family_awarded

pytestmark = pytest.mark.django_db
LOOK = "dynamic_review:look"


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


def opened(people: Crew, *, yearly: str = "6000.00") -> ReviewStory:
    """The review of the family of three, opened by the clerk from the calendar and looked into."""
    award = family_awarded(people)
    services.plan_reviews(on=REVIEWED)
    earn(award.household, people, yearly)
    case = services.start_review(award, by=people.officer, on=REVIEWED)
    return ReviewStory(people, award.household, case.intake, case, REVIEWED).investigate()


def test_a_decided_review_meets_its_day_and_the_next_counts_from_it(people: Crew) -> None:
    story = opened(people)
    due = due_of(story.case.award)
    assert (due.reviewed_on, due.legal_due_on) == (START, date(2027, 3, 7)), "category C"
    award = decided(story)
    done = ReviewDue.objects.get(pk=due.pk)
    assert (done.outcome, done.closed_on, done.case) == ("reviewed", story.today, story.case)
    following = due_of(award)
    assert following.reviewed_on == story.today
    months = following.cycle_months
    assert (following.legal_due_on.year * 12 + following.legal_due_on.month) - (
        story.today.year * 12 + story.today.month
    ) == months
    assert services.plan_reviews(on=story.today) == 0


def test_what_called_for_the_review_is_settled_by_it_and_what_came_later_is_not(people: Crew) -> None:
    award = family_awarded(people)
    services.plan_reviews(on=REVIEWED)
    said = {"cause": "reported", "happened_on": REVIEWED, "by": people.officer, "on": REVIEWED}
    services.note_by_hand(award, note="妻子换了工作", **said)
    case = services.start_review(award, by=people.officer, on=REVIEWED)
    assert (case.review.cause, case.review.cause_text) == ("reported", "2026年11月9日 家庭报告变化：妻子换了工作")
    story = ReviewStory(people, award.household, case.intake, case, REVIEWED).investigate()
    later = story.today
    services.note_by_hand(award, cause="complaint", happened_on=later, note="买了车", by=people.officer, on=later)
    decided(story)
    settled = {
        row.cause: row.settled_on for row in ReviewTrigger.objects.filter(award=award).exclude(cause="means_check")
    }
    assert settled == {"reported": story.today, "complaint": None}


def test_a_review_that_stops_the_award_leaves_nothing_due(people: Crew) -> None:
    story = opened(people, yearly="60000.00")
    award = decided(story)
    assert AwardEnd.objects.filter(award=award).exists()
    assert list(ReviewDue.objects.filter(award=award).values_list("outcome", flat=True)) == ["reviewed"]
    assert services.plan_reviews(on=story.today + timedelta(days=1)) == 0


def test_a_review_called_off_can_be_opened_again(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    first = services.start_review(award, by=people.officer, on=TODAY)
    applications.call_off_review(first, reason="登记有误", by=people.officer, on=TODAY)
    second = services.start_review(award, by=people.officer, on=TODAY)
    assert due_of(award).case == second != first


def test_reviews_of_many_are_opened_by_a_job_and_one_that_cannot_be_is_told(people: Crew) -> None:
    good, under_way = awarded(people), awarded(people, name="汪长根")
    services.plan_reviews(on=TODAY)
    services.start_review(under_way, by=people.officer, on=TODAY)
    dues = [due_of(good).pk, due_of(under_way).pk]
    answer = Desk(people.officer, on=TODAY).post(reverse("dynamic_review:chosen"), {"dues": dues, "act": "open"})
    job = Job.objects.get()
    assert answer["Location"] == reverse("organizations:job", args=[job.pk])
    carry_out(job.pk, clock=timezone.now)
    job.refresh_from_db()
    assert (job.state, job.done, job.failed) == ("done", 1, 0)
    assert due_of(good).case is not None
    carry_out(job.pk, clock=timezone.now)
    assert good.cases.count() == under_way.cases.count() == 1


def look(desk: Desk, **values: Any) -> Any:
    page = desk.fetch(reverse(LOOK))
    form = page.context["form"]
    sent = {"case": form.initial["case"], "version": form.initial["version"], "opinion": "同意维持现有待遇。"}
    return desk.post(reverse(LOOK), sent | values)


def test_an_unchanged_review_is_confirmed_after_a_look(people: Crew) -> None:
    story = opened(people)
    story.to_confirming()
    desk = Desk(people.approver, on=story.today)
    page = desk.fetch(reverse(LOOK))
    assert page.context["case"] == story.case
    text = page.content.decode()
    assert story.case.number in text
    assert "入户和核对" in text
    assert errors_of(look(desk, answer="back")).keys() == {"missing"}
    look(desk, answer="skip")
    assert desk.fetch(reverse(LOOK)).context["case"] is None
    desk.post(reverse("dynamic_review:begin"))
    look(desk, answer="agree")
    assert story.refresh().state == "approved"
    assert due_of(story.case.award).reviewed_on == story.today
    assert [row[1:3] for row in desk.fetch(reverse(LOOK)).context["results"]] == [(story.case.number, "已确认")]


def test_who_had_a_hand_in_it_is_not_shown_it_and_cannot_confirm_it(people: Crew) -> None:
    story = opened(people)
    story.to_confirming()
    appoint(people.officer, role=Role.COUNTY_APPROVER, area=area("341824"), on=story.today)
    desk = Desk(people.officer, on=story.today)
    assert desk.fetch(reverse(LOOK)).context["case"] is None
    version = story.refresh().version
    sent = {"case": story.case.pk, "version": version, "opinion": "同意", "answer": "agree"}
    assert desk.post(reverse(LOOK), sent).status_code == 403
    assert story.refresh().state == "confirming"


def test_a_review_that_changes_the_sum_is_not_among_them(people: Crew) -> None:
    story = opened(people, yearly="9000.00")
    story.to_confirming()
    assert story.case.proposals.get(replaced_on=None).monthly_amount != Decimal("2143.00")
    assert Desk(people.approver, on=story.today).fetch(reverse(LOOK)).context["case"] is None


def test_reviews_near_their_plan_are_tasks_of_the_clerk(people: Crew) -> None:
    awarded(people, name="程有田", on=date(2025, 12, 20))
    awarded(people, name="章小妹", on=date(2026, 11, 1))
    services.plan_reviews(on=TODAY)
    page = Desk(people.officer, on=TODAY).fetch(reverse("workbench:home") + "?kind=review")
    assert [(task.family, task.act) for task in page.context["tasks"]] == [("程有田", "发起复核：定期核查")]
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=date(2026, 1, 1))
    assert LINXI not in Desk(neighbour, on=TODAY).fetch(reverse("workbench:home")).content.decode()
