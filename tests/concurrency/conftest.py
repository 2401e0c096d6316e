from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path, county: None) -> None:
    """Committed acts write their papers; the county is loaded again after the tables were emptied."""
    settings.PRIVATE_ROOT = tmp_path
    cache.clear()
