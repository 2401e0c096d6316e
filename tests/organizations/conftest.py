"""Who keeps accounts, and whose account is kept."""

from datetime import date

import pytest

from organizations.models import Staff
from organizations.permissions import Role
from tests.support.factories import make_staff


@pytest.fixture
def keeper(county: None) -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="洪志远", on=date(2026, 1, 1))


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=date(2026, 1, 1))
