"""What a stage may give in kind: the county's list of goods with what one is worth (折价), or what is bought."""

from decimal import Decimal

from temporary_aid.queries.stock import ItemInStock
from temporary_aid.rules.plans import PlannedItem


def planned_item(item: ItemInStock, count: int) -> PlannedItem:
    """So many of an item in the stock at what one is worth today."""
    return PlannedItem(item.item, item.name, item.unit, count, item.unit_value)


def bought_item(name: str, unit: str, count: int, unit_value: Decimal) -> PlannedItem:
    """So many of something that is bought for the family (另购)."""
    return PlannedItem(None, name, unit, count, unit_value)
