"""Where somebody is signed in (我的登录), and what ends it from afar."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from organizations import services
from organizations.models import LoginSession, Staff
from organizations.permissions import Role
from organizations.rules.devices import device_name
from tests.support.factories import ON, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
PASSWORD = "Correct-Horse-88"
COUNTY, LINXI = "341824", "341824101"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0"
WECHAT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:30:00+08:00", tick=False):
        yield


@pytest.fixture
def clerk() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, LINXI)


@pytest.fixture
def keeper() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)


def log_in(staff: Staff, agent: str = EDGE, address: str = "10.18.3.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post(reverse("organizations:login"), {"username": staff.staff_number, "password": PASSWORD})
    return client


def is_inside(client: Client) -> bool:
    return bool(client.get(reverse("organizations:account")).status_code == 200)


def page_of(client: Client) -> str:
    return str(client.get(reverse("organizations:sessions")).content.decode())


@pytest.mark.parametrize(
    ("agent", "name"),
    [(EDGE, "Windows 电脑・Edge"), (WECHAT, "安卓手机・微信"), ("", "未知设备"), ("curl/8.0", "未知设备")],
)
def test_devices_are_called_what_people_call_them(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_page_says_where_and_on_what_and_marks_this_device(clerk: Staff) -> None:
    desk, _ = log_in(clerk), log_in(clerk, WECHAT, "10.18.3.99")
    page = page_of(desk)
    assert "Windows 电脑・Edge" in page and "安卓手机・微信" in page
    assert "10.18.3.7" in page and "10.18.3.99" in page
    assert page.count("这台设备</span>") == 1
    assert page.count("结束这处登录？") == 1


def test_one_log_in_elsewhere_is_ended_and_no_other(clerk: Staff) -> None:
    desk, phone, third = log_in(clerk), log_in(clerk, WECHAT), log_in(clerk)
    login = LoginSession.objects.get(device="安卓手机・微信")
    assert desk.post(reverse("organizations:end_session", args=[login.pk])).status_code == 302
    assert [is_inside(one) for one in (desk, phone, third)] == [True, False, True]
    assert "本人结束" in page_of(desk)


def test_all_others_are_ended_and_this_one_goes_on_also_to_end_others_again(clerk: Staff) -> None:
    desk, phone = log_in(clerk), log_in(clerk, WECHAT)
    for other in (phone, log_in(clerk, WECHAT)):
        desk.post(reverse("organizations:end_other_sessions"))
        assert (is_inside(desk), is_inside(other)) == (True, False)
    assert page_of(desk).count("这台设备</span>") == 1


def test_nobody_sees_or_ends_the_log_in_of_somebody_else(clerk: Staff, keeper: Staff) -> None:
    desk, other = log_in(clerk), log_in(make_staff(Role.TOWNSHIP_OFFICER, LINXI), WECHAT)
    login = LoginSession.objects.get(device="安卓手机・微信")
    for stranger in (desk, log_in(keeper)):
        assert stranger.post(reverse("organizations:end_session", args=[login.pk])).status_code == 404
        assert "微信" not in page_of(stranger)
    assert is_inside(other)


def test_ones_own_present_log_in_is_ended_by_logging_out_only(clerk: Staff) -> None:
    desk = log_in(clerk)
    assert desk.post(reverse("organizations:end_session", args=[LoginSession.objects.get().pk])).status_code == 404
    desk.post(reverse("organizations:logout"))
    login = LoginSession.objects.get()
    assert (login.ended_how, login.session_key) == ("logged_out", None)


def test_somebody_else_on_the_same_browser_begins_a_log_in_of_their_own(clerk: Staff, keeper: Staff) -> None:
    client = log_in(clerk)
    client.post(reverse("organizations:login"), {"username": keeper.staff_number, "password": PASSWORD})
    assert page_of(client).count("这台设备</span>") == 1
    assert keeper.logins.get().session_key == client.cookies["sessionid"].value


def test_an_expired_log_in_is_not_shown_as_present(clerk: Staff, settings: Any) -> None:
    log_in(clerk, WECHAT)
    with time_machine.travel("2026-11-23 09:30:00+08:00") as clock:
        clock.shift(timedelta(hours=settings.SESSION_HOURS, minutes=1))
        page = page_of(log_in(clerk))
    assert "到期或关闭浏览器" in page
    assert page.count("结束这处登录？") == 0


ENDING: dict[str, Callable[[Staff, Staff], Any]] = {
    "sessions": lambda account, by: services.end_sessions(account, reason="电脑丢失", by=by, on=ON),
    "password": lambda account, by: services.reset_password(account, reason="忘记密码", by=by, on=ON),
    "post": lambda account, by: services.end_officer_post(
        account.posts.get(), last_day=ON - timedelta(days=1), reason="轮岗", by=by, on=ON
    ),
    "account": lambda account, by: services.suspend_account(
        account, last_day=ON - timedelta(days=1), reason="调离", by=by, on=ON
    ),
}


@pytest.mark.parametrize("what", ENDING)
def test_what_an_administrator_takes_away_ends_every_session(clerk: Staff, keeper: Staff, what: str) -> None:
    desk, phone = log_in(clerk), log_in(clerk, WECHAT)
    ENDING[what](clerk, keeper)
    assert not is_inside(desk) and not is_inside(phone)


def test_a_session_from_before_a_suspension_is_not_revived_with_the_account(clerk: Staff, keeper: Staff) -> None:
    desk = log_in(clerk)
    ENDING["account"](clerk, keeper)
    services.resume_account(clerk, reason="休假回来", by=keeper, on=ON)
    assert not is_inside(desk)
    assert is_inside(log_in(clerk))


def test_a_session_that_no_log_in_was_kept_of_ends_as_well(clerk: Staff, keeper: Staff) -> None:
    desk = log_in(clerk)
    LoginSession.objects.update(session_key=None, ended_at="2026-11-23T01:30Z", ended_how="logged_out")
    assert Session.objects.exists() and is_inside(desk)
    ENDING["sessions"](clerk, keeper)
    assert not is_inside(desk)


def test_changing_ones_password_ends_the_others_and_not_this_one(clerk: Staff) -> None:
    desk, phone = log_in(clerk), log_in(clerk, WECHAT)
    sent = {"old_password": PASSWORD, "new_password1": "Shan-Shui-2026", "new_password2": "Shan-Shui-2026"}
    desk.post(reverse("organizations:password_change"), sent)
    assert (is_inside(desk), is_inside(phone)) == (True, False)
    assert page_of(desk).count("这台设备</span>") == 1


def test_the_administrators_page_says_where_an_account_is_signed_in(clerk: Staff, keeper: Staff) -> None:
    log_in(clerk, WECHAT, "10.18.3.99")
    page = log_in(keeper).get(reverse("organizations:staff_account", args=[clerk.pk])).content.decode()
    assert "安卓手机・微信" in page and "10.18.3.99" in page
