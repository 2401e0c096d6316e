from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the archive of a test lies."""
    monkeypatch.setattr(default_storage, "location", str(tmp_path))
    return tmp_path


@pytest.fixture
def prefixes(county: None) -> None:
    """Number prefixes of the county and its townships, which come with it."""


@pytest.fixture
def public_address(settings: Any) -> str:
    settings.PUBLIC_BASE_URL = "https://jiuzhu.example.gov.cn"
    return str(settings.PUBLIC_BASE_URL)
