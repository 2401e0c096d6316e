"""The template that test databases are copied from: its own on a shared server, UTF-8 on any, dropped when stale."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foundation import template_database as subject

PROCESS = f"{os.getpid():07x}"  # workers of one run do this at the same time
OURS, OTHERS = f"{PROCESS}a", f"{PROCESS}b"


def databases() -> dict[str, tuple[str, str]]:
    """Encoding and LC_CTYPE of the templates of the two invented checkouts."""
    with subject.administration() as cursor:
        cursor.execute(
            "SELECT datname, pg_encoding_to_char(encoding), datctype FROM pg_database WHERE starts_with(datname, %s)",
            [f"jixi_template_{PROCESS}"],
        )
        return {name: (encoding, locale) for name, encoding, locale in cursor.fetchall()}


@pytest.fixture
def without_migrating(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An invented checkout whose templates stay empty: migrating takes half a minute and is proved by every test."""
    monkeypatch.setattr(subject, "checkout", lambda: OURS)
    monkeypatch.setattr(subject.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0))
    yield
    with subject.administration() as cursor:
        for name in databases():
            cursor.execute(f'DROP DATABASE "{name}"')


@pytest.mark.usefixtures("without_migrating")
def test_a_stale_template_goes_and_another_checkout_s_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with subject.administration() as cursor:
        for name in (f"{OURS}_old", f"{OURS}_making", f"{OTHERS}_old"):
            cursor.execute(f"CREATE DATABASE jixi_template_{name} TEMPLATE template0")
    monkeypatch.setattr(subject, "_digest", lambda: "new")

    assert subject.template_database() == f"jixi_template_{OURS}_new"
    assert databases().keys() == {f"jixi_template_{OURS}_new", f"jixi_template_{OTHERS}_old"}
    assert subject.template_database() == f"jixi_template_{OURS}_new"


@pytest.mark.usefixtures("without_migrating")
def test_a_template_knows_chinese_whatever_the_server_s_own_template_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_digest", lambda: "new")
    name = subject.template_database()
    assert databases() == {name: ("UTF8", "C.UTF-8")}


def test_checkouts_are_told_apart_by_their_path(settings: Any, tmp_path: Path) -> None:
    here = subject.checkout()
    assert subject.checkout() == here
    settings.BASE_DIR = tmp_path
    assert subject.checkout() != here
