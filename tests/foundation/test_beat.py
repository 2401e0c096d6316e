"""A beat that turns shows it, and the container's health check sees one that does not."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django_celery_beat.schedulers import DatabaseScheduler

from foundation.beat import WatchedScheduler
from jixi_assist.celery import app


def check(var_dir: Path) -> int:
    script = [sys.executable, "scripts/healthcheck.py", "beat"]
    return subprocess.call(
        script, cwd=project.BASE_DIR, env=os.environ | {"JIXI_VAR_DIR": str(var_dir)}, stderr=subprocess.DEVNULL
    )


def test_a_turn_is_seen_by_the_health_check_and_a_stand_still_too(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(DatabaseScheduler, "tick", lambda self: 5.0)  # it would close the test's connection
    assert check(tmp_path) != 0

    assert WatchedScheduler(app, lazy=True).tick() == 5.0
    assert check(tmp_path) == 0

    long_ago = time.time() - 600
    os.utime(tmp_path / "beat.alive", (long_ago, long_ago))
    assert check(tmp_path) != 0
