"""What a family's moves, merging and leavers mean for its aid: it goes along, stays, or is settled first."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from households import services as households
from households.models import Household, Member
from households.services import NotAllowedNow
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.queries.reports import reports_to_take
from temporary_aid.services import NotAllowed
from temporary_aid.services.following import open_follow_up
from temporary_aid.services.reports import enter_report, take_report
from tests.support.aid import HUAYANG, NIGHT, aid_data, open_urgent
from tests.support.crews import VILLAGES, Crew, crew, family, instant
from tests.support.factories import area, make_id_number
from tests.temporary_aid.advances import report_data
from tests.temporary_aid.builders import MORNING, approved, proposed

pytestmark = pytest.mark.django_db
DAY, BORN, SPENT = MORNING.date(), date(2001, 5, 6), Decimal("30000.00")
SECOND = make_id_number(birth_date=BORN)
LATER = MORNING + timedelta(hours=3)


def of_family(people: Crew, household: Household, **more: Any) -> TemporaryAid:
    return open_urgent(people.officer, household=household, **more)


def moved(household: Household, people: Crew, other: Crew) -> None:
    """The family moves from 临溪镇 to 华阳镇."""
    way = households.propose_transfer(
        household, area=area(VILLAGES[HUAYANG]), address="三组5号", by=people.officer, on=DAY, at=instant(DAY)
    )
    households.accept_transfer(way, by=other.officer, on=DAY, at=instant(DAY))


def leave(household: Household, relation: str, people: Crew) -> None:
    member = household.members.get(relation=relation, left_on=None)
    households.leave(member, reason="moved_out", by=people.officer, on=DAY, at=LATER)


def mended(aid: TemporaryAid, by: Any, **more: Any) -> TemporaryAid:
    aid.refresh_from_db()
    return services.mend_aid(aid, aid_data(**more), by=by, at=LATER)


def test_aid_not_begun_goes_along_and_is_mended_there(people: Crew) -> None:
    other, household = crew(HUAYANG), family(people)
    aid = of_family(people, household)
    moved(household, people, other)
    aid.refresh_from_db()
    household.refresh_from_db()
    assert aid.area == area(VILLAGES[HUAYANG])
    assert "→" in aid.events.get(kind="family_changed").note
    head = household.members.get(relation="head")
    assert mended(aid, other.officer, township=HUAYANG, household=household, applicant=head).household == household


def test_aid_waiting_for_its_decision_is_settled_before_the_family_moves(people: Crew) -> None:
    household = family(people)
    aid = proposed(people, aid=of_family(people, household))
    with pytest.raises(NotAllowedNow, match=f"{aid.number}.*先办结或者不再办理"):
        moved(household, people, crew(HUAYANG))


def test_what_was_granted_stays_and_is_not_followed_for_a_family_elsewhere(people: Crew) -> None:
    household = family(people)
    aid = approved(people, aid=of_family(people, household))
    moved(household, people, crew(HUAYANG))
    aid.refresh_from_db()
    assert aid.area.township_code == people.officer.area.code
    with pytest.raises(NotAllowed, match="已不在本乡镇"):
        open_follow_up(aid, situation="仍无口粮", by=people.officer, at=LATER)


def test_spending_goes_along_with_its_case(people: Crew) -> None:
    other, household = crew(HUAYANG), family(people)
    aid = of_family(people, household, kind="expenditure", cause="medical", self_paid_amount=SPENT)
    services.open_expenditure(aid, by=people.officer, at=MORNING)
    moved(household, people, other)
    aid.refresh_from_db()
    assert aid.case is not None
    assert (aid.area, aid.case.area) == (area(VILLAGES[HUAYANG]), area(VILLAGES[HUAYANG]))


def in_case_of_the_wife(people: Crew, household: Household) -> TemporaryAid:
    wife = household.members.get(relation="spouse")
    aid = of_family(
        people,
        household,
        applicant=wife,
        kind="expenditure",
        cause="medical",
        self_paid_amount=SPENT,
        phone="13900000001",
    )
    services.open_expenditure(aid, by=people.officer, at=MORNING)
    return aid


def test_a_case_handed_on_takes_the_whole_identity_of_who_applies_on(people: Crew) -> None:
    household = family(people)
    aid = in_case_of_the_wife(people, household)
    leave(household, "spouse", people)
    aid.refresh_from_db()
    head = household.members.get(relation="head").person
    assert (aid.recipient_name, aid.recipient_sex, aid.recipient_birth_date) == ("胡德旺", "male", head.birth_date)
    assert (aid.recipient_id_number.reveal(), aid.recipient_id_index) == (head.id_number.reveal(), head.id_number_index)
    assert (aid.recipient_phone.reveal(), aid.people_count) == ("13905632207", 2)


def test_who_applies_on_without_a_number_does_not_keep_the_one_of_who_left(people: Crew) -> None:
    household = family(people)
    daughter = _daughter(household, people, missing_id_reason="unregistered")
    relations = {row.pk: "other" for row in household.members.filter(left_on=None).exclude(pk=daughter.pk)}
    households.change_head(household, member=daughter, relations=relations, by=people.officer, on=DAY, at=LATER)
    wife = household.members.get(person__name="汪秋菊")
    aid = of_family(people, household, applicant=wife, kind="expenditure", cause="medical", self_paid_amount=SPENT)
    services.open_expenditure(aid, by=people.officer, at=MORNING)
    households.leave(wife, reason="moved_out", by=people.officer, on=DAY, at=LATER)
    aid.refresh_from_db()
    assert (aid.recipient_name, aid.missing_id_reason) == ("胡小英", "unregistered")
    assert (aid.recipient_id_number.reveal(), aid.recipient_id_index) == ("", "")


def test_mended_to_another_member_without_a_number_it_keeps_none(people: Crew) -> None:
    household = family(people)
    daughter = _daughter(household, people, missing_id_reason="unregistered")
    aid = of_family(people, household)
    assert aid.recipient_id_index
    done = mended(aid, people.officer, household=household, applicant=daughter)
    assert (done.recipient_id_number.reveal(), done.missing_id_reason) == ("", "unregistered")


def test_the_report_of_aid_given_up_elsewhere_waits_there(people: Crew) -> None:
    other, household = crew(HUAYANG), family(people)
    number = household.members.get(relation="head").person.id_number.reveal()
    report = enter_report(report_data(person_id_number=number), by=people.assistant, at=MORNING)
    aid = take_report(report, by=people.officer, at=MORNING)
    assert aid.household == household
    moved(household, people, other)
    services.withdraw_aid(aid, reason="家庭不要了", by=other.officer, at=LATER)
    report.refresh_from_db()
    assert (report.state, report.area) == ("open", area(VILLAGES[HUAYANG]))
    assert list(reports_to_take(other.officer)) == [report]
    assert not reports_to_take(people.officer).exists()
    assert f"{report.number}恢复待处置，转到" in aid.events.get(kind="withdrawn").note


def second_family(people: Crew) -> Household:
    head = households.MemberData(name="胡德兴", relation="head", sex="male", birth_date=BORN, id_number=SECOND)
    return households.register_household(
        area=area(VILLAGES[people.officer.area.code]),
        head=head,
        facts={"address": "一组13号", "residence": "rural"},
        by=people.officer,
        on=NIGHT.date(),
        at=NIGHT,
    )


def merge(household: Household, into: Household, people: Crew) -> None:
    relations = {member.pk: "other" for member in household.members.filter(left_on=None)}
    households.merge_households(household, into=into, relations=relations, by=people.officer, on=DAY, at=LATER)


def test_a_family_with_aid_under_way_joins_no_other(people: Crew) -> None:
    household = family(people)
    aid = of_family(people, household)
    with pytest.raises(NotAllowedNow, match=aid.number):
        merge(household, second_family(people), people)


def test_aid_of_a_family_that_joined_another_is_refused_in_words(people: Crew) -> None:
    household = family(people)
    aid = approved(people, aid=of_family(people, household))
    merge(household, second_family(people), people)
    aid.refresh_from_db()
    with pytest.raises(NotAllowed, match="已不是这个家庭的成员"):
        open_follow_up(aid, situation="仍无口粮", by=people.officer, at=LATER)


def test_a_follow_up_of_who_left_does_not_become_the_head_s(people: Crew) -> None:
    household = family(people)
    wife = household.members.get(relation="spouse")
    aid = approved(people, aid=of_family(people, household, applicant=wife))
    leave(household, "spouse", people)
    aid.refresh_from_db()
    with pytest.raises(NotAllowed, match="汪秋菊已不是这个家庭的成员"):
        open_follow_up(aid, situation="仍无口粮", by=people.officer, at=LATER)


def test_who_left_is_told_on_the_trail_and_nobody_put_in_their_place(people: Crew) -> None:
    household = family(people)
    wife = household.members.get(relation="spouse")
    aid = of_family(people, household, applicant=wife)
    leave(household, "spouse", people)
    aid.refresh_from_db()
    assert aid.applicant == wife
    assert "申请人汪秋菊，请更正登记" in aid.events.get(kind="family_changed").note


def test_who_is_found_to_be_somebody_known_counts_by_the_number(people: Crew) -> None:
    household, other, number = family(people), second_family(people), make_id_number(birth_date=BORN, male=False)
    member = _daughter(household, people, missing_id_reason="unregistered")
    aid = of_family(people, household, applicant=member)
    gone = _daughter(other, people, id_number=number)
    households.leave(gone, reason="moved_out", by=people.officer, on=DAY, at=LATER)
    standing = households.identify(member, id_number=number, by=people.officer, on=DAY, at=LATER)
    assert standing.pk != member.pk
    aid.refresh_from_db()
    assert (aid.applicant, aid.recipient_id_number.reveal()) == (standing, number)


def _daughter(household: Household, people: Crew, **more: str) -> Member:
    data = households.MemberData(name="胡小英", relation="child", sex="female", birth_date=BORN, facts={}, **more)
    return households.add_member(household, data=data, by=people.officer, on=DAY, at=LATER)
