"""A death is reviewed within three months (F2022 一(三)), whatever the cycle says and also during phase-out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from benefits.services import start_phase_out
from dynamic_review import services
from dynamic_review.models import ReviewDue
from dynamic_review.queries.dues import board, listed, reviews_to_open
from households import services as households
from tests.dynamic_review.uplifting import three_people
from tests.support.crews import Crew, county_data, crew

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def bereaved(award: Any, people: Crew, *, on: date) -> None:
    wife = award.household.members.get(relation="spouse")
    at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    households.record_death(wife, died_on=on, by=people.officer, at=at)


def test_an_overdue_review_of_a_death_is_late_on_the_board_and_in_the_list(people: Crew) -> None:
    bereaved(three_people(people), people, on=date(2026, 9, 20))
    in_time, over = date(2026, 12, 20), date(2026, 12, 21)
    services.plan_reviews(on=in_time)
    assert sum(row.late for row in board(people.approver, on=in_time)) == 0
    assert sum(row.late for row in board(people.approver, on=over)) == 1
    assert listed(people.officer, on=over, shown="late").count() == 1


def test_past_its_notice_days_another_trigger_is_not_late_by_law(people: Crew) -> None:
    award = three_people(people)
    happened, over = date(2026, 10, 20), date(2026, 12, 21)
    services.plan_reviews(on=happened)
    terms: dict[str, Any] = {"happened_on": happened, "note": "务工", "by": people.officer, "on": happened}
    trigger = services.note_by_hand(award, cause="reported", **terms)
    assert trigger.due_on < over
    assert sum(row.late for row in board(people.approver, on=over)) == 0
    assert not listed(people.officer, on=over, shown="late").exists()
    services.close_reviewed(services.start_review(award, by=people.officer, on=happened), on=over)
    assert [(row.done, row.done_in_time) for row in board(people.approver, on=over) if row.done] == [(1, 1)]


def test_a_death_during_phase_out_stands_among_the_reviews_to_open(people: Crew) -> None:
    award = three_people(people)
    terms: dict[str, Any] = {"reason": "就业", "by": people.approver, "on": date(2026, 11, 3)}
    start_phase_out(award, months=6, suggested_months=6, suggestion="", **terms)
    services.plan_reviews(on=date(2026, 11, 4))
    assert not ReviewDue.objects.filter(closed_on=None).exists()
    bereaved(award, people, on=date(2026, 11, 20))
    day = date(2026, 11, 22)
    services.plan_reviews(on=day)
    assert services.plan_reviews(on=day) == 0
    assert [due.award_id for due in reviews_to_open(people.officer, on=day)] == [award.pk]
