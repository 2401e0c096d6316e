"""临时救助统计: whom aid reached, what it came to and how soon, by township, type and month.

What counts is what was paid: an aid belongs to the months in which its stages were paid, and the hours from report to
hand to the month of its first payment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from eligibility.rules.choices import HardshipType
from foundation.money import half_up_to_fen
from organizations.models import Area, Staff
from organizations.permissions import Permission
from organizations.queries import townships_for
from temporary_aid.queries.aids import visible_to
from temporary_aid.queries.listing import hours_of

NOTHING = Decimal("0.00")
_TENTH = Decimal("0.1")
_SETS = """GROUPING SETS (
    (township, kind, month), (township, kind), (township), (month, kind), (month), (kind), ()
)"""
_PAID = f"""
    WITH goods_back AS (
        SELECT e.stage_id, sum(e.count * e.unit_value) AS amount
          FROM temporary_aid_stockentry e
         WHERE e.kind = 'returned' AND e.stage_id IS NOT NULL
         GROUP BY 1
    ), paid AS (
        SELECT s.aid_id, date_trunc('month', s.paid_at AT TIME ZONE %(zone)s)::date AS month,
               sum(s.amount) FILTER (WHERE s.form = 'money') AS money,
               sum(s.amount) FILTER (WHERE s.form <> 'money') AS goods,
               sum(s.amount) AS amount,
               coalesce(sum(g.amount), 0) AS goods_back,
               sum(sum(s.amount - coalesce(g.amount, 0))) OVER (
                   PARTITION BY s.aid_id ORDER BY date_trunc('month', s.paid_at AT TIME ZONE %(zone)s)::date
               ) AS so_far
          FROM temporary_aid_aidstage s
          LEFT JOIN goods_back g ON g.stage_id = s.id
         WHERE s.state = 'paid' AND s.paid_at < %(until)s
         GROUP BY 1, 2
    ), repaid AS (
        SELECT o.aid_id, sum(r.amount) AS amount
          FROM temporary_aid_aidrepayment r JOIN temporary_aid_aidrecoupment o ON o.id = r.recoupment_id
         WHERE r.goods_id IS NULL
         GROUP BY 1
    ), helped AS (
        SELECT v.parent_id AS township, a.kind, p.month, p.money, p.goods, a.people_count,
               p.amount / nullif(a.base_amount, 0) AS bases,
               p.goods_back + greatest(0, least(
                   p.amount - p.goods_back, coalesce(b.amount, 0) - (p.so_far - (p.amount - p.goods_back))
               )) AS returned,
               coalesce(a.follow_up_of_id, a.id) AS root,
               coalesce('h' || a.household_id, 'p' || nullif(a.recipient_id_index, ''),
                        'a' || coalesce(a.follow_up_of_id, a.id)) AS family,
               row_number() OVER (PARTITION BY coalesce(a.follow_up_of_id, a.id), p.month ORDER BY a.id) AS of_month,
               row_number() OVER (PARTITION BY coalesce(a.follow_up_of_id, a.id) ORDER BY a.id, p.month) AS of_all
          FROM paid p
          JOIN temporary_aid_temporaryaid a ON a.id = p.aid_id
          JOIN organizations_area v ON v.id = a.area_id
          LEFT JOIN repaid b ON b.aid_id = p.aid_id
         WHERE p.month >= %(first)s
           AND a.area_id = ANY(%(areas)s) AND (%(kind)s = '' OR a.kind = %(kind)s)
           AND (%(township)s = '' OR v.code LIKE %(township)s || '%%')
    )
    SELECT township, kind, month, count(DISTINCT root), count(DISTINCT family),
           coalesce(sum(people_count) FILTER (WHERE of_month = 1), 0),
           coalesce(sum(people_count) FILTER (WHERE of_all = 1), 0),
           coalesce(sum(money), 0), coalesce(sum(goods), 0),
           coalesce(sum(returned), 0), sum(bases)
      FROM helped GROUP BY {_SETS}
"""  # noqa: S608 -- our own constants only
"""Follow-ups (跟进救助) count once with what they follow; without a family on record a person is told by the number.
``list_aids`` tells times, families and people the same way. What came back of an aid is told as
``annotate_returned`` tells it of every stage: goods (退库) of their own stage, money of what was paid first.
"""
_REACHED = f"""
    WITH reached AS (
        SELECT v.parent_id AS township, a.kind, a.first_paid_at, a.help_due_at,
               date_trunc('month', a.first_paid_at AT TIME ZONE %(zone)s)::date AS month,
               extract(epoch FROM a.first_paid_at - a.first_reported_at) / 3600 AS hours
          FROM temporary_aid_temporaryaid a
          JOIN organizations_area v ON v.id = a.area_id
         WHERE a.first_paid_at >= %(since)s AND a.first_paid_at < %(until)s
           AND a.area_id = ANY(%(areas)s) AND (%(kind)s = '' OR a.kind = %(kind)s)
           AND (%(township)s = '' OR v.code LIKE %(township)s || '%%')
    )
    SELECT township, kind, month, count(*), count(help_due_at), count(*) FILTER (WHERE first_paid_at <= help_due_at),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY hours), percentile_cont(0.9) WITHIN GROUP (ORDER BY hours)
      FROM reached GROUP BY {_SETS}
"""  # noqa: S608 -- our own constants only
Key = tuple[int | None, str | None, date | None]
"""Township, type and month of a figure; None for all of them together."""


@dataclass(frozen=True)
class Period:
    """A year, or one month of it, by local time."""

    year: int
    month: int | None = None

    @property
    def since(self) -> datetime:
        return datetime(self.year, self.month or 1, 1, tzinfo=timezone.get_current_timezone())

    @property
    def until(self) -> datetime:
        """The first instant after it."""
        if self.month in (None, 12):
            return self.since.replace(year=self.year + 1, month=1)
        return self.since.replace(month=self.since.month + 1)

    @property
    def in_words(self) -> str:
        return f"{self.year}年{self.month}月" if self.month else f"{self.year}年"


@dataclass(frozen=True)
class Figure:
    """What aid came to in one township, type and month, or several together.

    :param times: 次 paid in the period; :param families: 户; :param people: 人次.
    :param money: yuan paid; :param goods: goods and services by their value, yuan.
    :param returned: 已退回 of both, yuan; nothing is taken off for it.
    :param base_multiple: 户均 in bases (S), each aid's by the one that it was decided by; two places.
    :param reached: aids whose first help came in the period; :param urgent: of them 急难型, with a clock.
    :param in_time: of these, within the hours that the county sets.
    :param median_hours: of ``reached``, from the first report to the first help, one place; likewise p90.
    """

    times: int = 0
    families: int = 0
    people: int = 0
    money: Decimal = NOTHING
    goods: Decimal = NOTHING
    returned: Decimal = NOTHING
    base_multiple: Decimal | None = None
    reached: int = 0
    urgent: int = 0
    in_time: int = 0
    median_hours: Decimal | None = None
    p90_hours: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        """Money and goods together, yuan."""
        return self.money + self.goods

    @property
    def late(self) -> int:
        return self.urgent - self.in_time

    @property
    def average(self) -> Decimal | None:
        """户均, yuan."""
        return half_up_to_fen(self.amount / self.families) if self.families else None

    @property
    def share_in_time(self) -> Decimal | None:
        """Percent of urgent aid that came in time, one place."""
        if not self.urgent:
            return None
        return (Decimal(self.in_time) * 100 / self.urgent).quantize(_TENTH, rounding=ROUND_HALF_UP)


NONE_YET = Figure()
_NOTHING_PAID = (0, 0, 0, 0, NOTHING, NOTHING, NOTHING, None)


@dataclass(frozen=True)
class AidFigures:
    """Every figure of a period; a township or month without any aid has :data:`NONE_YET`."""

    period: Period
    townships: Sequence[Area]
    cells: Mapping[Key, Figure] = field(default_factory=dict)

    def of(
        self, *, township: Area | None = None, kind: HardshipType | None = None, month: date | None = None
    ) -> Figure:
        """The figure of a township, type and month; all of them together where none is named.

        A township's month is kept by type only.
        """
        key = (township.pk if township else None, kind.value if kind else None, month)
        return self.cells.get(key, NONE_YET)

    @property
    def months(self) -> list[date]:
        """Months of the year in order."""
        numbers = [self.period.month] if self.period.month else range(1, 13)
        return [date(self.period.year, number, 1) for number in numbers]


def aid_figures(staff: Staff, period: Period, *, kind: str = "", township: str = "") -> AidFigures:
    """What aid came to where the person may see it, in two queries beside the townships.

    :param kind: one of :class:`HardshipType`; :param township: code of a township; empty for all.
    """
    values = {
        "zone": settings.TIME_ZONE,
        "first": period.since.date(),
        "since": period.since,
        "until": period.until,
        "areas": sorted(staff.area_ids(Permission.VIEW_AID)),
        "kind": kind,
        "township": township,
    }
    paid, reached = _rows(_PAID, values), _rows(_REACHED, values)
    cells = {key: _figure(key, paid.get(key), reached.get(key)) for key in {*paid, *reached}}
    shown = [area for area in townships_for(staff, Permission.VIEW_AID) if township in ("", area.code)]
    return AidFigures(period, shown, cells)


def first_year(staff: Staff) -> int | None:
    """The year of the first payment that the person may see; None before there is any."""
    first = visible_to(staff).filter(first_paid_at__isnull=False).order_by("first_paid_at").values_list("first_paid_at")
    found = first.first()
    return timezone.localtime(found[0]).year if found else None


def _rows(sql: str, values: Mapping[str, Any]) -> dict[Key, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {(row[0], row[1], row[2]): row[3:] for row in cursor.fetchall()}


def _figure(key: Key, paid: tuple[Any, ...] | None, reached: tuple[Any, ...] | None) -> Figure:
    times, families, people_of_month, people, money, goods, returned, bases = paid or _NOTHING_PAID
    count, urgent, in_time, median, p90 = reached or (0, 0, 0, None, None)
    return Figure(
        times=times,
        families=families,
        people=int(people if key[2] is None else people_of_month),
        money=Decimal(money),
        goods=Decimal(goods),
        returned=Decimal(returned),
        base_multiple=half_up_to_fen(bases / families) if families and bases is not None else None,
        reached=count,
        urgent=urgent,
        in_time=in_time,
        median_hours=hours_of(median),
        p90_hours=hours_of(p90),
    )
