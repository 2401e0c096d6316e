"""Figures that set what a month is paid, and whether one of them changes between two days."""

from datetime import date

from django.db.models import QuerySet

from eligibility.models import Parameter
from eligibility.models import ResidenceScope as Scope
from organizations.models import Area

AMOUNT_KEYS = {
    "dibao": (
        "dibao_monthly_standard",
        "topup_rates",
        "topup_base",
        "minimum_monthly_amount",
        "amount_rounding",
        "elderly_age",
    ),
    "tekun": ("tekun_basic_monthly_amount", "tekun_care_monthly"),
}
"""Figures on which the amounts of each scheme that is paid monthly rest."""
_LENGTHS = (6, 9, 12)


def amounts_change(area: Area, *, residence: str, scheme: str, after: date, until: date) -> bool:
    """Whether a figure behind a scheme's amounts begins to hold for a place after one day and by another."""
    return _beginning(area, residence=residence, scheme=scheme, after=after, until=until).exists()


def months_of_change(area: Area, *, residence: str, scheme: str, after: date, until: date) -> list[date]:
    """Months after one and up to another that are the first to be paid by another figure, in their order.

    A month is paid by the figures of its first day: one that begins within a month holds from the next on.
    """
    rows = _beginning(area, residence=residence, scheme=scheme, after=after, until=until)
    days = [figure.valid.lower for figure in rows]
    found = {day if day.day == 1 else date(day.year + day.month // 12, day.month % 12 + 1, 1) for day in days}
    return sorted(month for month in found if month <= until)


def _beginning(area: Area, *, residence: str, scheme: str, after: date, until: date) -> QuerySet[Parameter]:
    return Parameter.objects.filter(
        key__in=AMOUNT_KEYS.get(scheme, ()),
        area__code__in={area.code[:length] for length in _LENGTHS},
        residence__in=(residence, Scope.BOTH),
        valid__startswith__gt=after,
        valid__startswith__lte=until,
    )
