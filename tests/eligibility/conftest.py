"""The parameters that come with the system, loaded for the test."""

import pytest
from django.core.management import call_command

from organizations.models import Area


@pytest.fixture
def parameters(county: None) -> None:
    call_command("load_parameters", verbosity=0)


@pytest.fixture
def whole_county(county: None) -> Area:
    return Area.objects.get(level="county")
