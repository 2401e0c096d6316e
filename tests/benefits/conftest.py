"""The county's parameters, loaded for a test that reads them."""

import pytest

from tests.support.crews import county_data


@pytest.fixture
def parameters(county: None) -> None:
    county_data()
