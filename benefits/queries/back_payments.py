"""What awards were paid too little for months that a roll has given something for already (补发)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from benefits.queries.entitlements import FOR_EVER, allotted_sql, owed_beside

_LACKING = f"""
    SELECT q.award_id, count(*), min(q.month), max(q.month), sum(q.lacking)
      FROM (
            SELECT paid.award_id, paid.month,
                   o.base + o.topup - {allotted_sql("paid.award_id", "paid.month")} AS lacking
              FROM benefits_rollline paid
              JOIN LATERAL {owed_beside("paid.award_id", "paid.month")} o ON TRUE
             WHERE paid.award_id = ANY(%(awards)s) AND paid.month >= %(since)s AND paid.reissue_of_id IS NULL
           ) q
     WHERE q.lacking > 0
     GROUP BY q.award_id
"""  # noqa: S608 -- put together from this room's own constants


@dataclass(frozen=True)
class Lacking:
    """Months paid too little, the first and the last of them, and what they lack in all; yuan."""

    months: int
    first: date
    last: date
    amount: Decimal


def lacking_since(month: date, *, awards: Sequence[int]) -> dict[int, Lacking]:
    """By award what the next roll pays back for months from one on that a roll holds already; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, {"awards": list(awards), "since": month, "decided_by": FOR_EVER})
        return {award: Lacking(*found) for award, *found in cursor.fetchall()}
