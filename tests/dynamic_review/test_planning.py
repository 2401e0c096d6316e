"""Due dates: each boundary day, nothing twice, days of downtime, and only ever earlier than the law says."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from benefits import services as benefits
from benefits.models import Award
from dynamic_review import services
from dynamic_review.models import ReviewDue, ReviewTrigger
from tests.dynamic_review.builders import CONFIRMED, TODAY, awarded, due_of
from tests.support.crews import HUAYANG, LINXI, VILLAGES, Crew
from tests.support.factories import area

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("category", "confirmed", "due"),
    [
        ("A", date(2026, 8, 31), date(2027, 8, 31)),
        ("B", date(2026, 3, 15), date(2027, 3, 15)),
        ("C", date(2026, 8, 31), date(2027, 2, 28)),
        ("C", date(2027, 8, 31), date(2028, 2, 29)),
        ("C", date(2026, 8, 28), date(2027, 2, 28)),
        ("A", date(2028, 2, 29), date(2029, 2, 28)),
        ("C", date(2026, 10, 31), date(2027, 4, 30)),
    ],
)
def test_a_and_b_are_due_after_a_year_and_c_after_six_months_by_the_calendar(
    people: Crew, category: str, confirmed: date, due: date
) -> None:
    award = awarded(people, category=category, on=confirmed)
    services.plan_reviews(on=confirmed)
    row = due_of(award)
    assert (row.reviewed_on, row.legal_due_on) == (confirmed, due)
    assert confirmed <= row.planned_on <= due


def test_tekun_is_due_after_a_year(people: Crew) -> None:
    award = awarded(people, scheme="tekun", born=date(1950, 3, 12))
    services.plan_reviews(on=TODAY)
    assert due_of(award).legal_due_on == date(2027, 8, 31)


def test_the_same_night_twice_writes_nothing_the_second_time(people: Crew) -> None:
    for name in ("汪长根", "章小妹", "胡国庆"):
        awarded(people, name=name, category="C")
    late = awarded(people, name="程有田", on=date(2025, 6, 1))
    assert services.plan_reviews(on=TODAY) == 4
    assert services.plan_reviews(on=TODAY) == 0
    assert due_of(late).planned_on == due_of(late).legal_due_on == date(2026, 6, 1)
    assert services.plan_reviews(on=date(2026, 11, 24)) == 0


def test_days_of_downtime_are_caught_up_with(people: Crew) -> None:
    award = awarded(people, category="C")
    services.plan_reviews(on=TODAY)
    planned = due_of(award).planned_on
    services.plan_reviews(on=date(2027, 2, 25))  # the planned day has passed, the legal one is three days off
    moved = due_of(award)
    assert planned < date(2027, 2, 25) <= moved.planned_on <= moved.legal_due_on == date(2027, 2, 28)
    services.plan_reviews(on=date(2027, 3, 20))
    assert due_of(award).planned_on == moved.planned_on, "an overdue visit keeps the day that it was planned for"


def test_a_change_to_category_c_counts_from_the_last_review_and_may_be_due_at_once(people: Crew) -> None:
    award = awarded(people, category="B", on=date(2026, 3, 15))
    services.plan_reviews(on=TODAY)
    assert due_of(award).legal_due_on == date(2027, 3, 15)
    person = benefits.CoveredPerson(award.persons.get().person)
    change = benefits.AwardChange(
        kind="adjust",
        monthly_amount=Decimal("515.00"),
        persons=[person],
        category="C",
        basis="household",
        care=None,
        assessment=None,
    )
    benefits.change_award(
        award, change=change, from_month=date(2026, 12, 1), reason="类别调整", by=people.approver, on=TODAY
    )
    services.plan_reviews(on=TODAY)
    row = due_of(award)
    assert (row.category, row.cycle_months, row.legal_due_on) == ("C", 6, date(2026, 9, 15))
    assert row.planned_on == row.legal_due_on


def test_families_whose_award_was_stopped_are_no_longer_listed(people: Crew) -> None:
    award, other = awarded(people), awarded(people, name="汪长根")
    services.plan_reviews(on=TODAY)
    benefits.end_award(
        award, last_month=date(2026, 11, 1), reason="不再符合", decided_by=people.approver, decided_on=TODAY
    )
    services.plan_reviews(on=TODAY)
    closed = ReviewDue.objects.get(award=award)
    assert (closed.closed_on, closed.outcome) == (TODAY, "ended")
    assert due_of(other)
    assert services.plan_reviews(on=TODAY) == 0


def test_a_family_in_phase_out_is_not_due_and_is_again_once_it_is_brought_back(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    said = {"months": 2, "suggested_months": 2, "suggestion": "", "reason": "收入增加", "source": ""}
    phase_out = benefits.start_phase_out(award, **said, by=people.approver, on=TODAY)
    services.plan_reviews(on=TODAY)
    assert ReviewDue.objects.get(award=award).outcome == "phase_out"
    benefits.revoke_phase_out(phase_out, reason="收入又下降", by=people.approver, on=TODAY)
    services.plan_reviews(on=TODAY)
    assert due_of(award).legal_due_on == date(2027, 8, 31)


def test_a_suspended_award_stays_due(people: Crew) -> None:
    award = awarded(people)
    Award.objects.filter(pk=award.pk).update(state="suspended")
    services.plan_reviews(on=TODAY)
    assert due_of(award).legal_due_on == date(2027, 8, 31)


def test_a_plan_that_the_clerk_accepted_stays(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    ReviewDue.objects.filter(award=award).update(planned_on=date(2026, 12, 1), kept=True)
    services.plan_township(area(LINXI), on=TODAY, anew=True)
    assert due_of(award).planned_on == date(2026, 12, 1)


def test_the_database_refuses_a_plan_later_than_the_law_and_a_second_open_row(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    with pytest.raises(IntegrityError, match="review_planned_never_late"), transaction.atomic():
        ReviewDue.objects.filter(award=award).update(planned_on=date(2027, 9, 1))
    row = due_of(award)
    row.pk = None
    with pytest.raises(IntegrityError, match="review_due_one_open"), transaction.atomic():
        row.save()


def test_what_is_triggered_is_planned_before_its_own_last_day(people: Crew) -> None:
    award = awarded(people, category="A")
    services.plan_reviews(on=TODAY)
    trigger = services.note_by_hand(
        award, cause="reported", happened_on=TODAY, note="女儿参加工作", by=people.officer, on=TODAY
    )
    assert trigger.due_on == date(2026, 12, 23)
    services.plan_reviews(on=TODAY)
    assert TODAY <= due_of(award).planned_on <= date(2026, 12, 23)
    assert due_of(award).legal_due_on == date(2027, 8, 31)


def test_a_family_that_moved_is_planned_where_its_award_is_kept(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    Award.objects.filter(pk=award.pk).update(area=area(VILLAGES[HUAYANG]))
    assert services.plan_reviews(on=TODAY) == 0
    assert ReviewDue.objects.count() == 1


def test_ten_families_and_forty_ask_the_database_as_often(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = []
    for more in (3, 12):
        for number in range(more):
            awarded(people, name=f"汪{chr(0x4E00 + number)}", on=CONFIRMED)
        with django_assert_max_num_queries(150) as counted:
            assert services.plan_reviews(on=TODAY) == more
        asked.append(len(counted))
    assert asked[0] == asked[1]
    assert ReviewTrigger.objects.count() == 0
