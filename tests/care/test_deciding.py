"""Who keeps out of a re-assessment, when its findings are written, and what ends it without a decision."""

from datetime import date, timedelta
from typing import Any

import pytest

from applications import services as applications
from benefits.models import Award
from benefits.services import end_award
from care import queries, services
from care.models import SelfCareReport
from care.services import NotAllowed
from foundation.errors import NotPermitted, StaleVersion
from households.models import Person
from households.services import record_death
from organizations.models import Staff
from organizations.permissions import Role
from organizations.services import appoint, appoint_officer
from tests.care.builders import TODAY, found, reported, supported
from tests.support.crews import Crew
from tests.support.factories import AT, area, make_staff

pytestmark = pytest.mark.django_db


def related(award: Award, staff: Staff, *, by: Staff) -> None:
    """Somebody is registered as a near relative of the person supported, in an intake of the family."""
    member = award.household.members.get()
    terms: dict[str, Any] = {"channel": "window", "accounting_year": 2026, "reason": "年老", "schemes": ["dibao"]}
    intake = applications.open_intake(award.household, applicant=member, by=by, on=TODAY, **terms)
    told = {"relative_name": staff.name, "relative_unit": "临溪镇", "relative_position": "干部", "relation": "child"}
    applications.declare_relative(intake, member=member, by=by, on=TODAY, **told)


@pytest.fixture
def both(people: Crew) -> Staff:
    """An officer of the county who is to become its approver."""
    return make_staff(Role.COUNTY_OFFICER, "341824", name="方文", on=date(2026, 1, 1))


def promoted(staff: Staff, people: Crew) -> Staff:
    staff = Staff.objects.get(pk=staff.pk)
    appoint(staff, role=Role.COUNTY_APPROVER, area=people.approver.posts.get().area, on=TODAY)
    return staff


def facts(award: Award) -> tuple[list[str], str, int]:
    person = Person.objects.get(pk=queries.person_of(award).pk)
    award.household.refresh_from_db()
    return person.unable_self_care, person.support_mode, award.household.version


def test_what_was_found_is_written_once_the_county_agrees(people: Crew) -> None:
    award = supported(people)
    report, before = reported(award, people.assistant), facts(award)
    data = found(people, support_mode="institutional")
    first = services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    assert facts(award) == before
    services.send_back(first, reason="请补充医院诊断", by=people.approver, on=TODAY)
    assert facts(award) == before
    second = services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    with pytest.raises(StaleVersion):
        services.decide_care(first, by=people.approver, on=TODAY)
    services.decide_care(second, by=people.approver, on=TODAY)
    assert facts(award) == (["dressing", "in_out_of_bed", "walking", "bathing"], "institutional", before[2] + 1)


def test_a_near_relative_neither_assesses_nor_decides(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    related(award, people.visitor, by=people.officer)
    assert not queries.reassessments_due(people.visitor).exists()
    with pytest.raises(NotPermitted, match="须回避"):
        services.assess_self_care(report, data=found(people), by=people.visitor, on=TODAY)
    with pytest.raises(NotAllowed, match="请换人评估") as refused:
        services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    assert refused.value.field == "county_assessor"
    data = found(people, county_assessor=people.second_visitor)
    assessment = services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    assert queries.decisions_due(people.approver).exists()

    intake = award.household.intakes.get()
    told = {"relative_unit": "县民政局", "relative_position": "科长", "relation": "child"}
    member = award.household.members.get()
    applications.declare_relative(
        intake, member=member, relative_name=people.approver.name, by=people.officer, on=TODAY, **told
    )
    assert not queries.decisions_due(people.approver).exists()
    for act in (services.decide_care, services.send_back):
        with pytest.raises(NotPermitted, match="须回避"):
            act(assessment, reason="同意", by=people.approver, on=TODAY)


def test_a_dead_persons_report_is_settled_with_its_reason(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    assessment = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    record_death(award.household.members.get(), died_on=date(2026, 9, 1), by=people.officer, at=AT)
    report.refresh_from_db()
    assert (report.settled_on, report.settled_reason) == (TODAY, "本人已登记死亡，不再评估。")
    assert not queries.decisions_due(people.approver).exists()
    with pytest.raises(NotAllowed, match="登记死亡"):
        services.decide_care(assessment, by=people.approver, on=TODAY)
    with pytest.raises(NotAllowed, match="登记死亡"):
        reported(award, people.officer)


def test_a_death_told_some_other_way_is_no_task_either(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    Person.objects.filter(pk=queries.person_of(award).pk).update(died_on=TODAY)
    assert not queries.reassessments_due(people.officer).exists()
    with pytest.raises(NotAllowed, match="请核查并停发待遇"):
        services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)


def test_the_report_of_an_award_that_stops_is_settled_with_its_reason(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    end_award(award, last_month=date(2026, 11, 1), reason="自愿放弃", decided_by=people.approver, decided_on=TODAY)
    report.refresh_from_db()
    assert report.settled_on == TODAY
    assert "已经停发" in report.settled_reason
    assert not queries.reassessments_due(people.officer).exists()
    with pytest.raises(NotAllowed, match="已经停发"):
        services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)


def test_who_took_part_in_an_earlier_assessment_does_not_decide(people: Crew, both: Staff) -> None:
    report = reported(supported(people), people.assistant)
    first = services.assess_self_care(report, data=found(people, county_assessor=both), by=both, on=TODAY)
    services.send_back(first, reason="请补充医院诊断", by=people.approver, on=TODAY)
    second = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    approver = promoted(both, people)
    with pytest.raises(NotPermitted, match="不能再由您决定"):
        services.decide_care(second, by=approver, on=TODAY)
    assert not queries.decisions_due(approver).exists()
    assert queries.decisions_due(people.approver).get() == SelfCareReport.objects.get()


def test_whoever_an_assessor_stands_for_does_not_decide(people: Crew) -> None:
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=TODAY)
    assessor = make_staff(Role.COUNTY_OFFICER, "341824", name="汪晓梅", on=TODAY)
    appoint_officer(
        assessor,
        role=Role.COUNTY_APPROVER,
        area=area("341824"),
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=30),
        reason="休产假",
        on_behalf_of=people.approver,
        by=keeper,
        on=TODAY,
    )
    report = reported(supported(people), people.assistant)
    data = found(people, county_assessor=assessor)
    assessment = services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    with pytest.raises(NotPermitted, match="不能再由您决定"):
        services.decide_care(assessment, by=people.approver, on=TODAY)
