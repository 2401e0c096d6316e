import pytest

from tests.support.crews import Crew, county_data, crew


@pytest.fixture
def people(county: None) -> Crew:
    """The county's figures and terms, and who works in 临溪镇."""
    county_data()
    return crew()
