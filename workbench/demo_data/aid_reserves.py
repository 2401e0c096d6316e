"""The townships' reserves (备用金) and goods (救助物资) of the demo, opened months ago by the county."""

from datetime import date, timedelta
from decimal import Decimal

from benefits.rules.months import months_after
from organizations.models import Area
from organizations.queries import townships
from temporary_aid.models import ItemKind, ReserveFund, StockEntryKind, StockItem
from temporary_aid.queries.reconciling import month_sums
from temporary_aid.services import reconciling, reserve, stock
from temporary_aid.services.stock import ItemData
from workbench.demo_data.aid_plans import CHANGAN, HUAYANG, LINXI, SHANGZHUANG
from workbench.demo_data.officers import Offices
from workbench.demo_data.times import office_hour

_OPENED_MONTHS = 3
_GIVEN = {HUAYANG: 30000, LINXI: 20000, CHANGAN: 20000, SHANGZHUANG: 2800}
"""Yuan at first; 上庄镇's falls below its warning line with the first advance."""
_ITEMS = (
    ItemData("棉被", ItemKind.BEDDING, "床", Decimal("120.00")),
    ItemData("大米（10公斤）", ItemKind.FOOD, "袋", Decimal("58.00")),
    ItemData("食用油（5升）", ItemKind.FOOD, "桶", Decimal("72.00")),
    ItemData("冬衣", ItemKind.CLOTHING, "套", Decimal("150.00")),
)
_RECEIVED = 20


def open_reserves(offices: Offices, *, on: date) -> dict[str, ReserveFund]:
    """Open the reserves on the first of a month some months ago, with money in them; by township code."""
    day = months_after(on.replace(day=1), -_OPENED_MONTHS)
    county, at = offices.county(1), office_hour(day)
    funds: dict[str, ReserveFund] = {}
    for area in townships().filter(code__in=_GIVEN):
        fund = reserve.open_fund(area, opened_on=day, by=county, at=at)
        amount = Decimal(_GIVEN[area.code])
        voucher = f"拨字{len(funds) + 1}号"
        reserve.allocate(fund, amount=amount, note="示例：期初拨入", voucher=voucher, by=county, at=at, on=day)
        funds[area.code] = fund
    return funds


def fill_stocks(offices: Offices, *, on: date) -> list[StockItem]:
    """Enter the county's items, and let goods come in where the demo's accounts work."""
    day = months_after(on.replace(day=1), -_OPENED_MONTHS)
    items = [stock.save_item(data, by=offices.county(1)) for data in _ITEMS]
    for area in Area.objects.filter(code__in=(CHANGAN, LINXI)):
        for item in items:
            stock.receive(
                area,
                item,
                StockEntryKind.RECEIVED,
                count=_RECEIVED,
                unit_value=item.unit_value,
                note="县级统一采购（示例）",
                by=offices.township(area, 1),
                at=office_hour(day + timedelta(days=2)),
                on=day + timedelta(days=2),
            )
    return items


def reconcile(fund: ReserveFund, offices: Offices, *, on: date) -> None:
    """Prepare and sign the months that are over but the last, which still waits."""
    month, last = fund.opened_on.replace(day=1), months_after(on.replace(day=1), -1)
    while month < last:
        closing = month_sums(fund, month).closing
        counted = min(closing, Decimal(500))
        day = months_after(month, 1)
        sheet = reconciling.prepare_sheet(
            fund,
            month,
            counted_cash=counted,
            bank_balance=closing - counted,
            difference_note="",
            by=offices.township(fund.area, 1),
            at=office_hour(day),
        )
        reconciling.sign_sheet(sheet, by=offices.township(fund.area, 3), at=office_hour(day, hour=15))
        month = day
