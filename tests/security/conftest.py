"""One family of 临溪镇, its clerk, and the county's people, on one day."""

from collections.abc import Iterator

import pytest
import time_machine

from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.households.builders import data, register
from tests.support.factories import AT, make_id_number, make_staff


@pytest.fixture(autouse=True)
def _this_day() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def officer(county: None) -> Staff:
    """县民政经办, who may export in full."""
    return make_staff(Role.COUNTY_OFFICER, "341824", name="方明")


@pytest.fixture
def supervisor(county: None) -> Staff:
    """审计监督, who sees who read what."""
    return make_staff(Role.AUDITOR, "341824", name="许静")


@pytest.fixture
def number() -> str:
    return make_id_number()


@pytest.fixture
def family(clerk: Staff, number: str) -> Household:
    return register(clerk, head=data(id_number=number), phone="13905632207")
