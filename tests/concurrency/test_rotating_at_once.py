"""Keys are rotated while people work, and a run that is killed is taken up by the next."""

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from foundation import rotation
from foundation.keyring import add_data_key
from foundation.trail import acting
from households.models import Household, Person
from tests.support.factories import make_household, make_id_number, make_person
from tests.support.keys import own_keys
from tests.support.workers import address

__all__ = ["own_keys"]
pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 40


def versions() -> list[str]:
    return sorted(person.id_number.token.partition("$")[0] for person in Person.objects.all())


def test_a_killed_run_leaves_every_value_readable_and_the_next_ends_it(own_keys: Path) -> None:
    numbers = {make_person(id_number=make_id_number()).id_number.reveal() for _ in range(PEOPLE)}
    add_data_key(own_keys)
    running = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--batch=1"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": address(), "JIXI_KEY_FILE": str(own_keys)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout is not None
        for line in running.stdout:
            if "已重新加密 5 行" in line:
                running.kill()
                break
    assert running.returncode == -9
    assert set(versions()) == {"1", "2"}
    assert {person.id_number.reveal() for person in Person.objects.all()} == numbers

    call_command("rotate_keys", stdout=io.StringIO())
    assert versions() == ["2"] * PEOPLE
    assert {person.id_number.reveal() for person in Person.objects.all()} == numbers


def test_what_somebody_is_saving_is_waited_for_and_kept(own_keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    household = make_household(phone="13900002207")
    add_data_key(own_keys)
    saving, may_end = threading.Event(), threading.Event()

    def save() -> None:
        try:
            with acting(actor="system:test"), transaction.atomic():
                row = Household.objects.select_for_update().get()
                row.address = "二组8号"
                row.save()
                saving.set()
                may_end.wait(timeout=30)
        finally:
            connection.close()

    person = threading.Thread(target=save)
    person.start()
    assert saving.wait(timeout=30)

    def pause(seconds: float) -> None:
        may_end.set()
        person.join(timeout=30)

    monkeypatch.setattr(rotation.time, "sleep", pause)
    call_command("rotate_keys", stdout=io.StringIO())

    household.refresh_from_db()
    assert household.address == "二组8号"
    assert household.phone.token.startswith("2$")
    assert household.phone.reveal() == "13900002207"


def test_a_row_that_is_never_let_go_is_told_and_nothing_waits_for_it(
    own_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_household(phone="13900002207")
    add_data_key(own_keys)
    held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Household.objects.select_for_update().get()
                held.set()
                may_end.wait(timeout=30)
        finally:
            connection.close()

    person = threading.Thread(target=hold)
    person.start()
    try:
        assert held.wait(timeout=30)
        monkeypatch.setattr(rotation, "PAUSE_SECONDS", 0)
        with pytest.raises(CommandError, match="有 1 行一直有人在改"):
            call_command("rotate_keys", stdout=io.StringIO())
    finally:
        may_end.set()
        person.join(timeout=30)
    assert versions() == ["2"]
