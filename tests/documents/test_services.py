"""Numbers without gaps, digests, archive, delivery, voiding."""

import json
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError

from documents import records, services
from documents.models import SIGNED_ONLY, Delivery, Document, DocumentKind, NumberCounter, NumberPrefix
from foundation.crypto import sm3_hex
from foundation.errors import NotPermitted
from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Role
from tests.documents.reading import text_of
from tests.documents.samples import SAMPLES
from tests.support.factories import LINXI, ON, area, make_staff
from tests.support.reference import load_once

TOWNSHIP, COUNTY = LINXI[:9], "341824"
OTHER_VILLAGE = "341824100201"
ACCEPTANCE = DocumentKind.ACCEPTANCE_NOTICE
Captured = Any


def issue(by: Staff | None = None, *, body: str = TOWNSHIP, record: Any = None, on: date = ON) -> Document:
    record = record or SAMPLES[ACCEPTANCE]
    return services.issue_document(
        kind=record.kind, issuing_area=area(body), area=area(LINXI), record=record, by=by, on=on
    )


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def clerk(prefixes: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def test_prefixes_are_loaded_once_each_body_and_kind_its_own(county: None) -> None:
    issued = len(DocumentKind) - len(SIGNED_ONLY)
    assert NumberPrefix.objects.count() == issued * 12
    NumberPrefix.objects.filter(area__code=COUNTY, kind="approval_notice").update(prefix="绩民保确")
    assert services.load_number_prefixes() == 0
    assert NumberPrefix.objects.get(area__code=COUNTY, kind="approval_notice").prefix == "绩民保确"
    prefixes = list(NumberPrefix.objects.values_list("prefix", flat=True))
    assert len(prefixes) == len(set(prefixes)) == issued * 12


def test_numbers_count_up_by_body_kind_and_year(prefixes: None) -> None:
    assert [issue().number for _ in range(2)] == ["绩临救受〔2026〕1号", "绩临救受〔2026〕2号"]
    assert issue(body="341824102").number == "绩长救受〔2026〕1号"
    assert issue(record=SAMPLES[DocumentKind.APPROVAL_NOTICE], body=COUNTY).number == "绩民救确〔2026〕1号"
    assert issue(on=date(2027, 1, 4)).number == "绩临救受〔2027〕1号"
    assert issue().number == "绩临救受〔2026〕3号"


def test_body_without_prefix_cannot_issue(county: None) -> None:
    village = area("341824101200")
    with pytest.raises(services.NotIssuable, match=f"{village.name}的“受理通知书”没有设置文号字头"):
        issue(body=village.code)
    assert not NumberCounter.objects.exists()


def test_rolled_back_number_is_given_again_and_leaves_no_file(
    prefixes: None, archive: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(RuntimeError), transaction.atomic():
            assert issue().serial == 1
            raise RuntimeError
        document = issue()
    assert document.serial == 1
    assert [path.relative_to(archive).as_posix() for path in files(archive)] == [document.pdf.name]


def test_record_digest_is_that_of_kind_number_date_fields_and_template_version(prefixes: None) -> None:
    document = Document.objects.get(pk=issue().pk)
    content = json.loads(document.record.reveal())
    assert set(content) == {"kind", "number", "issued_on", "fields", "template_version"}
    assert content["fields"]["applicant"] == "胡㛃䶮"
    assert document.record_digest == sm3_hex(records.canonical_json(content).encode())
    assert document.check_code == document.record_digest[:16]
    assert document.check_code in text_of(services.archived_pdf(document))


def test_digest_changes_with_every_field_and_with_the_number(prefixes: None) -> None:
    sample = SAMPLES[ACCEPTANCE]
    assert isinstance(sample, records.AcceptanceNotice)
    changed = [replace(sample, telephone="0563-8150001"), replace(sample, due_is_provisional=False), sample, sample]
    digests = {issue(record=record).record_digest for record in changed}
    assert len(digests) == 4


def test_content_record_and_file_are_encrypted_at_rest(
    prefixes: None, archive: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = issue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM documents_document WHERE id = %s", [document.pk])
        assert "胡" not in cursor.fetchone()[0]
    (file,) = files(archive)
    assert not file.read_bytes().startswith(b"%PDF")


def test_reprint_is_the_archived_file_byte_for_byte(
    prefixes: None, archive: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = issue()
    kept = services.archived_pdf(document)
    assert sm3_hex(kept) == document.pdf_digest
    assert services.archived_pdf(Document.objects.get(pk=document.pk)) == kept
    (file,) = files(archive)
    file.unlink()
    assert services.archived_pdf(Document.objects.get(pk=document.pk)) == kept


def test_swapped_file_is_noticed(prefixes: None, archive: Path, django_capture_on_commit_callbacks: Captured) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first, second = issue(), issue()
    (archive / str(first.pdf.name)).write_bytes((archive / str(second.pdf.name)).read_bytes())
    with pytest.raises(services.ArchiveDamaged, match="摘要不符"):
        services.archived_pdf(first)


def test_lost_file_of_an_older_template_is_reported_and_not_replaced(prefixes: None) -> None:
    document = issue()
    document.template_version = "old"
    with pytest.raises(services.ArchiveDamaged, match="不见了"):
        services.archived_pdf(document)


@pytest.mark.parametrize("column", ["number", "record_digest", "pdf_digest", "title", "template_version", "pdf"])
def test_database_refuses_changing_an_issued_document(prefixes: None, column: str) -> None:
    document = issue()
    with pytest.raises((InternalError, ProgrammingError), match="cannot be changed in place"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**{column: "x"})


@pytest.mark.parametrize("changed", [{"voided_reason": "x"}, {"voided_on": None, "voided_by": None}])
def test_database_refuses_changing_how_a_document_was_voided(clerk: Staff, changed: dict[str, Any]) -> None:
    document = issue(clerk)
    services.void_document(document, reason="打印错行", by=clerk, on=ON)
    with pytest.raises((InternalError, ProgrammingError), match="cannot be changed in place"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**changed)


def test_a_document_follows_its_case_to_another_village_as_it_was_issued(clerk: Staff) -> None:
    document = issue(clerk)
    services.void_document(document, reason="打印错行", by=clerk, on=ON)
    before = services.archived_pdf(document)
    services.move_documents([document], area=area(OTHER_VILLAGE))
    document.refresh_from_db()
    assert (document.area.code, document.issuing_area.code) == (OTHER_VILLAGE, TOWNSHIP)
    assert services.archived_pdf(document) == before


def test_database_refuses_deleting_an_issued_document(prefixes: None) -> None:
    document = issue()
    with pytest.raises((InternalError, ProgrammingError), match="delete"), transaction.atomic():
        Document.objects.filter(pk=document.pk).delete()


def test_delivery_is_recorded_once(clerk: Staff) -> None:
    document = issue(clerk)
    delivery = services.record_delivery(document, delivered_on=ON, way="direct", received_by="胡德旺", by=clerk, on=ON)
    assert (delivery.document, delivery.recorded_by) == (document, clerk)
    with pytest.raises(services.NotDeliverable, match="已经登记过送达"):
        services.record_delivery(document, delivered_on=ON, way="post", by=clerk, on=ON)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"delivered_on": date(2026, 11, 22)}, "delivered_on"),
        ({"received_by": "  "}, "received_by"),
        ({"way": "pigeon"}, "way"),
    ],
)
def test_delivery_needs_a_day_after_the_issue_a_way_and_a_signature(
    clerk: Staff, facts: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"delivered_on": ON, "way": "direct", "received_by": "胡德旺"} | facts
    with pytest.raises(services.NotDeliverable) as refusal:
        services.record_delivery(issue(clerk), **given, by=clerk, on=ON)
    assert refusal.value.field == field
    assert not Delivery.objects.exists()


def test_only_notices_to_the_family_are_delivered(clerk: Staff) -> None:
    form = issue(clerk, record=SAMPLES[DocumentKind.VISIT_FORM])
    with pytest.raises(services.NotDeliverable, match="入户调查表不交给家庭"):
        services.record_delivery(form, delivered_on=ON, way="left", by=clerk, on=ON)


def test_delivery_takes_the_right_in_the_village(clerk: Staff) -> None:
    stranger = make_staff(Role.TOWNSHIP_OFFICER, "341824100")
    with pytest.raises(NotPermitted):
        services.record_delivery(issue(clerk), delivered_on=ON, way="left", by=stranger, on=ON)


def test_voided_document_keeps_its_number_and_is_not_delivered(clerk: Staff) -> None:
    document = services.void_document(issue(clerk), reason="姓名有误", by=clerk, on=ON)
    assert (document.voided_on, document.voided_by, document.voided_reason) == (ON, clerk, "姓名有误")
    with pytest.raises(services.NotDeliverable, match="已作废"):
        services.record_delivery(document, delivered_on=ON, way="left", by=clerk, on=ON)
    with pytest.raises(services.NotVoidable, match="作废"):
        services.void_document(document, reason="再作废", by=clerk, on=ON)
    assert issue(clerk).serial == 2


def test_voiding_needs_a_reason_a_later_day_and_the_right_of_the_issuing_body(clerk: Staff) -> None:
    document = issue(clerk)
    with pytest.raises(services.NotVoidable, match="原因"):
        services.void_document(document, reason=" ", by=clerk, on=ON)
    with pytest.raises(services.NotVoidable, match="早于"):
        services.void_document(document, reason="有误", by=clerk, on=date(2026, 11, 22))
    of_county = issue(body=COUNTY, record=SAMPLES[DocumentKind.APPROVAL_NOTICE])
    with pytest.raises(NotPermitted):
        services.void_document(of_county, reason="有误", by=clerk, on=ON)


@pytest.mark.django_db(transaction=True)
def test_two_connections_get_neighbouring_numbers_and_a_rollback_leaves_no_gap(archive: Path) -> None:
    with acting(actor="system:test"):
        load_once()
    started, gone, serials, problems = threading.Event(), threading.Event(), [], []

    def roll_back() -> None:
        with acting(actor="system:test"), transaction.atomic():
            assert issue().serial == 1
            started.set()
            gone.wait(20)
            raise RuntimeError("the act is refused after its paper was printed")

    def keep() -> None:
        started.wait(20)
        threading.Timer(0.3, gone.set).start()  # while this one already waits for the counter
        with acting(actor="system:test"), transaction.atomic():
            serials.append(issue().serial)

    def run(act: Any) -> None:
        try:
            act()
        except RuntimeError:
            pass
        except (AssertionError, IntegrityError) as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in (roll_back, keep, keep, keep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    assert sorted(serials) == [1, 2, 3]
    assert NumberCounter.objects.get().last == 3
    assert len(files(archive)) == 3


@pytest.mark.django_db(transaction=True)
def test_file_lost_between_commit_and_archive_is_archived_at_its_first_reading(archive: Path) -> None:
    with acting(actor="system:test"):
        load_once()
        document = issue()
    (file,) = files(archive)
    file.unlink()
    pdf = services.archived_pdf(document)
    assert sm3_hex(pdf) == document.pdf_digest
    assert files(archive) == [file]
