"""A migrated, empty database that the walk's and the tests' databases are copied from.

Migrating takes half a minute, copying takes a second. The template carries the digest of all migrations and locked
packages in its name, so a changed migration makes a new one; and that of the checkout's path, so that two checkouts
may use one server.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection

from foundation.embedded import database_url
from foundation.servers import CREATE

_LOCK = 341824  # any number of our own


def use_template(*, name: str) -> None:
    """Let Django make this process's test database of that name by copying the template, made now if there is none.

    :raises RuntimeError: the template could not be migrated.
    """
    connection.settings_dict["TEST"].update(NAME=name, TEMPLATE=template_database())


def checkout() -> str:
    """Eight hex digits that tell this checkout from others on the same server."""
    return hashlib.sha256(str(settings.BASE_DIR.resolve()).encode()).hexdigest()[:8]


def template_database() -> str:
    """Name of the template, which exists when this returns."""
    prefix = f"jixi_template_{checkout()}_"
    name = f"{prefix}{_digest()}"
    with administration() as cursor:
        # The lock lasts until the connection closes: parallel test workers wait for the first one's template.
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for outdated in there:
                cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}"')
            _make(name, f"{prefix}making", cursor)
    return name


def _make(name: str, making: str, cursor: Any) -> None:
    # Not from template1: a server's own may have a locale in which no Chinese name is found.
    cursor.execute(CREATE.format(name=f'"{making}"'))
    url = urlunsplit(urlsplit(database_url(settings.VAR_DIR))._replace(path=f"/{making}"))
    done = subprocess.run(  # noqa: S603 -- this project's own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "-v0"],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"模板数据库没有建成：{done.stderr[-2000:]}")
    cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


def _digest() -> str:
    """Twelve hex digits over what the tables come from."""
    content = hashlib.sha256()
    for path in sorted(_sources()):
        content.update(path.read_bytes())
    return content.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    yield from settings.BASE_DIR.glob("*/migrations/*.py")
    yield settings.BASE_DIR / "foundation" / "emptying.py"
    yield settings.BASE_DIR / "requirements" / "base.txt"


@contextmanager
def administration() -> Iterator[Any]:
    """A cursor outside transactions on the server's own database."""
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    for ours in ("cursor_factory",):
        parameters.pop(ours, None)
    with closing(psycopg2.connect(**parameters)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            yield cursor
