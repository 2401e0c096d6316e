"""The county's figures, who works in 临溪镇 and at the county, and a reserve with money in it."""

import pytest

from tests.support.crews import Crew, county_data, crew
from tests.temporary_aid.reserves import Purse, purse


@pytest.fixture
def people(county: None) -> Crew:
    """The county's figures and terms, and who works in 临溪镇."""
    county_data()
    return crew()


@pytest.fixture
def reserve(county: None) -> Purse:
    """临溪镇's reserve, opened on 1 September 2026, with nothing in it yet."""
    county_data()
    return purse()
