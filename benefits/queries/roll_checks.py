"""What would be wrong with paying a roll as it stands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from benefits.models import MonthlyRoll
from benefits.queries.entitlements import FOR_EVER, allotted_sql, claimed_sql, owed_beside
from benefits.queries.unpaid_parts import parts_sql

_ANEW = "SELECT * FROM benefits_rollline WHERE roll_id = %(roll)s AND reissue_of_id IS NOT NULL AND amount > 0"
_ASKED = f"""(
    SELECT id AS line_id, area_id, head_name, award_id, month
      FROM benefits_rollline WHERE roll_id = %(roll)s AND reissue_of_id IS NULL
    UNION ALL
    SELECT l.id, l.area_id, l.head_name, i.award_id, i.for_month
      FROM benefits_rollline l JOIN benefits_rollitem i ON i.line_id = l.id AND i.kind = 'back_payment'
     WHERE l.roll_id = %(roll)s
    UNION ALL
    SELECT l.id, l.area_id, l.head_name, p.award_id, p.month
      FROM ({parts_sql(_ANEW)}) p JOIN benefits_rollline l ON l.id = p.line_id
)"""  # noqa: S608 -- put together from this room's own constants

_ABOVE = f"""
    SELECT v.name, x.head_name, x.month, x.given, x.owed, count(*) OVER () AS found
      FROM (SELECT q.*, {allotted_sql("q.award_id", "q.month")} AS given, COALESCE(o.base + o.topup, 0) AS owed
              FROM {_ASKED} q
              LEFT JOIN LATERAL {owed_beside("q.award_id", "q.month")} o ON TRUE) x
      JOIN organizations_area v ON v.id = x.area_id
     WHERE x.given > x.owed AND x.given - {claimed_sql("x.award_id", "x.month")} > x.owed
     ORDER BY x.line_id, x.month LIMIT 10
"""  # noqa: S608 -- put together from this room's own constants
"""Row by row and by index, whatever the planner knows of lines just written: 2,000 families take four times 500."""

_TAKEN_TOO_MUCH = f"""
    SELECT v.name, l.head_name, t.for_month, t.amount, 0, count(*) OVER () AS found
      FROM benefits_rollline l
      JOIN organizations_area v ON v.id = l.area_id
      JOIN benefits_rollitem t ON t.line_id = l.id AND t.kind = 'recoupment'
      JOIN benefits_recoupment c ON c.id = t.recoupment_id
      LEFT JOIN benefits_recoupmentmonth m ON m.recoupment_id = c.id AND m.for_month = t.for_month
      LEFT JOIN LATERAL {owed_beside("t.award_id", "t.for_month")} o ON TRUE
     WHERE l.roll_id = %(roll)s
       AND (c.state <> 'approved'
            OR {allotted_sql("t.award_id", "t.for_month")} < COALESCE(o.base + o.topup, 0)
            OR m.amount < COALESCE((SELECT sum(o.amount) FROM benefits_rollitem o
                                     WHERE o.recoupment_id = c.id AND o.for_month = t.for_month), 0)
                          + COALESCE((SELECT sum(b.amount) FROM benefits_recoupmentreturn b
                                       WHERE b.recoupment_id = c.id AND b.for_month = t.for_month), 0))
     ORDER BY l.id, t.for_month LIMIT 10
"""  # noqa: S608 -- put together from this room's own constants
"""An order that is over, more than it says, or of a month that is owed again what is taken of it."""


_ACCOUNT_ENDED = """
    SELECT v.name, l.head_name, l.month, l.amount, 0, count(*) OVER () AS found
      FROM benefits_rollline l
      JOIN organizations_area v ON v.id = l.area_id
      JOIN households_bankaccount k ON k.id = l.bank_account_id
     WHERE l.roll_id = %(roll)s AND l.state = 'waiting' AND k.ended_on IS NOT NULL
     ORDER BY l.id LIMIT 10
"""

_ARRIVED = """
    SELECT v.name, l.head_name, l.month, l.amount, 0, count(*) OVER () AS found
      FROM benefits_rollline l
      JOIN organizations_area v ON v.id = l.area_id
      JOIN benefits_rollline f ON f.id = l.reissue_of_id
     WHERE l.roll_id = %(roll)s AND f.state NOT IN ('failed', 'held')
     ORDER BY l.id LIMIT 10
"""


@dataclass(frozen=True)
class Misfit:
    """An award's month that the roll would not settle as it is owed now; yuan."""

    village: str
    head_name: str
    month: date
    given: Decimal
    owed: Decimal
    found: int

    def __str__(self) -> str:
        return f"{self.village}{self.head_name}（{self.month:%Y年%-m月}）"


def overpaid_by(roll: MonthlyRoll) -> list[Misfit]:
    """Up to ten months that the roll, with what others gave, would pay above what is owed by everything decided."""
    return _misfits(_ABOVE, roll)


def taken_too_much_by(roll: MonthlyRoll) -> list[Misfit]:
    """Up to ten months of which the roll would take back what is not to come back (any more)."""
    return _misfits(_TAKEN_TOO_MUCH, roll)


def paid_to_ended_accounts(roll: MonthlyRoll) -> list[Misfit]:
    """Up to ten payments to an account that the family has ended since the roll was made."""
    return _misfits(_ACCOUNT_ENDED, roll)


def reissued_though_arrived(roll: MonthlyRoll) -> list[Misfit]:
    """Up to ten payments issued anew of what has not failed (any more): the bank reported it as paid since."""
    return _misfits(_ARRIVED, roll)


def _misfits(statement: str, roll: MonthlyRoll) -> list[Misfit]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"roll": roll.pk, "decided_by": FOR_EVER})
        return [Misfit(*row) for row in cursor.fetchall()]
