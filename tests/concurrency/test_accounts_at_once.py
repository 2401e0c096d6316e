"""Two administrators at the same accounts at the same moment: one stays, nothing is done twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from organizations import services
from organizations.models import Post, Staff, StaffEvent
from organizations.permissions import Role
from organizations.services import NoAdministratorLeft
from tests.concurrency.together import refusals, together
from tests.support.factories import ON, area, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
YESTERDAY = ON - timedelta(days=1)


def administrator(name: str) -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name=name, on=YESTERDAY - timedelta(days=9))


def end_post_of(other: Staff, by: Staff) -> Any:
    return services.end_officer_post(other.posts.get(), last_day=YESTERDAY, reason="轮岗", by=by, on=ON)


def suspend(other: Staff, by: Staff) -> Any:
    return services.suspend_account(other, last_day=YESTERDAY, reason="轮岗", by=by, on=ON)


@pytest.mark.parametrize(("first", "second"), [(end_post_of, end_post_of), (suspend, suspend), (end_post_of, suspend)])
def test_two_administrators_take_each_other_away_and_one_stays(
    first: Callable[[Staff, Staff], Any], second: Callable[[Staff, Staff], Any]
) -> None:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        one, other = administrator("洪志远"), administrator("柯怀瑾")
        for person in (one, other):
            assert person.may_administer()
        outcomes = together(lambda: first(other, one), lambda: second(one, other))
    (refusal,) = refusals(outcomes)
    assert isinstance(refusal, NoAdministratorLeft)
    assert StaffEvent.objects.count() == 1


def test_two_administrators_give_the_same_post_and_it_is_given_once() -> None:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=True):
        people = (administrator("洪志远"), administrator("柯怀瑾"))
        clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=ON)
        township = area("341824100")
        outcomes = together(
            *(
                lambda by=by: services.appoint_officer(
                    clerk, role=Role.TOWNSHIP_OFFICER, area=township, starts_on=ON, ends_on=ON, by=by, on=ON
                )
                for by in people
            )
        )
    assert "时间重叠" in refusals(outcomes)[0].message
    assert Post.objects.filter(staff=clerk, area=township).count() == 1
