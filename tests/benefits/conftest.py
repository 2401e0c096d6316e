"""The county's parameters, and who pays a family of one award; a module may have its own of the same name."""

from datetime import date

import pytest

from benefits.models import Award
from households.models import Household
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, desk, with_account
from tests.households.builders import register
from tests.support.crews import county_data


@pytest.fixture
def parameters(county: None) -> None:
    county_data()


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def family(money: Desk) -> Household:
    return with_account(register(money.clerk), money.clerk)


@pytest.fixture
def award(money: Desk, family: Household) -> Award:
    return grant(family, money.approver, decided_on=date(2026, 11, 2))
