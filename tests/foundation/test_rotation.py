"""密钥轮换: rows and files are encrypted with the new key, nothing that people see changes, evidence stays."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from applications.models import Objection
from applications.rules.process import CaseState
from documents.models import Document
from foundation import rotation
from foundation.crypto import encrypt_text
from foundation.history import changes_of
from foundation.keyring import add_data_key, key_ring
from households.models import Attachment, Household, Person
from tests.support.crews import scan
from tests.support.factories import make_household, make_id_number, make_person
from tests.support.keys import own_keys
from tests.support.stories import case_in

__all__ = ["own_keys"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def rotate(*arguments: str) -> str:
    output = io.StringIO()
    call_command("rotate_keys", *arguments, stdout=output)
    return output.getvalue()


def versions(model: Any, name: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT split_part({name}, '$', 1) FROM {model._meta.db_table} WHERE {name} <> ''")
        return {row[0] for row in cursor.fetchall()}


def written() -> int:
    """How many rows of history there are."""
    return sum(model._default_manager.count() for model in apps.get_models() if model.__name__.endswith("History"))


@pytest.fixture
def household(own_keys: Path) -> Household:
    household = make_household(phone="13900002207")
    scan(household, household.registered_by, household.registered_at.date())
    return household


def test_rows_and_files_go_over_to_the_new_key_and_say_the_same(household: Household) -> None:
    person, attachment = Person.objects.get(), Attachment.objects.get()
    before = {"number": person.id_number.reveal(), "index": person.id_number_index, "photo": attachment.file.read()}

    said = rotate("--add-key")

    assert "第 2 版" in said
    assert "重新加密 3 行、1 个文件" in said
    assert versions(Person, "id_number") == versions(Household, "phone") == {"2"}
    assert versions(Attachment, "original_name") == {"2"}
    assert default_storage.key_version(attachment.file.name) == 2  # type: ignore[attr-defined]
    person, attachment = Person.objects.get(), Attachment.objects.get()
    assert before == {
        "number": person.id_number.reveal(),
        "index": person.id_number_index,
        "photo": attachment.file.read(),
    }
    assert str(Household.objects.get().phone) == "139****2207"
    assert sorted(path.suffix for path in Path(default_storage.location).rglob("*") if path.is_file()) == [""]


def test_the_history_knows_of_it_and_people_read_of_no_change(household: Household) -> None:
    person = Person.objects.get()
    rotate("--add-key")
    history = apps.get_model("households", "PersonHistory")._default_manager.order_by("-pgh_id")
    assert history.count() == 2
    assert history[0].pgh_context["reason"] == "密钥轮换"
    assert changes_of([person]) == []


def test_a_second_run_finds_nothing_to_do(household: Household) -> None:
    rotate("--add-key")
    rows, files = written(), [path.read_bytes() for path in Path(default_storage.location).rglob("*") if path.is_file()]
    assert "没有要重新加密的内容" in rotate()
    assert written() == rows
    assert [path.read_bytes() for path in Path(default_storage.location).rglob("*") if path.is_file()] == files


def test_a_run_that_stopped_after_a_batch_is_taken_up_by_the_next(own_keys: Path) -> None:
    for _ in range(5):
        make_person()
    add_data_key(own_keys)
    (table,) = [table for table in rotation.tables_of_rows() if table.model is Person]
    assert next(rotation.encrypt_rows_anew(table, batch=2)).done == 2
    assert versions(Person, "id_number") == {"1", "2"}
    assert "重新加密 3 行" in rotate("--batch=2")
    assert versions(Person, "id_number") == {"2"}


def test_a_row_that_cannot_be_read_is_named_and_the_others_go_on(own_keys: Path) -> None:
    damaged, moved, sound = (make_person() for _ in range(3))
    other = encrypt_text(make_id_number(), purpose="phone")
    for person, stored in ((damaged, "1$AAAA"), (moved, other)):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE households_person SET id_number = %s WHERE id = %s", [stored, person.pk])
    add_data_key(own_keys)
    output, errors = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="有 2 项读不出来"):
        call_command("rotate_keys", stdout=output, stderr=errors)
    named = errors.getvalue().splitlines()
    assert [line.partition("：")[0] for line in named] == [
        f"人员（households_person）编号 {person.pk} 的 id_number" for person in (damaged, moved)
    ]
    assert Person.objects.get(pk=sound.pk).id_number.token.startswith("2$")
    assert "重新加密 1 行" in output.getvalue()


def test_a_file_that_is_missing_is_named(household: Household) -> None:
    Path(default_storage.path(Attachment.objects.get().file.name)).unlink()
    errors = io.StringIO()
    with pytest.raises(CommandError, match="有 1 项读不出来"):
        call_command("rotate_keys", "--add-key", stdout=io.StringIO(), stderr=errors)
    assert "文件不在" in errors.getvalue()


def test_papers_and_what_is_frozen_with_its_case_keep_their_key(own_keys: Path) -> None:
    story = case_in(CaseState.OBJECTED)
    Objection.objects.update(phone="13900002207")
    story.later().withdraw()
    paper = Document.objects.first()
    assert paper is not None
    default_storage.save(str(paper.pdf.name), ContentFile(b"%PDF-"))
    record = paper.record.reveal()

    said = rotate("--add-key")

    assert "异议（applications_objection）：1 行已随办结的办件冻结" in said
    assert versions(Objection, "phone") == versions(Document, "record") == {"1"}
    assert default_storage.key_version(str(paper.pdf.name)) == 1  # type: ignore[attr-defined]
    assert versions(Person, "id_number") == {"2"}
    paper.refresh_from_db()
    assert paper.record.reveal() == record
    assert Objection.objects.get().phone.reveal() == "13900002207"


def test_the_use_of_every_version_is_told_history_and_files_too(household: Household) -> None:
    rotate("--add-key")
    told = rotate("--status")
    assert "households_person.id_number：第 2 版 1 项" in told
    assert "households_personhistory.id_number（历史，保留原密钥）：第 1 版 1 项，第 2 版 1 项" in told
    assert "文件：第 2 版 1 项" in told


def test_a_key_is_given_up_only_when_nothing_needs_it(household: Household, own_keys: Path) -> None:
    rotate("--add-key")
    rotate("--add-key")
    for version, why in ((1, "还在用"), (2, "还在用"), (3, "现行密钥"), (9, "没有第 9 版")):
        with pytest.raises(CommandError, match=why):
            rotate(f"--retire={version}")
    add_data_key(own_keys)
    add_data_key(own_keys)
    assert "已删去第 4 版" in rotate("--retire=4")
    assert sorted(key_ring().data_keys) == [1, 2, 3, 5]


def test_a_folder_of_keys_that_cannot_be_written_is_said(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(path: Path) -> int:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr("foundation.management.commands.rotate_keys.add_data_key", read_only)
    with pytest.raises(CommandError, match="所在的文件夹不能写，密钥没有变动"):
        rotate("--add-key")
    assert versions(Person, "id_number") == {"1"}


def test_every_encrypted_column_is_rewritten_or_kept_on_purpose() -> None:
    rewritten = {(table.model._meta.label, name) for table in rotation.tables_of_rows() for name in table.names}
    kept = {standing.where for standing in rotation.standings() if standing.keeps == "归档"}
    assert kept == {"documents_document.record"}
    assert ("households.Person", "id_number") in rewritten
    assert {label for label, _ in rewritten if label.endswith("History")} == set()
    files = {(table.model._meta.label, name) for table in rotation.tables_of_files() for name in table.names}
    assert ("households.Attachment", "file") in files
    assert ("documents.Document", "pdf") not in files
