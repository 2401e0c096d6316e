"""Two desks at one stage of aid: it reaches the family once, and is not paid while it is cancelled."""

from datetime import timedelta

import pytest

from temporary_aid.models import AidEvent
from temporary_aid.services.stages import cancel_rest
from tests.concurrency.together import sentence, together
from tests.support.crews import county_data
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
    def cancel() -> object:
        return cancel_rest(story.aid, reason="已获赔付", by=story.people.officer, at=PAID, on=PAID.date())

    outcomes = together(story.pay, cancel)
    assert sentence(outcomes) in ("第1期现在是“已终止”，不能这样办理。请刷新页面。", "没有还没发放的期次，不用终止。")
    assert story.stage().state in ("paid", "cancelled")
    assert (story.stage().state == "paid") == (story.fresh().first_paid_at is not None)
