"""What the database forbids of temporary aid, whoever writes: amounts, reasons, sums, money that is not there."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import (
    AidFile,
    AidStage,
    CollectiveDecision,
    ReserveEntry,
    ReserveFund,
    Stock,
    StockEntry,
    StockItem,
    TemporaryAid,
)
from tests.support.aid import LINXI, NIGHT, clerk, open_urgent
from tests.support.crews import county_data
from tests.support.factories import area, make_staff

pytestmark = pytest.mark.django_db
DAY = NIGHT.date()
BASE = {"base_amount": "780.00", "minimum_amount": "1560.00", "maximum_amount": "3120.00"}


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def _granted(amount: str, *, form: str = "money", stage: str | None = None, **more: Any) -> TemporaryAid:
    """Write an approved aid past the services, and let what is deferred be checked."""
    officer, lead = clerk(), make_staff(Role.TOWNSHIP_APPROVER, LINXI, on=date(2026, 1, 1))
    aid = open_urgent(officer)
    facts = BASE | {"amount": amount, "has_money": form == "money", "state": "approved", "route": "simplified"}
    facts |= {"proposed_by": officer, "decided_by": lead, "decided_at": NIGHT, "decided_level": "township"} | more
    with acting(actor="system:test"), transaction.atomic():
        service = {"service": "hospital"} if form == "service" else {}
        AidStage.objects.create(aid=aid, serial=1, form=form, amount=Decimal(stage or amount), state="ready", **service)
        TemporaryAid.objects.filter(pk=aid.pk).update(**facts)
        _check_deferred()
    aid = TemporaryAid.objects.get(pk=aid.pk)
    return aid


def _check_deferred() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _decision(aid: TemporaryAid, by: Staff, *, amount: str = "4000.00", is_agreed: bool = True) -> CollectiveDecision:
    minutes = AidFile.objects.create(
        aid=aid,
        kind="minutes",
        file="aidfile/00/none",
        original_name="纪要.pdf",
        content_type="application/pdf",
        size=1,
        digest="0" * 64,
        uploaded_by=by,
        uploaded_at=NIGHT,
    )
    present = [{"name": name, "unit": "县民政局", "position": "成员"} for name in ("方文娟", "石庆丰")]
    return CollectiveDecision.objects.create(
        aid=aid,
        minutes_number="绩救联〔2026〕3号",
        met_on=DAY,
        place="县民政局三楼会议室",
        chair="方文娟",
        present=present,
        matter="重大困难",
        opinions="一致同意",
        is_agreed=is_agreed,
        resolved_amount=Decimal(amount if is_agreed else 0),
        minutes=minutes,
        recorded_by=by,
        recorded_at=NIGHT,
    )


@pytest.mark.parametrize("amount", ["1560.00", "3120.00"])
def test_both_ends_of_the_guideline_are_granted(amount: str) -> None:
    assert _granted(amount).amount == Decimal(amount)


def test_a_fen_above_the_maximum_takes_a_collective_decision() -> None:
    with pytest.raises(DatabaseError, match="aid_above_maximum_needs_collective_decision"):
        _granted("3120.01")


def test_a_fen_below_the_minimum_takes_a_written_reason() -> None:
    with pytest.raises(DatabaseError, match="aid_below_minimum_says_why"):
        _granted("1559.99")
    assert _granted("1559.99", below_reason="只缺口粮").amount == Decimal("1559.99")


def test_goods_and_services_alone_may_come_to_nothing() -> None:
    assert _granted("0.00", form="service").amount == 0


def test_beyond_the_frequency_takes_a_collective_decision() -> None:
    with pytest.raises(DatabaseError, match="aid_beyond_frequency_needs_collective_decision"):
        _granted("2340.00", is_beyond_frequency=True)


def test_the_stages_make_up_the_amount() -> None:
    with pytest.raises(DatabaseError, match="stages of an aid make up its amount"):
        _granted("2340.00", stage="2339.99")


def test_a_stage_added_later_changes_no_approved_amount() -> None:
    aid = _granted("2340.00")
    with acting(actor="system:test"), pytest.raises(DatabaseError, match="stages of an aid"), transaction.atomic():
        AidStage.objects.create(aid=aid, serial=2, form="money", amount=Decimal("100.00"))
        _check_deferred()


def test_who_proposed_does_not_decide() -> None:
    officer = clerk()
    with pytest.raises(DatabaseError, match="aid_four_eyes"):
        _granted("2340.00", proposed_by=officer, decided_by=officer)


def test_an_approved_amount_is_not_changed_in_place() -> None:
    aid = _granted("2340.00")
    with acting(actor="system:test"), pytest.raises(DatabaseError, match="decision_stays"), transaction.atomic():
        TemporaryAid.objects.filter(pk=aid.pk).update(amount="2000.00")


def test_a_collective_decision_carries_its_own_aid_up_to_what_it_resolved_and_no_other() -> None:
    officer, lead = clerk(), make_staff(Role.TOWNSHIP_APPROVER, LINXI, on=date(2026, 1, 1))
    aid, other = open_urgent(officer), open_urgent(officer, cause="traffic")
    with acting(actor="system:test"):
        decision = _decision(aid, lead)
    facts = BASE | {"state": "approved", "route": "simplified", "decided_by": lead, "decided_at": NIGHT}
    facts |= {"decided_level": "county", "collective_decision": decision}
    for who, amount, refused in ((other, "4000.00", True), (aid, "4000.01", True), (aid, "4000.00", False)):
        with acting(actor="system:test"):
            if refused:
                with pytest.raises(DatabaseError, match="collective decision is not of this aid"), transaction.atomic():
                    TemporaryAid.objects.filter(pk=who.pk).update(amount=amount, **facts)
                continue
            AidStage.objects.create(aid=who, serial=1, form="money", amount=Decimal(amount), state="ready")
            TemporaryAid.objects.filter(pk=who.pk).update(amount=amount, **facts)
            _check_deferred()
    with (
        acting(actor="system:test"),
        pytest.raises(DatabaseError, match="rests on the collective"),
        transaction.atomic(),
    ):
        CollectiveDecision.objects.filter(pk=decision.pk).update(
            voided_at=NIGHT, voided_by=lead, voided_reason="登记有误"
        )


def test_a_meeting_of_one_resolves_nothing() -> None:
    officer = clerk()
    aid = open_urgent(officer)
    with acting(actor="system:test"):
        decision = _decision(aid, officer)
        alone = {field.attname: getattr(decision, field.attname) for field in CollectiveDecision._meta.concrete_fields}
        alone |= {"id": None, "present": [{"name": "方文娟"}], "aid_id": open_urgent(officer, cause="traffic").pk}
        with pytest.raises(DatabaseError, match="collective_decision_by_several"), transaction.atomic():
            CollectiveDecision.objects.create(**alone)


def test_a_paid_stage_is_neither_paid_again_nor_taken_back() -> None:
    aid = _granted("2340.00")
    paid = {"state": "paid", "paid_at": NIGHT, "paid_by": clerk(), "second_hand": "汪志强", "received_by": "许金宝"}
    with acting(actor="system:test"):
        aid.stages.update(source="county", method="cash", **paid)
        for change in ({"state": "ready"}, {"paid_at": NIGHT + timedelta(days=1)}, {"received_by": "别人"}):
            with pytest.raises(DatabaseError, match="paid_stage_stays"), transaction.atomic():
                aid.stages.update(**change)


def test_a_second_stage_is_not_readied_without_a_visit() -> None:
    aid = open_urgent(clerk())
    with acting(actor="system:test"):
        stage = AidStage.objects.create(aid=aid, serial=2, form="money", amount=Decimal("500.00"))
        with pytest.raises(DatabaseError, match="aid_stage_visited_before_later_ones"), transaction.atomic():
            AidStage.objects.filter(pk=stage.pk).update(state="ready")


def _fund(balance: str = "500.00") -> tuple[ReserveFund, Staff]:
    by = make_staff(Role.COUNTY_OFFICER, "341824", on=date(2026, 1, 1))
    with acting(actor="system:test"):
        fund = ReserveFund.objects.create(area=area(LINXI), opened_on=DAY, opened_by=by)
        _entry(fund, by, serial=1, kind="allocation", amount=balance, balance_after=balance)
    fund.refresh_from_db()
    return fund, by


def _entry(fund: ReserveFund, by: Staff, **facts: Any) -> ReserveEntry:
    return ReserveEntry.objects.create(fund=fund, occurred_on=DAY, note="拨入", by=by, at=NIGHT, **facts)


def test_the_reserve_is_spent_to_the_last_fen_and_never_below_zero() -> None:
    fund, by = _fund()
    with acting(actor="system:test"):
        with pytest.raises(DatabaseError, match="reserve_never_below_zero"), transaction.atomic():
            _entry(fund, by, serial=2, kind="withdrawal", amount="500.01", balance_after="-0.01")
        _entry(fund, by, serial=2, kind="withdrawal", amount="500.00", balance_after="0.00")
    fund.refresh_from_db()
    assert fund.balance == 0


@pytest.mark.parametrize(("serial", "after"), [(3, "600.00"), (2, "600.01"), (1, "600.00")])
def test_an_entry_follows_on_the_last_one(serial: int, after: str) -> None:
    fund, by = _fund()
    with acting(actor="system:test"), pytest.raises(DatabaseError, match="follow on"), transaction.atomic():
        _entry(fund, by, serial=serial, kind="allocation", amount="100.00", balance_after=after)


def test_the_balance_moves_by_entries_only_and_entries_stay() -> None:
    fund, _ = _fund()
    with acting(actor="system:test"):
        with pytest.raises(DatabaseError, match="by its entries only"), transaction.atomic():
            ReserveFund.objects.filter(pk=fund.pk).update(balance="900.00")
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            fund.entries.update(amount="900.00")


def test_nothing_leaves_a_stock_that_is_not_there() -> None:
    by = make_staff(Role.COUNTY_OFFICER, "341824", on=date(2026, 1, 1))
    with acting(actor="system:test"):
        item = StockItem.objects.create(name="棉被", kind="bedding", unit="床", unit_value=Decimal("120.00"))
        stock = Stock.objects.create(area=area(LINXI), item=item)
        facts = {
            "stock": stock,
            "unit_value": item.unit_value,
            "occurred_on": DAY,
            "note": "入库",
            "by": by,
            "at": NIGHT,
        }
        StockEntry.objects.create(serial=1, kind="received", count=2, count_after=2, **facts)
        with pytest.raises(DatabaseError), transaction.atomic():
            StockEntry.objects.create(serial=2, kind="lost", count=3, count_after=0, **facts)
        StockEntry.objects.create(serial=2, kind="lost", count=2, count_after=0, **facts)
    stock.refresh_from_db()
    assert stock.count == 0
