from datetime import date

import pytest
from django.core.management import call_command

from organizations.models import Staff
from organizations.permissions import Role
from tests.support.crews import LINXI, Crew, county_data, crew
from tests.support.factories import make_staff

SINCE = date(2020, 1, 1)


@pytest.fixture
def people(county: None) -> Crew:
    """The county's figures, terms and retention periods, and who works in 临溪镇."""
    county_data()
    call_command("load_retention", verbosity=0)
    return crew()


@pytest.fixture
def clerk(people: Crew) -> Staff:
    """The clerk of 临溪镇, in post for years."""
    return make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="舒雅琴", on=SINCE)


@pytest.fixture
def neighbour(people: Crew) -> Staff:
    """The clerk of 华阳镇."""
    return make_staff(Role.TOWNSHIP_OFFICER, "341824100", name="柯明", on=SINCE)
