"""多发核对: awards that were paid for months above what is owed, found from what lowered past months, by SQL.

A roll asks before it is frozen whether it pays too much: only what was decided or came to light since can have left a
month overpaid. So the months that are reckoned are few, however many awards and rolls there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from benefits.models import Award, Recoupment, RecoupmentState
from benefits.queries.entitlements import allotted_sql, owed_beside
from benefits.queries.unpaid_parts import parts_sql
from households.models import Member
from organizations.models import Staff
from organizations.permissions import Permission

_OPEN = (RecoupmentState.PROPOSED, RecoupmentState.APPROVED)
_NEVER_ARRIVED = "SELECT * FROM benefits_rollline WHERE state IN ('failed', 'held')"

_LOWERED = """
    SELECT v.award_id, v.from_month, v.decided_on AS known_on FROM benefits_awardversion v
     WHERE EXISTS (SELECT FROM benefits_awardversion u
                    WHERE u.award_id = v.award_id AND u.serial < v.serial AND u.monthly_amount > v.monthly_amount)
    UNION ALL
    SELECT s.award_id, s.from_month, s.decided_on FROM benefits_awardsuspension s
    UNION ALL
    SELECT e.award_id, (e.last_month + INTERVAL '1 month')::date, e.decided_on FROM benefits_awardend e
    UNION ALL
    SELECT f.award_id, (f.last_month + INTERVAL '1 month')::date, f.decided_on FROM benefits_phaseout f
     WHERE f.revoked_on IS NULL
    UNION ALL
    SELECT p.award_id, (date_trunc('month', h.died_on) + INTERVAL '1 month')::date,
           GREATEST((SELECT max(c.noted_at)::date FROM benefits_awardcheck c
                      WHERE c.award_id = p.award_id AND c.person_id = h.id AND c.cause = 'died'),
                    (SELECT max(x.recorded_on) FROM benefits_awardreckoning x WHERE x.award_id = p.award_id))
      FROM households_person h JOIN benefits_awardperson p ON p.person_id = h.id
     WHERE h.died_on IS NOT NULL
"""
"""What lowers months from one on, and when it was known; a death that no check tells of may be news at any time."""

_ASKED = """
    SELECT f.award_id, l.month
      FROM fact f
      JOIN benefits_rollline l ON l.award_id = f.award_id AND l.month >= f.from_month AND l.reissue_of_id IS NULL
      JOIN benefits_monthlyroll r ON r.id = l.roll_id
     WHERE r.frozen_at IS NOT NULL AND (f.known_on IS NULL OR r.frozen_at < f.known_on + 2)
    UNION
    SELECT f.award_id, i.for_month
      FROM fact f
      JOIN benefits_rollitem i ON i.award_id = f.award_id AND i.for_month >= f.from_month
      JOIN benefits_rollline l ON l.id = i.line_id
      JOIN benefits_monthlyroll r ON r.id = l.roll_id
     WHERE r.frozen_at IS NOT NULL AND (f.known_on IS NULL OR r.frozen_at < f.known_on + 2)
"""

_OVERPAID = f"""
    WITH fact AS MATERIALIZED ({_LOWERED}),
    unpaid AS MATERIALIZED (
        SELECT p.award_id, p.month, sum(p.amount) AS amount FROM ({parts_sql(_NEVER_ARRIVED)}) p GROUP BY 1, 2
    ), asked AS MATERIALIZED ({_ASKED})
    SELECT q.award_id, q.month,
           {allotted_sql("q.award_id", "q.month")} - COALESCE(u.amount, 0) - COALESCE(o.base + o.topup, 0) AS above
      FROM asked q
      LEFT JOIN unpaid u ON u.award_id = q.award_id AND u.month = q.month
      LEFT JOIN LATERAL {owed_beside("q.award_id", "q.month")} o ON TRUE
""".replace("%(decided_by)s", "DATE '9999-12-31'")  # noqa: S608 -- put together from this room's own constants
_IDS = f"SELECT award_id FROM ({_OVERPAID}) x WHERE above > 0"  # noqa: S608 -- as above
_TOTALS = f"""
    SELECT award_id, count(*), min(month), max(month), sum(above) FROM ({_OVERPAID}) x
     WHERE above > 0 GROUP BY award_id
"""  # noqa: S608 -- as above
STANDINGS = {"none": "还没有录入追回", "proposed": "追回待审批", "approved": "正在追回"}


@dataclass(frozen=True)
class Overpaid:
    """How many months of an award were paid too much, the first and the last, and yuan in all."""

    months: int
    first: date
    last: date
    amount: Decimal


def overpaid_totals() -> Mapping[int, Overpaid]:
    """By award what was overpaid and has not come back; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        return {award: Overpaid(*row) for award, *row in cursor.fetchall()}


def overpaid_awards(staff: Staff, *, township: str = "", scheme: str = "", standing: str = "") -> QuerySet[Award]:
    """Awards that were overpaid, where the person sees rolls: by township and village, with head and recoupment.

    :param standing: a key of :data:`STANDINGS`; empty for all.
    """
    rows = Award.objects.filter(pk__in=RawSQL(_IDS, []), area_id__in=staff.area_ids(Permission.VIEW_ROLL))  # noqa: S611 -- constant
    if township:
        rows = rows.filter(area__parent__code=township)
    if scheme:
        rows = rows.filter(scheme=scheme)
    head = Member.objects.filter(household=OuterRef("household"), relation="head").order_by(
        F("left_on").desc(nulls_first=True), "-pk"
    )
    order = Recoupment.objects.filter(award=OuterRef("pk"), state__in=_OPEN)
    found = rows.annotate(
        head_name=Subquery(head.values("person__name")[:1]),
        recoupment_id=Subquery(order.values("pk")[:1]),
        recoupment_state=Subquery(order.values("state")[:1]),
    )
    if standing:
        found = found.filter(recoupment_state=None if standing == "none" else standing)
    return found.select_related("area__parent", "household").order_by("area__code", "pk")


def awards_to_recoup(staff: Staff) -> QuerySet[Award]:
    """Awards that were overpaid and of which nobody has entered a recoupment, where the person does that."""
    order = Recoupment.objects.filter(award=OuterRef("pk"), state__in=_OPEN)
    areas = staff.area_ids(Permission.MANAGE_RECOUPMENT)
    rows = Award.objects.filter(pk__in=RawSQL(_IDS, []), area_id__in=areas)  # noqa: S611 -- constant
    return rows.filter(~Exists(order))
