from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from tests.journeys.walk import Walk, morning
from tests.support.crews import START, county_data, crew


@pytest.fixture
def walk(county: None, settings: Any, tmp_path: Path) -> Iterator[Walk]:
    """The people of 临溪镇 and of the county on the first morning, and nothing registered yet."""
    settings.PRIVATE_ROOT = tmp_path
    cache.clear()
    county_data()
    with time_machine.travel(morning(START), tick=False) as clock:
        yield Walk(clock, crew())
