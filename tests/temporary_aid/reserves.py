"""A township's reserve (备用金) and goods (救助物资) as tests move them, each by whoever does it in life."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import (
    AidStage,
    PettyAdvance,
    Reconciliation,
    Replenishment,
    ReserveEntry,
    ReserveFund,
    StockItem,
    TemporaryAid,
)
from temporary_aid.services import open_aid, reconciling, replenishing, reserve, stock
from tests.support.aid import SHANGHAI, aid_data
from tests.support.crews import LINXI
from tests.support.factories import area, make_staff

SINCE = date(2026, 1, 1)
OPENED = date(2026, 9, 1)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=SHANGHAI)


def yuan(amount: str | int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


@dataclass
class Purse:
    """A reserve with the people around it."""

    fund: ReserveFund
    clerk: Staff
    lead: Staff
    officer: Staff
    approver: Staff

    @property
    def balance(self) -> Decimal:
        self.fund.refresh_from_db()
        return self.fund.balance

    def allocate(self, amount: str | int, *, on: date = OPENED, at: datetime | None = None) -> ReserveEntry:
        return reserve.allocate(
            self.fund, amount=yuan(amount), note="年初拨款", voucher="拨-01", by=self.officer, at=at or noon(on), on=on
        )

    def withdraw(self, amount: str | int, *, on: date = OPENED) -> ReserveEntry:
        return reserve.withdraw_to_county(
            self.fund, amount=yuan(amount), note="年末收回", voucher="收-01", by=self.officer, at=noon(on), on=on
        )

    def aid(self, *, on: date = OPENED, **more: Any) -> TemporaryAid:
        """An urgent aid of somebody new, reported and registered on the day."""
        at = noon(on) - timedelta(hours=1)
        data = aid_data(township=self.fund.area.code, first_reported_at=at, occurred_on=on, **more)
        return open_aid(data, by=self.clerk, at=at)

    def spend(
        self, amount: str | int, *, on: date = OPENED, at: datetime | None = None, aid: TemporaryAid | None = None
    ) -> ReserveEntry:
        aid = aid or self.aid(on=on)
        return reserve.spend_advance(aid, amount=yuan(amount), note="先行救助", by=self.clerk, at=at or noon(on), on=on)

    def refund(self, aid: TemporaryAid, amount: str | int, *, on: date = OPENED) -> ReserveEntry:
        return reserve.refund(aid, amount=yuan(amount), note="退回", voucher="退-01", by=self.clerk, at=noon(on), on=on)

    def correct(self, entry: ReserveEntry, right: str | int, *, on: date = OPENED) -> ReserveEntry:
        return reserve.correct_entry(
            entry, right_amount=yuan(right), reason="录错金额", by=self.approver, at=noon(on), on=on
        )

    def ask(self, amount: str | int, *, on: date = OPENED) -> Replenishment:
        return replenishing.ask_replenishment(
            self.fund, amount=yuan(amount), reason="入冬火灾多", by=self.clerk, at=noon(on)
        )

    def replenish(self, asked: Replenishment, amount: str | int, *, on: date = OPENED) -> ReserveEntry:
        """The county grants and pays."""
        replenishing.approve_replenishment(asked, amount=yuan(amount), opinion="同意", by=self.approver, at=noon(on))
        return replenishing.pay_replenishment(asked, voucher="补-01", by=self.officer, at=noon(on), on=on)

    def slip(self, entry: ReserveEntry, *, paid_at: datetime | None = None, amount: str | int = 0) -> PettyAdvance:
        """The slip of a payment, as the township writes it with the money."""
        paid = paid_at or noon(entry.occurred_on)
        return PettyAdvance.objects.create(
            aid=entry.aid,
            number=f"XX2026-{entry.pk:04d}",
            amount=yuan(amount) if amount else entry.amount,
            limit_amount=yuan(3120),
            entry=entry,
            balance_after=entry.balance_after,
            paid_at=paid,
            paid_by=self.clerk,
            second_hand="汪志强",
            received_by="许金宝",
            supplement_due_on=timezone.localdate(paid) + timedelta(days=14),
        )

    def prepare(
        self, month: date, *, cash: str | int, bank: str | int = 0, note: str = "", on: date | None = None
    ) -> Reconciliation:
        day = on or (month + timedelta(days=32)).replace(day=1)
        return reconciling.prepare_sheet(
            self.fund,
            month,
            counted_cash=yuan(cash),
            bank_balance=yuan(bank),
            difference_note=note,
            by=self.clerk,
            at=noon(day),
        )

    def sign(self, sheet: Reconciliation, *, on: date = date(2026, 12, 1)) -> Reconciliation:
        return reconciling.sign_sheet(sheet, by=self.lead, at=noon(on))

    def receive(self, item: StockItem, count: int, *, on: date = OPENED) -> Any:
        return stock.receive(
            self.fund.area,
            item,
            stock.StockEntryKind.RECEIVED,
            count=count,
            unit_value=item.unit_value,
            note="采购单2026-11",
            by=self.clerk,
            at=noon(on),
            on=on,
        )


def purse(township: str = LINXI) -> Purse:
    place = area(township)
    officer = make_staff(Role.COUNTY_OFFICER, "341824", name="许文斌", on=SINCE)
    return Purse(
        fund=reserve.open_fund(place, opened_on=OPENED, by=officer, at=noon(OPENED)),
        clerk=make_staff(Role.TOWNSHIP_OFFICER, township, name="程晓燕", on=SINCE),
        lead=make_staff(Role.TOWNSHIP_APPROVER, township, name="章建国", on=SINCE),
        officer=officer,
        approver=make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=SINCE),
    )


def quilt(by: Staff, *, name: str = "棉被", value: str = "120.00", unit: str = "床") -> StockItem:
    """An item of the county's list."""
    return stock.save_item(stock.ItemData(name, "bedding", unit, Decimal(value)), by=by)


def stage_of(aid: TemporaryAid, *rows: tuple[StockItem, int], serial: int = 1) -> AidStage:
    """A stage in kind as an approval writes it, past the approval."""
    items = [
        {"item": item.pk, "name": item.name, "unit": item.unit, "count": count, "unit_value": str(item.unit_value)}
        for item, count in rows
    ]
    value = sum((item.unit_value * count for item, count in rows), Decimal(0))
    return AidStage.objects.create(aid=aid, serial=serial, form="in_kind", amount=value, items=items, state="ready")
