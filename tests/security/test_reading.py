"""Showing a number in full: for a reason of the county's list, one at a time, on record, and not without end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse

from foundation.errors import ServiceError
from households import services
from households.models import Household
from households.services.checks import NotAllowedNow
from organizations.models import AccessRecord, ReadingPurpose, Staff
from organizations.services import Reason, record_page
from tests.households.builders import head, picture
from tests.households.web import as_staff
from tests.support.factories import AT, ON

pytestmark = pytest.mark.django_db
REASON = Reason(purpose="联系群众", words="联系群众")


def reveal(family: Household, by: Staff, at: Any = AT) -> str:
    member = head(family)
    return services.reveal(
        member.person.id_number, area=family.area, subject=("member", member.pk), reason=REASON, by=by, at=at
    )


def address(family: Household) -> str:
    return reverse("households:reveal", args=[family.pk, "id-number", head(family).pk])


def test_the_record_says_whose_number_and_what_for(clerk: Staff, family: Household, number: str) -> None:
    shown = as_staff(clerk).post(address(family), {"reveal-reason": "其他", "reveal-note": "派出所来函"})
    assert number in shown.content.decode() and "no-store" in shown["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.purpose, record.reason, record.person_ids) == (
        "其他",
        "其他：派出所来函",
        [head(family).person_id],
    )


def test_the_number_is_hidden_again_on_the_next_load(clerk: Staff, family: Household, number: str) -> None:
    browser = as_staff(clerk)
    browser.post(address(family), {"reveal-reason": "联系群众"})
    page = browser.get(reverse("households:detail", args=[family.pk]))
    assert number not in page.content.decode() and page["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("sent", [{}, {"reveal-reason": "好奇"}, {"reveal-reason": "其他"}])
def test_without_a_reason_nothing_is_shown_and_the_form_comes_back(
    clerk: Staff, family: Household, number: str, sent: dict[str, str]
) -> None:
    browser = as_staff(clerk)
    assert browser.post(address(family), sent).status_code == 422
    piece = browser.post(address(family), sent, headers={"HX-Request": "true"})
    assert piece.status_code == 200  # htmx puts nothing else into the page
    text = piece.content.decode()
    assert number not in text and 'role="alert"' in text and 'name="reveal-reason"' in text
    assert not AccessRecord.objects.exists()


def test_a_page_elsewhere_cannot_send_the_form(clerk: Staff, family: Household, number: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    refused = browser.post(address(family), {"reveal-reason": "联系群众"})
    assert refused.status_code == 403 and number not in refused.content.decode()
    assert not AccessRecord.objects.exists()


def test_the_county_changes_what_may_be_a_reason(clerk: Staff, family: Household) -> None:
    ReadingPurpose.objects.filter(name="联系群众").update(ends_on=ON - timedelta(days=1))
    ReadingPurpose.objects.create(name="信访答复", starts_on=ON)
    browser = as_staff(clerk)
    assert browser.post(address(family), {"reveal-reason": "联系群众"}).status_code == 422
    assert browser.post(address(family), {"reveal-reason": "信访答复"}).status_code == 200


def test_whoever_is_shown_very_many_is_refused_and_supervisors_are_told(
    clerk: Staff, supervisor: Staff, family: Household, settings: Any
) -> None:
    settings.REVEALS_PER_HOUR, settings.REVEALS_WARNED_A_DAY = 3, 3
    for minute in range(2):
        reveal(family, clerk, AT - timedelta(minutes=minute))
    desk = as_staff(supervisor)
    assert "查看偏多" not in desk.get(reverse("organizations:readings")).content.decode()
    reveal(family, clerk)
    with pytest.raises(NotAllowedNow, match="一小时内查看完整信息已达3次"):
        reveal(family, clerk)
    page = desk.get(reverse("organizations:readings")).content.decode()
    assert "查看偏多" in page and clerk.staff_number in page
    assert "1个账号查看完整证号" in desk.get(reverse("workbench:home")).content.decode()
    assert "查看完整证号" not in as_staff(clerk).get(reverse("workbench:home")).content.decode()


def test_clicking_through_numbers_quickly_is_stopped(
    clerk: Staff, family: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.rates._SECONDS", 3600)  # Redis' minute is a real one; a busy machine takes longer
    browser = as_staff(clerk)
    answers = [browser.post(address(family), {"reveal-reason": "联系群众"}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


@pytest.fixture
def no_cache(settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}


def test_without_the_cache_people_log_in_and_what_they_open_is_on_record(
    no_cache: None, clerk: Staff, family: Household, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Client()
    sent = {"username": clerk.staff_number, "password": "Correct-Horse-88"}
    assert browser.post(reverse("organizations:login"), sent).status_code == 302
    lines = [record.getMessage() for record in caplog.records if record.name == "foundation.rates"]
    assert lines == ["cache out of reach, visits are not counted: ConnectionError"]
    for _ in range(2):
        assert browser.get(reverse("households:detail", args=[family.pk])).status_code == 200
    assert set(AccessRecord.objects.values_list("kind", "staff", "subject_id")) == {("page", clerk.pk, family.pk)}
    assert browser.post(address(family), {"reveal-reason": "联系群众"}).status_code == 200


def test_a_page_is_noted_as_opened_only_once_its_record_is_saved(clerk: Staff, family: Household) -> None:
    def opens() -> None:
        record_page(staff=clerk, at=AT, subject_type="household", subject_id=family.pk)

    with pytest.raises(ServiceError), transaction.atomic():
        opens()
        raise ServiceError("回退")
    with TestCase.captureOnCommitCallbacks(execute=True):
        opens()
    opens()
    assert AccessRecord.objects.filter(kind="page").count() == 1


def test_the_database_keeps_no_full_reading_without_a_reason(clerk: Staff) -> None:
    for kind in ("reveal", "full_export"):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRecord.objects.create(kind=kind, staff=clerk, at=AT, subject_type="member", row_count=1)


def test_opening_an_attachment_is_on_record(clerk: Staff, family: Household) -> None:
    paper = services.add_attachment(family, kind="id_card", upload=picture(), by=clerk, at=AT)
    as_staff(clerk).get(reverse("households:attachment", args=[paper.pk]))
    record = AccessRecord.objects.get(kind="attachment")
    assert (record.staff, record.subject_id, record.at) == (clerk, paper.pk, AT)
