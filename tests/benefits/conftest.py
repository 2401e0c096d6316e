"""The county's parameters, loaded for a test that reads them."""

import pytest
from django.core.management import call_command


@pytest.fixture
def parameters(county: None) -> None:
    call_command("load_parameters", verbosity=0)
