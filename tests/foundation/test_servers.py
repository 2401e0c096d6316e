"""A server that cannot be used is named in one sentence, by ``manage.py`` without a trace."""

import errno
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from foundation import servers
from foundation.embedded import EmbeddedServerError

DATABASE_WORDS = {"host": "db", "port": 5433, "user": "jixi", "dbname": "county"}


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that nothing listens on and nobody else gets meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture
def parameters(monkeypatch: pytest.MonkeyPatch, db: None) -> dict[str, Any]:
    """What the database is connected with; the test changes it."""
    found = dict(connection.get_connection_params())
    monkeypatch.setattr(connection, "get_connection_params", lambda: found)
    return found


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_servers_that_can_be_used_are_not_complained_of(db: None) -> None:
    assert (servers.database_problem(), servers.broker_problem()) == ("", "")
    servers.check_servers()


def test_a_database_that_is_not_made_yet_comes_with_the_command_that_makes_it(parameters: dict[str, Any]) -> None:
    parameters["dbname"] = "no_such_county"
    problem = servers.database_problem()
    assert problem.startswith("数据库 no_such_county 还没有建。")
    assert "CREATE DATABASE no_such_county TEMPLATE template0 ENCODING 'UTF8'" in problem
    with pytest.raises(servers.ServerUnavailable, match="还没有建"):
        servers.check_servers()


def test_an_unknown_account_is_named(parameters: dict[str, Any]) -> None:
    parameters["user"] = "nobody_here"
    # A server that asks for a password does not tell an unknown account from a wrong password.
    assert re.match(
        "数据库里没有账号 nobody_here。|数据库不认账号 nobody_here |数据库要密码", servers.database_problem()
    )


def test_a_port_where_nothing_answers_is_named(parameters: dict[str, Any], deaf_port: int) -> None:
    parameters.update(host="127.0.0.1", port=deaf_port)
    assert servers.database_problem().startswith(f"连不上数据库：127.0.0.1:{deaf_port} 没有程序应答。")


def test_a_host_that_is_not_there_is_named(parameters: dict[str, Any]) -> None:
    parameters["host"] = "nowhere.invalid"
    assert servers.database_problem().startswith("找不到数据库主机 nowhere.invalid")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('FATAL:  password authentication failed for user "jixi"', "数据库不认账号 jixi 或它的密码"),
        ('致命错误:  用户 "jixi" Password 认证失败', "数据库不认账号 jixi 或它的密码"),
        ('致命错误:  数据库 "county" 不存在', "数据库 county 还没有建"),
        ("fe_sendauth: no password supplied", "数据库要密码"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "pg_hba.conf"),
        ("FATAL:  sorry, too many clients already", "连接数已满"),
        ("FATAL:  the database system is starting up", "请稍后再试"),
        ("received invalid response to SSL negotiation: H", "db:5433 上应答的不是 PostgreSQL"),
        ("something\nquite new", "数据库拒绝了连接（quite new）"),
    ],
)
def test_what_a_server_says_is_said_in_chinese(said: str, sentence: str) -> None:
    assert sentence in servers._unconnected(said, DATABASE_WORDS)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ((140010, "UTF8", "C.UTF-8"), "是 PostgreSQL 14，需要 15"),
        ((150004, "SQL_ASCII", "C"), "编码是 SQL_ASCII、LC_CTYPE 是 C"),
        ((150004, "UTF8", "C"), "LC_CTYPE 是 C"),
        ((150004, "UTF8", "zh_CN.UTF-8"), ""),
    ],
)
def test_a_database_that_cannot_hold_chinese_names_is_refused(found: tuple[int, str, str], sentence: str) -> None:
    problem = servers._unfit(*found, name="county")
    assert sentence in problem
    assert bool(problem) == bool(sentence)


def test_a_redis_that_is_not_there_is_named(settings: Any, deaf_port: int) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{deaf_port}/0"
    assert servers.broker_problem().startswith(f"连不上 Redis：127.0.0.1:{deaf_port} 没有程序应答。")
    settings.REDIS_URL = "redis://nowhere.invalid/0"
    assert servers.broker_problem().startswith("找不到 Redis 主机 nowhere.invalid:6379")


def test_a_wrong_password_and_a_wrong_number_of_a_redis_are_told_apart(settings: Any) -> None:
    address = settings.REDIS_URL
    settings.REDIS_URL = f"{address.rpartition('/')[0]}/99"
    assert "DB index is out of range" in servers.broker_problem()
    if "@" in address:  # the embedded one has a password
        settings.REDIS_URL = f"redis://:geheim@{address.rpartition('@')[2]}"
        problem = servers.broker_problem()
        assert "不认 REDIS_URL 里的密码" in problem
        assert "geheim" not in problem


def test_errors_that_the_program_made_itself_keep_their_trace(db: None) -> None:
    assert servers.sentence_for(ValueError("x")) == ""
    assert servers.sentence_for(DatabaseError("syntax error")) == ""
    assert servers.sentence_for(FileNotFoundError(errno.ENOENT, "none", "x")) == ""


def test_a_right_that_the_database_s_account_lacks_comes_with_the_command_that_gives_it(db: None) -> None:
    user, name = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE jixi_powerless; SET LOCAL ROLE jixi_powerless; CREATE TABLE public.x (y int)")
    assert servers.sentence_for(refused.value).endswith(f"请由管理员运行：ALTER DATABASE {name} OWNER TO {user}")


def test_errors_of_the_machine_are_said_in_chinese() -> None:
    assert "磁盘已满" in servers.sentence_for(OSError(errno.ENOSPC, "No space left on device", "/x"))
    assert "不能写 /x" in servers.sentence_for(PermissionError(errno.EACCES, "Permission denied", "/x"))
    assert servers.sentence_for(EmbeddedServerError("没有启动")) == "没有启动"


def test_an_environment_without_what_is_needed_is_told_to_be_set_up() -> None:
    bare = subprocess.run(
        [sys.executable, "-S", "-E", "manage.py", "check"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert bare.returncode == 1
    assert bare.stderr.startswith("这个 Python 里缺少 django。请运行 make setup 补齐")
    assert len(bare.stderr.splitlines()) == 1


def test_manage_ends_with_the_sentence_alone(deaf_port: int, tmp_path: Path) -> None:
    unreached = manage("load_county", DATABASE_URL=f"postgres://jixi:geheim@127.0.0.1:{deaf_port}/jixi")
    misspelt = manage("load_county", DATABASE_URL="nonsense")
    without_key = manage("check", JIXI_SECRET_KEY_FILE=str(tmp_path / "none"))
    for ended, sentence in ((unreached, "连不上数据库"), (misspelt, "DATABASE_URL 写得不对"), (without_key, "找不到 ")):
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr.startswith(sentence)
        assert len(ended.stderr.splitlines()) == 1
