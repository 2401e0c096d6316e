"""The key file (密钥文件): data keys by version, which of them writes, and the key of the blind indexes.

The file is replaced whole or not at all, and every process looks whether it was replaced before it uses a key: so a
new version is taken up by web, worker and beat while they run, and nobody reads a version before its key is there.
"""

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DATA_KEY_BYTES = 16
INDEX_KEY_BYTES = 32
LAST_VERSION = 65535
"""A stored file names its version in two bytes."""


@dataclass(frozen=True)
class KeyRing:
    """Data keys by version, the version to write with, and the blind-index key."""

    current: int
    data_keys: dict[int, bytes]
    index_key: bytes


def key_ring() -> KeyRing:
    """The keys named by ``settings.KEY_FILE``, as they are in the file now.

    :raises ImproperlyConfigured: the file is missing or unreadable, or what is in it is no key ring; in Chinese.
    """
    path = os.fspath(settings.KEY_FILE)
    try:
        found = os.stat(path)
    except OSError as error:
        raise ImproperlyConfigured(_unread(path, error)) from error
    return _kept_ring(path, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=2)
def _kept_ring(path: str, state: tuple[int, int, int]) -> KeyRing:
    """Read once for each state of the file."""
    return read_key_ring(Path(path))


def read_key_ring(path: Path) -> KeyRing:
    """The ring in a file.

    :raises ImproperlyConfigured: as :func:`key_ring`.
    """
    try:
        raw = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(_unread(path, error)) from error
    try:
        ring = KeyRing(
            current=int(raw["current"]),
            data_keys={int(version): _key(key) for version, key in raw["data_keys"].items()},
            index_key=_key(raw["index_key"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ImproperlyConfigured(f"密钥文件 {path} 的内容不完整或被改动过。{_RESTORE}") from error
    if fault := _fault(ring):
        raise ImproperlyConfigured(f"密钥文件 {path} {fault}。{_RESTORE}")
    return ring


_RESTORE = "请用备份的密钥文件恢复，不要手工修改。"


def _unread(path: str | Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"密钥文件 {path} 没有读取权限。请把它的属主改为运行系统的账号，权限为 0600。"
    if isinstance(error, FileNotFoundError):
        return f"密钥文件 {path} 不存在。请运行 python manage.py make_keys 生成，或用 JIXI_KEY_FILE 指明位置。"
    return f"密钥文件 {path} 无法读取或不是密钥文件。{_RESTORE}"


def _key(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _fault(ring: KeyRing) -> str:
    if ring.current not in ring.data_keys:
        return f"里没有现行的第 {ring.current} 版数据密钥"
    wrong = [version for version, key in ring.data_keys.items() if len(key) != DATA_KEY_BYTES]
    if wrong:
        return f"里第 {wrong[0]} 版数据密钥的长度不对（SM4 密钥应为 {DATA_KEY_BYTES} 字节）"
    if len(ring.index_key) < INDEX_KEY_BYTES:
        return f"里的索引密钥长度不对（应为 {INDEX_KEY_BYTES} 字节）"
    if not 1 <= min(ring.data_keys) <= max(ring.data_keys) <= LAST_VERSION:
        return "里有不能使用的密钥版本号"
    return ""


# --- Writing -------------------------------------------------------------------------------------------------------
def make_key_file(path: Path) -> bool:
    """Write a fresh key file with mode 0600; an existing one is never touched.

    :returns: whether a file was written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = {"current": 1, "data_keys": {"1": _fresh(DATA_KEY_BYTES)}, "index_key": _fresh(INDEX_KEY_BYTES)}
    with _one_at_a_time(path.parent):
        if path.exists():
            return False
        with _unfinished(path, ring) as unfinished:
            unfinished.replace(path)
        _sync(path.parent)
    return True


def add_data_key(path: Path) -> int:
    """Put a fresh data key into the file and write with it from now on; former keys stay, since old values need them.

    :returns: the new version.
    :raises ImproperlyConfigured: there is no sound key file to begin with.
    :raises OSError: the file cannot be replaced; it is as it was.
    """

    def add(raw: dict[str, Any]) -> None:
        # One number is never given twice, not even that of a version that was retired.
        version = max(int(raw.get("last", 0)), *map(int, raw["data_keys"])) + 1
        raw.update(current=version, last=version)
        raw["data_keys"][str(version)] = _fresh(DATA_KEY_BYTES)

    return int(_replace(path, add)["current"])


def retire_data_key(path: Path, version: int) -> None:
    """Take a data key out of the file; what is encrypted with it can be read by nobody any more.

    The caller has made sure that nothing is.
    """

    def retire(raw: dict[str, Any]) -> None:
        raw["last"] = max(int(raw.get("last", 0)), *map(int, raw["data_keys"]))
        del raw["data_keys"][str(version)]

    _replace(path, retire)


def _fresh(size: int) -> str:
    return base64.b64encode(os.urandom(size)).decode()


def _replace(path: Path, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Change the file at once for everybody: a crash leaves the old file or the new one, whole, with its owner."""
    with _one_at_a_time(path.parent):
        read_key_ring(path)
        raw: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
        change(raw)
        owner = path.stat()
        with _unfinished(path, raw) as unfinished:
            if os.geteuid() == 0:
                os.chown(unfinished, owner.st_uid, owner.st_gid)
            read_key_ring(unfinished)
            unfinished.replace(path)
        _sync(path.parent)
    return raw


@contextmanager
def _unfinished(path: Path, ring: dict[str, Any]) -> Iterator[Path]:
    """The file to be, beside the one that is, on the disk and readable by its owner alone."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
