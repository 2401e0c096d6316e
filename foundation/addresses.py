"""Addresses of the database and the broker, held against how such an address is written; none is ever repeated in
a message, since it holds a password."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_SPECIAL = "密码里的 @ : / # % 要写成 %40 这样的形式"
_DATABASE = f"应形如 postgres://账号:密码@主机:5432/数据库名（{_SPECIAL}）。不设 DATABASE_URL 时自动使用内嵌数据库。"
_BROKER = f"应形如 redis://:密码@主机:6379/0（{_SPECIAL}）。不设 REDIS_URL 时自动使用内嵌 Valkey。"
CONNECT_SECONDS = 10
_SESSION = "-c jit=off -c pgtrigger.ignore={}"
"""Told to every connection.

A township takes our long statements milliseconds; to compile each first takes PostgreSQL a tenth of a second. And
triggers ask row by row what is to be ignored: where that is not set, each asking is an error within, at which the
database looks through every deferred check of the transaction, so that a statement of many rows takes the square of
their number: 40 seconds for 50,000 rows that are written in three.
"""


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings for a database URL.

    :raises ImproperlyConfigured: it is not the URL of a PostgreSQL database.
    """
    if not _is_address(url, schemes=("postgres", "postgresql")) or not urlsplit(url).path.strip("/"):
        raise ImproperlyConfigured(f"DATABASE_URL 写得不对，{_DATABASE}")
    parsed = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    given = parsed.get("OPTIONS", {})
    options = " ".join(filter(None, (_SESSION, given.get("options"))))
    return {**parsed, "OPTIONS": {"connect_timeout": CONNECT_SECONDS, **given, "options": options}}


def broker_url(url: str) -> str:
    """A Redis URL, as it is.

    :raises ImproperlyConfigured: it is not the URL of a Redis.
    """
    number = urlsplit(url).path.strip("/")
    if not _is_address(url, schemes=("redis", "rediss")) or (number and not number.isdecimal()):
        raise ImproperlyConfigured(f"REDIS_URL 写得不对，{_BROKER}")
    return url


def _is_address(url: str, *, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and port != 0 and not parts.fragment
