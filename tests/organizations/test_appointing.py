"""Appointing and ending posts: who may, what is kept apart, and that one administrator stays."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from foundation.errors import NotPermitted
from organizations import services
from organizations.models import Post, Staff
from organizations.permissions import Permission, Role
from organizations.queries import staff_with
from organizations.services import NoAdministratorLeft, NotAppointable
from tests.support.factories import ON, area, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
COUNTY, LINXI = "341824", "341824101"
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


def suspend(account: Staff, keeper: Staff, *, last_day: date = YESTERDAY, reason: str = "调离") -> Staff:
    return services.suspend_account(account, last_day=last_day, reason=reason, by=keeper, on=ON)


def events(account: Staff) -> list[tuple[str, str]]:
    return [(event.kind, event.by.name) for event in account.events.order_by("pk")]


# --- Posts ------------------------------------------------------------------------------------------------------


def appoint(account: Staff, keeper: Staff, **more: Any) -> Post:
    values = {"role": Role.TOWNSHIP_OFFICER, "area": area("341824100"), "starts_on": ON} | more
    return services.appoint_officer(account, **values, by=keeper, on=ON)


def end(post: Post, keeper: Staff, *, last_day: date = YESTERDAY, reason: str = "轮岗") -> Post:
    return services.end_officer_post(post, last_day=last_day, reason=reason, by=keeper, on=ON)


def test_a_deputy_has_the_rights_for_the_time_and_no_longer(keeper: Staff, clerk: Staff) -> None:
    appoint(clerk, keeper, ends_on=TOMORROW, reason="代理")
    assert Staff.objects.get(pk=clerk.pk).may(Permission.ACCEPT)
    township = area("341824100")
    assert list(staff_with(Permission.ACCEPT, area=township, on=TOMORROW)) == [clerk]
    assert not staff_with(Permission.ACCEPT, area=township, on=TOMORROW + timedelta(days=1)).exists()


def test_an_administrator_appoints_everybody_but_themselves(keeper: Staff) -> None:
    with pytest.raises(NotPermitted, match="不能给自己设岗位"):
        appoint(keeper, keeper, role=Role.COUNTY_OFFICER, area=area(COUNTY))
    assert keeper.posts.count() == 1


def test_the_operators_account_is_not_appointed_from_the_pages(keeper: Staff) -> None:
    operator = Staff.objects.create_superuser(
        "root1", "Correct-Horse-88", name="运维", area=area(COUNTY), active_from=ON
    )
    with pytest.raises(NotPermitted):
        appoint(operator, keeper, role=Role.COUNTY_OFFICER, area=area(COUNTY))


def test_who_does_not_keep_accounts_appoints_and_ends_nothing(keeper: Staff, clerk: Staff) -> None:
    other = make_staff(Role.TOWNSHIP_APPROVER, LINXI)
    with pytest.raises(NotPermitted):
        appoint(other, clerk)
    with pytest.raises(NotPermitted):
        end(other.posts.get(), clerk)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"starts_on": YESTERDAY}, "不能倒填"),
        ({"ends_on": YESTERDAY}, "不能早于第一天"),
        ({"area": area, "role": Role.TOWNSHIP_OFFICER}, "时间重叠"),
        ({"role": Role.COUNTY_OFFICER}, "只能设在县"),
    ],
)
def test_a_post_that_does_not_fit_is_refused(keeper: Staff, clerk: Staff, more: dict[str, Any], sentence: str) -> None:
    if more.get("area") is area:
        more = more | {"area": area(LINXI)}
    with pytest.raises(NotAppointable, match=sentence):
        appoint(clerk, keeper, **more)


def test_who_is_suspended_is_resumed_before_being_appointed(keeper: Staff, clerk: Staff) -> None:
    suspend(clerk, keeper)
    with pytest.raises(NotAppointable, match="请先恢复使用"):
        appoint(clerk, keeper)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, LINXI),
        (Role.TOWNSHIP_APPROVER, Role.TOWNSHIP_OFFICER, LINXI),
        (Role.COUNTY_OFFICER, Role.COUNTY_APPROVER, COUNTY),
    ],
)
def test_handling_and_approving_in_one_area_takes_a_recorded_reason(
    keeper: Staff, first: Role, second: Role, code: str
) -> None:
    person = make_staff(first, code)
    with pytest.raises(NotAppointable, match="经办与审核分开") as refusal:
        appoint(person, keeper, role=second, area=area(code))
    assert refusal.value.field == "reason"
    post = appoint(person, keeper, role=second, area=area(code), reason="编制不足，县局同意")
    assert post.events.get().reason == "编制不足，县局同意"


def test_handling_in_one_township_and_approving_in_another_takes_none(keeper: Staff, clerk: Staff) -> None:
    assert appoint(clerk, keeper, role=Role.TOWNSHIP_APPROVER)


def test_handling_until_a_day_and_approving_after_it_takes_none(keeper: Staff, clerk: Staff) -> None:
    end(clerk.posts.get(), keeper, last_day=TOMORROW)
    later = TOMORROW + timedelta(days=1)
    assert appoint(clerk, keeper, role=Role.TOWNSHIP_APPROVER, area=area(LINXI), starts_on=later)


def test_an_ended_post_takes_the_rights_away_at_once_on_record(keeper: Staff, clerk: Staff) -> None:
    end(clerk.posts.get(), keeper)
    assert not Staff.objects.get(pk=clerk.pk).may(Permission.ACCEPT)
    assert events(clerk) == [("post_ended", "洪志远")]
    with pytest.raises(NotAppointable, match="已经结束"):
        end(clerk.posts.get(), keeper)


def test_a_post_that_has_not_begun_is_revoked_and_can_be_given_again(keeper: Staff, clerk: Staff) -> None:
    post = end(appoint(clerk, keeper, starts_on=ON + timedelta(days=30)), keeper)
    assert post.ends_on < post.starts_on and "撤销" in post.events.order_by("pk").last().note
    assert appoint(clerk, keeper, starts_on=ON + timedelta(days=30))


def test_the_database_holds_no_post_that_ends_long_before_it_begins(clerk: Staff) -> None:
    post = clerk.posts.get()
    post.ends_on = post.starts_on - timedelta(days=2)
    with pytest.raises(IntegrityError, match="post_dates_in_order"), transaction.atomic():
        post.save()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"last_day": ON - timedelta(days=2)}, "不能倒填"),
        ({"last_day": TOMORROW + timedelta(days=9)}, "原定到"),
        ({"reason": ""}, "原因"),
    ],
)
def test_an_end_that_does_not_fit_is_refused(keeper: Staff, clerk: Staff, more: dict[str, Any], sentence: str) -> None:
    post = appoint(clerk, keeper, ends_on=TOMORROW)
    with pytest.raises(NotAppointable, match=sentence):
        end(post, keeper, **more)


# --- The last administrator ---------------------------------------------------------------------------------------


def test_an_administrator_does_not_end_their_own_post(keeper: Staff) -> None:
    make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    with pytest.raises(NotPermitted, match="自己的系统管理员岗位"):
        end(keeper.posts.get(), keeper)


def test_another_administrators_post_may_end_while_one_stays(keeper: Staff) -> None:
    other = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, on=date(2026, 1, 1))
    end(other.posts.get(), keeper)
    assert not Staff.objects.get(pk=other.pk).may(Permission.MANAGE_STAFF)


def leaving(keeper: Staff) -> Staff:
    """Another administrator stays, and the first one is leaving."""
    other = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, on=date(2026, 1, 1))
    services.end_post(keeper.posts.get(), on=ON, last_day=TOMORROW)
    return other


def test_the_last_administrator_who_stays_is_not_taken_away(keeper: Staff) -> None:
    other = leaving(keeper)
    with pytest.raises(NoAdministratorLeft):
        end(other.posts.get(), keeper, last_day=TOMORROW)
    with pytest.raises(NoAdministratorLeft):
        suspend(other, keeper, last_day=TOMORROW)
    assert not other.events.exists()


def test_nobody_is_left_from_a_later_day_on_when_the_one_who_stays_ends_as_well(keeper: Staff) -> None:
    other = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, on=date(2026, 1, 1))
    end(other.posts.get(), keeper, last_day=ON + timedelta(days=10))
    for act in (lambda: end(keeper.posts.get(), other, last_day=TOMORROW), lambda: suspend(keeper, other)):
        with pytest.raises(NoAdministratorLeft, match="2026年12月4日起"):
            act()
    assert not keeper.events.exists()


def test_a_suspension_set_for_later_counts_like_the_end_of_a_post(keeper: Staff) -> None:
    other = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, on=date(2026, 1, 1))
    suspend(other, keeper, last_day=ON + timedelta(days=10))
    with pytest.raises(NoAdministratorLeft, match="2026年12月4日起"):
        suspend(keeper, other, last_day=TOMORROW)


def test_a_post_that_begins_in_time_fills_the_gap_and_is_then_not_revoked(keeper: Staff, clerk: Staff) -> None:
    other = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, on=date(2026, 1, 1))
    end(other.posts.get(), keeper, last_day=ON + timedelta(days=10))
    heir = make_staff(Role.COUNTY_OFFICER, COUNTY, on=date(2026, 1, 1))
    post = appoint(
        heir,
        keeper,
        role=Role.SYSTEM_ADMINISTRATOR,
        area=area(COUNTY),
        starts_on=ON + timedelta(days=11),
        reason="兼任",
    )
    end(keeper.posts.get(), other, last_day=TOMORROW)
    with pytest.raises(NoAdministratorLeft, match="2026年12月4日起"):
        end(post, other)


def test_a_deputy_may_leave_early_though_the_administrator_who_stays_ends_later(keeper: Staff) -> None:
    deputy = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, on=date(2026, 1, 1))
    services.end_post(deputy.posts.get(), on=ON, last_day=ON + timedelta(days=5))
    services.end_post(keeper.posts.get(), on=ON, last_day=ON + timedelta(days=30))
    end(deputy.posts.get(), keeper, last_day=TOMORROW)
    assert deputy.posts.get().ends_on == TOMORROW


def test_an_administrator_nobody_can_sign_in_as_does_not_count(keeper: Staff) -> None:
    other = leaving(keeper)
    nobody = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    nobody.set_unusable_password()
    nobody.save()
    with pytest.raises(NoAdministratorLeft):
        suspend(other, keeper, last_day=TOMORROW)


def test_a_clerk_goes_whoever_keeps_accounts(keeper: Staff, clerk: Staff) -> None:
    leaving(keeper)
    assert suspend(clerk, keeper, last_day=TOMORROW).active_to == TOMORROW
