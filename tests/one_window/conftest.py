from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from organizations.models import Staff
from tests.support.crews import Crew, county_data, crew

NOON = "2026-11-23 10:30:00+08:00"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def people(county: None) -> Crew:
    """Who works on the cases of 临溪镇, with the county's figures loaded."""
    county_data()
    return crew()


@pytest.fixture
def figures(county: None) -> None:
    """The county's standards and parameters, and nothing else."""
    county_data()


def at_work(staff: Staff) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


@pytest.fixture
def window(people: Crew) -> Client:
    """The clerk's browser at the window of 临溪镇."""
    return at_work(people.officer)
