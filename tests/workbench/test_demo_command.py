"""The demo's programs: one demo a checkout, and nothing of it left behind, whichever way it ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from foundation.embedded import data_home, database_url
from foundation.processes import AlreadyRunning, only_one
from foundation.template_database import administration, template_database
from workbench.management.commands import demo

DEMO = """
import signal, sys, time
import django
django.setup()
from workbench.management.commands.demo import _running, _wait_until_healthy
with _running("127.0.0.1", int(sys.argv[1])) as services:
    _wait_until_healthy("127.0.0.1", int(sys.argv[1]), services)
    print("ready", flush=True)
    time.sleep(120)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(db: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A migrated database of its own on the tests' server, and a broker that only this demo uses."""
    name = f"jixi_demo_{os.getpid()}"
    with administration() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database()}"')
    url = urlunsplit(urlsplit(database_url(settings.VAR_DIR))._replace(path=f"/{name}"))
    kept = {key: value for key, value in os.environ.items() if key != "REDIS_URL"}
    keys = {"JIXI_KEY_FILE": str(settings.KEY_FILE), "JIXI_SECRET_KEY_FILE": str(settings.SECRET_KEY_FILE)}
    yield kept | keys | {"DATABASE_URL": url, "JIXI_VAR_DIR": str(tmp_path)}
    with administration() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    subprocess.run(["rm", "-rf", str(data_home(tmp_path))], check=True)


def programs(var_dir: Path) -> dict[int, str]:
    """What runs with this folder: the demo, web, worker, beat, and the embedded broker with its keeper."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if f"JIXI_VAR_DIR={var_dir}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
    return {pid: command for pid, command in found.items() if command}


def _turns(beat_file: Path) -> bool:
    deadline = time.monotonic() + 30
    while not beat_file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return beat_file.exists()


def test_nothing_of_a_killed_demo_is_left(environment: dict[str, str], tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", DEMO, str(free_port())],
        cwd=settings.BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "jixi_assist.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    commands = " ".join(programs(tmp_path).values())
    for name in ("gunicorn", "worker", "beat", "valkey-server", "foundation.embedded"):
        assert name in commands
    assert _turns(tmp_path / "beat.alive")

    running.send_signal(signal.SIGKILL)
    running.communicate()

    deadline = time.monotonic() + 40
    while programs(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert programs(tmp_path) == {}


def test_a_second_demo_in_the_same_folder_is_told_of_the_first(settings: object, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    before = [signal.getsignal(number) for number in demo._ENDING]
    try:
        with (
            only_one(tmp_path / "demo.lock", ""),
            pytest.raises(AlreadyRunning, match="演示正在运行。请用已打开的那一个，或先在那边按 Ctrl-C"),
        ):
            call_command("demo")
    finally:
        for number, handler in zip(demo._ENDING, before, strict=True):
            signal.signal(number, handler)


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert taken < demo._free_port("127.0.0.1", taken) < taken + demo.PORTS_TRIED


def test_without_any_free_port_another_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PORTS_TRIED", 1)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        with pytest.raises(CommandError, match=rf"端口 {taken} .*都被占用。请另选一个，例如 make demo PORT=\d+。"):
            demo._free_port("127.0.0.1", taken)


@pytest.mark.parametrize("written", ["0", "65536", "http", "-1", ""])
def test_what_is_no_port_is_refused(written: str) -> None:
    with pytest.raises(CommandError, match="端口应是 1 到 65535 的整数，例如 make demo PORT=8080"):
        call_command("demo", f"--port={written}")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CommandError, match=r"本机没有地址 192\.0\.2\.1"):
        demo._free_port("192.0.2.1", free_port())
