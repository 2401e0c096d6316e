"""The key file is whole at every moment, and a new version is taken up by whoever runs."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from foundation import crypto, keyring
from foundation.keyring import add_data_key, key_ring, make_key_file, retire_data_key

NUMBER = "341899196803120012"


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    settings.KEY_FILE = tmp_path / "keys.json"
    make_key_file(settings.KEY_FILE)
    return settings.KEY_FILE


def sealed() -> str:
    return crypto.encrypt_text(NUMBER, purpose="id_number")


def test_a_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    assert make_key_file(path)
    first = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert not make_key_file(path)
    assert path.read_text() == first


def test_a_new_version_is_written_with_at_once_and_former_values_stay_readable(keys: Path) -> None:
    before, index = sealed(), crypto.blind_index(NUMBER, purpose="id_number")
    assert add_data_key(keys) == 2
    after = sealed()
    assert (before[:2], after[:2]) == ("1$", "2$")
    assert {crypto.decrypt_text(token, purpose="id_number") for token in (before, after)} == {NUMBER}
    assert crypto.blind_index(NUMBER, purpose="id_number") == index


def test_the_file_stays_private_and_its_owners(keys: Path) -> None:
    if os.geteuid() == 0:
        os.chown(keys, 10001, 10001)
    owner = keys.stat().st_uid
    add_data_key(keys)
    assert (keys.stat().st_mode & 0o777, keys.stat().st_uid) == (0o600, owner)
    assert [path.name for path in keys.parent.iterdir()] == ["keys.json"]


def test_a_crash_before_the_file_is_whole_leaves_the_former_one(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keyring.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        add_data_key(keys)
    assert keys.read_bytes() == before
    assert [path.name for path in keys.parent.iterdir()] == ["keys.json"]


def test_what_a_killed_run_left_is_in_nobodys_way(keys: Path) -> None:
    keys.with_name("keys.json.new").write_text('{"current": 9')
    assert add_data_key(keys) == 2
    assert key_ring().current == 2


def test_a_retired_number_is_never_given_again(keys: Path) -> None:
    add_data_key(keys)
    add_data_key(keys)
    retire_data_key(keys, 2)
    assert sorted(key_ring().data_keys) == [1, 3]
    retire_data_key(keys, 1)
    assert add_data_key(keys) == 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"current": 7}, "没有现行的第 7 版数据密钥"),
        ({"data_keys": {"1": "c2hvcnQ="}}, "第 1 版数据密钥的长度不对"),
        ({"index_key": "c2hvcnQ="}, "索引密钥长度不对"),
        ({"index_key": "不是密钥"}, "内容不完整"),
        ({"data_keys": None}, "内容不完整"),
    ],
)
def test_a_damaged_file_says_what_is_wrong_with_it(keys: Path, change: dict[str, Any], sentence: str) -> None:
    keys.write_text(json.dumps(json.loads(keys.read_text()) | change))
    with pytest.raises(ImproperlyConfigured, match=sentence) as refused:
        key_ring()
    assert "请用备份的密钥文件恢复" in str(refused.value)


def test_a_file_that_is_no_key_file_says_so(keys: Path) -> None:
    keys.write_text("")
    with pytest.raises(ImproperlyConfigured, match="不是密钥文件"):
        key_ring()
