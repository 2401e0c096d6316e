"""The parameters that come with the system, loaded for the test."""

import pytest

from organizations.models import Area
from tests.support.crews import county_data


@pytest.fixture
def parameters(county: None) -> None:
    county_data()


@pytest.fixture
def whole_county(county: None) -> Area:
    return Area.objects.get(level="county")
