"""Who typed what of a family: they decide nothing about it (four eyes)."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models import F, IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast

from households.models import Household, HouseholdEvent
from households.models.families import HouseholdEventKind

_NOTHING_TYPED = (
    HouseholdEventKind.MOVED,
    HouseholdEventKind.TRANSFER_PROPOSED,
    HouseholdEventKind.TRANSFER_DECLINED,
    HouseholdEventKind.TRANSFER_TAKEN_BACK,
    HouseholdEventKind.ARCHIVED,
    HouseholdEventKind.TAKEN_BACK,
)


def authors_of(households: Collection[int]) -> list[tuple[int, int | None, int]]:
    """Accounts that registered families or typed their people, means, property or supporters.

    Histories are asked rather than the rows: who corrects a row does not take over what the first one typed.

    :returns: family, accounting year (None where it is of every year), account.
    """
    events = HouseholdEvent.objects.exclude(kind__in=_NOTHING_TYPED)
    first, *more = (
        _rows(Household.objects.filter(pk__in=households), "pk", "registered_by"),
        _rows(events.filter(household__in=households), "household", "by"),
        _rows(_history("Income").filter(member__household__in=households), "member__household", year=F("year")),
        _rows(_history("Expense").filter(household__in=households), "household", year=F("year")),
        _rows(_history("Property").filter(household__in=households), "household"),
        _rows(_history("Supporter").filter(member__household__in=households), "member__household"),
    )
    return list(first.union(*more))


def _history(model: str) -> QuerySet[Any]:
    model_of_history: Any = apps.get_model("households", f"{model}History")
    rows: QuerySet[Any] = model_of_history._default_manager.all()
    return rows


def _rows(rows: QuerySet[Any], household: str, who: str = "entered_by", *, year: Any = None) -> QuerySet[Model, Any]:
    of_year = Cast(Value(None) if year is None else year, IntegerField())
    known = rows.filter(**{f"{who}__isnull": False}).order_by()
    columns: QuerySet[Model, Any] = known.annotate(_of=F(household), _year=of_year, _who=F(who)).values_list(
        "_of", "_year", "_who"
    )
    return columns
