"""Extensions in a public emergency: bounded, recorded, of the townships named, and never of what a death calls for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from benefits.models import AwardCheck
from dynamic_review import services
from dynamic_review.models import ReviewExtension
from dynamic_review.services import ExtensionData, NotAllowed
from foundation.errors import NotPermitted
from tests.dynamic_review.builders import TODAY, awarded, due_of, triggers_of
from tests.support.crews import HUAYANG, LINXI, VILLAGES, Crew, crew
from tests.support.factories import area

pytestmark = pytest.mark.django_db


def terms(**more: Any) -> ExtensionData:
    """Everything of 临溪镇 that is due in August 2027, three months later."""
    usual = ExtensionData(
        [area(LINXI)], ["dibao"], date(2027, 8, 1), date(2027, 8, 31), 3, "皖民发〔2027〕1号", "特大暴雨"
    )
    return replace(usual, **more)


def test_what_is_due_in_the_days_named_is_due_so_many_months_later(people: Crew) -> None:
    award, earlier = awarded(people), awarded(people, name="汪长根", on=date(2026, 7, 31))
    neighbours = awarded(crew(HUAYANG), name="邵国平", village=VILLAGES[HUAYANG])
    supported = awarded(people, name="程有田", scheme="tekun", born=date(1950, 3, 12))
    services.plan_reviews(on=TODAY)
    extension = services.extend_reviews(data=terms(), by=people.approver, on=TODAY)
    assert due_of(award).legal_due_on == date(2027, 11, 30)
    assert due_of(award).extension == extension
    assert due_of(earlier).legal_due_on == date(2027, 7, 31)
    assert due_of(neighbours).legal_due_on == date(2027, 8, 31)
    assert due_of(supported).legal_due_on == date(2027, 8, 31)
    assert services.plan_reviews(on=TODAY) == 0


def test_two_extensions_do_not_add_up(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    services.extend_reviews(data=terms(months=1), by=people.approver, on=TODAY)
    services.extend_reviews(data=terms(months=2), by=people.approver, on=TODAY)
    assert due_of(award).legal_due_on == date(2027, 10, 31)


def test_a_revoked_extension_leaves_the_day_of_the_law(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    extension = services.extend_reviews(data=terms(), by=people.approver, on=TODAY)
    late = date(2027, 10, 8)
    with pytest.raises(NotAllowed, match="原因"):
        services.revoke_extension(extension, reason=" ", by=people.approver, on=late)
    services.revoke_extension(extension, reason="应急响应已终止", by=people.approver, on=late)
    assert due_of(award).planned_on == due_of(award).legal_due_on == date(2027, 8, 31)
    with pytest.raises(NotAllowed, match="已经撤销"):
        services.revoke_extension(extension, reason="再次", by=people.approver, on=late)


def test_a_death_is_reviewed_within_three_months_whatever_is_extended(people: Crew) -> None:
    award = awarded(people)
    AwardCheck.objects.create(
        award=award,
        person=award.persons.get().person,
        cause="died",
        happened_on=TODAY,
        due_on=date(2027, 2, 23),
        unpaid_from=date(2026, 12, 1),
        noted_by=people.officer,
    )
    services.plan_reviews(on=TODAY)
    services.extend_reviews(data=terms(), by=people.approver, on=TODAY)
    assert triggers_of(award)[0].due_on == date(2027, 2, 23)
    assert due_of(award).planned_on <= date(2027, 2, 23)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"areas": []}, "areas"),
        ({"schemes": []}, "schemes"),
        ({"months": 4}, "months"),
        ({"months": 0}, "months"),
        ({"to_day": date(2027, 7, 31)}, "to_day"),
        ({"document": " "}, "document"),
        ({"reason": ""}, "reason"),
    ],
)
def test_an_extension_that_is_not_whole_is_refused_beside_its_field(
    people: Crew, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        services.extend_reviews(data=terms(**more), by=people.approver, on=TODAY)
    assert refused.value.field == field
    assert not ReviewExtension.objects.exists()


def test_villages_are_not_extended_and_a_township_extends_nothing(people: Crew) -> None:
    with pytest.raises(NotAllowed, match="选择乡镇"):
        services.extend_reviews(data=terms(areas=[area(VILLAGES[LINXI])]), by=people.approver, on=TODAY)
    for stranger in (people.officer, people.lead):
        with pytest.raises(NotPermitted):
            services.extend_reviews(data=terms(), by=stranger, on=TODAY)
