"""发放册未生成: which townships' rolls a month still lacks."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Value

from benefits.models import Award, AwardState, MonthlyRoll, RollKind, RollState
from benefits.queries.funds import PAID_MONTHLY
from benefits.rules.months import first_month
from eligibility.queries import MissingParameters, further_value
from eligibility.rules.further_parameters import ROLL_CUT_OFF_DAY
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.models.delegations import Scheme
from organizations.permissions import Permission
from organizations.queries import county

PAID_BY_DAY = 10
"""发放日: a month's money is paid by its tenth (handbook 保障(三) 资金监管)."""


@dataclass(frozen=True)
class MissingRolls:
    """Townships without the roll of a month and scheme though they have awards to pay."""

    month: date
    scheme: Scheme
    townships: tuple[Area, ...]


def month_to_prepare(*, on: date) -> date:
    """The month whose rolls are made now: the next one once its cut-off day (截止日) is past, else this one."""
    try:
        cut_off_day = further_value(ROLL_CUT_OFF_DAY, area=county(), on=on)
    except MissingParameters:  # nothing can be made either: the page that makes rolls says what is missing
        return on.replace(day=1)
    return first_month(on) if on.day > cut_off_day else on.replace(day=1)


def missing_rolls(staff: Staff, *, on: date) -> list[MissingRolls]:
    """What the person has still to make of the month, by scheme; schemes that lack nothing are left out."""
    month = month_to_prepare(on=on)
    seen = Area.objects.filter(pk__in=staff.area_ids(Permission.PREPARE_ROLL), level=AreaLevel.TOWNSHIP)
    found = [
        MissingRolls(month, scheme, tuple(seen.filter(_lacks(scheme, month)).order_by("code")))
        for scheme in PAID_MONTHLY
    ]
    return [row for row in found if row.townships]


def counties_lacking_rolls(staff: Staff, *, on: date) -> QuerySet[Area]:
    """The county as one task while any of its townships lacks a roll; ``due_on`` is the day of pay."""
    month = month_to_prepare(on=on)
    lacking = Q()
    for scheme in PAID_MONTHLY:
        lacking |= _lacks(scheme, month)
    townships = Area.objects.filter(lacking, level=AreaLevel.TOWNSHIP, parent=OuterRef("pk"))
    areas = staff.area_ids(Permission.PREPARE_ROLL)
    due_on = Value(month.replace(day=PAID_BY_DAY), output_field=DateField())
    return Area.objects.filter(Exists(townships), pk__in=areas, level=AreaLevel.COUNTY).annotate(due_on=due_on)


def _lacks(scheme: Scheme, month: date) -> Q:
    """Of a township: awards to pay in the month, and no roll of it."""
    awards = Award.objects.filter(
        Q(ends_month=None) | Q(ends_month__gte=month),
        area__parent=OuterRef("pk"),
        scheme=scheme,
        state__in=(AwardState.ACTIVE, AwardState.PHASE_OUT),
        starts_month__lte=month,
    )
    rolls = MonthlyRoll.objects.filter(area=OuterRef("pk"), scheme=scheme, month=month, kind=RollKind.REGULAR).exclude(
        state=RollState.VOIDED
    )
    return Q(Exists(awards)) & ~Q(Exists(rolls))
