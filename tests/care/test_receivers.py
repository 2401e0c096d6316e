"""What rooms below tell care: records made one, families that move, holidays entered."""

from datetime import date

import pytest

from care import queries, services
from care.models import SelfCareReport
from households import services as households
from households.services import NotAllowedNow
from organizations.services.calendar import load_calendar_year
from tests.care.builders import TODAY, agreed, signed, supported, visited
from tests.households.builders import data, join, register
from tests.support.crews import HUAYANG, VILLAGES, Crew, crew
from tests.support.factories import AT, ON, make_id_number

pytestmark = pytest.mark.django_db


def nameless() -> households.MemberData:
    fields = {"sex": "male", "birth_date": date(1950, 3, 12), "missing_id_reason": "lost"}
    made: households.MemberData = data("胡德旺", "head", id_number="", **fields)
    return made


def test_an_agreement_goes_over_to_the_person_whom_a_record_turns_out_to_be(people: Crew) -> None:
    number = make_id_number(birth_date=date(1950, 3, 12))
    elsewhere = register(people.officer, code=VILLAGES["341824101"], head=data("汪秋菊"))
    known = join(elsewhere, people.officer, "胡德旺", "other", id_number=number)
    households.leave(known, reason="moved", by=people.officer, on=ON, at=AT)
    award = supported(people, head=nameless())
    agreement = signed(award, people.officer)
    lost = award.household.members.get()
    households.identify(lost, id_number=number, by=people.officer, on=ON, at=AT)
    agreement.refresh_from_db()
    assert agreement.person_id == known.person_id


def test_two_agreements_in_force_are_not_made_one_persons(people: Crew) -> None:
    one, other = supported(people), supported(people, name="汪长根")
    signed(one, people.officer)
    signed(other, people.officer)
    with pytest.raises(NotAllowedNow, match="两条记录都登记了照料人"):
        services.take_over(queries.person_of(other), known=queries.person_of(one))


def test_care_follows_a_family_to_its_new_township(people: Crew) -> None:
    award = supported(people)
    visited(award, people.assistant)
    services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    award.area_id = crew(HUAYANG).assistant.posts.get().area_id
    award.save()
    assert not queries.listed(people.officer, on=TODAY).exists()
    there = crew(HUAYANG)
    assert queries.listed(there.officer, on=TODAY).get() == award
    assert queries.agreements_visible_to(there.officer).exists()


def test_a_deadline_reckoned_by_weekdays_is_reckoned_anew_once_the_holidays_are_entered(people: Crew) -> None:
    on = date(2026, 12, 25)
    report = services.report_change(
        supported(people), reported_on=on, reported_by="村委会", change="摔伤", by=people.officer, on=on
    )
    assert (report.due_on, report.due_is_provisional) == (date(2027, 1, 8), True)
    days = [(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)]
    load_calendar_year(2027, days=days, source="国办发明电〔2026〕1号")
    report = SelfCareReport.objects.get()
    assert (report.due_on, report.due_is_provisional) == (date(2027, 1, 11), False)
