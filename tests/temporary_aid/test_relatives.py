"""近亲属回避 of who decides on aid: where the township's only approver is a relative, the county is asked and may."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.errors import NotPermitted
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import can_approve
from temporary_aid.queries.panel import advance_panel
from temporary_aid.queries.tasks import aids_to_approve, supplements_to_check
from temporary_aid.services.recouping import order_recoupment
from temporary_aid.services.supplementing import accept_supplement
from tests.applications.telling import relative
from tests.support.aid import LINXI, open_urgent
from tests.support.crews import Crew
from tests.support.factories import make_staff
from tests.support.stories import new_story
from tests.temporary_aid.advances import ASKED, SOON, advanced, fund, supplemented
from tests.temporary_aid.builders import MORNING, proposed

pytestmark = pytest.mark.django_db
ON = SOON.date()


def related_family(people: Crew, *names: str) -> Household:
    """A family that registered the township's approver as a near relative, or whoever is named."""
    story = new_story(people=people)
    for name in names or (people.lead.name,):
        relative(story, name)
    return story.household


def test_the_county_is_asked_and_approves_where_the_township_s_only_approver_is_a_relative(people: Crew) -> None:
    aid = proposed(people, aid=open_urgent(people.officer, household=related_family(people)))
    assert list(aids_to_approve(people.lead, on=ON)) == []
    assert not can_approve(people.lead, aid, is_townships=True)
    assert list(aids_to_approve(people.approver, on=ON)) == [aid]
    assert can_approve(people.approver, aid, is_townships=True)
    done = services.approve_aid(aid, opinion="同意", by=people.approver, at=MORNING)
    assert done.decided_by == people.approver


def test_another_approver_of_the_township_is_left(people: Crew) -> None:
    aid = proposed(people, aid=open_urgent(people.officer, household=related_family(people)))
    other = make_staff(Role.TOWNSHIP_APPROVER, LINXI, name="汪建军", on=date(2026, 1, 1))
    assert list(aids_to_approve(other, on=ON)) == [aid]
    assert list(aids_to_approve(people.approver, on=ON)) == []
    with pytest.raises(NotPermitted):
        services.approve_aid(aid, opinion="同意", by=people.approver, at=MORNING)


def test_the_county_checks_papers_where_the_township_s_only_approver_is_a_relative(people: Crew) -> None:
    fund(people)
    found = supplemented(people, household=related_family(people))
    assert list(supplements_to_check(people.lead, on=ON)) == []
    assert list(supplements_to_check(people.approver, on=ON)) == [found]
    assert offers(found.aid, people) == ([], ["check_supplement", "order_recoupment"])
    accept_supplement(found, opinion="同意", by=people.approver, at=SOON)
    assert TemporaryAid.objects.get().decided_level == "county"


def test_the_county_orders_money_back_where_the_township_s_only_approver_is_a_relative(people: Crew) -> None:
    fund(people)
    aid = advanced(people, household=related_family(people))
    with pytest.raises(NotPermitted, match="近亲属"):
        order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.lead, at=SOON)
    assert order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.approver, at=SOON).due_amount == ASKED


def test_relatives_of_many_aids_cost_one_query(people: Crew) -> None:
    household = related_family(people)
    proposed(people, aid=open_urgent(people.officer, household=household))
    waiting, few = asked(people)
    assert waiting == 1
    for cause in ("traffic", "accident"):
        proposed(people, aid=open_urgent(people.officer, household=household, cause=cause), difference="另一事由")
    assert asked(people) == (3, few)


def asked(people: Crew) -> tuple[int, int]:
    """How many aids wait for the county's approver, and how many queries that took."""
    approver = Staff.objects.get(pk=people.approver.pk)
    with CaptureQueriesContext(connection) as queries:
        waiting = len(aids_to_approve(approver, on=ON))
    return waiting, len(queries)


def offers(aid: TemporaryAid, people: Crew) -> tuple[list[str], list[str]]:
    """What the township's and the county's approver are offered."""
    aid = TemporaryAid.objects.get(pk=aid.pk)
    panels = (advance_panel(aid, staff=staff, at=SOON) for staff in (people.lead, people.approver))
    lead, approver = ([name for name, *_ in panel.offers] for panel in panels)
    return lead, approver
