"""退库: goods that were given come back into the stock they left, and count towards what is asked back of the aid."""

from datetime import date, datetime

from django.db import transaction

from foundation.money import in_figures
from organizations.models import Area, Staff
from temporary_aid.models import (
    AidEventKind,
    AidRecoupment,
    AidRecoupmentState,
    StockEntry,
    StockEntryKind,
    StockItem,
    TemporaryAid,
)
from temporary_aid.permissions import Permission
from temporary_aid.queries import visible_to
from temporary_aid.queries.stock import given_and_kept
from temporary_aid.services import recouping, stock
from temporary_aid.services.base import NotAllowed, lock_aid, write_event


@transaction.atomic
def return_goods(
    area: Area, item: StockItem, *, number: str, count: int, note: str, by: Staff, at: datetime, on: date
) -> StockEntry:
    """Take goods of an aid back into its township's stock (退库), at the value at which they were given.

    While the aid is asked back (追回), their value is repaid with it, up to what is left.

    :param number: 救助编号 of the aid that they were given for.
    :raises NotPermitted: the person does not keep the township's stock, or is a near relative.
    :raises NotAllowed: no such aid there, none or less of the item was given to it, no note, or a day to come or
        before the goods were given.
    """
    stock.check_keeper(area, by=by)
    found = visible_to(by).filter(number__iexact=number.strip(), area__code__startswith=area.code).first()
    if found is None:
        raise NotAllowed("本乡镇没有这个编号的临时救助，请核对。", field="aid_number")
    aid = lock_aid(found, by=by, permission=Permission.KEEP_RESERVE)
    given = _given(aid, area, item, count=count)
    if on < given.occurred_on:
        raise NotAllowed(f"退库日期不能早于发放出库的{given.occurred_on:%Y年%-m月%-d日}。", field="on")
    entry = stock.receive(
        area,
        item,
        StockEntryKind.RETURNED,
        count=count,
        unit_value=given.unit_value,
        note=note,
        stage=given.stage,
        by=by,
        at=at,
        on=on,
    )
    assert given.stage is not None  # noqa: S101 -- held by stock_entry_given_to_somebody
    said = f"第{given.stage.serial}期{item.name}{count}{item.unit}退库，折价{in_figures(given.unit_value * count)}元"
    write_event(aid, AidEventKind.GOODS_RETURNED, by=by, at=at, note=f"{said}：{entry.note}")
    recoupment = AidRecoupment.objects.filter(aid=aid, state=AidRecoupmentState.OPEN).first()
    if recoupment is not None:
        recouping.count_goods(recoupment, entry, by=by, at=at)
    return entry


def _given(aid: TemporaryAid, area: Area, item: StockItem, *, count: int) -> StockEntry:
    """The movement by which the goods left the stock.

    :raises NotAllowed: none of the item was given to the aid, or less than comes back is still there.
    """
    rows = given_and_kept(aid, area=area, item=item)
    if not rows:
        raise NotAllowed(f"这件临时救助没有从{area}的库存发放过{item.name}。", field="item")
    for entry, kept in rows:
        if count <= kept:
            return entry
    most = max(kept for _, kept in rows)
    raise NotAllowed(f"这件临时救助一期发放、还没有退的{item.name}最多{most}{item.unit}。", field="count")
