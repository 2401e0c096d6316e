"""A key file of the test's own, so that rotating in it touches nobody else's."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.files.storage import default_storage


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the key file in use, and a folder for attachments and papers beside it."""
    path = tmp_path / "keys" / "keys.json"
    path.parent.mkdir(mode=0o700)
    shutil.copy(project_settings.KEY_FILE, path)
    settings.KEY_FILE = path
    files = tmp_path / "private"
    files.mkdir()
    monkeypatch.setattr(default_storage, "location", str(files))
    settings.PRIVATE_ROOT = files
    return path
