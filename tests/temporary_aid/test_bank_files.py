"""送银行文件: each is kept, listed, and taken out again where the download broke off; nothing is sent twice by it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import services as applications
from foundation.trail import acting
from organizations.models import AccessRecord, ReadingPurpose, Staff
from organizations.permissions import Role
from temporary_aid.models import AidBankFile, AidStage
from temporary_aid.services import NotAllowed
from temporary_aid.services.sending import send_to_bank, take_back_export
from tests.support.cases import Desk
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped
from tests.temporary_aid.test_sending import FIRST, has_account, sheet

pytestmark = pytest.mark.django_db
TODAY = PAID.date() + timedelta(days=1)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


@pytest.fixture
def finance() -> Staff:
    return make_staff(Role.FINANCE_OFFICER, "341824", name="柯敏", on=date(2026, 1, 1))


@pytest.fixture
def story() -> Helped:
    made = helped(with_family=True)
    has_account(made, FIRST)
    return made


def send(by: Staff, at: datetime = PAID) -> list[AidStage]:
    return list(send_to_bank(AidStage.objects.all(), by=by, at=at))


def asked() -> dict[str, Any]:
    purpose = ReadingPurpose.objects.filter(asks_note=True)[0]
    return {"export-reason": purpose.name, "export-note": "下载中断"}


def again(file: AidBankFile) -> str:
    return reverse("temporary_aid:bank_file_again", args=[file.pk])


def test_what_went_out_is_kept_with_count_sum_and_by_whom(story: Helped, finance: Staff) -> None:
    send(finance)
    file = AidBankFile.objects.get()
    assert (file.number, file.stages_count, str(file.amount)) == ("YH2026-0001", 1, "1560.00")
    assert (file.sent_by, file.sent_at, story.stage().bank_file) == (finance, PAID, file)
    page = Desk(finance, on=TODAY).fetch(reverse("temporary_aid:bank_files")).content.decode()
    for told in ("YH2026-0001", "1,560.00", "柯敏", again(file)):
        assert told in page
    listed = Desk(finance, on=TODAY).fetch(reverse("temporary_aid:stages")).content.decode()
    assert reverse("temporary_aid:bank_files") in listed


def test_the_same_file_is_taken_out_again_for_a_purpose_and_on_record(story: Helped, finance: Staff) -> None:
    send(finance)
    file, desk = AidBankFile.objects.get(), Desk(finance, on=TODAY)
    assert "YH2026-0001" in desk.fetch(again(file)).content.decode()
    assert desk.post(again(file), {"export-reason": ""}).status_code == 422
    before = AccessRecord.objects.count()
    answer = desk.post(again(file), asked())
    assert answer.status_code == 200
    last = sheet(answer.content)[-1]
    assert (last[4], last[6], last[7]) == ("胡德旺", FIRST, "1560.00")
    record = AccessRecord.objects.latest("pk")
    assert (AccessRecord.objects.count(), record.kind, record.row_count) == (before + 1, "full_export", 1)
    assert "YH2026-0001" in record.reason
    stage = story.stage()
    assert (stage.exported_at, AidBankFile.objects.count()) == (PAID, 1)
    assert stage.aid.events.filter(kind="sent_to_bank").count() == 1


def test_what_was_taken_back_is_not_in_it_any_more(story: Helped, finance: Staff) -> None:
    send(finance)
    file, desk = AidBankFile.objects.get(), Desk(finance, on=TODAY)
    take_back_export(story.stage(), reason="银行退回", by=finance, at=PAID)
    assert story.stage().bank_file is None
    answer = desk.post(again(file), asked())
    assert answer.status_code == 422
    assert "都已撤回" in answer.content.decode()
    page = desk.fetch(reverse("temporary_aid:bank_files")).content.decode()
    assert "已撤回1笔" in page
    assert again(file) not in page
    send(finance)
    assert story.stage().bank_file == AidBankFile.objects.get(number="YH2026-0002")


def test_only_who_writes_the_banks_file_sees_them(story: Helped, finance: Staff) -> None:
    send(finance)
    desk = Desk(story.people.officer, on=TODAY)
    assert desk.fetch(reverse("temporary_aid:bank_files")).status_code == 403
    assert desk.fetch(again(AidBankFile.objects.get())).status_code == 403


def test_the_database_keeps_with_which_file_it_went(story: Helped, finance: Staff) -> None:
    send(finance)
    stage = story.stage()
    stage.bank_file = None
    with pytest.raises(InternalError), transaction.atomic():
        stage.save()
    file = AidBankFile.objects.get()
    file.amount = file.amount + 1
    with pytest.raises(InternalError), transaction.atomic():
        file.save()


def test_the_list_asks_as_often_for_three_files_as_for_one(story: Helped, finance: Staff) -> None:
    desk, address = Desk(finance, on=TODAY), reverse("temporary_aid:bank_files")
    counts = []
    for _ in range(2):
        for _ in range(2):
            send(finance)
            take_back_export(story.stage(), reason="银行退回", by=finance, at=PAID)
        desk.fetch(address)
        with CaptureQueriesContext(connection) as queries:
            assert desk.fetch(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def related(story: Helped, staff: Staff) -> None:
    """The person is registered as a near relative of the family, in an intake of it."""
    assert story.household is not None
    member, by, on = story.household.members.get(relation="head"), story.people.officer, PAID.date()
    terms: dict[str, Any] = {"channel": "window", "accounting_year": 2026, "reason": "年老", "schemes": ["dibao"]}
    with acting(actor="system:test"):
        intake = applications.open_intake(story.household, applicant=member, by=by, on=on, **terms)
        told = {"relative_name": staff.name, "relative_unit": "县财政局", "relative_position": "干部"}
        applications.declare_relative(intake, member=member, relation="child", by=by, on=on, **told)


def test_nobody_sends_money_to_their_own_near_relatives(story: Helped, finance: Staff) -> None:
    related(story, finance)
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance)
    other = make_staff(Role.FINANCE_OFFICER, "341824", name="邵芳", on=date(2026, 1, 1))
    assert send(other) == [story.stage()]
