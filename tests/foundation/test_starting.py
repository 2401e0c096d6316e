"""Web, worker and beat do not start where personal data could neither be read nor written."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings

from foundation.beat import WatchedScheduler
from jixi_assist import celery

SENTENCE = "系统没有启动：密钥文件 {path} 不存在。请运行 python manage.py make_keys 生成"


@pytest.fixture
def missing(tmp_path: Path, settings: Any) -> str:
    settings.KEY_FILE = tmp_path / "keys.json"
    return SENTENCE.format(path=settings.KEY_FILE)


def test_the_web_application_is_not_loaded(missing: str, settings: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import jixi_assist.wsgi"],
        cwd=project_settings.BASE_DIR,
        env={**os.environ, "JIXI_KEY_FILE": str(settings.KEY_FILE)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert missing in done.stderr.splitlines()[-1]


def test_the_worker_ends_with_the_sentence(missing: str) -> None:
    with pytest.raises(SystemExit) as ended:
        celery.worker_init.send(sender=None)
    assert str(ended.value).startswith(missing)


def test_beat_ends_with_the_sentence(missing: str) -> None:
    with pytest.raises(SystemExit) as ended:
        WatchedScheduler(app=celery.app)
    assert str(ended.value).startswith(missing)
