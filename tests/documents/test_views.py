"""Pages of documents: seen where the case may be seen, every opening on record, the public check without names."""

from typing import Any

import pytest
from django.test import Client

from documents import services
from documents.models import Delivery, Document, DocumentKind
from documents.views import CHECKS_A_MINUTE
from foundation.crypto import sm3_hex
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.documents.samples import SAMPLES
from tests.support.factories import LINXI, ON, area, make_staff

PERSONAL = ("胡㛃䶮", "程桂英", "13905630000", "341899", "胡家组")


@pytest.fixture
def clerk(prefixes: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, LINXI[:9])


@pytest.fixture
def document(clerk: Staff) -> Document:
    record = SAMPLES["acceptance_notice"]  # type: ignore[index]
    return services.issue_document(
        kind=record.kind, issuing_area=area(LINXI[:9]), area=area(LINXI), record=record, by=clerk, on=ON
    )


def enter(client: Client, staff: Staff) -> Client:
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_page_shows_number_code_and_delivery_form(client: Client, clerk: Staff, document: Document) -> None:
    page = enter(client, clerk).get(f"/documents/{document.pk}/").content.decode()
    for words in (document.number, document.check_code, "登记送达", f"/documents/{document.pk}/pdf/"):
        assert words in page


def test_pdf_is_shown_inline_never_stored_and_the_opening_recorded(
    client: Client, clerk: Staff, document: Document
) -> None:
    response = enter(client, clerk).get(f"/documents/{document.pk}/pdf/")
    assert sm3_hex(response.content) == document.pdf_digest
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.kind, record.staff, record.subject_id, record.reason) == ("document", clerk, document.pk, "查看")


def test_pdf_is_saved_under_its_number_when_asked(client: Client, clerk: Staff, document: Document) -> None:
    response = enter(client, clerk).get(f"/documents/{document.pk}/pdf/", {"download": "1"})
    assert response["Content-Disposition"].startswith("attachment")
    assert AccessRecord.objects.get().reason == "下载"


@pytest.mark.parametrize("path", ["", "pdf/"])
def test_document_of_another_township_is_not_found(client: Client, document: Document, path: str) -> None:
    stranger = make_staff(Role.TOWNSHIP_OFFICER, "341824102", name="汪志强")
    response = enter(client, stranger).get(f"/documents/{document.pk}/{path}")
    assert response.status_code == 404
    assert document.number not in response.content.decode()
    assert not AccessRecord.objects.exists()


def test_document_needs_the_right_to_see_cases(client: Client, document: Document) -> None:
    assert client.get(f"/documents/{document.pk}/pdf/").status_code == 302
    finance = make_staff(Role.FINANCE_OFFICER, "341824")
    assert enter(client, finance).get(f"/documents/{document.pk}/pdf/").status_code == 403


def test_damaged_archive_is_said_on_the_page(
    client: Client, clerk: Staff, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_: Any) -> bytes:
        raise services.ArchiveDamaged("归档文件与登记的摘要不符。")

    monkeypatch.setattr(services, "archived_pdf", damaged)
    response = enter(client, clerk).get(f"/documents/{document.pk}/pdf/", follow=True)
    assert "归档文件与登记的摘要不符。" in response.content.decode()


def test_delivery_is_recorded_from_the_page(client: Client, clerk: Staff, document: Document) -> None:
    given = {"delivered_on": "2026-11-23", "way": "direct", "received_by": "胡德旺", "note": ""}
    response = enter(client, clerk).post(f"/documents/{document.pk}/delivery/", given, follow=True)
    assert "已登记" in response.content.decode()
    assert "登记送达</button>" not in response.content.decode()
    assert Delivery.objects.get().received_by == "胡德旺"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"received_by": ""}, "直接送达的，请填签收人。"),
        ({"delivered_on": "2026-11-01"}, "送达日期不能早于制发日期。"),
        ({"delivered_on": "2999-01-01"}, "送达日期不能晚于今天。"),
    ],
)
def test_refused_delivery_keeps_what_was_typed(
    client: Client, clerk: Staff, document: Document, facts: dict[str, str], message: str
) -> None:
    given = {"delivered_on": "2026-11-23", "way": "direct", "received_by": "胡德旺", "note": "交给女儿"} | facts
    response = enter(client, clerk).post(f"/documents/{document.pk}/delivery/", given)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert "交给女儿" in response.content.decode()
    assert not Delivery.objects.exists()


def test_auditor_reads_but_does_not_record_deliveries(client: Client, document: Document) -> None:
    auditor = enter(client, make_staff(Role.AUDITOR, "341824"))
    assert "登记送达" not in auditor.get(f"/documents/{document.pk}/").content.decode()
    assert auditor.post(f"/documents/{document.pk}/delivery/", {}).status_code == 403


def test_voiding_asks_once_with_a_reason_and_the_paper_stays_on_record(
    client: Client, clerk: Staff, document: Document
) -> None:
    enter(client, clerk)
    assert f"/documents/{document.pk}/void/" in client.get(f"/documents/{document.pk}/").content.decode()
    asked = client.get(f"/documents/{document.pk}/void/").content.decode()
    assert document.number in asked and "作废后不能恢复" in asked
    response = client.post(f"/documents/{document.pk}/void/", {"reason": "姓名有误"}, follow=True)
    page = response.content.decode()
    assert "已作废" in page and "姓名有误" in page
    assert f"/documents/{document.pk}/void/" not in page
    document.refresh_from_db()
    assert (document.voided_reason, document.voided_by) == ("姓名有误", clerk)
    again = client.post(f"/documents/{document.pk}/void/", {"reason": "再作废"}, follow=True).content.decode()
    assert f"{document.number}已于" in again and "再作废" not in again


@pytest.mark.parametrize("reason", ["", "   "])
def test_voiding_without_a_reason_is_refused(client: Client, clerk: Staff, document: Document, reason: str) -> None:
    response = enter(client, clerk).post(f"/documents/{document.pk}/void/", {"reason": reason})
    assert response.status_code == 422
    assert "请填写作废原因。" in response.content.decode()
    assert "请填写作废原因。" in client.post(f"/documents/{document.pk}/void/").content.decode()
    document.refresh_from_db()
    assert document.voided_on is None


def test_a_reason_that_is_too_long_is_kept_and_said(client: Client, clerk: Staff, document: Document) -> None:
    response = enter(client, clerk).post(f"/documents/{document.pk}/void/", {"reason": "误" * 201})
    assert response.status_code == 422
    assert "误" * 201 in response.content.decode()


def test_a_township_does_not_void_the_countys_paper(client: Client, clerk: Staff) -> None:
    record = SAMPLES[DocumentKind.REFUSAL_NOTICE]
    paper = services.issue_document(
        kind=record.kind, issuing_area=area("341824"), area=area(LINXI), record=record, by=clerk, on=ON
    )
    enter(client, clerk)
    assert f"/documents/{paper.pk}/void/" not in client.get(f"/documents/{paper.pk}/").content.decode()
    assert client.post(f"/documents/{paper.pk}/void/", {"reason": "误"}).status_code == 403


@pytest.mark.parametrize("typed", ["绩临救受〔2026〕1号", "绩临救受[2026]1", " 绩临救受（２０２６）１号 "])
def test_anybody_can_check_a_number_however_it_is_typed(client: Client, document: Document, typed: str) -> None:
    page = client.get("/check/", {"q": typed}).content.decode()
    assert "这份文书真实有效" in page
    assert "临溪镇人民政府" in page
    assert document.check_code not in page
    assert not any(word in page for word in PERSONAL)


def test_check_code_of_the_qr_code_leads_to_the_answer(client: Client, document: Document) -> None:
    page = client.get(f"/check/{document.check_code}/").content.decode()
    assert "这份文书真实有效" in page
    assert document.number in page
    assert not any(word in page for word in PERSONAL)


def test_voided_document_is_said_to_be_void(client: Client, clerk: Staff, document: Document) -> None:
    services.void_document(document, reason="姓名有误", by=clerk, on=ON)
    page = client.get(f"/check/{document.check_code}/").content.decode()
    assert "2026年11月23日作废，不再有效" in page
    assert "姓名有误" not in page


@pytest.mark.parametrize("typed", ["0000000000000000", "绩临救受〔2026〕99号", "' OR 1=1 --"])
def test_unknown_paper_is_said_to_be_unknown(client: Client, document: Document, typed: str) -> None:
    response = client.get("/check/", {"q": typed})
    assert response.status_code == 404
    assert "没有查到这份文书" in response.content.decode()


def test_empty_check_asks_for_a_number(client: Client, county: None) -> None:
    assert client.get("/check/").status_code == 200
    assert "请填写文书页脚的文号或校验码" in client.get("/check/", {"q": ""}).content.decode()


def test_checks_of_one_address_are_limited(client: Client, document: Document) -> None:
    for _ in range(CHECKS_A_MINUTE):
        assert client.get("/check/", {"q": document.number}).status_code == 200
    response = client.get("/check/", {"q": document.number})
    assert response.status_code == 429
    assert "查询过于频繁" in response.content.decode()
    assert document.number not in response.content.decode().replace(f'value="{document.number}"', "")
