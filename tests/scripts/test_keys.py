"""The keys of a production system are made once, kept, and rotated without losing what is encrypted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from foundation import crypto

SCRIPT = Path(settings.BASE_DIR, "scripts", "keys.py")


def run(*arguments: object) -> str:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_making_writes_both_files_for_their_owner_alone(tmp_path: Path) -> None:
    run("make", tmp_path / "keys")
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["keys.json", "secret_key"]
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()] == [0o600, 0o600]
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_making_again_touches_nothing(tmp_path: Path) -> None:
    run("make", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert run("make", tmp_path).count("已存在，未改动") == 2
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_after_rotation_old_values_are_read_and_new_ones_use_the_new_key(tmp_path: Path, settings: Any) -> None:
    run("make", tmp_path)
    settings.KEY_FILE = tmp_path / "keys.json"
    old = crypto.encrypt_text("341899196803120012", purpose="id_number")
    index = crypto.blind_index("341899196803120012", purpose="id_number")

    assert "第 2 版" in run("rotate", tmp_path)

    new = crypto.encrypt_text("341899196803120012", purpose="id_number")
    assert (old[:2], new[:2]) == ("1$", "2$")
    assert {crypto.decrypt_text(token, purpose="id_number") for token in (old, new)} == {"341899196803120012"}
    assert crypto.blind_index("341899196803120012", purpose="id_number") == index
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert sorted(json.loads((tmp_path / "keys.json").read_text())["data_keys"]) == ["1", "2"]
