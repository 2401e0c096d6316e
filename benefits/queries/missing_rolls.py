"""发放册未生成: which townships' rolls are still to be made, also of a month that was missed.

Named are the months after a township's last roll, and of one that never had any this month and the next: what a month
lacked before a roll that exists is paid back in it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import DateField, QuerySet
from django.db.models.expressions import RawSQL

from benefits.queries.funds import PAID_MONTHLY
from benefits.rules.months import first_month, months_after
from eligibility.queries import MissingParameters, further_value
from eligibility.rules.further_parameters import ROLL_CUT_OFF_DAY
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.models.delegations import Scheme
from organizations.permissions import Permission
from organizations.queries import county

PAID_BY_DAY = 10
"""发放日: a month's money is paid by its tenth (handbook 保障(三) 资金监管)."""
_MONTHS_BACK = 12

_MISSING = """
    SELECT m.month, s.scheme, t.id, t.parent_id, t.code
      FROM unnest(%s::date[]) AS m (month)
     CROSS JOIN unnest(%s::text[]) AS s (scheme)
      JOIN organizations_area t ON t.level = 'township'
      LEFT JOIN LATERAL (
            SELECT max(r.month) AS month FROM benefits_monthlyroll r
             WHERE r.scheme = s.scheme AND r.area_id = t.id AND r.kind = 'regular' AND r.state <> 'voided'
           ) made ON TRUE
     WHERE m.month > COALESCE(made.month, %s::date)
       AND EXISTS (SELECT FROM benefits_award a
                     JOIN organizations_area v ON v.id = a.area_id AND (v.id = t.id OR v.parent_id = t.id)
                    WHERE a.scheme = s.scheme AND a.state IN ('active', 'phase_out', 'stopped')
                      AND a.starts_month <= m.month AND (a.ends_month IS NULL OR a.ends_month >= m.month)
                      AND NOT EXISTS (SELECT FROM benefits_rollline l WHERE l.award_id = a.id AND l.month = m.month
                                         AND l.reissue_of_id IS NULL))
"""
"""Awards that ended since count for the months in which they ran; those that another township paid do not."""

_EARLIEST = f"""
    (SELECT min(q.month) + {PAID_BY_DAY - 1} FROM ({_MISSING}) q WHERE q.parent_id = organizations_area.id)
"""  # noqa: S608 -- put together from this module's own constants


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
    """What the person has still to make, the earliest month first; what lacks nothing is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_MISSING} AND t.id = ANY(%s) ORDER BY m.month, s.scheme, t.code",
            [*_asked(on), sorted(staff.area_ids(Permission.PREPARE_ROLL))],
        )
        rows = cursor.fetchall()
    areas = Area.objects.in_bulk({row[2] for row in rows}) if rows else {}
    found: dict[tuple[date, str], list[Area]] = {}
    for month, scheme, township, *_ in rows:
        found.setdefault((month, scheme), []).append(areas[township])
    return [MissingRolls(month, Scheme(scheme), tuple(lacking)) for (month, scheme), lacking in found.items()]


def counties_lacking_rolls(staff: Staff, *, on: date) -> QuerySet[Area]:
    """The county as one task while any of its townships lacks a roll; ``due_on`` is the day of pay of the earliest."""
    due_on = RawSQL(_EARLIEST, _asked(on), output_field=DateField())  # noqa: S611 -- this module's own constants
    areas = staff.area_ids(Permission.PREPARE_ROLL)
    counties = Area.objects.filter(pk__in=areas, level=AreaLevel.COUNTY)
    return counties.annotate(due_on=due_on).filter(due_on__isnull=False)


def _asked(on: date) -> list[Any]:
    """Months, schemes, and the month before the first of a township that never had a roll."""
    last, this = month_to_prepare(on=on), on.replace(day=1)
    months = [months_after(last, -back) for back in range(_MONTHS_BACK, -1, -1)]
    return [months, [scheme.value for scheme in PAID_MONTHLY], months_after(this, -1)]
