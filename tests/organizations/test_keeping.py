"""Keeping accounts: who may, what is refused, what falls away, what is on record."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings

from foundation.crypto import blind_index
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.passwords import first_password
from organizations import services
from organizations.models import AreaGrant, Staff, StaffEvent
from organizations.permissions import Permission, Role
from organizations.queries import facts_version, staff_with
from organizations.services import AccountFacts, AccountRefused, NotAppointable
from tests.support.factories import ON, area, make_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
COUNTY, LINXI, VILLAGE = "341824", "341824101", "341824101200"
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


def facts(**more: Any) -> AccountFacts:
    return AccountFacts(**{"staff_number": "LX08", "name": "汪晓梅", "area": area(LINXI)} | more)


def open_one(keeper: Staff, **more: Any) -> tuple[Staff, str]:
    values: dict[str, Any] = {
        "facts": facts(),
        "active_from": ON,
        "active_to": None,
        "role": Role.TOWNSHIP_OFFICER,
        "post_area": area(LINXI),
    }
    return services.open_officer_account(**values | more, by=keeper, on=ON)


def events(account: Staff) -> list[tuple[str, str]]:
    return [(event.kind, event.by.name) for event in account.events.order_by("pk")]


# --- Opening --------------------------------------------------------------------------------------------------


def test_an_account_is_opened_with_its_post_and_a_first_password(keeper: Staff) -> None:
    account, password = open_one(keeper)
    stored = Staff.objects.get(staff_number="LX08")
    assert stored.must_change_password and stored.check_password(password)
    assert stored.may(Permission.ACCEPT)
    assert events(account) == [("opened", "洪志远"), ("appointed", "洪志远")]


def test_of_an_id_number_only_its_index_is_kept(keeper: Staff) -> None:
    number = make_id_number(birth_date=date(1985, 3, 12))
    account, _ = open_one(keeper, id_number=number)
    stored = Staff.objects.get(pk=account.pk)
    assert stored.id_number_index == blind_index(number, purpose="id_number")
    kept = [*Staff.objects.filter(pk=account.pk).values_list(), *StaffEvent.objects.values_list("note", "reason")]
    assert number not in str(kept)


def test_an_id_number_that_cannot_be_opens_no_account(keeper: Staff) -> None:
    with pytest.raises(ServiceError) as refusal:
        open_one(keeper, id_number="341824198503120000")
    assert refusal.value.field == "id_number"
    assert not Staff.objects.filter(staff_number="LX08").exists()


def test_the_first_password_is_kept_nowhere(keeper: Staff) -> None:
    account, password = open_one(keeper)
    kept = [*StaffEvent.objects.values_list("note", "reason"), *Staff.objects.filter(pk=account.pk).values_list()]
    assert password not in str(kept)


def test_first_passwords_differ_and_take_only_signs_that_are_not_mistaken() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01oOlIi25sSzZbpdqgmnuvj")
    assert {len(password) for password in made} == {19}


def test_who_does_not_keep_accounts_opens_none(clerk: Staff) -> None:
    with pytest.raises(NotPermitted):
        open_one(clerk)
    assert not Staff.objects.filter(staff_number="LX08").exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"active_from": YESTERDAY}, "active_from"),
        ({"active_to": YESTERDAY}, "active_to"),
    ],
)
def test_dates_that_do_not_fit_are_refused(keeper: Staff, more: dict[str, Any], field: str) -> None:
    with pytest.raises(AccountRefused) as refusal:
        open_one(keeper, **more)
    assert refusal.value.field == field


def test_a_number_is_taken_once_whatever_its_letters(keeper: Staff) -> None:
    open_one(keeper)
    with pytest.raises(AccountRefused, match="LX08已有账号（汪晓梅）"):
        open_one(keeper, facts=facts(staff_number="lx08"))


def test_an_account_whose_post_does_not_fit_its_area_is_not_opened(keeper: Staff) -> None:
    with pytest.raises(NotAppointable, match="“乡镇经办人”只能设在乡镇"):
        open_one(keeper, post_area=area(VILLAGE))
    assert not Staff.objects.filter(staff_number="LX08").exists()


# --- Correcting -----------------------------------------------------------------------------------------------


def correct(
    account: Staff, keeper: Staff, *, version: int | None = None, reason: str = "录入错字", **more: Any
) -> Staff:
    stands = {"staff_number": account.staff_number, "name": account.name, "area": account.area, "department": None}
    version = facts_version(account) if version is None else version
    return services.correct_account(
        account, facts=AccountFacts(**stands | more), version=version, by=keeper, on=ON, reason=reason
    )


def test_a_correction_says_what_it_changed(keeper: Staff, clerk: Staff) -> None:
    correct(clerk, keeper, name="程小燕")
    assert clerk.events.get().note == "姓名：程晓燕→程小燕"


def test_another_name_takes_a_reason_and_somebody_elses_hand(keeper: Staff, clerk: Staff) -> None:
    with pytest.raises(AccountRefused, match="须写明原因") as refusal:
        correct(clerk, keeper, name="程小燕", reason=" ")
    assert refusal.value.field == "reason"
    with pytest.raises(AccountRefused, match="自己的姓名") as refusal:
        correct(keeper, keeper, name="别的人")
    assert refusal.value.field == "name"
    correct(clerk, keeper, name="程小燕", reason="录入错字，已核对身份证")
    assert clerk.events.get().reason == "录入错字，已核对身份证"
    assert Staff.objects.get(pk=keeper.pk).name == keeper.name


def test_a_correction_of_anything_else_needs_no_reason(keeper: Staff, clerk: Staff) -> None:
    correct(clerk, keeper, area=area("341824100"), reason="")
    assert clerk.events.get().note == "所在区划：临溪镇→华阳镇"


def test_a_correction_on_a_stale_page_changes_nothing(keeper: Staff, clerk: Staff) -> None:
    correct(clerk, keeper, name="程小燕")
    with pytest.raises(StaleVersion):
        correct(clerk, keeper, name="程燕", version=0)
    assert Staff.objects.get(pk=clerk.pk).name == "程小燕"


def test_a_number_that_was_signed_in_with_stays(keeper: Staff, clerk: Staff) -> None:
    correct(clerk, keeper, staff_number="LX09")
    clerk.refresh_from_db()
    clerk.last_login = "2026-11-20T08:00:00+08:00"
    clerk.save(update_fields=["last_login"])
    with pytest.raises(AccountRefused, match="已经登录使用过"):
        correct(clerk, keeper, staff_number="LX10")


# --- Suspending, resuming --------------------------------------------------------------------------------------


def suspend(account: Staff, keeper: Staff, *, last_day: date = YESTERDAY, reason: str = "调离") -> Staff:
    return services.suspend_account(account, last_day=last_day, reason=reason, by=keeper, on=ON)


def test_a_suspended_account_has_no_rights_and_gets_them_back_with_its_posts(keeper: Staff, clerk: Staff) -> None:
    suspended = suspend(clerk, keeper)
    assert not suspended.is_active_on(ON) and not AreaGrant.objects.filter(user=clerk).exists()
    services.resume_account(clerk, reason="调回", by=keeper, on=ON)
    assert list(staff_with(Permission.ACCEPT, area=area(LINXI), on=ON)) == [clerk]
    assert events(clerk) == [("ended", "洪志远"), ("resumed", "洪志远")]


def test_an_account_opened_today_can_be_taken_away_at_once(keeper: Staff) -> None:
    account, _ = open_one(keeper)
    assert not suspend(account, keeper).is_active_on(ON)


def test_the_last_day_lies_not_further_back_than_yesterday(keeper: Staff, clerk: Staff) -> None:
    with pytest.raises(AccountRefused, match="不能倒填"):
        suspend(clerk, keeper, last_day=ON - timedelta(days=2))


def test_nobody_suspends_themselves_or_without_a_reason(keeper: Staff, clerk: Staff) -> None:
    with pytest.raises(AccountRefused, match="自己的账号"):
        suspend(keeper, keeper)
    with pytest.raises(AccountRefused, match="原因"):
        suspend(clerk, keeper, reason=" ")


def test_who_is_suspended_is_not_suspended_again_nor_resumed_twice(keeper: Staff, clerk: Staff) -> None:
    suspend(clerk, keeper)
    with pytest.raises(AccountRefused, match="已经停用"):
        suspend(clerk, keeper)
    services.resume_account(clerk, reason="调回", by=keeper, on=ON)
    with pytest.raises(AccountRefused, match="没有停用"):
        services.resume_account(clerk, reason="调回", by=keeper, on=ON)


# --- Passwords, locks, sessions ---------------------------------------------------------------------------------


def fail_often(account: Staff) -> None:
    AccessAttempt.objects.create(
        username=account.staff_number, ip_address="10.0.0.9", failures_since_start=settings.LOCKOUT_FAILURES
    )


def test_a_reset_takes_the_old_password_and_the_lock_away(keeper: Staff, clerk: Staff) -> None:
    fail_often(clerk)
    _, password = services.reset_password(clerk, reason="忘记密码", by=keeper, on=ON)
    stored = Staff.objects.get(pk=clerk.pk)
    assert stored.check_password(password) and not stored.check_password("Correct-Horse-88")
    assert stored.must_change_password and not AccessAttempt.objects.exists()
    assert stored.get_session_auth_hash() != clerk.get_session_auth_hash()


def test_one_resets_ones_own_password_on_ones_own_page(keeper: Staff) -> None:
    with pytest.raises(AccountRefused, match="我的账号"):
        services.reset_password(keeper, reason="忘记", by=keeper, on=ON)


def test_a_lock_is_opened_on_record_and_only_where_there_is_one(keeper: Staff, clerk: Staff) -> None:
    fail_often(clerk)
    services.unlock_account(clerk, reason="电话核实是本人", by=keeper, on=ON)
    assert not AccessAttempt.objects.exists() and clerk.events.get().reason == "电话核实是本人"
    with pytest.raises(AccountRefused, match="没有输错密码的记录"):
        services.unlock_account(clerk, reason="再来", by=keeper, on=ON)


def test_ending_the_sessions_changes_what_they_rest_on_and_not_the_password(keeper: Staff, clerk: Staff) -> None:
    before = clerk.get_session_auth_hash()
    services.end_sessions(clerk, reason="手机丢失", by=keeper, on=ON)
    stored = Staff.objects.get(pk=clerk.pk)
    assert stored.get_session_auth_hash() != before and stored.check_password("Correct-Horse-88")


@pytest.mark.parametrize(
    "act", [services.reset_password, services.unlock_account, services.end_sessions, services.resume_account]
)
def test_acts_take_the_permission(clerk: Staff, keeper: Staff, act: Any) -> None:
    with pytest.raises(NotPermitted):
        act(keeper, reason="试试", by=clerk, on=ON)
    assert not keeper.events.exists()


def test_the_operators_account_is_not_reached_from_the_pages(keeper: Staff) -> None:
    operator = Staff.objects.create_superuser(
        "root1", "Correct-Horse-88", name="运维", area=area(COUNTY), active_from=ON
    )
    with pytest.raises(NotPermitted, match="服务器"):
        services.reset_password(operator, reason="试试", by=keeper, on=ON)
