"""Log-in, lock-out, first password, one's own account, log-out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations import services
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.factories import ON, area, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]

PASSWORD = "Correct-Horse-88"
TOWNSHIP = "341824101"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:30:00+08:00", tick=True):
        yield


@pytest.fixture
def clerk() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def log_in(client: Client, staff: Staff, password: str = PASSWORD, **data: str) -> HttpResponse:
    return client.post(reverse("organizations:login"), {"username": staff.staff_number, "password": password} | data)


def test_right_number_and_password_let_in_and_lead_to_the_wanted_page(client: Client, clerk: Staff) -> None:
    response = log_in(client, clerk, next=reverse("organizations:account"))
    assert (response.status_code, response.url) == (302, reverse("organizations:account"))
    assert client.get(response.url).status_code == 200


def test_the_wanted_page_is_never_on_another_host(client: Client, clerk: Staff) -> None:
    response = log_in(client, clerk, next="https://evil.example/")
    assert "evil.example" not in response.url


def test_a_wrong_password_is_refused_in_chinese_and_the_number_stays(client: Client, clerk: Staff) -> None:
    response = log_in(client, clerk, password="wrong")
    page = response.content.decode()
    assert response.status_code == 200
    assert "工号或密码不对，请核对后再试。" in page
    assert f'value="{clerk.staff_number}"' in page


def test_too_many_failures_lock_the_number_and_say_until_when(client: Client, clerk: Staff) -> None:
    for _ in range(settings.LOCKOUT_FAILURES - 1):
        assert log_in(client, clerk, password="wrong").status_code == 200
    response = log_in(client, clerk, password="wrong")
    assert response.status_code == 429
    until = timezone.localtime() + timedelta(minutes=settings.LOCKOUT_MINUTES)
    assert f"{until:%H:%M}" in response.content.decode()
    assert log_in(client, clerk).status_code == 429


def test_the_lock_opens_by_itself(client: Client, clerk: Staff) -> None:
    for _ in range(settings.LOCKOUT_FAILURES):
        log_in(client, clerk, password="wrong")
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.LOCKOUT_MINUTES + 1)):
        assert log_in(client, clerk).status_code == 302


def test_another_number_is_not_locked_with_it(client: Client, clerk: Staff) -> None:
    for _ in range(settings.LOCKOUT_FAILURES):
        log_in(client, clerk, password="wrong")
    assert log_in(client, make_staff(Role.TOWNSHIP_OFFICER, TOWNSHIP)).status_code == 302


@pytest.mark.parametrize(
    ("active_from", "active_to"), [(ON + timedelta(days=1), None), (ON - timedelta(days=9), ON - timedelta(days=1))]
)
def test_an_account_outside_its_dates_is_refused_at_log_in(
    client: Client, clerk: Staff, active_from: object, active_to: object
) -> None:
    Staff.objects.filter(pk=clerk.pk).update(active_from=active_from, active_to=active_to)
    response = log_in(client, clerk)
    assert "这个账号已停用，请联系系统管理员。" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_account_on_its_last_day_is_let_in(client: Client, clerk: Staff) -> None:
    Staff.objects.filter(pk=clerk.pk).update(active_to=ON)
    assert log_in(client, clerk).status_code == 302


def test_a_session_ends_when_the_account_does(client: Client, clerk: Staff) -> None:
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    Staff.objects.filter(pk=clerk.pk).update(active_from=ON - timedelta(days=9), active_to=ON - timedelta(days=1))
    response = client.get(reverse("organizations:account"), follow=True)
    assert response.redirect_chain == [(f"{reverse('organizations:login')}?ended=1", 302)]
    assert "您的账号已停用" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_session_ends_after_its_hours(client: Client, clerk: Staff) -> None:
    log_in(client, clerk)
    with time_machine.travel(timezone.now() + timedelta(hours=settings.SESSION_HOURS, minutes=1)):
        response = client.get(reverse("organizations:account"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("organizations:login"))


def test_nobody_signed_in_is_led_to_log_in_and_back(client: Client) -> None:
    response = client.get(reverse("workbench:search"))
    assert (response.status_code, response.url) == (302, f"{reverse('organizations:login')}?next=/search/")


def first_day(number: str = "S99901") -> Staff:
    staff = services.open_account(
        staff_number=number, name="胡新", area=area(TOWNSHIP), on=ON, password=PASSWORD, must_change_password=True
    )
    services.appoint(staff, role=Role.TOWNSHIP_OFFICER, area=area(TOWNSHIP), on=ON)
    return staff


@pytest.mark.parametrize("page", ["workbench:search", "workbench:home", "organizations:account"])
def test_a_first_password_must_be_changed_before_anything_else(client: Client, page: str) -> None:
    log_in(client, first_day())
    response = client.get(reverse(page))
    assert (response.status_code, response.url) == (302, reverse("organizations:password_change"))
    assert "这是首次登录或密码刚被重置" in client.get(response.url).content.decode()


def test_who_will_not_change_a_first_password_may_leave(client: Client) -> None:
    log_in(client, first_day())
    assert client.post(reverse("organizations:logout")).url == reverse("organizations:login")
    assert "_auth_user_id" not in client.session


def test_after_the_change_the_new_password_holds_and_the_session_goes_on(client: Client) -> None:
    staff = first_day()
    log_in(client, staff)
    new = "Shan-Shui-2026"
    response = client.post(
        reverse("organizations:password_change"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        follow=True,
    )
    assert "密码已修改" in response.content.decode()
    staff.refresh_from_db()
    assert staff.check_password(new)
    assert not staff.must_change_password
    assert client.get(reverse("workbench:search")).status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong-old-pass", "Shan-Shui-2026", "Shan-Shui-2026", "原密码不对"),
        (PASSWORD, "Shan-Shui-2026", "Shan-Shui-2027", "两次输入的新密码不一样"),
        (PASSWORD, "short1", "short1", "密码太短，至少要有10个字符"),
        (PASSWORD, "84629175302", "84629175302", "密码只包含数字"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能和原密码相同"),
    ],
)
def test_a_poor_new_password_is_refused_in_chinese(
    client: Client, clerk: Staff, old: str, new: str, again: str, said: str
) -> None:
    log_in(client, clerk)
    response = client.post(
        reverse("organizations:password_change"), {"old_password": old, "new_password1": new, "new_password2": again}
    )
    assert said in response.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_the_account_page_names_posts_and_what_they_allow(client: Client, clerk: Staff) -> None:
    log_in(client, clerk)
    page = client.get(reverse("organizations:account")).content.decode()
    assert "乡镇经办人" in page
    assert area(TOWNSHIP).name in page
    assert "登记家庭" in page
    assert "县级审核确认" not in page


def test_somebody_without_a_post_is_told_so(client: Client, clerk: Staff) -> None:
    post = clerk.posts.get()
    post.starts_on, post.ends_on = ON - timedelta(days=9), ON - timedelta(days=1)
    post.save()
    log_in(client, clerk)
    assert "没有在任岗位" in client.get(reverse("organizations:account")).content.decode()


def test_log_out_is_a_post_and_ends_the_session(client: Client, clerk: Staff) -> None:
    log_in(client, clerk)
    assert client.get(reverse("organizations:logout")).status_code == 405
    assert client.post(reverse("organizations:logout")).url == reverse("organizations:login")
    assert "_auth_user_id" not in client.session
