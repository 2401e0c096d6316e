"""The health page: fit to serve or not, and which part fails; nothing about anybody, no version."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse


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


ASK = """
import django
django.setup()
from django.test import Client
answer = Client().get("/healthz/", headers={"host": "localhost"})
print(answer.status_code, answer.content.decode())
"""


def test_a_database_that_does_not_answer_makes_it_unfit() -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "jixi_assist.settings", "DATABASE_URL": "postgres://jixi@127.0.0.1:1/jixi"}
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        cwd=project.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert asked.stdout.strip() == '503 {"ok": false, "failing": ["database"]}', asked.stderr


def test_it_is_only_asked(db: None, client: Client) -> None:
    assert client.head(reverse("healthz")).status_code == 200
    assert client.post(reverse("healthz")).status_code == 405
