"""A session is written when it begins, when something in it changes, and now and then while it is in use."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.sessions import RENEW_SECONDS
from organizations.permissions import Role
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
HOME = "/"
START = "2026-11-23 09:00:00+08:00"


def writes(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    changes = ('UPDATE "django_session"', 'INSERT INTO "django_session"')
    return [query["sql"] for query in captured if any(change in query["sql"] for change in changes)]


def signed_in() -> Client:
    client = Client()
    client.force_login(
        make_staff(Role.TOWNSHIP_OFFICER, "341824101"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_reading_pages_writes_the_session_at_most_once_in_five_minutes() -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = signed_in()
        assert writes(client, HOME) == []
        assert writes(client, reverse("applications:list")) == []
        clock.shift(RENEW_SECONDS - 1)
        assert writes(client, HOME) == []
        clock.shift(1)
        assert len(writes(client, HOME)) == 1
        assert writes(client, HOME) == []


def test_a_session_in_use_lasts_and_an_idle_one_ends(settings: Any) -> None:
    hours = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with time_machine.travel(START, tick=False) as clock:
        client = signed_in()
        for _ in range(4):
            assert client.get(HOME).status_code == 200
            clock.shift(hours / 2)
        assert client.get(HOME).status_code == 200
        clock.shift(hours + timedelta(seconds=1))
        assert client.get(HOME).status_code == 302


def test_who_is_not_signed_in_gets_no_session() -> None:
    client = Client()
    assert client.get(reverse("organizations:login")).status_code == 200
    assert not Session.objects.exists()
