"""A personal number typed as a name leaves no trace in full, and is locked out like any other name."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from organizations.permissions import Role
from tests.support.factories import make_id_number, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def fail(browser: Client, name: str) -> int:
    return browser.post(reverse("organizations:login"), {"username": name, "password": "wrong"}).status_code


def kept() -> str:
    return repr(list(AccessAttempt.objects.values()))


def test_an_id_number_is_kept_as_a_hash_and_locked_out(client: Client, settings: Any) -> None:
    number = make_id_number()
    answers = [fail(client, number) for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers.index(429) == settings.AXES_FAILURE_LIMIT - 1
    assert AccessAttempt.objects.get().username.startswith("号码 ")
    assert number not in kept()
    assert fail(client, make_id_number()) != 429


def test_the_number_of_an_account_is_kept_as_it_is(client: Client) -> None:
    staff = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    staff.staff_number = "13900002207"
    staff.save()
    for name in (staff.staff_number, "LX9"):
        fail(client, name)
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"13900002207", "LX9"}
