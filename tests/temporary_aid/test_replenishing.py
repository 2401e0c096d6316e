"""预警线 and 补拨: asked for by itself below the line, once; answered by another; paid in once."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, InternalError, transaction

from eligibility.models import Parameter
from foundation.errors import NotPermitted
from organizations.queries.system_acts import SYSTEM_ACTS
from temporary_aid.models import Replenishment, ReserveEntry
from temporary_aid.queries.reserve import warning_line
from temporary_aid.services import NotAllowed, replenishing
from temporary_aid.tasks import watch_reserves
from tests.support.crews import LINXI
from tests.support.factories import area
from tests.temporary_aid.reserves import OPENED, Purse, noon, yuan

pytestmark = pytest.mark.django_db
# The county's sample figure: 20 % of the opening balance, so of 50,000 the line is 10,000.
LINE = yuan(10000)


def rate(value: str) -> None:
    Parameter.objects.filter(key="reserve_warning_rate").update(value=value)


def test_of_a_new_reserve_what_was_first_paid_in_is_the_opening(reserve: Purse) -> None:
    assert warning_line(reserve.fund, on=OPENED).line == 0
    reserve.allocate(50000)
    reserve.allocate(30000)
    found = warning_line(reserve.fund, on=OPENED)
    assert (found.opening, found.line) == (yuan(50000), LINE)


def test_a_first_payment_that_was_mistaken_counts_as_corrected(reserve: Purse) -> None:
    reserve.correct(reserve.allocate(5000), 50000)
    assert warning_line(reserve.fund, on=OPENED).line == LINE


def test_in_later_years_the_balance_on_the_first_of_january_is_the_opening(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.spend(2000, on=date(2026, 10, 8))
    found = warning_line(reserve.fund, on=date(2027, 1, 1))
    assert (found.opening, found.line) == (yuan(48000), yuan(9600))
    assert warning_line(reserve.fund, on=date(2026, 12, 31)).line == LINE


def test_a_township_may_have_a_rate_of_its_own(reserve: Purse) -> None:
    reserve.allocate(50000)
    own = Parameter.objects.get(key="reserve_warning_rate")
    own.pk, own.area, own.value = None, area(LINXI), "0.3"
    own.save()
    assert warning_line(reserve.fund, on=OPENED).line == yuan(15000)


def test_without_a_rate_nothing_is_asked_and_spending_goes_on(reserve: Purse) -> None:
    Parameter.objects.filter(key="reserve_warning_rate").update(key="none")
    reserve.allocate(50000)
    reserve.withdraw(49000)
    assert Replenishment.objects.count() == 0


def test_on_the_line_nothing_is_asked_and_a_fen_below_it_is(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.withdraw(37000)
    reserve.spend(3000)  # 10,000.00 are left: on the line
    assert Replenishment.objects.count() == 0
    reserve.spend("0.01")
    asked = Replenishment.objects.get()
    assert (asked.is_automatic, asked.asked_by, asked.state) == (True, None, "asked")
    assert (asked.balance_then, asked.warning_line, asked.asked_amount) == (yuan("9999.99"), LINE, yuan("40000.01"))
    assert asked.reason == "余额9,999.99元，低于预警线10,000.00元，补到年初数"
    assert asked.number == "BB2026-0001"


def test_while_a_request_is_open_no_other_is_made(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.withdraw(41000)
    reserve.spend(100)
    assert Replenishment.objects.count() == 1
    with pytest.raises(NotAllowed, match="补拨申请BB2026-0001正在办理"):
        reserve.ask(5000)


def test_a_request_that_fails_leaves_no_payment_behind(reserve: Purse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is of the payment's own transaction."""
    reserve.allocate(50000)
    reserve.withdraw(39000)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(replenishing, "next_number", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        reserve.spend(2000)
    assert reserve.balance == yuan(11000)
    assert ReserveEntry.objects.count() == 2


def test_the_county_grants_another_amount_and_pays_once(reserve: Purse) -> None:
    reserve.allocate(1000)
    asked = reserve.ask(20000)
    entry = reserve.replenish(asked, 15000)
    assert (entry.kind, entry.amount, entry.balance_after) == ("replenishment", yuan(15000), yuan(16000))
    assert entry.replenishment == asked
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.opinion) == ("paid", reserve.approver, "同意")
    with pytest.raises(NotAllowed, match="现在是“已拨付”"):
        replenishing.pay_replenishment(asked, voucher="补-02", by=reserve.officer, at=noon(OPENED), on=OPENED)
    assert reserve.balance == yuan(16000)


def test_another_amount_takes_an_opinion(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    with pytest.raises(NotAllowed) as refused:
        replenishing.approve_replenishment(asked, amount=yuan(100), opinion=" ", by=reserve.approver, at=noon(OPENED))
    assert refused.value.field == "opinion"
    replenishing.approve_replenishment(asked, amount=yuan(20000), opinion="", by=reserve.approver, at=noon(OPENED))
    with pytest.raises(NotAllowed, match="已经是“待拨付”"):
        replenishing.refuse_replenishment(asked, opinion="不", by=reserve.approver, at=noon(OPENED))


def test_a_request_is_refused_with_a_reason_and_may_be_made_again(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    with pytest.raises(NotAllowed, match="请写明不予补拨的理由"):
        replenishing.refuse_replenishment(asked, opinion="", by=reserve.approver, at=noon(OPENED))
    replenishing.refuse_replenishment(asked, opinion="先用完再补", by=reserve.approver, at=noon(OPENED))
    asked.refresh_from_db()
    assert asked.state == "refused"
    assert reserve.ask(10000).number == "BB2026-0002"


def test_the_township_takes_its_own_request_back_but_not_the_systems(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    replenishing.take_back_replenishment(asked, by=reserve.clerk)
    asked.refresh_from_db()
    assert asked.state == "taken_back"
    reserve.allocate(50000)
    reserve.withdraw(45000)
    with pytest.raises(NotAllowed, match="系统提请"):
        replenishing.take_back_replenishment(Replenishment.objects.get(state="asked"), by=reserve.clerk)


def test_each_does_their_own_part_only(reserve: Purse) -> None:
    with pytest.raises(NotPermitted):
        replenishing.ask_replenishment(reserve.fund, amount=yuan(5), reason="少", by=reserve.lead, at=noon(OPENED))
    asked = reserve.ask(20000)
    for other in (reserve.clerk, reserve.lead, reserve.officer):
        with pytest.raises(NotPermitted):
            replenishing.approve_replenishment(asked, amount=yuan(20000), opinion="", by=other, at=noon(OPENED))
    replenishing.approve_replenishment(asked, amount=yuan(20000), opinion="", by=reserve.approver, at=noon(OPENED))
    with pytest.raises(NotPermitted):
        replenishing.pay_replenishment(asked, voucher="补-01", by=reserve.approver, at=noon(OPENED), on=OPENED)


def test_two_open_requests_and_ones_own_answer_are_forbidden_by_the_database(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    with pytest.raises(IntegrityError, match="replenishment_one_open"), transaction.atomic():
        Replenishment.objects.create(
            number="X",
            fund=reserve.fund,
            balance_then=0,
            warning_line=0,
            asked_amount=1,
            reason="又",
            asked_by=reserve.clerk,
            asked_at=noon(OPENED),
        )
    with pytest.raises(IntegrityError, match="replenishment_by_two"), transaction.atomic():
        Replenishment.objects.filter(pk=asked.pk).update(
            state="approved", approved_amount=5, answered_by=reserve.clerk, answered_at=noon(OPENED)
        )


# --- 每日提请 ---------------------------------------------------------------------------------------------------------


def test_a_higher_rate_asks_for_those_below_it_by_night_and_twice_asks_once(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.spend(3000)
    assert replenishing.ask_for_low_ones(at=noon(OPENED)) == 0
    rate("0.95")  # 47,000 of 50,000 are below 47,500
    assert replenishing.ask_for_low_ones(at=noon(OPENED)) == 1
    assert replenishing.ask_for_low_ones(at=noon(OPENED)) == 0
    asked = Replenishment.objects.get()
    assert (asked.warning_line, asked.asked_amount) == (yuan(47500), yuan(3000))


def test_what_the_county_refused_is_not_asked_again_every_night(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.withdraw(45000)
    asked = Replenishment.objects.get()
    replenishing.refuse_replenishment(asked, opinion="年底收回", by=reserve.approver, at=noon(OPENED))
    for days in range(3):
        assert replenishing.ask_for_low_ones(at=noon(OPENED + timedelta(days))) == 0
    reserve.spend(10)
    assert Replenishment.objects.filter(state="asked").get().balance_then == yuan(4990)


def test_a_reserve_that_falls_to_the_same_balance_again_asks_again(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.withdraw(45000)
    first = Replenishment.objects.get()
    reserve.replenish(first, 45000, on=OPENED + timedelta(days=1))
    reserve.withdraw(45000, on=OPENED + timedelta(days=2))
    assert Replenishment.objects.filter(state="asked").get().balance_then == first.balance_then == yuan(5000)


def test_above_a_rate_of_more_than_one_the_line_itself_is_asked_for(reserve: Purse) -> None:
    rate("1.2")
    reserve.allocate(50000)
    assert replenishing.ask_for_low_ones(at=noon(OPENED)) == 1
    assert Replenishment.objects.get().asked_amount == yuan(10000)


def test_the_nightly_task_acts_in_the_systems_name(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.spend(3000)
    rate("0.95")
    assert (watch_reserves(), watch_reserves()) == (1, 0)
    history = apps.get_model("temporary_aid", "ReplenishmentHistory").objects.latest("pk")
    assert history.pgh_context["actor"] == "system:temporary_aid.tasks.watch_reserves"
    assert "temporary_aid.tasks.watch_reserves" in SYSTEM_ACTS
    assert "temporary_aid.tasks.watch_reserves" in {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}


def test_the_approver_revokes_what_cannot_be_paid_and_another_request_may_follow(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    replenishing.approve_replenishment(
        asked, amount=yuan(15000), opinion="先补一部分", by=reserve.approver, at=noon(OPENED)
    )
    terms = {"at": noon(date(2026, 9, 3))}
    with pytest.raises(NotAllowed, match="请写明撤销批准的原因") as refused:
        replenishing.revoke_replenishment(asked, reason=" ", by=reserve.approver, **terms)
    assert refused.value.field == "reason"
    with pytest.raises(NotPermitted):
        replenishing.revoke_replenishment(asked, reason="已经拨入", by=reserve.officer, **terms)
    replenishing.revoke_replenishment(asked, reason="已由拨入第1笔支付", by=reserve.approver, **terms)
    asked.refresh_from_db()
    assert (asked.state, asked.revoked_by, asked.revoked_reason) == ("revoked", reserve.approver, "已由拨入第1笔支付")
    with pytest.raises(NotAllowed, match="现在是“已撤销批准”"):
        replenishing.pay_replenishment(asked, voucher="补-02", by=reserve.officer, at=noon(OPENED), on=OPENED)
    assert reserve.balance == 0
    assert reserve.ask(10000).number == "BB2026-0002"


def test_only_what_waits_to_be_paid_is_revoked(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    with pytest.raises(NotAllowed, match="现在是“待审批”"):
        replenishing.revoke_replenishment(asked, reason="不补了", by=reserve.approver, at=noon(OPENED))
    reserve.replenish(asked, 20000)
    with pytest.raises(NotAllowed, match="现在是“已拨付”"):
        replenishing.revoke_replenishment(asked, reason="不补了", by=reserve.approver, at=noon(OPENED))


def test_the_database_knows_no_revocation_without_a_reason_nor_of_what_was_paid(reserve: Purse) -> None:
    asked = reserve.ask(20000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Replenishment.objects.filter(pk=asked.pk).update(state="revoked")
    reserve.replenish(asked, 20000)
    with pytest.raises(InternalError), transaction.atomic():
        Replenishment.objects.filter(pk=asked.pk).update(state="approved")
