"""The health page: fit to serve or not, and which part fails; nothing about anybody, no version."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse

from foundation import health


@pytest.fixture
def ask(client: Client) -> Any:
    def asked() -> tuple[int, dict[str, Any]]:
        answer = client.get(reverse("healthz"))
        assert "no-store" in answer["Cache-Control"]
        return answer.status_code, json.loads(answer.content)

    return asked


def test_a_system_that_is_fit_says_so_and_no_more(db: None, ask: Any) -> None:
    assert ask() == (200, {"ok": True, "failing": []})


def test_a_migration_that_is_not_applied_makes_it_unfit(db: None, ask: Any) -> None:
    MigrationRecorder(connection).record_unapplied("documents", "0001_initial")
    assert ask() == (503, {"ok": False, "failing": ["migrations"]})


def test_a_redis_that_does_not_answer_makes_it_unfit(db: None, ask: Any, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert ask() == (503, {"ok": False, "failing": ["redis"]})


def test_a_database_that_does_not_answer_makes_it_unfit(db: None, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(self: MigrationRecorder) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(health.MigrationRecorder, "applied_migrations", closed)
    assert ask() == (503, {"ok": False, "failing": ["database"]})


def test_it_is_only_asked(db: None, client: Client) -> None:
    assert client.head(reverse("healthz")).status_code == 200
    assert client.post(reverse("healthz")).status_code == 405
