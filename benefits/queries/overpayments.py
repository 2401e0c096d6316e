"""What awards were paid and are not owed (多发), month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from benefits.models import Award, Recoupment
from benefits.queries.entitlements import FOR_EVER, allotted_sql, owed_beside
from benefits.queries.unpaid_parts import parts_sql
from benefits.rules.recoupments import OfMonth

_PAID_MONTHS = """(
    SELECT l.award_id, l.month FROM benefits_rollline l JOIN benefits_monthlyroll r ON r.id = l.roll_id
     WHERE r.frozen_at IS NOT NULL AND l.reissue_of_id IS NULL AND l.award_id = ANY(%(awards)s)
    UNION
    SELECT i.award_id, i.for_month FROM benefits_rollitem i
      JOIN benefits_rollline l ON l.id = i.line_id
      JOIN benefits_monthlyroll r ON r.id = l.roll_id
     WHERE r.frozen_at IS NOT NULL AND i.award_id = ANY(%(awards)s)
)"""

_UNPAID = f"""
    SELECT p.award_id, p.month, p.amount
      FROM ({
    parts_sql("SELECT * FROM benefits_rollline WHERE award_id = ANY(%(awards)s) AND state IN ('failed', 'held')")
}) p
"""  # noqa: S608 -- put together from this room's own constants
"""What rolls gave and the bank has not paid: a line that failed and was not issued anew, or failed again."""

_PAID_AND_OWED = f"""
    SELECT q.award_id, q.month, {allotted_sql("q.award_id", "q.month")}, COALESCE(o.base + o.topup, 0)
      FROM {_PAID_MONTHS} q
      LEFT JOIN LATERAL {owed_beside("q.award_id", "q.month")} o ON TRUE
     ORDER BY q.award_id, q.month
"""  # noqa: S608 -- put together from this room's own constants


@dataclass(frozen=True)
class PaidMonth:
    """What an award was paid for a month, less what came back, and what it is owed by everything decided; yuan."""

    month: date
    paid: Decimal
    owed: Decimal

    @property
    def above(self) -> Decimal:
        """What was paid and is not owed."""
        return max(self.paid - self.owed, Decimal("0.00"))


def overpaid_months(award: Award) -> list[PaidMonth]:
    """Months of an award that were paid above what is owed, in order; what never reached the family is not counted."""
    return overpaid_months_of([award.pk])[award.pk]


def overpaid_months_of(awards: Iterable[int]) -> dict[int, list[PaidMonth]]:
    """The same for many awards by key, in two queries."""
    keys = list(awards)
    values: dict[str, Any] = {"awards": keys, "decided_by": FOR_EVER}
    with connection.cursor() as cursor:
        cursor.execute(_UNPAID, values)
        unpaid: dict[tuple[int, date], Decimal] = {}
        for award, month, amount in cursor.fetchall():
            unpaid[award, month] = unpaid.get((award, month), Decimal(0)) + amount
        cursor.execute(_PAID_AND_OWED, values)
        rows = cursor.fetchall()
    found: dict[int, list[PaidMonth]] = {key: [] for key in keys}
    for award, month, given, owed in rows:
        row = PaidMonth(month, given - unpaid.get((award, month), Decimal(0)), owed)
        if row.above:
            found[award].append(row)
    return found


def come_back_sql(orders: str) -> str:
    """A SELECT of what of recoupments is in no roll and not returned yet, by month; only what is more than nothing.

    No more than the month was given above what it is owed now: what has become owed again since the recoupment was
    approved (a death cancelled, a later raise) is not taken as well. Gives all of ``orders``, ``for_month`` and
    ``rest`` and takes the parameter ``decided_by``.

    :param orders: a table or sub-select with ``id`` and ``award_id`` of recoupments.
    """
    return f"""
    SELECT * FROM (
        SELECT y.*, m.for_month, LEAST(
               m.amount
               - COALESCE((SELECT sum(i.amount) FROM benefits_rollitem i
                            WHERE i.recoupment_id = y.id AND i.for_month = m.for_month), 0)
               - COALESCE((SELECT sum(b.amount) FROM benefits_recoupmentreturn b
                            WHERE b.recoupment_id = y.id AND b.for_month = m.for_month), 0),
               {allotted_sql("y.award_id", "m.for_month")} - COALESCE(o.base + o.topup, 0)) AS rest
          FROM {orders} y
          JOIN benefits_recoupmentmonth m ON m.recoupment_id = y.id
          LEFT JOIN LATERAL {owed_beside("y.award_id", "m.for_month")} o ON TRUE
        ) x
     WHERE x.rest > 0
    """  # noqa: S608 -- put together from this room's own constants


_TO_COME_BACK = f"""
    SELECT b.for_month, b.rest
      FROM ({come_back_sql("(SELECT id, award_id FROM benefits_recoupment WHERE id = %(order)s)")}) b
     ORDER BY b.for_month
"""  # noqa: S608 -- put together from this room's own constants


def to_come_back(recoupment: Recoupment) -> list[OfMonth]:
    """What of a recoupment is in no roll and not returned yet, by month."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_COME_BACK, {"order": recoupment.pk, "decided_by": FOR_EVER})
        return [OfMonth(month, rest) for month, rest in cursor.fetchall()]
