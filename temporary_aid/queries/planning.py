"""What a stage may give in kind: the county's list of goods with what one is worth (折价)."""

from django.db.models import QuerySet

from temporary_aid.models import StockItem
from temporary_aid.rules.plans import PlannedItem


def items_to_give() -> QuerySet[StockItem]:
    """Goods in use."""
    return StockItem.objects.filter(ended_on=None)


def planned_item(item: StockItem, count: int) -> PlannedItem:
    """So many of an item at what one is worth today."""
    return PlannedItem(item.pk, item.name, item.unit, count, item.unit_value)
