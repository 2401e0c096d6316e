"""A key file of the test's own, so that rotating in it touches nobody else's."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from foundation.keyring import make_key_file


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh key file, whatever was rotated in the checkout's, and a folder for attachments and papers beside it."""
    path = tmp_path / "keys" / "keys.json"
    make_key_file(path)
    settings.KEY_FILE = path
    files = tmp_path / "private"
    files.mkdir()
    monkeypatch.setattr(default_storage, "location", str(files))
    settings.PRIVATE_ROOT = files
    return path
