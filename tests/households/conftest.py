from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.households.builders import register
from tests.support.factories import AT, make_staff


@pytest.fixture
def clerk(county: None) -> Staff:
    """A clerk of 临溪镇, where the families of these tests live."""
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def neighbour(county: None) -> Staff:
    """A clerk of 华阳镇."""
    return make_staff(Role.TOWNSHIP_OFFICER, "341824100", name="汪志强")


@pytest.fixture
def family(clerk: Staff) -> Household:
    """胡德旺's family of one."""
    return register(clerk)


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(AT):
        yield


@pytest.fixture
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def browser(client: Client, clerk: Staff) -> Client:
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client
