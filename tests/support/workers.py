"""Real workers, a real beat and a broker of the test's own, on the test's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from foundation import embedded
from foundation.processes import ending_with_parent
from jixi_assist.celery import app

PATIENCE_SECONDS = 30


def address() -> str:
    """URL of the test's database, for another process."""
    given: dict[str, Any] = connection.settings_dict
    login = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgres://{login}@{quote(given['HOST'], safe='')}{port}/{given['NAME']}"


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[str]:
    """URL of an empty broker that nobody else uses."""
    home = tmp_path / "broker"
    home.mkdir()
    started = embedded._start_valkey(home)
    try:
        yield started.url
    finally:
        embedded._stop(started.process)


@pytest.fixture
def real_queue(own_broker: str) -> Iterator[str]:
    """What is started in the test's process goes to the own broker, and is not done at once."""
    former = app.conf.broker_url
    app.conf.update(task_always_eager=False, broker_url=own_broker)
    app.amqp._producer_pool = None
    try:
        yield own_broker
    finally:
        app.conf.update(task_always_eager=True, broker_url=former)
        app.amqp._producer_pool = None


@contextmanager
def running(program: str, *options: str, broker: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Celery's worker or beat with the drill of :mod:`tests.support.drill_app`; its log is ``<program>.log``."""
    own = {
        "DATABASE_URL": address(),
        "REDIS_URL": broker,
        "JIXI_KEY_FILE": str(settings.KEY_FILE),
        "JIXI_SECRET_KEY_FILE": str(settings.SECRET_KEY_FILE),
        "JIXI_VAR_DIR": str(folder),
        "JIXI_PRIVATE_ROOT": str(folder / "private"),
    }
    command = [sys.executable, "-m", "celery", "--app", "tests.support.drill_app", program, *options]
    with (folder / f"{program}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | own,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=ending_with_parent(signal.SIGKILL),
        )
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a worker with its children at once (kill -9), as a lost machine does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_children(process: subprocess.Popen[bytes]) -> None:
    """End what does the work and leave the worker itself, as the system does where memory runs out."""
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


def wait_until(holds: Callable[[], Any], what: str) -> None:
    """
    :raises AssertionError: it does not hold within a minute.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
