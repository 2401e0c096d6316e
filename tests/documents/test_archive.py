"""What was issued comes into the archive, also where the storage failed or the process was killed before it wrote."""

import errno
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError, call_command

from documents import services
from documents.models import Document
from documents.tasks import archive_missing
from foundation.crypto import sm3_hex
from tests.documents.test_services import files, issue

Captured = Any
KILLED = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.PRIVATE_ROOT = sys.argv[1]
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
replace, os.replace = os.replace, lambda *names: os.kill(os.getpid(), 9)
default_storage.save("document/ab/abcdef", ContentFile(b"%PDF-1.7" * 1000))
"""


@pytest.fixture
def full_disk() -> Iterator[pytest.MonkeyPatch]:
    """A disk on which nothing more goes; undone, there is room again."""
    full = pytest.MonkeyPatch()

    def refuse(self: FileSystemStorage, name: str, content: Any) -> str:
        Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
        Path(self.path(name)).write_bytes(content.read()[:100])
        raise OSError(errno.ENOSPC, "No space left on device", self.path(name))

    full.setattr(FileSystemStorage, "_save", refuse)
    yield full
    full.undo()


def test_a_storage_that_fails_leaves_the_act_done_and_the_task_archives_it(
    prefixes: None,
    archive: Path,
    full_disk: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Captured,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = issue()
    assert Document.objects.filter(pk=document.pk).exists()
    assert files(archive) == []
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        f"document {document.pk} is not archived yet: No space left on device"
    ]
    assert archive_missing() == (0, 1)

    full_disk.undo()
    assert archive_missing() == (1, 0)
    with default_storage.open(str(document.pdf.name)) as file:
        assert sm3_hex(file.read()) == document.pdf_digest
    assert archive_missing() == (0, 0)


def test_what_is_in_the_archive_is_left_alone(
    prefixes: None, archive: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        issue()
    (file,) = files(archive)
    before = file.read_bytes(), file.stat().st_mtime_ns
    assert archive_missing() == (0, 0)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_what_can_no_longer_be_printed_as_it_was_is_counted_and_named_in_the_log(
    prefixes: None, archive: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    document = issue()
    monkeypatch.setattr("documents.services.archive.template_version", lambda: "another")
    assert archive_missing() == (0, 1)
    assert f"document {document.pk} is missing in the archive" in caplog.text
    assert files(archive) == []


def test_a_file_that_cannot_be_read_is_reported_in_words(
    prefixes: None, archive: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = issue()
    (file,) = files(archive)
    whole = file.read_bytes()
    for damaged in (b"", whole[:10], whole[:-20], b"\0" * len(whole)):
        file.write_bytes(damaged)
        with pytest.raises(services.ArchiveDamaged, match="已损坏"):
            services.archived_pdf(document)


def test_a_process_killed_while_it_writes_leaves_no_file_under_the_document_s_name(tmp_path: Path) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "jixi_assist.settings", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    assert subprocess.call(command, cwd=project.BASE_DIR, env=environment) == -9
    assert not (tmp_path / "document" / "ab" / "abcdef").exists()
    default_storage.save("document/ab/abcdef", ContentFile(b"again"))
    with default_storage.open("document/ab/abcdef") as file:
        assert file.read() == b"again"


def test_the_command_before_an_upgrade_says_how_many_and_fails_where_one_is_missing(
    prefixes: None, archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = issue()
    call_command("archive_missing")
    assert "归档齐全，补存 1 份。" in capsys.readouterr().out

    default_storage.delete(str(document.pdf.name))
    monkeypatch.setattr("documents.services.archive.template_version", lambda: "another")
    with pytest.raises(CommandError, match="还有 1 份没有存上"):
        call_command("archive_missing")


def test_beat_starts_it_every_hour() -> None:
    entry = project.CELERY_BEAT_SCHEDULE["archive-missing"]
    assert entry["task"] == archive_missing.name
    assert (entry["schedule"].minute, len(entry["schedule"].hour)) == ({35}, 24)
