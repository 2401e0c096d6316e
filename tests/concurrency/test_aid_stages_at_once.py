"""Two desks at one stage of aid: it reaches the family once, and is not paid while it is cancelled."""

from datetime import date, timedelta
from typing import Any

import pytest

from households.services import set_bank_account
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import AidEvent, AidStage
from temporary_aid.services.sending import send_to_bank
from temporary_aid.services.stages import cancel_rest
from tests.concurrency.together import sentence, together
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, helped

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story() -> Helped:
    county_data()
    return helped()


def test_two_desks_pay_the_same_stage(story: Helped) -> None:
    outcomes = together(story.pay, lambda: story.pay(at=PAID + timedelta(minutes=1)))
    assert sentence(outcomes) == "第1期已经发放，不能再办。"
    assert AidEvent.objects.filter(aid=story.aid, kind="paid").count() == 1
    assert story.fresh().first_paid_at == story.stage().paid_at


def test_one_desk_pays_what_the_other_cancels(story: Helped) -> None:
    story.visit(at=PAID)  # not relieved: the payment would be refused of itself

    def cancel() -> object:
        return cancel_rest(story.aid, reason="已获赔付", by=story.people.lead, at=PAID, on=PAID.date())

    outcomes = together(story.pay, cancel)
    assert sentence(outcomes) in ("第1期现在是“已终止”，不能这样办理。请刷新页面。", "没有还没发放的期次，不用终止。")
    assert story.stage().state in ("paid", "cancelled")
    assert (story.stage().state == "paid") == (story.fresh().first_paid_at is not None)


def test_two_desks_send_the_same_stage_to_the_bank() -> None:
    county_data()
    story = helped(with_family=True)
    assert story.household is not None
    terms: dict[str, Any] = {"holder": "胡德旺", "by": story.people.officer, "on": PAID.date()}
    set_bank_account(story.household, bank="绩溪农商行", account="6217001234567890", **terms)
    one, other = (
        make_staff(Role.FINANCE_OFFICER, "341824", name=name, on=date(2026, 1, 1)) for name in ("柯敏", "洪波")
    )

    def send(by: Staff) -> object:
        return list(send_to_bank(AidStage.objects.all(), by=by, at=PAID))

    outcomes = together(lambda: send(one), lambda: send(other))
    assert sentence(outcomes).startswith("没有等待送银行的期次。")
    assert AidEvent.objects.filter(aid=story.aid, kind="sent_to_bank").count() == 1
