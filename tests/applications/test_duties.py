"""待我办理: what waits for a person is what the person may do, and what the case still lacks."""

from datetime import date
from typing import Any

import pytest

from applications import services
from applications.models import Case
from applications.permissions import check_can_sign
from applications.queries import duties, lacks_before_decision
from applications.queries.duties import Duty
from applications.rules.process import CaseState as S
from organizations.models import Staff
from organizations.permissions import Role
from tests.applications.telling import drafted, relative
from tests.support.crews import LINXI, START
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def waiting(staff: Staff, duty: Duty, *, on: date) -> list[Case]:
    return list(duties(staff, on=on).get(duty, Case.objects.none()))


def complain(story: Story) -> None:
    services.receive_complaint(
        story.case, received_on=story.today, content="有房未报", by=story.people.officer, on=story.today
    )


def test_a_county_visit_waits_again_after_a_later_complaint() -> None:
    story = case_in(S.CONFIRMING)
    visitor = story.people.visitor
    assert waiting(visitor, Duty.COUNTY_VISIT, on=story.today) == []
    complain(story)
    assert waiting(visitor, Duty.COUNTY_VISIT, on=story.today) == [story.case]
    story.later().county_visit()
    assert waiting(visitor, Duty.COUNTY_VISIT, on=story.today) == []
    story.later()
    complain(story)
    assert lacks_before_decision(story.case, on=story.today)
    assert waiting(visitor, Duty.COUNTY_VISIT, on=story.today) == [story.case]
    story.later().county_visit()
    assert not lacks_before_decision(story.case, on=story.today)
    assert waiting(visitor, Duty.COUNTY_VISIT, on=story.today) == []


def test_the_clerk_is_asked_to_sign_and_may_take_it_back_where_every_lead_keeps_out() -> None:
    story = drafted()
    clerk, lead = story.people.officer, story.people.lead
    assert waiting(clerk, Duty.SIGN, on=story.today) == []
    assert waiting(lead, Duty.SIGN, on=story.today) == [story.case]
    relative(story, lead.name)
    story.refresh()
    check_can_sign(clerk, story.case, on=story.today)
    assert waiting(clerk, Duty.SIGN, on=story.today) == [story.case]
    services.sign_proposal(story.case, by=clerk, on=story.today)
    assert waiting(clerk, Duty.SIGN, on=story.today) == []
    services.take_back(story.case, by=clerk, on=story.today)
    assert waiting(clerk, Duty.SIGN, on=story.today) == [story.case]


def test_the_clerk_is_not_asked_while_another_lead_may_sign() -> None:
    story = drafted()
    make_staff(Role.TOWNSHIP_APPROVER, LINXI, name="俞国庆", on=START)
    relative(story, story.people.lead.name)
    story.refresh()
    assert waiting(story.people.officer, Duty.SIGN, on=story.today) == []


def test_how_many_cases_wait_does_not_change_how_often_the_database_is_asked(
    django_assert_num_queries: Any,
) -> None:
    story = drafted()
    relative(story, story.people.lead.name)
    clerk = Staff.objects.get(pk=story.people.officer.pk)
    waiting(clerk, Duty.SIGN, on=story.today)
    # The waiting cases, their relatives, the leads of the county, and the list itself.
    with django_assert_num_queries(4):
        assert len(waiting(clerk, Duty.SIGN, on=story.today)) == 1
    other = case_in(S.INVESTIGATING, people=story.people).ask_check().later(2).answer_check().visit().later().draft()
    relative(other, story.people.lead.name)
    with django_assert_num_queries(4):
        assert len(waiting(clerk, Duty.SIGN, on=other.today)) == 2
