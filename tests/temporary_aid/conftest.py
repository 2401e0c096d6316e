"""The county's figures, who works in 临溪镇 and at the county, and a reserve with money in it."""

import pytest

from tests.support.crews import county_data
from tests.temporary_aid.reserves import Purse, purse


@pytest.fixture
def reserve(county: None) -> Purse:
    """临溪镇's reserve, opened on 1 September 2026, with nothing in it yet."""
    county_data()
    return purse()
