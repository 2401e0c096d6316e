"""What calls for a review before its day: each thing once, from the day on which it is so."""

from datetime import date, timedelta
from typing import Any

import pytest

from benefits import services as benefits
from benefits.models import Award, AwardCheck
from dynamic_review import services
from dynamic_review.services import NotAllowed, OfferData
from foundation.errors import NotPermitted, ServiceError
from households.models import Disability, Person
from households.models.representation import Consent
from organizations.permissions import Role
from tests.dynamic_review.builders import CONFIRMED, TODAY, awarded, triggers_of
from tests.support.crews import HUAYANG, Crew
from tests.support.factories import make_staff
from verification.models import MeansCheck

pytestmark = pytest.mark.django_db


def told(award: Award, on: date) -> list[tuple[str, date, date]]:
    """What is on record after the night of a day: cause, when it happened, until when it is reviewed."""
    services.plan_reviews(on=on)
    services.plan_reviews(on=on)
    return [(row.cause, row.happened_on, row.due_on) for row in triggers_of(award)]


@pytest.mark.parametrize(
    ("born", "reached"),
    [
        (date(2010, 11, 23), date(2026, 11, 23)),
        (date(2008, 11, 23), date(2026, 11, 23)),
        (date(1966, 11, 23), date(2026, 11, 23)),
        (date(1956, 11, 23), date(2026, 11, 23)),
        (date(1967, 3, 1), date(2027, 3, 1)),
        (date(2008, 2, 29), date(2027, 3, 1)),  # 18 in 2026 already, before the confirmation; nothing in 2027
    ],
)
def test_sixteen_eighteen_sixty_and_seventy_call_for_a_review_on_their_day(
    people: Crew, born: date, reached: date
) -> None:
    award = awarded(people, born=born)
    assert told(award, reached - timedelta(days=1)) == []
    expected = [] if born == date(2008, 2, 29) else [("age", reached, reached + timedelta(days=30))]
    assert told(award, reached) == expected
    assert told(award, reached + timedelta(days=9)) == expected


def test_who_was_born_on_29_february_is_eighteen_on_the_first_of_march(people: Crew) -> None:
    award = awarded(people, born=date(2008, 2, 29), on=date(2025, 12, 31))
    assert told(award, date(2026, 2, 28)) == []
    assert told(award, date(2026, 3, 1)) == [("age", date(2026, 3, 1), date(2026, 3, 31))]


def test_an_age_reached_before_the_last_review_is_known_already(people: Crew) -> None:
    award = awarded(people, born=date(1966, 8, 31))
    assert told(award, TODAY) == []


def test_a_certificate_calls_for_a_review_thirty_days_before_it_ends(people: Crew) -> None:
    award = awarded(people)
    person = award.persons.get().person
    Disability.objects.create(person=person, kind="physical", level=2, valid_to=date(2026, 12, 23))
    assert told(award, date(2026, 11, 22)) == []
    assert told(award, TODAY) == [("certificate", date(2026, 12, 23), date(2026, 12, 23))]
    Disability.objects.filter(person=person).update(valid_to=date(2036, 12, 23))
    assert len(told(award, date(2026, 12, 24))) == 1, "a renewed certificate calls for nothing new"


@pytest.mark.parametrize(("born", "calls"), [(date(2009, 8, 31), True), (date(2009, 9, 1), False)])
def test_school_ends_with_the_school_year_in_which_its_last_age_is_reached(
    people: Crew, born: date, calls: bool
) -> None:
    award = awarded(people, born=born)
    Person.objects.filter(pk=award.persons.get().person_id).update(schooling="senior_high")
    assert "schooling" not in [cause for cause, *_ in told(award, date(2027, 8, 30))]
    ends = [row for row in told(award, date(2027, 8, 31)) if row[0] == "schooling"]
    assert ends == ([("schooling", date(2027, 8, 31), date(2027, 9, 30))] if calls else [])


def test_a_death_is_reviewed_within_three_months_of_it(people: Crew) -> None:
    award = awarded(people)
    person = award.persons.get().person
    AwardCheck.objects.create(
        award=award,
        person=person,
        cause="died",
        happened_on=date(2026, 11, 30),
        due_on=date(2027, 2, 28),
        unpaid_from=date(2026, 12, 1),
        noted_by=people.officer,
    )
    assert told(award, date(2026, 12, 1)) == [("death", date(2026, 11, 30), date(2027, 2, 28))]
    with pytest.raises(NotAllowed, match="三个月内"):
        services.settle_trigger(triggers_of(award)[0], settlement="已知道", by=people.officer, on=TODAY)


def test_a_death_is_not_settled_by_a_sentence_on_the_awards_check(people: Crew) -> None:
    award = awarded(people)
    check = AwardCheck.objects.create(
        award=award,
        person=award.persons.get().person,
        cause="died",
        happened_on=TODAY,
        due_on=date(2027, 2, 23),
        unpaid_from=date(2026, 12, 1),
        noted_by=people.officer,
    )
    with pytest.raises(ServiceError, match="请发起复核或终止"):
        benefits.settle_check(check, finding="已知", by=people.officer, on=TODAY)


def test_a_check_looked_into_settles_what_it_called_for(people: Crew) -> None:
    award = awarded(people)
    check = AwardCheck.objects.create(
        award=award, person=award.persons.get().person, cause="joined", happened_on=TODAY, noted_by=people.officer
    )
    assert told(award, TODAY) == [("joined", TODAY, date(2026, 12, 23))]
    benefits.settle_check(check, finding="不改变金额", by=people.officer, on=TODAY)
    told(award, TODAY)
    trigger = triggers_of(award)[0]
    assert (trigger.settled_on, trigger.settled_by, trigger.settlement) == (TODAY, people.officer, "不改变金额")


def test_a_stopped_award_leaves_nothing_to_be_looked_into(people: Crew) -> None:
    award = awarded(people)
    services.note_by_hand(award, cause="complaint", happened_on=TODAY, note="有车", by=people.officer, on=TODAY)
    benefits.end_award(award, last_month=date(2026, 11, 1), reason="停", decided_by=people.approver, decided_on=TODAY)
    told(award, TODAY)
    assert triggers_of(award)[0].settlement == "待遇已停发"


def offer(people: Crew, award: Award, answer: str, day: int, **more: Any) -> None:
    person = award.persons.get().person
    data = OfferData(person, date(2026, 11, day), "保洁", answer, **more)
    services.record_offer(award, data=data, by=people.officer, on=TODAY)


def test_three_refusals_in_a_row_call_for_a_review_and_an_acceptance_begins_anew(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    for answer, day in (("refused", 2), ("refused", 3), ("accepted", 4), ("refused", 5), ("refused", 6)):
        offer(people, award, answer, day)
    offer(people, award, "excused", 7, reason="住院")
    assert triggers_of(award) == []
    offer(people, award, "refused", 8)
    assert [(row.cause, row.happened_on) for row in triggers_of(award)] == [("job_refusals", date(2026, 11, 8))]
    offer(people, award, "refused", 9)
    assert len(told(award, TODAY)) == 1


def test_offers_are_refused_with_the_sentence_that_mends_them(people: Crew) -> None:
    award, other = awarded(people), awarded(people, name="汪长根")
    mine = award.persons.get().person
    for data, words in (
        (OfferData(other.persons.get().person, TODAY, "保洁", "refused"), "不在这份待遇"),
        (OfferData(mine, date(2026, 11, 24), "保洁", "refused"), "不能晚于今天"),
        (OfferData(mine, TODAY, " ", "refused"), "写明介绍的岗位"),
        (OfferData(mine, TODAY, "保洁", "excused"), "写明理由"),
    ):
        with pytest.raises(NotAllowed, match=words):
            services.record_offer(award, data=data, by=people.officer, on=TODAY)
    services.record_offer(award, data=OfferData(mine, TODAY, "保洁", "refused"), by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="已经登记过"):
        services.record_offer(award, data=OfferData(mine, TODAY, "保洁", "accepted"), by=people.officer, on=TODAY)


def test_what_is_told_twice_is_noted_once(people: Crew) -> None:
    award = awarded(people)
    said = {"cause": "complaint", "happened_on": TODAY, "note": "邻居反映家中有轿车"}
    services.note_by_hand(award, **said, by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="已经登记过"):
        services.note_by_hand(award, **said, by=people.officer, on=TODAY)
    services.note_by_hand(award, **said | {"note": "邻居反映在外打工"}, by=people.officer, on=TODAY)
    assert len(triggers_of(award)) == 2


def test_only_who_plans_reviews_in_the_township_notes_and_settles(people: Crew) -> None:
    award = awarded(people)
    said = {"cause": "reported", "happened_on": TODAY, "note": "女儿工作了"}
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=CONFIRMED)
    for stranger in (neighbour, people.assistant):
        with pytest.raises(NotPermitted):
            services.note_by_hand(award, **said, by=stranger, on=TODAY)
    trigger = services.note_by_hand(award, **said, by=people.officer, on=TODAY)
    with pytest.raises(NotPermitted):
        services.settle_trigger(trigger, settlement="不影响", by=neighbour, on=TODAY)
    with pytest.raises(NotAllowed, match="写明"):
        services.settle_trigger(trigger, settlement=" ", by=people.officer, on=TODAY)
    services.settle_trigger(trigger, settlement="女儿已分户，不影响", by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="已经办结"):
        services.settle_trigger(trigger, settlement="再次", by=people.officer, on=TODAY)


@pytest.mark.parametrize(
    ("results", "calls"),
    [(["alert"], 1), (["clean"], 0), (["failed"], 1), (["alert", "clean"], 2), (["clean", "clean"], 0)],
)
def test_a_means_check_with_something_new_calls_for_a_review(people: Crew, results: list[str], calls: int) -> None:
    award = awarded(people)
    for number, result in enumerate(results, start=1):
        _checked(award, people, result, number=number)
    assert told(award, TODAY) == calls * [("means_check", date(2026, 11, 20), date(2026, 12, 20))]


def _checked(award: Award, people: Crew, result: str, *, number: int) -> MeansCheck:
    consent = Consent.objects.create(household=award.household, signed_on=date(2026, 11, 18))
    return MeansCheck.objects.create(
        household=award.household,
        consent=consent,
        batch_number=f"HD2026-{number:04d}",
        state="answered",
        requested_by=people.officer,
        requested_on=date(2026, 11, 18),
        due_on=date(2026, 11, 23),
        answered_by=people.operator,
        answered_on=date(2026, 11, 20),
        result=result,
    )
