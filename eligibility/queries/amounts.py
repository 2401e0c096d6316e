"""Figures that set what a month is paid, and whether one of them changes between two days."""

from datetime import date

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
    return Parameter.objects.filter(
        key__in=AMOUNT_KEYS.get(scheme, ()),
        area__code__in={area.code[:length] for length in _LENGTHS},
        residence__in=(residence, Scope.BOTH),
        valid__startswith__gt=after,
        valid__startswith__lte=until,
    ).exists()
