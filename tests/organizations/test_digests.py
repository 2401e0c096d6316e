"""The daily digests on the system page, for the copy that is kept outside."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.sealing import seal_day
from organizations.permissions import Role
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def page_for(role: Role) -> Any:
    browser = Client()
    browser.force_login(make_staff(role, "341824"), backend="django.contrib.auth.backends.ModelBackend")
    return browser.get(reverse("organizations:digests"))


def seal(days_ago: int) -> str:
    now = timezone.now()
    made = seal_day(day=timezone.localdate(now) - timedelta(days=days_ago), at=now)
    assert made is not None
    return made.digest


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR])
def test_the_newest_digest_can_be_copied_and_printed(role: Role) -> None:
    seal(2)
    digest = seal(1)
    page = page_for(role).content.decode()
    assert " ".join(re.findall(".{8}", digest)) in page
    assert ("data-print" in page, "封存停了" in page) == (True, False)


def test_it_says_when_sealing_has_stopped() -> None:
    assert "还没有封存过" in page_for(Role.SYSTEM_ADMINISTRATOR).content.decode()
    seal(4)
    assert "封存停了" in page_for(Role.SYSTEM_ADMINISTRATOR).content.decode()
