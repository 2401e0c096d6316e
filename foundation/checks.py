"""What must be right on the machine before anything is decided or printed; each error says how to mend it."""

import importlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import DatabaseError, OperationalError

from foundation.emptying import tables_on_record, unguarded_tables
from foundation.keyring import key_ring
from foundation.servers import database_problem

# GB/T 32907 appendix A.1: key and plain text are the same block.
_SM4_BLOCK = bytes.fromhex("0123456789abcdeffedcba9876543210")
_SM4_SEALED = bytes.fromhex("681edf34d206965e86b3e94f536e4246")
# RFC 8998 appendix A.1, with the same key.
_GCM_NONCE = bytes.fromhex("00001234567800000000abcd")
_GCM_ADDED = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
_GCM_PLAIN = b"".join(bytes([byte]) * 8 for byte in bytes.fromhex("aabbccddeeffeeaa"))
_GCM_SEALED = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
)
# GB/T 32905 appendix A.1: digest of "abc".
_SM3_ABC = bytes.fromhex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
_FANGSONG = ("FandolFang-Regular.otf",)
_FALLBACK = ("NotoSerifSC-Regular.otf",)


@register(Tags.security)
def check_ciphers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """SM4, SM4-GCM, SM3 and HMAC-SM3 work here, and what has an example in its standard passes it."""
    hint = "请按 requirements/base.txt 重新安装 cryptography（make setup）；自行编译的 OpenSSL 不得关闭国密算法。"
    for name, works in _CIPHERS.items():
        try:
            is_right = works()
        except (AttributeError, UnsupportedAlgorithm):
            return [
                Error(f"本机的 cryptography 不支持国密 {name}，无法加密个人信息。", hint=hint, id="foundation.E001")
            ]
        if not is_right:
            return [Error(f"国密 {name} 的计算结果与标准示例不符。", hint=hint, id="foundation.E002")]
    return []


def _sm4_works() -> bool:
    encryptor = Cipher(algorithms.SM4(_SM4_BLOCK), modes.ECB()).encryptor()  # noqa: S305 -- the standard's example
    return encryptor.update(_SM4_BLOCK) == _SM4_SEALED


def _gcm_works() -> bool:
    encryptor = Cipher(algorithms.SM4(_SM4_BLOCK), modes.GCM(_GCM_NONCE)).encryptor()
    encryptor.authenticate_additional_data(_GCM_ADDED)
    sealed = encryptor.update(_GCM_PLAIN) + encryptor.finalize()
    return sealed + encryptor.tag == _GCM_SEALED


def _sm3_works() -> bool:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    return digest.finalize() == _SM3_ABC


def _hmac_works() -> bool:
    # RFC 2104 says what an HMAC is of any digest; so the one is held against the other.
    key, inner, outer = bytes(range(32)), hashes.Hash(hashes.SM3()), hashes.Hash(hashes.SM3())
    padded = key.ljust(64, b"\0")
    inner.update(bytes(byte ^ 0x36 for byte in padded) + b"abc")
    outer.update(bytes(byte ^ 0x5C for byte in padded) + inner.finalize())
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(b"abc")
    return mac.finalize() == outer.finalize()


_CIPHERS = {"SM4": _sm4_works, "SM3": _sm3_works, "SM4-GCM": _gcm_works, "HMAC-SM3": _hmac_works}


@register(Tags.security)
def check_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """The key file is there and whole, and nobody else can read it."""
    path = Path(settings.KEY_FILE)
    try:
        key_ring()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="foundation.E003")]
    if path.stat().st_mode & 0o077:
        return [Error(f"密钥文件 {path} 对其他账号开放。", hint=f"请运行 chmod 600 {path}", id="foundation.E004")]
    return []


def refuse_without_keys() -> None:
    """For web, worker and beat, which run no checks: do not start where nothing personal could be read or written.

    :raises ImproperlyConfigured: what is missing and how to mend it, in one Chinese sentence.
    """
    for message in (*check_ciphers(None), *check_keys(None)):
        raise ImproperlyConfigured(f"系统没有启动：{message.msg}{message.hint or ''}")


@register(Tags.compatibility)
def check_pdf_subsetting(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """WeasyPrint finds harfbuzz-subset; without it every paper takes twenty times as long, silently."""
    hint = "请运行 apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0（或 make setup）。"
    try:
        found = importlib.import_module("weasyprint.text.ffi").harfbuzz_subset
    except (OSError, ImportError, AttributeError) as error:
        return [Error(f"打印组件 WeasyPrint 缺少系统库：{error}", hint=hint, id="foundation.E005")]
    if not found:
        return [Error("缺少 libharfbuzz-subset，打印文书会慢二十倍。", hint=hint, id="foundation.E006")]
    return []


@register(Tags.compatibility)
def check_fonts(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Chinese fonts are where ``FONTCONFIG_FILE`` looks."""
    configuration = Path(os.environ.get("FONTCONFIG_FILE", ""))
    if not configuration.is_file():
        return [
            Error(
                f"找不到字体配置 {configuration}，文书上的汉字印不出来。",
                hint="请运行 make setup。",
                id="foundation.E007",
            )
        ]
    fonts = set(_font_names(configuration))
    if not fonts.intersection(_FALLBACK):
        return [
            Error("找不到思源宋体（Noto Serif SC），生僻字印不出来。", hint="请运行 make setup。", id="foundation.E008")
        ]
    if not fonts.intersection(_FANGSONG):
        message = "没有安装仿宋字体（Fandol），文书暂用思源宋体代替。"
        return [checks.Warning(message, hint="联网后运行 make setup 即可补上。", id="foundation.W001")]
    return []


def _font_names(configuration: Path) -> Iterable[str]:
    for folder in re.findall(r"<dir>([^<]+)</dir>", configuration.read_text(encoding="utf-8")):
        for suffix in ("otf", "ttf", "ttc"):
            yield from (path.name for path in Path(folder).rglob(f"*.{suffix}") if path.exists())


@register(Tags.database)
def check_chinese_trigrams(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The database knows Chinese letters as letters: under LC_CTYPE C a search by name finds nothing."""
    return [message for alias in databases or () for message in _trigram_errors(alias)]


def _trigram_errors(alias: str) -> list[CheckMessage]:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT datctype, EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')"
                " FROM pg_database WHERE datname = current_database()"
            )
            locale, has_trigrams = cursor.fetchone()
            if not has_trigrams:  # a database before its first migration
                return []
            cursor.execute("SELECT cardinality(show_trgm('张三丰'))")
            (trigrams,) = cursor.fetchone()
    except OperationalError as error:
        problem = database_problem(connections[alias]) or f"连不上数据库：{error}"
        return [Error(problem, id="foundation.E009")]
    except DatabaseError as error:
        return [Error(f"数据库检查没有完成：{error}", id="foundation.E010")]
    if trigrams:
        return []
    hint = (
        "请用 CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' 重建数据库。"
    )
    return [Error(f"数据库的 LC_CTYPE 是 {locale}，按姓名检索汉字无效。", hint=hint, id="foundation.E011")]


@register(Tags.database)
def check_tables_cannot_be_emptied(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every table on record refuses TRUNCATE."""
    return [message for alias in databases or () for message in _emptying_errors(alias)]


def _emptying_errors(alias: str) -> list[CheckMessage]:
    try:
        tables = unguarded_tables(using=alias)
    except DatabaseError:  # foundation.E009 says what is wrong with the database
        return []
    if not tables:
        return []
    names = "、".join(tables[:5]) + ("等" if len(tables) > 5 else "")
    return [
        Error(f"{len(tables)}张表可以被整表清空：{names}。", hint="请运行 manage.py migrate。", id="foundation.E012")
    ]


@register(Tags.database, deploy=True)
def check_database_role(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The application connects as a role that can neither switch triggers off nor empty a table (``--deploy``)."""
    return [message for alias in databases or () for message in _role_warnings(alias)]


def _role_warnings(alias: str) -> list[CheckMessage]:
    hint = "请按 docs/operations.md 的“Database roles”给网页和后台任务单独的数据库角色（JIXI_APP_ROLE）。"
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user")
            role, is_superuser = cursor.fetchone()
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE oid::regclass::text = ANY(%s)"
                " AND has_table_privilege(oid, 'TRUNCATE')",
                [list(tables_on_record())],
            )
            (may_empty,) = cursor.fetchone()
    except DatabaseError:
        return []
    if is_superuser:
        text = f"系统以数据库超级用户 {role} 连接，它可以关掉触发器，改写办件和变更记录。"
        return [checks.Warning(text, hint=hint, id="foundation.W002")]
    # Who migrates owns the tables; with a role of its own for the application that is as it should be.
    if may_empty and settings.APP_ROLE in ("", role):
        text = f"系统以表的属主 {role} 连接，它可以改表结构、删除触发器。"
        return [checks.Warning(text, hint=hint, id="foundation.W003")]
    return []
