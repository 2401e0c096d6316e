"""People without papers: what tells that somebody may have been helped before, and that nobody decides beside it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.queries import aid_terms, frequency_of, hold_people_of
from temporary_aid.queries.assessing import assess, decided_assessment
from temporary_aid.services import NotAllowed
from temporary_aid.services.following import open_follow_up
from tests.support.aid import HUAYANG, open_urgent
from tests.support.crews import Crew, crew
from tests.support.factories import make_id_number
from tests.temporary_aid import advances
from tests.temporary_aid.builders import MORNING, approved, proposal

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=3)
BORN = date(1971, 2, 3)


def nameless(people: Crew, **more: Any) -> TemporaryAid:
    """An aid for traffic of somebody without an ID number; the one before was for a fire."""
    told = {"id_number": "", "missing_id_reason": "unidentified", "cause": "traffic"}
    return open_urgent(people.officer, **told | more)


def test_a_namesake_of_the_village_is_named_and_a_word_is_asked(people: Crew) -> None:
    before = approved(people)
    aid = nameless(people)
    found = frequency_of(aid, terms=aid_terms(aid.area, on=LATER.date()), on=LATER.date())
    assert (found.all, found.alike) == (0, (before.number,))
    assert before.number in assess(aid, at=LATER).frequency
    with pytest.raises(NotAllowed, match=before.number) as refused:
        services.propose_aid(aid, proposal(), by=people.officer, at=LATER)
    assert refused.value.field == "difference_reason"
    services.propose_aid(aid, proposal(difference="同名不同人，村里证明"), by=people.officer, at=LATER)
    aid = services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER)
    kept = decided_assessment(aid)
    assert kept is not None
    assert f"同出生日期的{before.number}未计入" in kept.frequency


def test_the_same_is_asked_before_money_is_paid_first(people: Crew) -> None:
    advances.fund(people)
    approved(people)
    aid = nameless(people)
    with pytest.raises(NotAllowed) as refused:
        advances.pay(aid, people, at=LATER)
    assert refused.value.field == "difference_reason"
    assert advances.pay(aid, people, at=LATER, difference="同名不同人，村里证明").aid == aid


@pytest.mark.parametrize(
    ("more", "is_alike"),
    [
        ({"name": "许大山"}, False),
        ({"name": "许大山", "sex": "male", "birth_date": BORN}, True),
        ({"name": "许大山", "sex": "female", "birth_date": BORN}, False),
        ({"name": "许大山", "sex": "male", "birth_date": date(1971, 2, 4)}, False),
        ({"name": "许 金宝"}, True),
    ],
)
def test_who_may_be_the_same(people: Crew, more: dict[str, Any], is_alike: bool) -> None:
    before = nameless(people, cause="fire", sex="male", birth_date=BORN)
    before = approved(people, aid=before)
    aid = nameless(people, **more)
    found = frequency_of(aid, terms=aid_terms(aid.area, on=LATER.date()), on=LATER.date())
    assert found.alike == ((before.number,) if is_alike else ())


def test_of_other_villages_and_of_those_with_a_number_nothing_is_asked(people: Crew) -> None:
    approved(people)
    other = crew(HUAYANG)
    elsewhere = nameless(other, township=HUAYANG)
    services.propose_aid(elsewhere, proposal(), by=other.officer, at=LATER)
    known = open_urgent(people.officer, cause="traffic", id_number=make_id_number())
    assert not frequency_of(known, terms=aid_terms(known.area, on=LATER.date()), on=LATER.date()).alike


def test_who_comes_back_with_papers_is_asked_about_what_was_granted_without(people: Crew) -> None:
    before = approved(people, aid=nameless(people, cause="fire", sex="male", birth_date=BORN))
    number = make_id_number(birth_date=BORN)
    for name, cause in (("许金宝", "traffic"), ("许进宝", "accident")):
        aid = open_urgent(people.officer, cause=cause, id_number=number, name=name)
        found = frequency_of(aid, terms=aid_terms(aid.area, on=LATER.date()), on=LATER.date())
        assert (found.all, found.alike) == (0, (before.number,))
    with pytest.raises(NotAllowed, match=before.number) as refused:
        services.propose_aid(aid, proposal(), by=people.officer, at=LATER)
    assert refused.value.field == "difference_reason"
    services.propose_aid(aid, proposal(difference="同名不同人，村里证明"), by=people.officer, at=LATER)


def test_with_and_without_papers_of_one_village_wait_for_each_other(people: Crew) -> None:
    for aid in (nameless(people, cause="fire"), open_urgent(people.officer, cause="traffic")):
        with CaptureQueriesContext(connection) as asked:
            hold_people_of(aid)
        assert any(f"'aid-village-{aid.area_id}'" in query["sql"] for query in asked.captured_queries)


def test_aid_of_more_than_a_year_ago_is_not_named(people: Crew) -> None:
    """The sample figures count from 1 January: aid of September 2026 is named on 31 December and not the day after."""
    before = approved(people)
    aid = nameless(people)
    for day, alike in ((date(2026, 12, 31), (before.number,)), (date(2027, 1, 1), ())):
        assert frequency_of(aid, terms=aid_terms(aid.area, on=MORNING.date()), on=day).alike == alike


def test_two_follow_ups_of_one_time_wait_for_each_other(people: Crew) -> None:
    root = approved(people, aid=nameless(people, cause="fire"))
    first, second = (
        open_follow_up(root, situation="仍无口粮", by=people.officer, at=LATER + timedelta(hours=hours))
        for hours in (0, 1)
    )
    for aid in (root, first, second):
        with CaptureQueriesContext(connection) as asked:
            hold_people_of(aid)
        assert any(f"'aid-time-{root.pk}'" in query["sql"] for query in asked.captured_queries)
