"""The machine's checks: silent where all is well, and the sentence that mends where it is not."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import ConnectionHandler
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from foundation import checks
from foundation.keyring import make_key_file


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_this_machine_passes() -> None:
    assert checks.check_ciphers(None) == []
    assert checks.check_keys(None) == []
    assert checks.check_pdf_subsetting(None) == []
    assert [message for message in checks.check_fonts(None) if message.is_serious()] == []


def test_ciphers_that_openssl_was_built_without_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (("hashes", "SM3"), ("modes", "SM4"), ("hmac", "HMAC-SM3")):
        with monkeypatch.context() as without:
            without.setattr(checks, module, SimpleNamespace())
            (message,) = checks.check_ciphers(None)
        assert message.id == "foundation.E001"
        assert f"不支持国密 {name}，" in message.msg
        assert "requirements/base.txt" in str(message.hint)


def test_an_openssl_without_sm4_gcm_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(nonce: bytes) -> None:
        raise UnsupportedAlgorithm("SM4 in GCM mode is not supported by this OpenSSL.")

    monkeypatch.setattr(checks.modes, "GCM", unsupported)
    with pytest.raises(ImproperlyConfigured, match="系统没有启动：本机的 cryptography 不支持国密 SM4-GCM，") as refused:
        checks.refuse_without_keys()
    assert "make setup" in str(refused.value)


def test_ciphers_that_calculate_wrongly_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_SM3_ABC", bytes(32))
    assert ids(checks.check_ciphers(None)) == ["foundation.E002"]


@pytest.fixture
def fresh_keys(tmp_path: Path, settings: Any) -> Path:
    settings.KEY_FILE = tmp_path / "keys.json"
    return tmp_path / "keys.json"


def test_a_missing_key_file_names_the_command_that_makes_it(fresh_keys: Path) -> None:
    (message,) = checks.check_keys(None)
    assert message.id == "foundation.E003"
    assert "make_keys" in message.msg
    with pytest.raises(ImproperlyConfigured, match=f"系统没有启动：密钥文件 {fresh_keys} 不存在"):
        checks.refuse_without_keys()


def test_a_key_file_open_to_others_is_an_error(fresh_keys: Path) -> None:
    make_key_file(fresh_keys)
    assert checks.check_keys(None) == []
    fresh_keys.chmod(0o640)
    (message,) = checks.check_keys(None)
    assert (message.id, message.hint) == ("foundation.E004", f"请运行 chmod 600 {fresh_keys}")


def test_without_harfbuzz_subset_printing_is_refused_with_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("weasyprint.text.ffi.harfbuzz_subset", None)
    (message,) = checks.check_pdf_subsetting(None)
    assert message.id == "foundation.E006"
    assert "libharfbuzz-subset0" in str(message.hint)


def test_fonts_are_looked_for_where_fontconfig_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    configuration = tmp_path / "fonts.conf"
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration))
    assert ids(checks.check_fonts(None)) == ["foundation.E007"]

    configuration.write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>", encoding="utf-8")
    assert ids(checks.check_fonts(None)) == ["foundation.E008"]

    (tmp_path / "NotoSerifSC-Regular.otf").touch()
    assert ids(checks.check_fonts(None)) == ["foundation.W001"]

    (tmp_path / "FandolFang-Regular.otf").touch()
    assert checks.check_fonts(None) == []


def test_this_database_finds_chinese_names(db: None) -> None:
    assert checks.check_chinese_trigrams(None, databases=["default"]) == []


def test_no_database_is_asked_unless_named() -> None:
    assert checks.check_chinese_trigrams(None) == []


@pytest.fixture
def database_in_c(db: None, monkeypatch: pytest.MonkeyPatch, worker_id: str) -> Iterator[None]:
    """A database made with LC_CTYPE C, as ``createdb --locale=C`` makes it."""
    name = f"jixi_locale_c_{connection.settings_dict['NAME']}"[:63]
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    with_superuser = psycopg2.connect(**{**parameters, "dbname": "postgres"})
    with_superuser.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    with with_superuser.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    handler = ConnectionHandler({"default": {**connection.settings_dict, "NAME": name}})
    with handler["default"].cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
    monkeypatch.setattr(checks, "connections", handler)
    yield
    handler["default"].close()
    with with_superuser.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')
    with_superuser.close()


def test_a_database_that_knows_no_chinese_letters_is_an_error(database_in_c: None) -> None:
    (message,) = checks.check_chinese_trigrams(None, databases=["default"])
    assert message.id == "foundation.E011"
    assert message.msg == "数据库的 LC_CTYPE 是 C，按姓名检索汉字无效。"
    assert "C.UTF-8" in str(message.hint)


def test_a_database_that_does_not_answer_is_an_error(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = {**connection.settings_dict, "HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setattr(checks, "connections", ConnectionHandler({"default": closed}))
    (message,) = checks.check_chinese_trigrams(None, databases=["default"])
    assert message.id == "foundation.E009"
    assert message.msg.startswith("连不上数据库：127.0.0.1:1 没有程序应答。")
    assert "DATABASE_URL" in message.msg
