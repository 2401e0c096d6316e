"""Whom to visit until when: worked out by the database from the last visit and the level (handbook 2.6)."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from applications.models import StepTerm
from benefits.models import Award
from care import queries, services
from organizations.models import Staff
from organizations.permissions import Role
from tests.care.builders import TODAY, reported, signed, supported, visited
from tests.support.crews import HUAYANG, VILLAGES, Crew, crew
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


def due(staff: Staff, award: Award, *, on: date = TODAY) -> date | None:
    return queries.listed(staff, on=on).get(pk=award.pk).due_on  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("level", "last", "next_day"),
    [
        ("self_reliant", date(2026, 10, 31), date(2026, 11, 30)),
        ("self_reliant", date(2026, 11, 23), date(2026, 12, 23)),
        ("semi_disabled", date(2026, 11, 20), date(2026, 11, 27)),
        ("disabled", date(2026, 11, 20), date(2026, 11, 27)),
    ],
)
def test_the_next_visit_follows_from_the_last_one_and_the_level(
    people: Crew, level: str, last: date, next_day: date
) -> None:
    award = supported(people, level=level)
    visited(award, people.assistant, on=last - timedelta(days=9))
    visited(award, people.assistant, on=last)
    assert due(people.officer, award) == next_day


def test_who_was_never_visited_is_due_after_the_first_month_began(people: Crew) -> None:
    assert due(people.officer, supported(people, level="self_reliant")) == date(2026, 11, 1)


def test_the_county_sets_how_often_and_from_which_day_on(people: Crew) -> None:
    award = supported(people, level="self_reliant")
    visited(award, people.assistant, on=TODAY)
    term = StepTerm.objects.get(step="care_visit_self_reliant")
    assert term.is_local_practice
    StepTerm.objects.filter(pk=term.pk).update(days=2)
    assert due(people.officer, award) == date(2027, 1, 23)


def test_a_voided_visit_does_not_count(people: Crew) -> None:
    award = supported(people)
    visited(award, people.assistant, on=date(2026, 11, 10))
    mistaken = visited(award, people.assistant, on=TODAY)
    services.void_visit(mistaken, reason="记错了人", by=people.assistant, on=TODAY)
    assert due(people.officer, award) == date(2026, 11, 17)


def test_who_lives_in_an_institution_or_is_not_paid_is_not_visited_by_these_terms(people: Crew) -> None:
    inside = supported(people, mode="institutional")
    assert due(people.officer, inside) is None
    suspended = supported(people, name="汪长根")
    suspended.state = "suspended"
    suspended.save()
    assert due(people.officer, suspended) is None


def test_the_list_is_cut_to_what_is_asked_for(people: Crew) -> None:
    late = supported(people, name="汪长根", level="disabled")
    visited(late, people.assistant, on=date(2026, 11, 1))
    soon = supported(people, name="章小妹", level="disabled")
    visited(soon, people.assistant, on=date(2026, 11, 18))
    signed(soon, people.officer)
    later = supported(people, name="胡德旺", level="self_reliant")
    visited(later, people.assistant, on=TODAY)

    def found(**cut: str) -> list[Award]:
        return list(queries.listed(people.officer, on=TODAY, **cut))

    assert found() == [late, soon, later]
    assert found(due="due") == [late, soon]
    assert found(due="late") == [late]
    assert found(level="self_reliant") == [later]
    assert found(carer="德才") == [soon]
    assert found(village=VILLAGES[HUAYANG]) == []
    assert found(sort="-due") == [later, soon, late]


def test_nobody_elsewhere_sees_anything_of_it(people: Crew) -> None:
    award = supported(people)
    visit = visited(award, people.assistant, problem="屋顶漏雨", housing="poor")
    agreement, report = signed(award, people.officer), reported(award, people.officer)
    there = crew(HUAYANG)
    next_door = make_staff(Role.VILLAGE_ASSISTANT, "341824101201", on=TODAY)
    for staff in (there.officer, there.lead, there.assistant, next_door, people.operator):
        assert not queries.listed(staff, on=TODAY).exists()
        assert not queries.visits_to_make(staff, on=TODAY).exists()
        assert not queries.visits_visible_to(staff).filter(pk=visit.pk).exists()
        assert not queries.points_visible_to(staff).exists()
        assert not queries.agreements_visible_to(staff).filter(pk=agreement.pk).exists()
        assert not queries.reports_visible_to(staff).filter(pk=report.pk).exists()
    assert queries.listed(people.lead, on=TODAY).get() == award


def test_the_list_asks_the_database_once_however_long_it_is(
    people: Crew, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    awards = [supported(people, name=name) for name in ("胡德旺", "汪长根", "章小妹")]
    for award in awards[:2]:
        visited(award, people.assistant)
    people.officer.area_ids("see_care")
    with django_assert_num_queries(1):
        rows = [(row.person_name, row.due_on, row.open_points) for row in queries.listed(people.officer, on=TODAY)]
    assert len(rows) == 3


def test_tasks_are_visits_due_soon_for_who_records_them(people: Crew) -> None:
    award = supported(people, level="disabled")
    visited(award, people.assistant, on=date(2026, 11, 19))
    assert list(queries.visits_to_make(people.assistant, on=date(2026, 11, 22))) == []
    assert list(queries.visits_to_make(people.assistant, on=date(2026, 11, 23))) == [award]
    assert list(queries.visits_to_make(people.officer, on=date(2026, 11, 30))) == [award]
    assert list(queries.visits_to_make(people.lead, on=date(2026, 11, 30))) == []
