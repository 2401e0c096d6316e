"""The bank's file: what went out is marked and never goes out twice; it is paid to the account that was sent."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.utils import IntegrityError, InternalError
from django.test import Client
from django.urls import reverse

from foundation.errors import NotPermitted
from households.models import BankAccount
from households.services import set_bank_account
from organizations.models import ReadingPurpose, Staff
from organizations.permissions import Role
from temporary_aid.models import AidEvent, AidStage
from temporary_aid.services import NotAllowed
from temporary_aid.services.recouping import order_recoupment
from temporary_aid.services.sending import send_to_bank, take_back_export
from temporary_aid.services.stages import cancel_rest
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped, in_stages

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
FIRST, SECOND = "6217001234567890", "6217009876543210"
SENT = PAID - timedelta(hours=2)


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


def has_account(story: Helped, number: str) -> None:
    assert story.household is not None
    set_bank_account(
        story.household, bank="绩溪农商行", account=number, holder="胡德旺", by=story.people.officer, on=PAID.date()
    )


def sheet(content: bytes) -> list[tuple[object, ...]]:
    """The rows of a workbook."""
    from openpyxl import load_workbook

    return list(load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True))


def send(by: Staff, **more: Any) -> list[AidStage]:
    return list(send_to_bank(AidStage.objects.all(), by=by, at=SENT, **more))


def transfer(story: Helped, **more: Any) -> AidStage:
    return story.pay(**{"method": "bank", "received_by": "", "late_reason": "银行节假日"} | more)


def test_what_goes_out_is_marked_with_who_when_and_where_to(story: Helped, finance: Staff) -> None:
    helped(people=story.people)  # without an account: does not go out
    assert send(finance) == [story.stage()]
    stage = story.stage()
    assert (stage.state, stage.exported_at, stage.exported_by, stage.account_tail) == ("ready", SENT, finance, "7890")
    assert stage.account == BankAccount.objects.get()
    assert AidEvent.objects.get(kind="sent_to_bank").note == "第1期，1,560.00元，绩溪农商行（尾号7890）"


def test_what_went_out_does_not_go_out_again(story: Helped, finance: Staff) -> None:
    send(finance)
    with pytest.raises(NotAllowed, match="没有等待送银行的期次"):
        send(finance)
    take_back_export(story.stage(), reason="银行退回", by=finance, at=PAID)
    assert send(finance) == [story.stage()]
    assert AidEvent.objects.filter(kind="sent_to_bank").count() == 2
    assert AidEvent.objects.get(kind="sent_taken_back").note == "第1期（尾号7890）：银行退回"


def test_it_is_paid_to_the_account_that_was_sent_though_the_family_has_another_by_then(
    story: Helped, finance: Staff
) -> None:
    send(finance)
    has_account(story, SECOND)
    stage = transfer(story)
    assert (stage.account_tail, stage.method) == ("7890", "bank")
    assert stage.account is not None
    assert stage.account.account.reveal() == FIRST


def test_cash_is_refused_until_it_is_taken_back(story: Helped, finance: Staff) -> None:
    send(finance)
    with pytest.raises(NotAllowed, match="第1期已送银行（尾号7890），只能登记转账") as refused:
        story.pay()
    assert refused.value.field == "method"
    take_back_export(story.stage(), reason="改为现金", by=finance, at=PAID)
    stage = story.pay()
    assert (stage.method, stage.account, stage.account_tail) == ("cash", None, "")


def test_the_bank_does_not_pay_before_it_was_told(story: Helped, finance: Staff) -> None:
    send(finance)
    with pytest.raises(NotAllowed, match="不能早于送银行的时间（9月13日07:30）"):
        transfer(story, paid_at=SENT - timedelta(minutes=1))
    assert transfer(story, paid_at=SENT).paid_at == SENT


def test_neither_cancelled_nor_asked_back_while_the_bank_may_pay_it(finance: Staff) -> None:
    story = helped(*in_stages("1000.00", "560.00"), with_family=True)
    story.pay()
    has_account(story, FIRST)
    due = PAID + timedelta(days=30)
    story.visit(2, at=due)
    story.confirm(2, at=due)
    send(finance)
    terms: dict[str, Any] = {"by": story.people.officer, "at": due}
    with pytest.raises(NotAllowed, match="第2期已送银行。请先登记发放"):
        cancel_rest(story.aid, reason="已获赔付", on=due.date(), **terms)
    with pytest.raises(NotAllowed, match="第2期已送银行"), transaction.atomic():
        order_recoupment(story.aid, due_amount=Decimal("500.00"), reason="不属实", by=story.people.lead, at=due)
    take_back_export(story.stage(2), reason="不发了", by=finance, at=due)
    story.visit(at=due, still_in_need=False)
    assert len(cancel_rest(story.aid, reason="已获赔付", on=due.date(), **terms)) == 1


def test_taking_back_needs_a_reason_the_right_and_something_sent(story: Helped, finance: Staff) -> None:
    with pytest.raises(NotAllowed, match="第1期没有送银行"):
        take_back_export(story.stage(), reason="银行退回", by=finance, at=PAID)
    send(finance)
    with pytest.raises(NotAllowed, match="请写明撤回的原因") as refused:
        take_back_export(story.stage(), reason=" ", by=finance, at=PAID)
    assert refused.value.field == "reason"
    with pytest.raises(NotPermitted):
        take_back_export(story.stage(), reason="银行退回", by=story.people.officer, at=PAID)
    transfer(story)
    with pytest.raises(NotAllowed, match="已经登记发放"):
        take_back_export(story.stage(), reason="银行退回", by=finance, at=PAID)


def test_only_who_writes_the_banks_file_sends(story: Helped) -> None:
    with pytest.raises(NotPermitted):
        send(story.people.officer)
    assert story.stage().exported_at is None


def test_the_database_keeps_the_account_that_was_sent(story: Helped, finance: Staff) -> None:
    send(finance)
    has_account(story, SECOND)
    stage = story.stage()
    stage.account = BankAccount.objects.get(ended_on=None)
    with pytest.raises(InternalError), transaction.atomic():
        stage.save()
    stage = story.stage()
    stage.account = None
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        stage.save()


def test_two_files_by_the_page_pay_once_and_the_list_says_what_is_at_the_bank(story: Helped, finance: Staff) -> None:
    with time_machine.travel(PAID, tick=True):
        client = Client()
        client.force_login(finance, backend=BACKEND)
        address, shown = reverse("temporary_aid:bank_file"), reverse("temporary_aid:stages")
        purpose = ReadingPurpose.objects.filter(asks_note=True)[0]
        asked = {"export-reason": purpose.name, "export-note": "农商行打卡"}
        # No reason, no file, and nothing is marked.
        assert client.post(address, {"export-reason": ""}).status_code == 422
        assert story.stage().exported_at is None
        last = sheet(client.post(address, asked).content)[-1]
        assert (last[4], last[5], last[6], last[7]) == ("胡德旺", "绩溪农商行", FIRST, "1560.00")
        again = client.post(address, asked)
        assert again.status_code == 422
        assert "没有等待送银行的期次" in again.content.decode()
        assert "没有待发放的期次" in client.get(shown).content.decode()
        sent = client.get(shown, {"show": "sent"}).content.decode()
        assert "已送银行 1期 1,560.00元" in sent
        taking = reverse("temporary_aid:take_back_export", args=[story.stage().pk])
        assert taking in sent
        paying = client.get(reverse("temporary_aid:pay_stage", args=[story.stage().pk])).content.decode()
        assert "只能登记转账" in paying
        assert 'value="cash"' not in paying
        assert client.post(taking, {"reason": ""}).status_code == 422
        assert client.post(taking, {"reason": "银行退回"}).status_code == 302
        assert "待发放 1期" in client.get(shown).content.decode()
