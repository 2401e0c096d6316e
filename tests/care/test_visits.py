"""走访照料: what is found is written once, and what is wrong stays open until it is settled."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from benefits.services import end_award
from care import services
from care.models import CarePoint, CareVisit
from care.queries import open_points
from care.services import NotAllowed, VisitData
from foundation.errors import NotPermitted
from households.services import NotAllowedNow, void_attachment
from tests.care.builders import TODAY, supported, visited
from tests.households.builders import picture
from tests.support.crews import HUAYANG, Crew, crew
from tests.support.factories import AT

pytestmark = pytest.mark.django_db
FOUND = {"visited_on": TODAY, "visitors": "汪志强", "diet": "good", "hygiene": "good", "health": "fair"}


def test_a_village_assistant_records_a_visit_with_a_photo(people: Crew) -> None:
    award = supported(people)
    visit = services.record_visit(
        award,
        data=VisitData(**FOUND, housing="poor", problem="屋顶漏雨", follow_up="联系村里翻修"),
        photo=picture("屋顶.jpg"),
        by=people.assistant,
        at=AT,
        on=TODAY,
    )
    assert visit.photo is not None
    assert visit.photo.kind == "care_visit_photo"
    point = open_points(people.officer).get()
    assert (point.visit, point.problem, point.follow_up) == (visit, "屋顶漏雨", "联系村里翻修")
    with pytest.raises(NotAllowedNow, match="走访记录"):
        void_attachment(visit.photo, reason="模糊", by=people.officer, at=AT)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"visited_on": date(2026, 11, 24)}, "visited_on"),
        ({"visitors": " "}, "visitors"),
        ({"diet": "bad"}, "diet"),
        ({"housing": "poor"}, "problem"),
    ],
)
def test_what_is_no_visit_is_refused_beside_its_field(people: Crew, wrong: dict[str, Any], field: str) -> None:
    data = VisitData(**FOUND | {"housing": "good"} | wrong)
    with pytest.raises(NotAllowed) as refused:
        services.record_visit(supported(people), data=data, by=people.assistant, at=AT, on=TODAY)
    assert refused.value.field == field
    assert not CareVisit.objects.exists()


def test_a_late_visit_is_recorded_all_the_same(people: Crew) -> None:
    award = supported(people, level="disabled")
    assert visited(award, people.assistant, on=TODAY).visited_on == TODAY


def test_a_problem_is_settled_once_and_with_words(people: Crew) -> None:
    visited(supported(people), people.assistant, problem="缺过冬被褥")
    point = CarePoint.objects.get()
    with pytest.raises(NotAllowed, match="处理结果"):
        services.settle_point(point, settlement=" ", by=people.officer, on=TODAY)
    services.settle_point(point, settlement="已送棉被两床", by=people.officer, on=TODAY)
    assert not open_points(people.officer).exists()
    with pytest.raises(NotAllowed, match="已经办结"):
        services.settle_point(point, settlement="再送一床", by=people.officer, on=TODAY)


def test_a_mistaken_visit_is_voided_by_its_author_or_the_township(people: Crew) -> None:
    award = supported(people)
    by_township = visited(award, people.officer, problem="缺药")
    with pytest.raises(NotPermitted, match="乡镇经办人"):
        services.void_visit(by_township, reason="记错了人", by=people.assistant, on=TODAY)
    by_village = visited(award, people.assistant)
    services.void_visit(by_village, reason="记错了人", by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="已经作废"):
        services.void_visit(by_village, reason="记错了人", by=people.officer, on=TODAY)
    services.void_visit(by_township, reason="记错了人", by=people.officer, on=TODAY)
    assert not open_points(people.officer).exists()


def test_what_a_visit_found_is_not_changed_in_place(people: Crew) -> None:
    visit = visited(supported(people), people.assistant)
    with pytest.raises(DatabaseError), transaction.atomic():
        CareVisit.objects.filter(pk=visit.pk).update(health="good")


def test_only_who_works_there_records_visits(people: Crew) -> None:
    award = supported(people)
    there = crew(HUAYANG)
    for staff in (there.officer, there.assistant, people.lead, people.approver, people.visitor):
        with pytest.raises(NotPermitted):
            visited(award, staff)


def test_nobody_is_visited_after_the_award_was_stopped(people: Crew) -> None:
    award = supported(people)
    end_award(award, last_month=date(2026, 11, 1), reason="自愿放弃", decided_by=people.approver, decided_on=TODAY)
    with pytest.raises(NotAllowed, match="已经停发"):
        visited(award, people.assistant)
