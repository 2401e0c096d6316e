"""终止余期: a visit comes before it, and a second person where nothing was paid or the need goes on."""

from datetime import date, timedelta
from typing import Any

import pytest

from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import AidStage
from temporary_aid.services import NotAllowed
from temporary_aid.services.stages import cancel_rest
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped, in_stages

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=30)


@pytest.fixture
def story() -> Helped:
    county_data()
    return helped(*in_stages("1000.00", "560.00"))


def end(story: Helped, by: Staff) -> list[AidStage]:
    terms: dict[str, Any] = {"at": LATER, "on": LATER.date()}
    return cancel_rest(story.aid, reason="保险已赔付", by=by, **terms)


def colleague() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", name="葛书平", on=date(2026, 1, 1))


def test_nothing_is_ended_without_a_visit_since_the_last_payment(story: Helped) -> None:
    with pytest.raises(NotAllowed, match="决定救助以后还没有走访"):
        end(story, story.people.officer)
    story.visit(at=PAID)
    story.pay(at=PAID + timedelta(days=1), late_reason="道路塌方")
    with pytest.raises(NotAllowed, match="最后一次发放以后还没有走访"):
        end(story, story.people.officer)
    story.visit(at=LATER, still_in_need=False)
    assert [row.serial for row in end(story, story.people.officer)] == [2]


def test_unpaid_aid_is_not_ended_by_the_clerk_who_registered_it(story: Helped) -> None:
    story.visit(at=LATER, still_in_need=False)
    with pytest.raises(NotAllowed, match="还没有发放过，登记、提出、走访的人"):
        end(story, story.people.officer)
    assert [row.serial for row in end(story, story.people.lead)] == [1, 2]


def test_unpaid_aid_is_ended_by_another_clerk_unless_they_made_the_visit(story: Helped) -> None:
    other = colleague()
    story.visit(at=LATER, still_in_need=False, by=other)
    with pytest.raises(NotAllowed, match="走访的人"):
        end(story, other)
    story.visit(at=LATER, still_in_need=False)
    assert len(end(story, other)) == 2


def test_a_family_still_in_need_loses_the_rest_by_two_people_only(story: Helped) -> None:
    story.pay()
    story.visit(at=LATER)
    with pytest.raises(NotAllowed, match="最近一次走访认为仍然困难"):
        end(story, story.people.officer)
    assert len(end(story, story.people.lead)) == 1


def test_who_neither_handles_nor_approves_there_ends_nothing(story: Helped) -> None:
    story.visit(at=LATER, still_in_need=False)
    for staff in (story.people.assistant, make_staff(Role.FINANCE_OFFICER, "341824", name="柯敏", on=date(2026, 1, 1))):
        with pytest.raises(NotPermitted):
            end(story, staff)
